"""占比线索 · Signs of many stays together: weights that drift up inside the same ADRG, transfers where groups lose money.

Drift: against the eleven months before, ADRG by ADRG, with the weights last seen, so that neither a new mix of ADRG nor a new table
of weights counts. Transfers: groups whose other stays together cost more than is paid, against all other groups, twelve months;
Fisher's exact test. Source: OIG and CMS practice (case-mix drift); 医保基金监管（推诿病人）.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import polars as pl

from heng.methods.exact_share import upper_chance
from heng.methods.rounding import decimal, root
from heng.rooms.payment.sign_words import percent, told
from heng.rooms.payment.stays import Rule

Sign = dict[str, Any]
Rows = list[tuple[Any, ...]]
Counted = tuple[Fraction, int]


def drifts(year: pl.DataFrame, month: str, rule: Rule) -> Iterator[Sign]:
    """权重上移 · The hospital and each department whose weights lie above what their ADRG weighed before."""
    grouped = year.filter((pl.col("adrg") != "") & pl.col("weight").is_not_null()).sort("month", "encounter")
    last = grouped.unique(["group", "insurance"], keep="last", maintain_order=True).select("group", "insurance", last="weight")
    weighed = grouped.join(last, on=["group", "insurance"], how="left", maintain_order="left")
    before = weighed.filter(pl.col("month") < month).group_by("adrg", "last").agg(size=pl.len())
    base: dict[str, list[Counted]] = {}
    for adrg, weight, size in before.select("adrg", "last", "size").iter_rows():
        base.setdefault(adrg, []).append((Fraction(weight), size))
    known = {adrg: _moments(w) for adrg, w in base.items() if sum(size for _, size in w) >= rule.least}
    now = weighed.filter((pl.col("month") == month) & pl.col("adrg").is_in(list(known)))
    for dept in ["", *sorted(set(now["dept"]) - {""})]:
        rows = now if dept == "" else now.filter(pl.col("dept") == dept)
        counted = rows.group_by("adrg", "last").agg(size=pl.len()).select("adrg", "last", "size")
        found = [(known[adrg], (Fraction(weight), size)) for adrg, weight, size in counted.iter_rows()]
        if len(rows) >= rule.least and (sign := _drift(found, rule)):
            yield {"dept": dept, **sign}


def _moments(weights: list[Counted]) -> tuple[Fraction, Fraction]:
    """Mean and variance of weights that occur so many times."""
    size = sum(n for _, n in weights)
    mean = sum((w * n for w, n in weights), Fraction()) / size
    return mean, sum(((w - mean) ** 2 * n for w, n in weights), Fraction()) / (size - 1) if size > 1 else Fraction()


def _drift(found: list[tuple[tuple[Fraction, Fraction], Counted]], rule: Rule) -> Sign | None:
    size = sum(n for _, (_, n) in found)
    above = sum(((w - mean) * n for (mean, _), (w, n) in found), Fraction())
    spread = sum((variance * n for (_, variance), (_, n) in found), Fraction())
    if above <= 0 or not spread or above**2 < Fraction(rule.drift) ** 2 * spread:
        return None
    value, errors = sum((w * n for _, (w, n) in found), Fraction()) / size, above / root(spread)
    expected = value - above / size
    facts = {"cases": size, "value": decimal(value, 4), "expected": decimal(expected, 4), "errors": decimal(errors, 1)}
    heavier = sum(n for (mean, _), (w, n) in found if w > mean)
    made = {"sign": "weight_drift", "group": "", "cases": size, "events": heavier, "value": decimal(value), "against": decimal(expected)}
    return made | told("weight_drift", facts)


def transfers(year: pl.DataFrame, rule: Rule) -> Iterator[Sign]:
    """推诿可能 · The hospital and each department that transfers more of the cases of loss-making groups than of the others."""
    placed = year.filter(pl.col("adrg") != "").with_columns(out=pl.col("way_out").is_in(rule.transfer_ways).fill_null(value=False))
    stayed = placed.filter(~pl.col("out") & pl.col("payment").is_not_null() & pl.col("cost").is_not_null())
    margins = stayed.group_by("group").agg(margin=pl.col("payment").sum() - pl.col("cost").sum(), size=pl.len())
    judged = placed.join(margins.filter(pl.col("size") >= rule.least), on="group", how="inner")
    for dept in ["", *sorted(set(judged["dept"]) - {""})]:
        rows = judged if dept == "" else judged.filter(pl.col("dept") == dept)
        loss, rest = rows.filter(pl.col("margin") < 0), rows.filter(pl.col("margin") >= 0)
        counts = int(loss["out"].sum()), len(loss), int(rest["out"].sum()), len(rest)
        if counts[1] >= rule.least and counts[3] and (sign := _transfer(counts, rule)):
            paid = loss.filter("out")["payment"]
            yield {"dept": dept, "stake": None if paid.null_count() else paid.sum(), **sign}


def _transfer(counts: tuple[int, int, int, int], rule: Rule) -> Sign | None:
    events, cases, other_events, others = counts
    chance = upper_chance(*counts)
    if chance > Fraction(rule.chance):
        return None
    facts: dict[str, Any] = {"cases": cases, "events": events, "others": others, "other_events": other_events}
    facts |= {"share": percent(events, cases), "other": percent(other_events, others)}
    made = {"sign": "transfer_out", "group": "", "cases": cases, "events": events, "chance": decimal(chance)}
    made |= {"value": decimal(Fraction(events, cases)), "against": decimal(Fraction(other_events, others))}
    return made | told("transfer_out", facts)


def severe(mixes: Rows, rule: Rule) -> Iterator[Sign]:
    """合并症并发症偏多 · ADRG in which so many complications are hardly chance, held against the past and against other hospitals."""
    for hospital, month, adrg, cases, events, *base in mixes:
        own_cases, own_events, other_cases, other_events, *chances = base
        known = [Fraction(c) for c in chances if c is not None]
        if known and max(known) <= Fraction(rule.chance):
            facts = {"group": adrg, "cases": cases, "events": events, "share": percent(events, cases)}
            facts |= {"own": percent(own_events, own_cases), "other": percent(other_events, other_cases)}
            against = Fraction(own_events + other_events, own_cases + other_cases)
            made = {"org": hospital, "month": month, "sign": "severity_mix", "dept": "", "group": adrg, "cases": cases, "events": events}
            made |= {"value": decimal(Fraction(events, cases)), "against": decimal(against), "chance": decimal(max(known))}
            yield made | told("severity_mix", facts)
