"""以某人的身份看与做 · Reading and acting as a person: the desk decides the scope once, and keeps every read, deed and refusal."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from heng.app.desk import Desk
from heng.app.inputs import Cell
from heng.app.reader import Reader
from heng.app.region import Region
from heng.core.scope import OWNER, Level, Reach, Scope
from heng.desk.audit import Deed, looked, note, refusal_noted
from heng.desk.emergency import reason_of
from heng.desk.grants import reached, scope_of
from heng.desk.rights import EMERGENCY, SEE, Asking, lacking

NOBODY = Asking(OWNER.login, OWNER.role)


@dataclass(frozen=True)
class Doer:
    """谁在做 · Who changes a region: its owner, or a person where her role may do what she asks for (`scope`)."""

    region: Region
    asking: Asking = NOBODY
    scope: Scope = OWNER
    desk: Desk | None = None

    def reader(self, action: str = SEE) -> Reader:
        """同一个人来看 · The same person, reading."""
        return reading_as(self.desk, replace(self.asking, action=action)) if self.desk else Reader(self.region, OWNER)

    def may(self, org: str, level: Level = Level.HOSPITAL) -> bool:
        """准不准 · Whether she may at a hospital; "" is the whole region."""
        return reached(self.scope, org, level=level)

    def must(self, orgs: Iterable[str], level: Level = Level.HOSPITAL) -> None:
        """须准 · AccessError unless she may at each of these; let through or not, the desk keeps it."""
        if self.desk is None:
            return
        places = sorted(set(orgs))
        told = Deed(self.asking.action, " ".join(places), self.scope.role, self.scope.purpose, written(self.scope))
        with refusal_noted(self.desk.db, self.scope.login, told):
            if far := [org for org in places if not self.may(org, level)]:
                raise lacking(self.desk.rights, self.asking, far[0])
        with self.desk.db.writing() as session:
            note(session, self.scope.login, told)

    def let(self, cells: Iterable[Cell], *, named: bool) -> list[Cell]:
        """准做的（医院, 月） · The cells that she may work on: all those named, or what she may of all there are; AccessError for none."""
        wanted = list(cells)
        kept = wanted if named else [c for c in wanted if self.may(c[0])] or wanted
        self.must(org for org, _ in kept)
        return kept


def acting_as(desk: Desk, asking: Asking) -> Doer:
    """这个人能做的 · A person at a region, to do what she asks for; AccessError for who does not hold the role."""
    desk.region.by = asking.login
    return Doer(desk.region, asking, _scope(desk, asking), desk)


def reading_as(desk: Desk, asking: Asking) -> Reader:
    """这个人看到的区域 · The region as a person sees it in a role and for a purpose; AccessError for who does not hold the role."""
    scope = _scope(desk, asking)
    purpose = reason_of(desk.db, scope.login) if scope.purpose == EMERGENCY else scope.purpose
    deed = Deed(asking.action, "", scope.role, purpose, written(scope))

    def noted(table: str, rows: int | None) -> None:
        looked(desk.db, scope.login, replace(deed, object=table, rows=rows or 0, allowed=rows is not None))

    return Reader(desk.region, scope, noted)


def _scope(desk: Desk, asking: Asking) -> Scope:
    with refusal_noted(desk.db, asking.login, Deed(asking.action, role=asking.role, purpose=asking.purpose)):
        return scope_of(desk.db, desk.rights, asking, desk.db.today)


def written(scope: Scope) -> str:
    """范围的写法 · A scope as the audit keeps it: level, hospitals, departments, tables, columns, person; * is all."""
    return "; ".join(map(_written, scope.reaches))


def _written(reach: Reach) -> str:
    limits = (reach.orgs, reach.depts, reach.tables, reach.columns)
    return " ".join([f"L{int(reach.level)}", *("*" if n is None else ",".join(sorted(n)) for n in limits), reach.subject or "*"])
