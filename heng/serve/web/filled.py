"""填好的表单 · A form as it was filled in: its texts by name, and days and numbers read out of them."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import Depends, Request
from pydantic import Field

from heng.core.errors import HengError

Form = Mapping[str, str]
Number = Annotated[int, Field(ge=1, le=2**53)]
"""号码 · A number of something on the desk, as far as its database counts."""


async def filled(request: Request) -> Form:
    """表单 · The texts of the form that was sent; files are not among them."""
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


Filled = Annotated[Form, Depends(filled)]
"""收表单的页面的参数 · The parameter of every page that takes a form."""


def day(form: Form, name: str, default: date | None = None) -> date:
    """一天 · A day as a form sends it; HengError when it is none, and there is no default."""
    text = form.get(name, "").strip()
    try:
        return default if default and not text else date.fromisoformat(text)
    except ValueError as e:
        raise HengError(f"「{text}」不是日期", f"{text!r} is not a day", where=name, mend=("写成 2026-03-02", "write 2026-03-02")) from e


def until(form: Form, name: str = "until") -> date | None:
    """结束日 · The first day no more; None when it is not written."""
    return day(form, name) if form.get(name, "").strip() else None


def whole(form: Form, name: str) -> int:
    """一个整数 · A whole number of at most eighteen digits; HengError when it is none."""
    text = form.get(name, "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise HengError(f"「{text}」不是号码", f"{text!r} is no number", where=name)
    return int(text)
