"""待核查的住院 · The stays that signs are looked for in: what was paid, what they cost, who, when, why, how the patient left."""

from decimal import Decimal
from typing import Any

import polars as pl

from heng.core.params import Params
from heng.rooms.payment.exact import CASE, CELL, fen
from heng.tables.cases import CaseCost
from heng.tables.patients import Encounter
from heng.tables.payment import PayCase
from heng.tables.visits import Discharge

YEAR = 12


class Rule(Params, at="payment.gaming_signs"):
    """界限 · From where on a sign is told: chance, cases, days, shares of the mean; what is planned, ordinary, a transfer."""

    chance: Decimal
    drift: Decimal
    least: int
    split_days: int
    readmission_days: int
    same_characters: int
    planned: list[Any]
    low_lines: list[Any]
    ordinary_ways: list[Any]
    transfer_ways: list[Any]


def stays(cases: PayCase, encounters: Encounter, discharges: Discharge, costs: CaseCost) -> pl.DataFrame:
    """汇成一张 · One row per case paid by group; amounts in fen, `cost` that of the fees where no cost is known."""
    paid = cases.frame().filter(pl.col("outlier") != "excluded")
    paid = paid.select(*CASE, "insurance", "pack", "adrg", "weight", fen("fee"), fen("payment"), _code("dept"), _code("group"))
    who = encounters.frame().select(*CASE, "visit", "patient", "admitted", "discharged", "diagnosis", number=_number())
    ways = discharges.frame().select(*CELL, "way_out", number="visit", discharged=pl.col("discharged").dt.date())
    ways = ways.unique([*CELL, "number", "discharged"], keep="last", maintain_order=True)
    spent = costs.frame().select(*CASE, cost=fen("amount"))
    whole = paid.join(who, on=CASE, how="inner").join(spent, on=CASE, how="left")
    known = whole.join(ways, on=[*CELL, "number", "discharged"], how="left")
    return known.with_columns(cost=pl.coalesce("cost", "fee")).sort(CASE)


def _number() -> pl.Expr:
    return pl.coalesce("record", "visit")


def _code(name: str) -> pl.Expr:
    return pl.col(name).fill_null("")
