"""工作日历 · `heng desk calendar`: is a day a working day, and which day is the n-th after it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from typer import Argument, Option

from heng.core.errors import HengError
from heng.serve.cli.command import Json, command
from heng.serve.cli.console import warn
from heng.serve.cli.desk_group import desk
from heng.serve.cli.desk_open import day
from heng.serve.cli.desk_show import done, give
from heng.serve.cli.session import session


@dataclass(kw_only=True)
class CalendarOptions:
    """日历的选项 · Options of `heng desk calendar`."""

    since: Annotated[str, Argument(metavar="DAY", help="哪一天，如 2026-09-28 · a day")]
    until: Annotated[str, Argument(metavar="[DAY]", help="到哪一天，逐日列出 · list every day up to this one")] = ""
    after: Annotated[int | None, Option("--after", min=0, max=1000, help="其后第几个工作日 · the n-th working day after it")] = None
    json: Json = False


@command("calendar", CalendarOptions, desk)
def calendar(asked: CalendarOptions) -> None:
    """哪天上班、几个工作日以后是哪天 · Which days are working days, and the day n working days after."""
    from heng.rooms.steering.workdays import workdays

    known, first = workdays(session().region().policy), day(asked.since)
    if asked.after is None:
        last = _last(first, day(asked.until, first))
        rows = [_row(first + timedelta(i), works=known.is_workday(first + timedelta(i))) for i in range((last - first).days + 1)]
        unsure = known.unpublished(range(first.year, last.year + 1))
        give(rows, as_data=asked.json, name="days")
    else:
        due = known.after(first, asked.after)
        unsure = known.unpublished(range(first.year, due.year + 1))
        done("calendar", as_data=asked.json, day=first, n=asked.after, due=due)
    if unsure:
        warn("desk.unpublished", years="、".join(map(str, unsure)))


def _last(first: date, last: date) -> date:
    if not 0 <= (last - first).days <= 366:
        raise HengError(
            f"从 {first} 到 {last} 不是一年以内的日子",
            f"from {first} to {last} are not days of a year",
            where="DAY",
            mend=("先写开始的日子，后写结束的", "write the first day first"),
        )
    return last


def _row(when: date, *, works: bool) -> dict[str, object]:
    weekday = session().pick("一二三四五六日"[when.weekday()], f"{when:%a}")
    return {"day": when, "weekday": weekday, "works": works}
