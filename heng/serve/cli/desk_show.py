"""案头的行怎样写出来 · Rows of the desk as people read them, or as JSON; moments are told in Chinese time."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any

from heng.serve.cli.console import say, show
from heng.serve.cli.session import session

Row = dict[str, Any]


def give(rows: Iterable[Row], *, as_data: bool, name: str) -> None:
    """写出若干行 · Rows as a table, or as JSON under their name; that there are none is said."""
    found = list(rows)
    if as_data:
        print_data({name: found})
    elif found:
        _draw(found)
    else:
        say("desk.none")


def done(key: str, *, as_data: bool, **values: object) -> None:
    """办好了 · Say that it is done, or print what was done as JSON."""
    if as_data:
        print_data(values)
    else:
        say(f"desk.done.{key}", **{k: cell(k, v) for k, v in values.items()})


def print_data(data: Any) -> None:
    """写 JSON · Print data as JSON; moments carry the zone."""
    from heng.serve.cli.output import print_json

    print_json(_zoned(data))


def cell(name: str, value: Any) -> str:
    """一格 · One value as people read it."""
    if value is None or value == "":
        return "—"
    if name in CODED:
        return session().pick(*CODED[name]().get(str(value), (str(value), str(value))))
    if isinstance(value, bool):
        return session().pick("是", "yes") if value else session().pick("否", "no")
    if isinstance(value, datetime):
        from heng.desk.database import in_china

        return f"{in_china(value):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _roles() -> dict[str, tuple[str, str]]:
    from heng.tables.codes import ROLE

    return ROLE


def _types() -> dict[str, tuple[str, str]]:
    from heng.core.case import CASE_TYPES

    return {key: (t.zh, t.en) for key, t in CASE_TYPES.items()}


def _steps() -> dict[str, tuple[str, str]]:
    from heng.core.case import CASE_TYPES

    return {s.key: (s.zh, s.en) for t in CASE_TYPES.values() for s in t.steps}


def _answers() -> dict[str, tuple[str, str]]:
    from heng.core.case import CASE_TYPES

    sent = {"sending": ("正在送", "sending"), "sent": ("已送", "sent"), "failed": ("失败", "failed"), "given_up": ("放弃", "given up")}
    return {k: v for t in CASE_TYPES.values() for k, v in t.words.items()} | sent


def _of_signals(name: str) -> dict[str, tuple[str, str]]:
    from heng.tables import steering

    return dict(getattr(steering, name))


def _asked() -> dict[str, tuple[str, str]]:
    from heng.desk.forms import KINDS

    return KINDS


def _states() -> dict[str, tuple[str, str]]:
    return {"open": ("办理中", "open"), "closed": ("已结束", "closed")}


CODED: dict[str, Callable[[], dict[str, tuple[str, str]]]] = {
    "role": _roles,
    "type": _types,
    "step": _steps,
    "outcome": _answers,
    "state": _states,
    "answer": _asked,
    "level": lambda: _of_signals("LEVEL"),
    "rule": lambda: _of_signals("RULE"),
    "standing": lambda: _of_signals("STATE"),
    "kind": lambda: _of_signals("DECISION"),
}
"""哪些列写编码 · Columns that hold codes, and what the codes mean."""


def _draw(rows: list[Row]) -> None:
    from rich import box
    from rich.table import Table

    other = "_en" if session().lang == "zh" else "_zh"
    names = [n for n in rows[0] if not (n.endswith(other) and n.removesuffix(other) + ("_zh" if other == "_en" else "_en") in rows[0])]
    shown = [n for n in names if any(row[n] not in (None, "") for row in rows)]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for n in shown:
        table.add_column(session().say(f"desk.head.{n.removesuffix('_zh').removesuffix('_en')}"), overflow="fold")
    for row in rows:
        table.add_row(*(cell(n, row[n]) for n in shown))
    show(table)


def _zoned(data: Any) -> Any:
    if isinstance(data, dict):
        return {k: _zoned(v) for k, v in data.items()}
    if isinstance(data, list | tuple):
        return [_zoned(v) for v in data]
    return data.replace(tzinfo=UTC).isoformat() if isinstance(data, datetime) else data
