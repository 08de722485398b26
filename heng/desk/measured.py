"""核对月份的数值 · The figure of an effect comes from the books: nobody types it, and one that is typed must be the same."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from heng.core.case import StepType
from heng.core.errors import Say
from heng.desk.schema import Case

Measure = Callable[[Case, str], Decimal | None]
"""某月的指标值 · What the books say of a case's indicator in a month; None where they say nothing yet."""
Reason = tuple[Say, Say]
"""不合之处 · What is wrong, and how to mend it."""


def asked(case: Case, kind: StepType, outcome: str) -> list[str]:
    """要人写明的 · What a person has to say for an outcome: all that it needs but what is taken from the books."""
    taken = ("figure", "figure_month") if "indicator" in case.data else ()
    return [name for name in kind.needs.get(outcome, ()) if name not in taken]


def number(said: Any) -> Decimal | None:
    """数 · A number as it is written; None for what is none."""
    try:
        found = Decimal(str(said))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def differs(case: Case, month: str, typed: str, found: Decimal | None) -> Reason | None:
    """与账上不符 · Why a figure cannot stand: the month is not worked out, or something else was typed; None where it can."""
    name = case.data["indicator"]
    if found is None:
        what = (f"{month} 的 {name} 还没有算出", f"{name} of {month} is not there yet")
        return what, ("先装载该月数据并 heng run，再答复", "load the month and heng run, then answer")
    if typed and number(typed) != found:
        what = (f"填写的是 {typed}，{month} 算出的是 {found}", f"{typed} was typed, but {month} came out as {found}")
        return what, ("不用填写 figure，系统自己取数", "leave figure out: it is taken from the books")
    return None
