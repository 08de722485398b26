"""合计行核对 · Checks total rows against the rows they add up."""

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from heng.intake.body import Body, is_numeric
from heng.intake.findings import Findings
from heng.intake.numerals import numeral
from heng.intake.recognise import Match
from heng.intake.so_far import Sums

FINEST = Decimal("0.005")
"""小于半分不算不符 · Totals that differ by less than half a fen agree: the rest is binary noise of the sheet's own sum."""
FEN = Decimal("0.01")
SMALL = Decimal("0.0001")
"""面积、人数等的小数 · The decimals that quantities are kept with."""


@dataclass(frozen=True)
class Columns:
    """要核对的列 · The numbers of a sheet as read: `values` in yuan, and by how much (`scales`) the sheet's own unit differs.

    `sums`: what the columns of the pieces above add up to; this piece is added to them.
    """

    values: dict[str, pl.Series]
    scales: dict[str, int]
    sums: dict[str, Sums]


def check_totals(body: Body, match: Match, columns: Columns, findings: Findings) -> None:
    """核对合计 · A warning where a total row is neither the sum of all rows above it nor of those since the last total."""
    for name, position in sorted(match.places.items()):
        if not is_numeric(match, name):
            continue
        numbers = pl.DataFrame({"row": body.data["row"], "value": columns.values[name]})
        finest = FEN if match.template.table.columns[name].unit == "元" else SMALL
        sums, last = columns.sums.setdefault(name, Sums()), 0
        for row, told in body.totals.select("row", f"c{position}").iter_rows():
            _add(sums, numbers.filter(pl.col("row").is_between(last, row)))
            written = numeral(told) if told else None
            if written is not None:
                total = (row, (written * columns.scales.get(name, 1)).quantize(finest))
                _check(sums, total, match.headers[position], findings)
            sums.part, last = Decimal(0), row
        _add(sums, numbers.filter(pl.col("row") > last))


def _add(sums: Sums, numbers: pl.DataFrame) -> None:
    more = Decimal(numbers["value"].sum() or 0)
    sums.whole, sums.part = sums.whole + more, sums.part + more


def _check(sums: Sums, total: tuple[int, Decimal], head: str, findings: Findings) -> None:
    row, written = total
    whole, part = sums.whole, sums.part
    if min(abs(written - whole), abs(written - part)) < FINEST:
        return
    told = _shown(written)
    at = pl.DataFrame({"row": [row], "value": [told]}, schema={"row": pl.Int32, "value": pl.String})
    near = _shown(part if abs(written - part) < abs(written - whole) else whole)
    findings.rows("total", head, at, (f"合计 {told}，明细之和 {near}", f"total {told}, sum of rows {near}"))


def _shown(number: Decimal) -> str:
    """数的写法 · A number with the decimals it has, but at least two."""
    whole, _, part = f"{number:f}".partition(".")
    return f"{whole}.{part.rstrip('0').ljust(2, '0')}"
