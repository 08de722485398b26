"""合计：有意义才给，不知道就说不知道 · Totals: given where they mean something, unknown where something in them is."""

import polars as pl
import pytest

from heng.serve.totals import totals
from heng.tables.costing import Allocation, DeptResult, ScopeCost
from tests.serve.excel.hospital import frame, result, rows


def test_a_total_with_something_unknown_in_it_is_unknown() -> None:
    found = frame(DeptResult, "2026-03", [result("C1", 5), {**result("C2", 7), "income": None}])  # type: ignore[arg-type]
    sums = totals(found, DeptResult.columns)
    assert (sums["cost"], sums["income"]) == (12, None)
    assert "volume" not in sums, "visits and bed-days do not add up"
    assert "unit_cost" not in sums


def test_scopes_hold_the_same_money_and_are_not_added_up() -> None:
    found = frame(ScopeCost, "2026-03", rows()[ScopeCost])
    assert totals(found, ScopeCost.columns) == {}
    assert totals(found.filter(scope="medical"), ScopeCost.columns)["direct"] == found.filter(scope="medical")["direct"].sum()


@pytest.mark.parametrize(("receiver", "added"), [("C1", {"amount"}), ("", set())])
def test_a_receipt_is_added_up_and_money_that_is_passed_on_is_not(receiver: str, added: set[str]) -> None:
    legs = frame(Allocation, "2026-03", rows()[Allocation])
    assert set(totals(legs.filter(receiver=receiver) if receiver else legs, Allocation.columns)) == added


def test_no_rows_have_no_total() -> None:
    assert totals(pl.DataFrame(schema=ScopeCost.schema()), ScopeCost.columns) == {}
