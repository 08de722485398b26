"""盈亏变动原因 · Why does a group win or lose more than the month before: volume, mix, days, drugs, consumables, price, other cost?

Payment, drugs, consumables and the remaining cost are each explained as `heng.methods.variance` explains a cost: the month before is
the standard. The remaining cost goes with the days of a case; drugs and consumables of a case stand apart where they are known of
all its cases in both months, days likewise, and else are part of the remaining cost. What is saved is a gain.
Σ effects = margin now − margin before, to the fen. A group that was not there before is mix.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 成本分析 (因素分析法，连环替代).
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import polars as pl

from heng.core.capability import capability
from heng.core.period import shift
from heng.methods.variance import Effects, Line, variance
from heng.rooms.payment.exact import CELL, yuan
from heng.tables.margin import CaseMargin, MarginBridge

NONE = "0000"
PARTS = ("payment", "drug", "material", "rest")
MONEY = [n for n, c in MarginBridge.columns.items() if c.type == "decimal(18,2)" and not c.derived]
FRAME = {n: pl.Int64() if n in MONEY else t for n, t in MarginBridge.schema().items() if n != "residual"}
Group = Mapping[str, Any]
NOTHING: Group = {"cases": 0, "days": 0, "payment": 0, "cost": 0, "drug": 0, "material": 0}


@capability("盈亏变动原因", "margin bridge", months=2)
def margin_bridge(cases: CaseMargin) -> MarginBridge:
    """逐组解释变动 · One row per group with a margin in this month or the one before; none where that month has no margin at all."""
    found = []
    months = _months(cases.frame())
    for (org, month), now in months.items():
        if before := months.get((org, shift(month, -1))):
            found += [{"org": org, "month": month, **row} for row in _explained(before, now)]
    return pl.DataFrame(found, schema=FRAME).with_columns(*map(yuan, MONEY))


def _months(cases: pl.DataFrame) -> dict[tuple[str, str], dict[str, Group]]:
    """The sums of every group with payment and cost known, in fen; days, drugs or consumables None where a case does not tell."""
    known = cases.filter(pl.col("margin").is_not_null()).with_columns(pl.col("group").fill_null(NONE))
    fen = {n: (pl.col(n).cast(pl.Decimal(38, 2)) * 100).cast(pl.Int64) for n in ("payment", "cost", "drug", "material")}
    sums = [pl.when(e.is_not_null().all()).then(e.sum()).alias(n) for n, e in ({"days": pl.col("days")} | fen).items()]
    rows = known.group_by(*CELL, "group").agg(pl.len().alias("cases"), *sums).sort(*CELL, "group")
    found: dict[tuple[str, str], dict[str, Group]] = {}
    for row in rows.iter_rows(named=True):
        found.setdefault((row["org"], row["month"]), {})[row["group"]] = row
    return found


def _explained(before: dict[str, Group], now: dict[str, Group]) -> Iterator[dict[str, Any]]:
    groups = sorted({*before, *now})
    pairs = [_alike(before.get(g, NOTHING), now.get(g, NOTHING)) for g in groups]
    effects = {part: variance([_line(part, old, new) for old, new in pairs]) for part in PARTS}
    for n, (group, (old, new)) in enumerate(zip(groups, pairs, strict=True)):
        yield _row(old, new, {part: effects[part][n] for part in PARTS}) | {"group": group}


def _alike(old: Group, new: Group) -> tuple[Group, Group]:
    """Both months by what is known in both: the remaining cost is the cost without the parts that stand apart."""
    apart = [n for n in ("drug", "material") if old[n] is not None and new[n] is not None]
    timed = all(m["days"] is not None and (m["days"] > 0 or not m["cases"]) for m in (old, new))

    def seen(month: Group) -> Group:
        parts = {n: month[n] if n in apart else None for n in ("drug", "material")}
        rest = month["cost"] - sum(month[n] for n in apart)
        return {**month, **parts, "rest": rest, "days": month["days"] if timed else None}

    return seen(old), seen(new)


def _line(part: str, old: Group, new: Group) -> Line:
    cases, timed = Fraction(old["cases"]), part == "rest" and old["days"] is not None
    was = Fraction(old[part] or 0)
    per = Fraction(old["days"]) if timed else cases
    return Line(
        planned=cases,
        quantity=Fraction(new["cases"]),
        rate=was / per if cases else None,
        minutes=Fraction(old["days"]) / cases if timed and cases else None,
        spent=Fraction(new["days"]) if timed and cases else None,
        amount=new[part] or 0,
    )


def _row(old: Group, new: Group, of: Mapping[str, Effects]) -> dict[str, Any]:
    paid, spent = of["payment"], [of[n] for n in PARTS[1:]]
    return {
        "cases_before": old["cases"],
        "cases": new["cases"],
        "before": old["payment"] - old["cost"],
        "volume": paid.volume - sum(e.volume for e in spent),
        "mix": paid.mix - sum(e.mix for e in spent),
        "occupancy": None if old["days"] is None else -of["rest"].efficiency,
        "drug": None if old["drug"] is None else -of["drug"].price,
        "material": None if old["material"] is None else -of["material"].price,
        "price": paid.price,
        "other": -of["rest"].price,
        "after": new["payment"] - new["cost"],
    }
