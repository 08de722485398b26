"""以某人的身份看 · Reading as a person: the desk decides the scope once, and writes down every read, and every one it refused."""

from heng.app.desk import Desk
from heng.app.reader import Reader
from heng.core.scope import Reach, Scope
from heng.desk.audit import Deed, note
from heng.desk.grants import scope_of
from heng.desk.refusal import refusal_noted
from heng.desk.rights import Asking


def reading_as(desk: Desk, asking: Asking) -> Reader:
    """这个人看到的区域 · The region as a person sees it in a role and for a purpose; AccessError for who does not hold the role."""
    with refusal_noted(desk.db, asking.login, Deed(asking.action, role=asking.role, purpose=asking.purpose)):
        scope = scope_of(desk.db, desk.rights, asking, desk.db.today)

    def noted(table: str, rows: int | None) -> None:
        deed = Deed(asking.action, table, scope.role, scope.purpose, written(scope), rows or 0, allowed=rows is not None)
        with desk.db.writing() as session:
            note(session, scope.login, deed)

    return Reader(desk.region, scope, noted)


def written(scope: Scope) -> str:
    """范围的写法 · A scope as the audit keeps it: level, hospitals, departments, tables, columns, person; * is all."""
    return "; ".join(map(_written, scope.reaches))


def _written(reach: Reach) -> str:
    limits = (reach.orgs, reach.depts, reach.tables, reach.columns)
    return " ".join([f"L{int(reach.level)}", *("*" if n is None else ",".join(sorted(n)) for n in limits), reach.subject or "*"])
