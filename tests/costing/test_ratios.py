"""分析指标 · Indicators of the costing room, worked out on CN-1 and compared with its printed averages."""

from decimal import Decimal
from typing import Any

import pytest

import heng.app.region  # noqa: F401 - registers tables and capabilities
from heng.app.trial import Trial
from heng.core.indicator import INDICATORS, Indicator
from heng.store.engine import DuckDB
from heng.tables.activity import Income
from heng.tables.costing import BudgetVariance
from tests.costing.three_step_case import source_rows

OURS = [i for i in INDICATORS.values() if i.of.__module__ == "heng.tables.costing"]
# Ordered income is that of medical technology alone, 2,000,000; C1 orders 500,000 and 60,000 of drugs, with 20 people.
PRINTED = {
    "visit_cost": "126.04",
    "bed_day_cost": "549.836364",
    "management_share": "0.049014",
    "tie_out_gap": "0",
    "income_per_staff": "25750",
    "drug_share": "0.029126",
    "below_break_even": "1",
}


@pytest.fixture(scope="module")
def trial() -> Trial:
    """CN-1 with some drug income."""
    given = source_rows()
    drugs = {"ordering": "C1", "performing": "C1", "fee_class": "西药", "amount": 60000}
    return Trial({**given, Income: [*given[Income], drugs]})


def seen(trial: Trial, i: Indicator) -> Any:
    """The value of an indicator over all rows of its table."""
    engine = DuckDB()
    engine.table("rows", trial.compute(i.of))
    return engine.rows(f"select {i.value} as value from rows where {i.where}")["value"][0]  # noqa: S608 - declared text


@pytest.mark.parametrize("key", PRINTED)
def test_the_indicator_has_the_value_worked_by_hand(trial: Trial, key: str) -> None:
    assert seen(trial, INDICATORS[key]) == Decimal(PRINTED[key])


@pytest.mark.parametrize("indicator", OURS, ids=lambda i: i.key)
def test_every_indicator_can_be_worked_out(trial: Trial, indicator: Indicator) -> None:
    without_a_budget = indicator.of is BudgetVariance  # CN-1 has none: no figure, not zero
    assert (seen(trial, indicator) is None) == without_a_budget


def test_income_and_cost_ratios_agree_with_each_other(trial: Trial) -> None:
    cost_rate, surplus = seen(trial, INDICATORS["cost_rate"]), seen(trial, INDICATORS["surplus_rate"])
    assert cost_rate + surplus == 1
