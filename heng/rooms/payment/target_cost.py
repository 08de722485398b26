"""目标成本分解 · From the price back to the cost: what a group may cost, and where what is too much is to be saved.

Target = payment − the margin wished for. What is above it is split over the steps in proportion to what each costs above the best
quartile of the region; where nothing is, or no benchmark is known, or the rule says so, in proportion to the cost of the steps.
Largest remainder: Σ cut = cost − target, to the fen. Whether the plan goes below the best quartile is told, not hidden.
Source: 目标成本法 (以支付价倒推目标成本: 支付标准 − 期望盈余), 公立医院成本核算规范 国卫财务发〔2021〕4号 成本控制.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from heng.core.capability import capability
from heng.core.params import Params
from heng.methods.rounding import nearest
from heng.methods.spread import spread
from heng.rooms.payment.exact import CELL, in_fen, yuan
from heng.tables.margin import CaseMargin, MarginStep, StepBenchmark, TargetStep

MONEY = ("price", "wished", "cost", "amount", "best", "cut")
FRAME = {n: pl.Int64() if n in MONEY else t for n, t in TargetStep.schema().items() if not TargetStep.columns[n].derived}


class Rule(Params, at="payment.target_cost"):
    """规则 · The margin wished for as a share of the payment, and what is saved in proportion to."""

    wished: Decimal
    share_by: str


@capability("目标成本分解", "target costs")
def target_cost(cases: CaseMargin, steps: MarginStep, benchmarks: StepBenchmark, rule: Rule) -> TargetStep:
    """倒推并分解 · One row per step of every group that costs more than its target."""
    counted = (pl.col("method") == "bottom_up") & pl.col("payment").is_not_null() & pl.col("group").is_not_null()
    prices = cases.frame().filter(counted).group_by(*CELL, "group").agg(price=pl.col("payment").cast(pl.Decimal(38, 2)).sum())
    rows = steps.frame().join(prices, on=[*CELL, "group"], how="inner")
    rows = rows.join(benchmarks.frame().select("month", "group", "step", "best"), on=["month", "group", "step"], how="left")
    groups = rows.sort(*CELL, "group", "step").partition_by(*CELL, "group", maintain_order=True)
    found = [row for group in groups for row in _plan(group.to_dicts(), rule)]
    return pl.DataFrame(found, schema=FRAME).with_columns(*map(yuan, MONEY))


def _plan(steps: list[dict[str, Any]], rule: Rule) -> Iterator[dict[str, Any]]:
    price, amounts = in_fen(steps[0]["price"]) or 0, [in_fen(s["amount"]) or 0 for s in steps]
    wished, cost = nearest(price * Fraction(rule.wished)), sum(amounts)
    gap = cost - price + wished
    if gap <= 0:
        return
    best = [None if s["best"] is None else nearest(Fraction(s["best"]) * 100 * s["cases"]) for s in steps]
    above = [0 if b is None else max(a - b, 0) for a, b in zip(amounts, best, strict=True)]
    positive = [max(a, 0) for a in amounts]
    cuts = spread(gap, above if rule.share_by == "best" and any(above) else positive)
    for step, amount, standard, cut in zip(steps, amounts, best, cuts, strict=True):
        yield {
            **{n: step[n] for n in (*CELL, "group", "step", "cases")},
            "price": price,
            "wished": wished,
            "cost": cost,
            "amount": amount,
            "best": standard,
            "cut": cut,
        }
