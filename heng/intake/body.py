"""表身：哪些行是数据，哪些是合计、表注、空行 · The body of a sheet: which rows are data, and which are totals, notes or blank."""

import re
from dataclasses import dataclass

import polars as pl

from heng.intake.recognise import Match
from heng.intake.sheet import Sheet
from heng.intake.visible import BLANK, UNSEEN, visible_column

SPACE = " \t\r\n\u3000'"
ABSENT = ["", "-", "--", "—", "——", "–", "/", "\\", "NULL", "null", "Null", "<NULL>", "None", "NaN", "nan", "N/A", "(空)", "（空）"]
QUOTED = r'^="(.*)"$'
ODD = rf"[{UNSEEN}{BLANK}]|^[{SPACE}]|[{SPACE}]$|^=\"|^(?:{'|'.join(map(re.escape, ABSENT))})$"
"""要清理的格 · A cell that is not clean as it stands; a column without one is left alone, which most columns are."""
TOTAL = r"(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计)\s*[:：]?$"
NOTE = (
    r"^\s*(?:制表|审核|复核|填表|填报|编制|打印|导出|单位负责人|部门负责人|财务负责人|负责人|经办|主管|备注|说明|注|数据来源)"
    r"[^:：]{0,10}[:：]"
)
LONG_NOTE = 16
"""独占一行的长文字是表注 · A text alone in its row and at least this long is a note below the table."""


@dataclass(frozen=True)
class Body:
    """表身 · `data` and `totals`: the row number (from 1) in `row`, cells c0, c1, … without blanks; absent cells NULL."""

    data: pl.DataFrame
    totals: pl.DataFrame


def body(sheet: Sheet, match: Match) -> Body:
    """取出表身 · The rows under the header, sorted into data and totals; blank rows, notes and repeated headers are dropped.

    Those of a piece are all its rows, with every mapped column.
    """
    mapped = {f"c{p}": pl.lit(None, pl.String) for p in range(max(match.headers) + 1)}
    grid = sheet.grid.with_columns(**{c: absent for c, absent in mapped.items() if c not in sheet.grid.columns})
    cells = grid.columns
    rows = grid.select(sheet.rows, pl.all()).slice(max(match.body - sheet.above, 0))
    rows = rows.with_columns(clean(rows[c]).alias(c) for c in cells)
    rows = rows.filter(~pl.all_horizontal(pl.col(cells).is_null()))
    if rows.height and not sheet.above and _numbers_the_columns(rows.row(0)[1:]):
        rows = rows.slice(1)
    rows = rows.filter(~_is_note(match, cells), ~_is_header(match)) if rows.height else rows
    total = _is_total(match, cells)
    return Body(rows.filter(~total), rows.filter(total))


def clean(text: pl.Series) -> pl.Series:
    """去空白，认缺失 · A column without unseen characters, outer blanks and leading apostrophes; NULL where a dash or NULL stands."""
    if not bool(text.str.contains(ODD).any()):
        return text
    plain = visible_column(text).str.strip_chars(SPACE)
    if bool(plain.str.starts_with('="').any()):
        plain = plain.str.replace(QUOTED, "$1")
    return pl.select(pl.when(~plain.is_in(ABSENT)).then(plain)).to_series().alias(text.name)


def is_numeric(match: Match, name: str) -> bool:
    """是否数值列 · Whether a mapped column holds amounts or quantities."""
    column = match.template.table.columns.get(name)
    return column is not None and (column.type.startswith("decimal") or column.type == "bigint")


def _is_total(match: Match, cells: list[str]) -> pl.Expr:
    texts = {f"c{p}" for n, p in match.places.items() if not is_numeric(match, n)}
    first = pl.coalesce(cells).str.contains(TOTAL)
    return pl.any_horizontal(first, *(pl.col(c).str.contains(TOTAL).fill_null(value=False) for c in sorted(texts)))


def _is_note(match: Match, cells: list[str]) -> pl.Expr:
    first = pl.coalesce(cells)
    alone = pl.sum_horizontal(pl.col(c).is_not_null() for c in cells) == 1
    numbers = [pl.col(f"c{p}").is_not_null() for n, p in match.places.items() if is_numeric(match, n)]
    counted = pl.any_horizontal(numbers) if numbers else pl.lit(value=False)
    return (first.str.contains(NOTE) & ~counted) | (alone & (first.str.len_chars() >= LONG_NOTE))


def _is_header(match: Match) -> pl.Expr:
    same = [pl.col(f"c{p}") == match.headers[p] for p in sorted(set(match.places.values()))]
    return pl.sum_horizontal(s.fill_null(value=False) for s in same) >= min(2, len(same))


def _numbers_the_columns(row: tuple[str | None, ...]) -> bool:
    """栏次行 · The row under a header that numbers its columns: 甲 乙 1 2 3, or 1 2 3 4."""
    filled = [c for c in row if c]
    return len(filled) > 2 and (filled[0] in ("甲", "栏次") or filled == [str(i + 1) for i in range(len(filled))])
