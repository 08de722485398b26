"""患者成本由哪些收费行构成 · Which fee lines make up a patient's cost: quantity × cost rate, line by line, down to file and row.

Each line costs quantity × rate, rounded along the lines with the remainder carried on. The few fen by which the table that
holds the figure was rounded otherwise stand with the dearest line, so that those listed add up to the figure.
"""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise

import polars as pl

from heng.core.table import Table
from heng.methods.rounding import nearest
from heng.rooms.costing.trace import to_fen
from heng.tables.codes import ITEM
from heng.tables.patients import Charge, EncounterCost, EncounterFee, EncounterStep, EncounterTotal, Service
from heng.tables.services import MatchedCost

CHARGED: tuple[type[Table], ...] = (EncounterCost, EncounterTotal, EncounterStep, EncounterFee)
"""每行都有就诊序号、成本来自收费行的表 · Tables of one row an encounter (and side of it) whose cost comes from fee lines."""
FINE = 10**9
COLUMNS = ["name", "sheet", "row", "dept", "charged", "quantity", "amount", "contribution", "file"]


def charge_lines(rows: pl.DataFrame, read: Callable[[type[Table]], pl.DataFrame]) -> pl.DataFrame:
    """这些行背后的收费行 · The fee lines behind rows of one of CHARGED: file, row, service, what was charged, and what it cost.

    `read` gives the rows of a table of this hospital and month. Σ contribution = Σ amount of the rows, to the fen.
    """
    sides = [c for c in ("encounter", "step", "fee_class") if c in rows.columns]
    services = read(Service).select("service", "step", "fee_class", charged=pl.coalesce("name", "item"))
    cost = pl.sum_horizontal(pl.col(list(ITEM)).cast(pl.Decimal(38, 2)))
    rates = read(MatchedCost).select("service", "dept", "patient_quantity", cost=cost)
    lines = read(Charge).filter(pl.col("encounter") > 0).join(services, on="service", maintain_order="left")
    lines = lines.join(rows.select(sides).unique(), on=sides, how="semi", maintain_order="left")
    lines = lines.join(rates, on="service", how="left", maintain_order="left")
    total = sum(to_fen(a) for a in rows["amount"])
    parts = [Decimal(n).scaleb(-2) for n in _in_fen(total, _exact(lines))]
    return lines.with_columns(pl.Series("contribution", parts, dtype=pl.Decimal(18, 2))).sort("file", "row")


def _exact(lines: pl.DataFrame) -> list[int]:
    # In billionths of a fen; a line whose service has no cost costs nothing.
    told = zip(lines["quantity"], lines["cost"], lines["patient_quantity"], strict=True)
    return [int(100 * FINE * q * c / whole) if whole and c is not None else 0 for q, c, whole in told]


def _in_fen(total: int, exact: list[int]) -> list[int]:
    ends = [nearest(Fraction(end, FINE)) for end in accumulate(exact, initial=0)]
    parts = [after - before for before, after in pairwise(ends)]
    if parts:
        parts[max(range(len(parts)), key=lambda n: abs(exact[n]))] += total - ends[-1]
    return parts
