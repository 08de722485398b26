"""资产 · Asset cards, and the depreciation that follows from them by the straight line.

A card is charged from the month after it is in use to the month of its disposal or the end of its life. Its cost is
exactly its charge × 12 × life, so that cards and charges agree to the fen. Source: 医院财务制度, 折旧.
"""

from datetime import date
from typing import Any

import numpy as np
import polars as pl

from heng.core.period import ordinal, shift
from heng.demo.catalogue import catalogue
from heng.demo.chance import about, chance, split
from heng.demo.departments import Dept, departments
from heng.demo.hospitals import Hospital

CARD = {
    "card": pl.String,
    "name": pl.String,
    "asset_class": pl.String,
    "dept": pl.String,
    "cost": pl.Int64,
    "acquired": pl.Date,
    "disposed": pl.Date,
    "life_years": pl.Int64,
    "fund": pl.String,
}


def cards(hospital: Hospital, seed: int) -> pl.DataFrame:
    """资产卡片 · Columns of Asset; cost in fen, life in hundredths of a year."""
    lists, leaves = catalogue("assets"), [d for d in departments(hospital) if d.leaf]
    rng, by_name = chance(seed, hospital.code, "cards"), {d.name: d for d in leaves}
    special = sum(lists[k]["share"] for k in ("building", "software"))
    gear = np.array([d.gear for d in leaves], dtype=np.int64)
    # Cards that have run out are charged no more: those in use must carry the whole.
    charges = split(hospital.charge * (1000 - special) // 10 * 122 // 100, gear * about(rng, 150, len(leaves)))
    rows = [r for d, charge in zip(leaves, charges.tolist(), strict=True) if charge for r in _equipment(rng, d, charge)]
    for key in ("building", "software"):
        rows += _shared_assets(lists[key], by_name[lists[key]["to"]], hospital)
    numbered = [(f"{hospital.code}ZC{n:05}", *row) for n, row in enumerate(rows, 1)]
    return pl.DataFrame(numbered, schema=CARD, orient="row")


def _equipment(rng: np.random.Generator, dept: Dept, charge: int) -> list[tuple[Any, ...]]:
    classes = catalogue("assets")["equipment"]
    kinds = [(name, c["life"], word, c["weight"]) for name, c in classes.items() for word in c["names"]]
    parts = split(charge, np.array([w for *_, w in kinds], dtype=np.int64) * about(rng, 500, len(kinds)))
    ages = rng.integers(0, 1000, len(kinds)).tolist()
    funds = rng.integers(0, 100, len(kinds)).tolist()
    rows = []
    for (kind, life, word, _), part, age, fund in zip(kinds, parts.tolist(), ages, funds, strict=True):
        acquired = max(dept.since, _aged(age * 12 * life * 108 // 100_000))
        rows.append((word, kind, dept.code, part * 12 * life, acquired, dept.until, 100 * life, _fund(fund)))
    return rows


def _aged(months: int) -> date:
    return date.fromisoformat(shift("2026-06", -months) + "-15")


def _fund(draw: int) -> str:
    funds = catalogue("assets")["funds"]
    return "own" if draw < funds["own"] else "fiscal" if draw < funds["own"] + funds["fiscal"] else "research"


def _shared_assets(kind: dict[str, Any], dept: Dept, hospital: Hospital) -> list[tuple[Any, ...]]:
    names = kind["names"]
    parts = split(hospital.charge * kind["share"] // 10, np.arange(len(names) + 3, 3, -1, dtype=np.int64))
    life, rows = kind["life"], []
    for turn, (name, part) in enumerate(zip(names, parts.tolist(), strict=True)):
        acquired = date(2022 + turn % 4, 3 + turn, 1) if life < 20 else date(2008 + 3 * turn, 9, 1)
        fund = "fiscal" if turn == 1 else "own"
        rows.append((name, kind["class"], dept.code, part * 12 * life, acquired, None, 100 * life, fund))
    return rows


def depreciation(hospital: Hospital, held: pl.DataFrame, month: str) -> pl.DataFrame:
    """折旧摊销明细 · Columns of Depreciation, by department, class and fund; what the hospital leaves out is not there."""
    software = catalogue("assets")["software"]["class"]
    booked = held.filter(_charged(month) & ~pl.col("asset_class").is_in(hospital.leaves_out))
    charge = pl.col("cost") * 100 // (12 * pl.col("life_years"))
    kept = booked.with_columns(charge.alias("amount"), (pl.col("asset_class") == software).alias("intangible"))
    keys = ["dept", "asset_class", "intangible", "fund"]
    return kept.group_by(keys).agg(pl.col("amount").sum()).sort(keys)


def _charged(month: str) -> pl.Expr:
    now = ordinal(month)
    start = _month(pl.col("acquired"))
    ends = _month(pl.col("disposed")).fill_null(999_999)
    lasts = start + pl.col("life_years") * 12 // 100
    return (start < now) & (now <= ends) & (now <= lasts)


def _month(day: pl.Expr) -> pl.Expr:
    return day.dt.year().cast(pl.Int64) * 12 + day.dt.month().cast(pl.Int64) - 1
