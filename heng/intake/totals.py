"""合计行核对 · Checks total rows against the rows they add up."""

from decimal import Decimal

import polars as pl

from heng.intake.body import Body, is_numeric
from heng.intake.findings import Findings
from heng.intake.numerals import numeral
from heng.intake.recognise import Match

FINEST = Decimal("0.005")
"""小于半分不算不符 · Totals that differ by less than half a fen agree: the rest is binary noise of the sheet's own sum."""
FEN = Decimal("0.01")
SMALL = Decimal("0.0001")
"""面积、人数等的小数 · The decimals that quantities are kept with."""


def check_totals(body: Body, match: Match, values: dict[str, pl.Series], scales: dict[str, int], findings: Findings) -> None:
    """核对合计 · A warning where a total row is neither the sum of all rows above it nor of those since the last total.

    `values` are in yuan, the written total in the sheet's own unit: `scales` says by how much they differ.
    """
    for name, position in sorted(match.places.items()):
        if not is_numeric(match, name):
            continue
        numbers = pl.DataFrame({"row": body.data["row"], "value": values[name]})
        finest = FEN if match.template.table.columns[name].unit == "元" else SMALL
        last = 0
        for row, told in body.totals.select("row", f"c{position}").iter_rows():
            written = numeral(told) if told else None
            if written is not None:
                total = (last, row, (written * scales.get(name, 1)).quantize(finest))
                _check(numbers.filter(pl.col("row") < row), total, match.headers[position], findings)
            last = row


def _check(above: pl.DataFrame, total: tuple[int, int, Decimal], head: str, findings: Findings) -> None:
    last, row, written = total
    whole = Decimal(above["value"].sum() or 0)
    part = Decimal(above.filter(pl.col("row") > last)["value"].sum() or 0)
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
