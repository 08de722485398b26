"""以某人的身份看与做 · Reading and acting as a person: the desk decides the scope once, and keeps every read, deed and refusal."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from heng.app.desk import Desk
from heng.app.doing import Doer
from heng.app.reader import Reader
from heng.core.scope import Level, Reach, Scope
from heng.desk.audit import Deed, looked, note, refusal_noted
from heng.desk.emergency import reason_of
from heng.desk.grants import reached, scope_of
from heng.desk.rights import EMERGENCY, SEE, Asking, lacking


@dataclass(frozen=True, kw_only=True)
class DeskDoer(Doer):
    """案头上的人 · A person of the desk, where her role may do what she asks for (`scope`)."""

    scope: Scope
    desk: Desk

    def reader(self, action: str = SEE) -> Reader:
        """同一个人来看 · The same person, reading."""
        return reading_as(self.desk, replace(self.asking, action=action))

    def may(self, org: str, level: Level = Level.HOSPITAL) -> bool:
        """准不准 · Whether she may at a hospital; "" is the whole region."""
        return reached(self.scope, org, level=level)

    def must(self, orgs: Iterable[str], level: Level = Level.HOSPITAL) -> None:
        """须准 · AccessError unless she may at each of these; let through or not, the desk keeps it."""
        places = sorted(set(orgs))
        told = Deed(self.asking.action, " ".join(places), self.scope.role, self.scope.purpose, written(self.scope))
        with refusal_noted(self.desk.db, self.scope.login, told):
            if far := [org for org in places if not self.may(org, level)]:
                raise lacking(self.desk.rights, self.asking, far[0], level)
        with self.desk.db.writing() as session:
            note(session, self.scope.login, told)


def acting_as(desk: Desk, asking: Asking) -> DeskDoer:
    """这个人能做的 · A person at a region, to do what she asks for; AccessError for who does not hold the role."""
    desk.region.by = asking.login
    return DeskDoer(desk.region, asking, scope=_scope(desk, asking), desk=desk)


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
