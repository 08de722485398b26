"""个案线索 · Signs of single stays: admitted again soon, or with fees far below the mean of the group.

Stays that are planned (chemotherapy, dialysis and the like) are left out of the first; patients who did not leave in the ordinary
way out of the second. Source: 国家医保局 飞行检查常见问题（分解住院、低标准入院）; DIP 技术规范（31 天内再入院、低标准入院）.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from heng.methods.rounding import decimal
from heng.rooms.payment.sign_words import LOW_STANDARDS, told
from heng.rooms.payment.stays import Rule
from heng.rooms.payment.tariff import Weights

Sign = dict[str, Any]


def repeats(now: pl.DataFrame, year: pl.DataFrame, rule: Rule) -> Iterator[Sign]:
    """短期再住院 · Stays of the month that follow soon on an earlier one: in the same ADRG, else with the same diagnosis."""
    before = year.select("patient", "encounter", "month", "visit", "adrg", "diagnosis", "discharged").filter(pl.col("patient") != "")
    pairs = now.filter(pl.col("patient") != "").join(before, on="patient", how="inner", suffix="_before")
    apart = (pl.col("encounter") != pl.col("encounter_before")) | (pl.col("month") != pl.col("month_before"))
    latest = ["encounter", "discharged_before", "month_before", "encounter_before"]
    pairs = pairs.filter(apart & (pl.col("discharged_before") <= pl.col("admitted")))
    told_of = set[int]()  # a stay for something else may lie between the two: the latest earlier one that says something counts
    for stay in pairs.sort(latest, descending=[False, True, True, True]).iter_rows(named=True):
        sign, limit = _repeat(stay, rule)
        if sign and stay["encounter"] not in told_of:
            told_of.add(stay["encounter"])
            days = _gap(stay["admitted"], stay["discharged_before"])
            facts = {"days": days, "group": stay["adrg"], "diagnosis": (stay["diagnosis"] or "")[: rule.same_characters]}
            yield _of(stay, sign, Decimal(days), Decimal(limit)) | {"related": stay["visit_before"]} | told(sign, facts)


def _repeat(stay: Sign, rule: Rule) -> tuple[str, int]:
    days, diagnosis = _gap(stay["admitted"], stay["discharged_before"]), stay["diagnosis"] or ""
    if diagnosis.startswith(tuple(rule.planned)):
        return "", 0
    if days <= rule.split_days and stay["adrg"] and stay["adrg"] == stay["adrg_before"]:
        return "split_stay", rule.split_days
    same = diagnosis and diagnosis[: rule.same_characters] == (stay["diagnosis_before"] or "")[: rule.same_characters]
    return ("readmission", rule.readmission_days) if same and days <= rule.readmission_days else ("", 0)


def _gap(admitted: date, discharged: date) -> int:
    return (admitted - discharged).days


def low_standard(now: pl.DataFrame, year: pl.DataFrame, weights: Weights, rule: Rule) -> Iterator[Sign]:
    """低标准入院 · Stays whose fees are below the lowest line of the group's mean, and of each department how many lie below each.

    The mean is that of the table of weights, else the hospital's own of the year.
    """
    own = year.filter(pl.col("fee").is_not_null()).group_by("group").agg(pl.col("fee").sum(), size=pl.len())
    means = {group: Fraction(fee, size) for group, fee, size in own.select("group", "fee", "size").iter_rows() if size >= rule.least}
    lines = sorted(Fraction(line) for line in rule.low_lines)
    ordinary = pl.col("way_out").is_null() | pl.col("way_out").is_in(rule.ordinary_ways)
    grouped = (pl.col("adrg") != "") & pl.col("fee").is_not_null()
    known: dict[tuple[str, str, str], Fraction | None] = {}
    under: dict[str, list[int]] = {}
    for stay in now.filter(ordinary & grouped).iter_rows(named=True):
        place = (stay["pack"], stay["group"], stay["insurance"])
        if place not in known:
            known[place] = _mean(place, weights) or means.get(stay["group"])
        if mean := known[place]:
            counts = under.setdefault(stay["dept"], [0] * (len(lines) + 1))
            counts[0] += 1
            for n, line in enumerate(lines, 1):
                counts[n] += stay["fee"] < line * mean
            if lines and stay["fee"] < lines[0] * mean:
                yield _low(stay, mean, lines[0])
    cell = {n: now[n][0] for n in ("org", "month")}
    for dept, (size, *counts) in sorted(under.items()):
        if size >= rule.least and any(counts):
            yield cell | _lows(dept, size, counts, lines)


def _lows(dept: str, size: int, counts: list[int], lines: list[Fraction]) -> Sign:
    """The sign of a department: how many of its cases lie below each line."""
    facts = {"cases": size, "lines": " / ".join(f"{decimal(100 * x, 0)}%" for x in lines), "counts": " / ".join(map(str, counts))}
    made = {"sign": "low_standard", "dept": dept, "group": "", "cases": size, "events": counts[-1]}
    made |= {"value": decimal(Fraction(counts[-1], size)), "against": decimal(lines[-1])}
    return made | told("low_standard", facts, LOW_STANDARDS)


def _low(stay: Sign, mean: Fraction, line: Fraction) -> Sign:
    ratio = Fraction(stay["fee"]) / mean
    facts = {"fee": decimal(Fraction(stay["fee"], 100), 2), "mean": decimal(mean / 100, 2), "group": stay["group"]}
    facts |= {"ratio": decimal(100 * ratio, 1), "line": decimal(100 * line, 0)}
    return _of(stay, "low_standard", decimal(ratio), decimal(line)) | told("low_standard", facts)


def _mean(place: tuple[str, str, str], weights: Weights) -> Fraction | None:
    pack, group, _ = place
    found = weights.get(place) or weights.get((pack, group, ""))
    return Fraction(found[1]["mean_fee"]) * 100 if found and found[1]["mean_fee"] else None


def _of(stay: Sign, sign: str, value: Decimal | None, against: Decimal | None) -> Sign:
    """A sign of one stay."""
    named = {n: stay[n] for n in ("org", "month", "dept", "group", "visit", "encounter")}
    return named | {"sign": sign, "cases": 1, "events": 1, "value": value, "against": against, "stake": stay["payment"]}
