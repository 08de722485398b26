"""审计 · `heng desk audit`: who did what, as what, and whether it was allowed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from typer import Option

from heng.serve.cli.command import command
from heng.serve.cli.desk_group import LARGEST, Since, Until, desk
from heng.serve.cli.desk_open import DeskOptions, day, opened
from heng.serve.cli.desk_show import give


@dataclass(kw_only=True)
class AuditOptions(DeskOptions):
    """审计的选项 · Options of `heng desk audit`."""

    who: Annotated[str, Option("--who", help="只看此账号 · of this login only", show_default=False)] = ""
    action: Annotated[str, Option("--action", help="动作的开头，如 grants. · beginning of the action", show_default=False)] = ""
    refused: Annotated[bool, Option("--refused", help="只看不准的 · only what was refused")] = False
    since: Since = ""
    until: Until = ""
    before: Annotated[int | None, Option("--before", min=1, max=LARGEST, help="此号以前的 · rows before this number")] = None
    limit: Annotated[int, Option("--limit", min=1, max=10000, help="最多行数 · rows at most")] = 50


@command("audit", AuditOptions, desk)
def audit(asked: AuditOptions) -> None:
    """查审计（审计管理员），新的在前 · The audit trail, the newest first."""
    from heng.desk.audit import Sought, trail

    sought = Sought(
        login=asked.who or None,
        action=asked.action or None,
        allowed=False if asked.refused else None,
        since=_moment(asked.since),
        until=_moment(asked.until),
    )
    with opened(asked) as at:
        names = ("id", "at", "login", "role", "purpose", "action", "scope", "object", "rows", "allowed")
        found = trail(at.db, at.by, sought, asked.limit, asked.before)
        give([{n: getattr(row, n) for n in names} for row in found], as_data=asked.json, name="audit")


def _moment(text: str) -> datetime | None:
    """The beginning of a Chinese day, in UTC as the desk keeps moments."""
    from heng.desk.database import begins

    return begins(day(text)) if text else None
