"""教表头 · Headers that a person explains: `header=column`, the column by its name or in Chinese."""

from collections.abc import Iterable

from heng.core.errors import HengError, did_you_mean
from heng.core.table import table


def taught(name: str, pairs: Iterable[str], where: str) -> dict[str, str]:
    """教了什么 · Headers with the columns of a table that they mean; HengError without a table, or for a column that it has not."""
    lines = [p for p in pairs if p.strip()]
    if lines and not name:
        raise HengError("教表头要先说是哪种表", "say which table the headers belong to", where=where, mend=("指明哪种表", "name the table"))
    return dict(_pair(name, line, where) for line in lines)


def _pair(name: str, line: str, where: str) -> tuple[str, str]:
    header, equals, column = line.rpartition("=")
    if not equals:
        raise HengError(f"读不懂「{line}」", f"cannot read {line!r}", where=where, mend=("写成 表头=列", "write header=column"))
    columns = table(name).columns
    found = next((key for key, c in columns.items() if column.strip() in (key, c.zh)), "")
    if not found:
        mend = did_you_mean(column.strip(), [*columns, *(c.zh for c in columns.values())])
        raise HengError(f"表里没有列 {column}", f"the table has no column {column}", where=where, mend=mend)
    return header.strip(), found
