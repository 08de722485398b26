"""谁改动区域：文件夹的主人，或案头上的一个人 · Who changes a region: the owner of its folder, or a person of its desk.

The owner needs no desk: what she does opens no database. A person of the desk is one of `heng.app.asking`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from heng.app.inputs import Cell
from heng.app.reader import Reader
from heng.app.region import Region
from heng.core.scope import OWNER, Level
from heng.desk.rights import SEE, Asking

NOBODY = Asking(OWNER.login, OWNER.role)


@dataclass(frozen=True)
class Doer:
    """谁在做 · Who changes a region: its owner, who may do all of it and asks nobody."""

    region: Region
    asking: Asking = NOBODY

    def reader(self, action: str = SEE) -> Reader:  # noqa: ARG002 - a person of the desk is asked what she reads for
        """同一个人来看 · The same person, reading."""
        return Reader(self.region, OWNER)

    def may(self, org: str, level: Level = Level.HOSPITAL) -> bool:  # noqa: ARG002 - the same
        """准不准 · Whether she may at a hospital; "" is the whole region."""
        return True

    def must(self, orgs: Iterable[str], level: Level = Level.HOSPITAL) -> None:  # noqa: ARG002 - the same
        """须准 · AccessError unless she may at each of these; let through or not, the desk keeps it."""
        return

    def let(self, cells: Iterable[Cell], *, named: bool) -> list[Cell]:
        """准做的（医院, 月） · The cells that she may work on: all those named, or what she may of all there are; AccessError for none."""
        wanted = list(cells)
        kept = wanted if named else [c for c in wanted if self.may(c[0])] or wanted
        self.must(org for org, _ in kept)
        return kept
