"""基准的数据 · The region of the costing bench: coded charge lines of a year, written as a run would have written them.

2,000 items in 80 departments (20,000 services), 400 doctors, 14 fee classes, 12 steps, 20 lines an encounter, one line
in fifty charged to nobody. Everything that the runner would want to work out first counts as worked out.
"""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from heng.app.compute import named, parts_read, rules_at
from heng.app.fingerprint import fingerprint
from heng.app.region import Hospital, Region, new_region
from heng.core.capability import order
from heng.core.table import Table
from heng.store.manifest import Part
from heng.store.parts import write_part
from heng.tables.codes import ITEM
from heng.tables.patients import (
    Charge,
    DoctorCost,
    Encounter,
    EncounterCost,
    EncounterFee,
    EncounterStep,
    EncounterTotal,
    Orderer,
    OrderingCost,
    Service,
    StepCost,
)
from heng.tables.services import MatchedCost

ORG, MONTHS = "H01", [f"2026-{m:02}" for m in range(1, 13)]
ITEMS, DEPARTMENTS, DOCTORS, LINES, NOBODY = 2000, 80, 400, 20, 50
SERVICES = ITEMS * 10  # an item is given in ten departments
STEPS = ("ward", "consultation", "exam", "lab", "treatment", "surgery", "nursing", "material", "pharmacy", "registration", "icu", "other")
COSTS = tuple(ITEM)
ASKED = (EncounterCost, EncounterTotal, EncounterStep, EncounterFee, StepCost, OrderingCost, DoctorCost)


def make(path: Path, lines: int) -> dict[str, Any]:
    """写出一年 · Write the year, month by month, and mark what comes before as worked out."""
    begun, region = time.perf_counter(), new_region(path, "基准", [Hospital(ORG, "基准医院")])
    parts = [p for n, month in enumerate(MONTHS) for p in _month(region, month, lines // 12 + (n < lines % 12))]
    with region.writing("bench"):
        _marked(region, parts)
        region.publish("bench", region.manifest.parts)
    return {"lines": lines, "services": SERVICES, "make_s": round(time.perf_counter() - begun, 1)}


def _marked(region: Region, parts: list[Part]) -> None:
    given = {p.place: p for p in parts}
    for cap in order(ASKED):
        if cap.writes in ASKED:
            continue
        for month in MONTHS:
            place = (cap.writes.__name__, ORG, month, "")
            mark = fingerprint(cap, rules_at(cap, region.policy, (ORG, month)), named(parts_read(region.manifest, cap, (ORG, month))))
            part = given.get(place) or write_part(region.path, cap.writes, cap.writes.schema().to_frame(), (ORG, month, ""))
            region.manifest = region.manifest.next(at="", by="", note="", add=[replace(part, fingerprint=mark)])


def _month(region: Region, month: str, lines: int) -> list[Part]:
    chance = np.random.default_rng(int(month.replace("-", "")))
    encounters = max(lines // LINES, 1)
    encounter = np.sort(np.where(chance.integers(0, NOBODY, lines) == 0, 0, chance.integers(1, encounters + 1, lines)))
    service = 1 + (chance.random(lines) ** 2 * SERVICES).astype(np.int64)  # some are given far more often than others
    quantity = chance.integers(1, 20, lines) * 5000
    charged = np.bincount(service[encounter > 0], quantity[encounter > 0], SERVICES + 1)[1:].astype(np.int64)
    frames: dict[type[Table], dict[str, Any]] = {
        Charge: {
            "encounter": encounter,
            "service": service,
            "orderer": chance.integers(1, DOCTORS + 1, lines),
            "quantity": quantity,
            "amount": chance.integers(100, 100_000, lines),
            "file": pl.repeat("收费明细", lines, eager=True),
            "row": np.arange(lines),
        },
        MatchedCost: _matched(chance, charged),
        Service: _services(charged),
        Encounter: _encounters(encounters),
        Orderer: {
            "orderer": np.arange(1, DOCTORS + 1),
            "ordering": _dept(np.arange(DOCTORS)),
            "doctor": _named("医生", np.arange(DOCTORS)),
        },
    }
    return [write_part(region.path, table, _typed(table, month, columns), (ORG, month, "")) for table, columns in frames.items()]


def _matched(chance: np.random.Generator, charged: np.ndarray) -> dict[str, Any]:
    there = charged > 0
    number = np.arange(1, SERVICES + 1)
    kind = number % 14 + 1  # drugs and consumables have one cost item, services the other six
    costs = {
        c: np.where(np.where(kind == 8, c == "material", np.where((kind >= 9) & (kind <= 11), c == "drug", c != "drug")), 1, 0)
        * chance.integers(1, 10**7, SERVICES)
        for c in COSTS
    }
    whole = sum(costs.values())
    return {
        "service": number[there],
        "dept": _dept(number[there]),
        "patient_quantity": charged[there],
        **{c: v[there] for c, v in costs.items()},
        "variable": np.asarray(whole)[there] // 3,
        "amount": np.asarray(whole)[there],
    }


def _services(charged: np.ndarray) -> dict[str, Any]:
    number = np.arange(1, SERVICES + 1)
    kind = number % 14 + 1
    return {
        "service": number,
        "dept": _dept(number),
        "performing": _dept(number),
        "kind": np.where(kind == 8, "material", np.where((kind >= 9) & (kind <= 11), "drug", "service")),
        "item": _named("项目", number % ITEMS),
        "fee_class": [f"{k:02}" for k in kind],
        "step": np.array(STEPS)[number % len(STEPS)],
        "quantity": charged,
        "patient_quantity": charged,
        "income": charged,
        "patient_income": charged,
    }


def _encounters(count: int) -> dict[str, Any]:
    number = np.arange(1, count + 1)
    care = np.array(["outpatient", "inpatient", "day"])[number % 3]
    return {"encounter": number, "visit": _named("V", number), "care": care, "status": np.full(count, "finished")}


def _dept(number: np.ndarray) -> pl.Series:
    return _named("D", number % DEPARTMENTS)


def _named(word: str, number: np.ndarray) -> pl.Series:
    return pl.select(pl.format("{}{}", pl.lit(word), pl.Series(number))).to_series()


def _typed(table: type[Table], month: str, columns: dict[str, Any]) -> pl.DataFrame:
    """Columns as the table promises them: whole fen and ten-thousandths become decimals, what is not given stays empty."""
    rows = pl.DataFrame(columns).with_columns(org=pl.lit(ORG), month=pl.lit(month))
    return rows.select(_column(name, kind, rows) for name, kind in table.schema().items())


def _column(name: str, kind: pl.DataType, rows: pl.DataFrame) -> pl.Expr:
    if name not in rows.columns:
        return pl.lit(None, kind).alias(name)
    if isinstance(kind, pl.Decimal):
        return (pl.col(name).cast(pl.Decimal(38, kind.scale)) / 10**kind.scale).cast(kind).alias(name)
    return pl.col(name).cast(kind)
