"""黄金算例在第二个引擎上 · The golden cases of every capability written in SQL: the same rows from Spark, to the fen."""

import inspect
from typing import Any

import pytest

from heng.core.capability import CAPABILITIES, Capability
from heng.store.spark import Spark
from tests.test_golden import CASES, hold


def in_sql(cap: Capability) -> bool:
    """Whether a capability is one SELECT; one written in Python only reads its rows through the engine."""
    return "return sql(" in inspect.getsource(cap.run)


WRITTEN_IN_SQL = {c.writes.__name__ for c in CAPABILITIES.values() if in_sql(c)}


LONG = ("steering.figures", "payment.case_margins", "costing.tie_out")
"""Spark 要想半分钟的 · Those that Spark plans for half a minute each: at night only."""
TRIED = [c for c in CASES if WRITTEN_IN_SQL & set(c.values[0]["expect"])]
FIRST = {name: c.id for c in reversed(TRIED) if (name := str(c.id).partition(":")[0]) not in LONG}
"""每个能力的第一个算例；其余的夜里算 · The first case of each capability; Spark plans slowly, the others run at night."""


@pytest.mark.parametrize(
    "case", [c if c.id in FIRST.values() else pytest.param(*c.values, id=c.id, marks=pytest.mark.nightly) for c in TRIED]
)
def test_golden_on_spark(case: dict[str, Any], engine: Spark) -> None:
    hold(case, engine)


def test_most_cases_are_tried() -> None:
    assert {"Readiness", "CostLine", "EncounterCost", "CaseCost", "DeptResult"} <= WRITTEN_IN_SQL
