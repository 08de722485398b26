"""医保结算返回 · What the pretended insurer returns for the insured stays of a month, worked out apart, with differences planted.

The insurer knows no complication that was coded on purpose: its groups are those of the diseases as they were drawn.
"""

from csv import DictReader
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import polars as pl

from heng.demo.catalogue import catalogue
from heng.demo.hospitals import Hospital
from heng.demo.payment import LEVEL_OF, packs, rates
from heng.demo.records import SELF, records
from heng.demo.scene import Scene
from heng.methods.payment.outlier import quota, ranked
from heng.methods.payment.standard import Limits, Standard, standard

PAYERS = {"1": "employee", "2": "resident"}
LIMITS = {"tertiary": Limits(low=Fraction(3, 10), high=Fraction(3)), "secondary": Limits(low=Fraction(3, 10), high=Fraction(2))}
HIGH_SHARE = Decimal("0.05")
"""倍率界限与高倍率名额：CHS-DRG 付费技术规范（2019） · Limits and quota of high-cost cases, as the nation says them."""
Row = dict[str, Any]


def returned(scene: Scene) -> pl.DataFrame:
    """某月的结算返回 · The lines of the return of a month, money in fen."""
    known = records(scene).filter(pl.col("payer") != SELF).with_columns(insurance=pl.col("payer").replace(PAYERS), group="drg")
    rows = known.select("visit", "patient", "insurance", "discharged", "group", "total", "own_pay").to_dicts()
    signs = [s for s in catalogue("planted")["returns"] if (s["org"], s["month"]) == (scene.hospital.code, scene.month)]
    for sign in signs:
        for row in _hit(rows, sign):
            row |= {n: sign[n] for n in ("to", "weight", "cut", "missing", "repeated") if n in sign}
    _settle(rows, scene.hospital)
    lines = [line for row in rows if not row.get("missing") for line in [_line(row)] * (1 + row.get("repeated", 0))]
    return pl.DataFrame(lines, schema_overrides={"weight": pl.Decimal(18, 4)})


def _hit(rows: list[Row], sign: Row) -> list[Row]:
    """The cases of a group that a sign is planted in: one of them, or all."""
    own = [row for row in rows if row["group"] == sign["group"]]
    return [own[sign["nth"]]] if "nth" in sign else own


def _settle(rows: list[Row], hospital: Hospital) -> None:
    """Price every case and pay it: by its standard, by its fee where that is far off and within the quota."""
    for row in rows:
        group = row.get("to", row["group"])
        row["weight"], row["price"] = _price(hospital, group, row["insurance"], row.get("weight", ""))
        row["outlier"] = row["price"].outlier(row["total"])
    high = [(row["visit"], row["price"].excess(row["total"])) for row in rows if row["outlier"] == "high"]
    over = set(ranked(high)[quota(len(rows), HIGH_SHARE) :])
    for row in rows:
        by_fee = row["outlier"] != "normal" and row["visit"] not in over
        row["fund_pay"] = max(0, (row["total"] if by_fee else row["price"].amount) - row["own_pay"])


def _line(row: Row) -> Row:
    cut = row.get("cut", 0) * 100
    return {
        "settlement": f"JS{row['visit'][2:]}",
        **{n: row[n] for n in ("visit", "patient", "insurance", "discharged")},
        "settled": row["discharged"],
        "group": row.get("to", row["group"]),
        "weight": row["weight"],
        "standard": row["price"].amount,
        "outlier": row["outlier"],
        "total": row["total"] - cut,
        "fund_pay": row["fund_pay"] - cut,
        "own_pay": row["own_pay"],
    }


@cache
def _price(hospital: Hospital, group: str, insurance: str, weight: str) -> tuple[Decimal, Standard]:
    told, level = _weights()[group], LEVEL_OF[hospital.level]
    rate, coefficient = rates(insurance, level)
    points = Fraction(weight or told["weight"]) * (1 if told["primary"] else coefficient)
    return Decimal(weight or told["weight"]), standard(points, rate, LIMITS[level])


@cache
def _weights() -> dict[str, dict[str, str]]:
    with (packs()[0] / "weights.csv").open(encoding="utf-8", newline="") as text:
        return {row["group"]: row for row in DictReader(text)}
