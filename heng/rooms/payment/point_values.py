"""点值 · What a point is worth in the year so far: the fund of these months and what patients bore, over all points.

Until December it is a forecast: a twelfth of the year's fund for every month. It is not known while a case is not, nor
without a fund. Source: 金华市 2017 点数法 (点值 = (基金 + 患者负担) ÷ 总点数, 清算时确定).
"""

from typing import Any

import polars as pl

from heng.core.capability import capability
from heng.methods.payment.clearing import point_value
from heng.methods.rounding import decimal
from heng.rooms.payment.exact import coarse, yuan
from heng.rooms.payment.year_so_far import YEAR, Funds, fund_of, summed, year_so_far
from heng.tables.payment import FundMonth, PointValue


@capability("点值", "values of points", months=YEAR)
def point_values(months: FundMonth, rule: Funds) -> PointValue:
    """求点值 · One row per month and insurance."""
    rows = months.frame()
    found: list[dict[str, Any]] = []
    for month in rows["month"].unique().sort():
        part = year_so_far(rows, month)
        told = part.group_by("insurance").agg(
            hospitals=pl.col("org").n_unique(), cases=pl.col("cases").sum(), unknown=pl.col("unknown").sum()
        )
        sums = summed(part, ["insurance"], ["points", "patient_share"]).join(told, on="insurance", how="inner")
        for row in sums.iter_rows(named=True):
            fund = fund_of(rule, row["insurance"], row["months"])
            known = fund is not None and row["points"] is not None and row["patient_share"] is not None
            value = point_value(fund + row["patient_share"], row["points"]) if known else None
            found.append({**row, "month": month, "fund": fund, "value": decimal(value)})
    whole = {"points": pl.Int64(), "patient_share": pl.Int64(), "fund": pl.Int64()}
    made = pl.DataFrame(found, schema={**PointValue.schema(), **whole})
    return made.with_columns(coarse("points"), yuan("patient_share"), yuan("fund"))
