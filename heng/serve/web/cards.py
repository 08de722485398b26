"""一张卡上写什么 · What stands on a tile."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from heng.serve.voice import Voice
from heng.serve.web.figures import UNKNOWN, Figure
from heng.tables.codes import ROLE


@dataclass(frozen=True)
class Note:
    """卡上的一行 · A line of a tile, with an icon where it has a direction."""

    text: str
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Card:
    """一张卡 · A tile. `level` (red, yellow, green; empty: nothing to judge by) goes with `state` in words; `next` is what to do."""

    name: str
    href: str
    value: Figure = UNKNOWN
    lines: tuple[Note, ...] = ()
    level: str = ""
    state: str = ""
    owner: str = ""
    next: str = ""
    next_href: str = ""
    definition: str = ""
    why: str = ""

    def but(self, **said: Any) -> "Card":
        """同一张卡，另有所说 · The same tile, saying more."""
        return replace(self, **said)


def roles(names: Iterable[str], voice: Voice) -> str:
    """角色的叫法 · Roles in words."""
    return voice.pick("、", ", ").join(voice.pick(*ROLE.get(n, (n, n))) for n in names)
