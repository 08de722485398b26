"""余数带到下一行 · Rounding by carrying: rows add up to the rounded total, and none is off by more than a fen."""

from decimal import ROUND_HALF_UP, Decimal

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from heng.app.carried import rounded
from heng.app.trial import Trial
from heng.tables.codes import ITEM
from heng.tables.patients import Charge, EncounterCost, EncounterStep
from heng.tables.services import MatchedCost

EXACT = pl.Decimal(38, 16)
FEN = Decimal("0.01")
amounts = st.decimals(min_value=-1000, max_value=1000, places=16, allow_nan=False, allow_infinity=False)


def steps(months: dict[str, list[Decimal | None]]) -> pl.DataFrame:
    rows = [("H01", m, n, "lab", Decimal(0), a) for m, some in months.items() for n, a in enumerate(some, 1)]
    names = ["org", "month", "encounter", "step", "income", "amount"]
    return pl.DataFrame(
        rows, schema=dict(zip(names, [*[pl.String] * 2, pl.Int32, pl.String, pl.Decimal(18, 2), EXACT], strict=True)), orient="row"
    )


@given(st.lists(amounts, min_size=1, max_size=30), st.lists(amounts, min_size=1, max_size=30))
def test_rows_add_up_to_the_rounded_exact_total_of_each_month_and_none_is_off_by_more_than_a_fen(
    march: list[Decimal], april: list[Decimal]
) -> None:
    got = rounded(EncounterStep, steps({"2026-03": march, "2026-04": april}))
    for month, exact in (("2026-03", march), ("2026-04", april)):
        mine = got.filter(pl.col("month") == month)["amount"].to_list()
        assert sum(mine) == sum(exact).quantize(FEN, ROUND_HALF_UP)
        assert all(abs(a - e) <= FEN for a, e in zip(mine, exact, strict=True))


def test_nothing_stays_nothing_and_the_unknown_stays_unknown() -> None:
    third = Decimal("0.3333333333333333")
    got = rounded(EncounterStep, steps({"2026-03": [third, Decimal(0), None, third, third]}))["amount"].to_list()
    assert got == [Decimal("0.33"), Decimal("0.00"), None, Decimal("0.34"), Decimal("0.33")]


def test_what_is_derived_follows_from_the_rounded_amounts() -> None:
    costs = dict.fromkeys(ITEM, "0.00") | {"staff": "1.00", "drug": "1.00"}
    matched = [{"service": 1, "dept": "D1", "patient_quantity": "3", "variable": "0.00", **costs}]
    charges = [{"encounter": n, "service": 1, "orderer": 0, "quantity": "1", "amount": "2.00"} for n in (1, 2, 3)]
    got = Trial({Charge: charges, MatchedCost: matched}).compute(EncounterCost)
    assert got["staff"].to_list() == [Decimal("0.33"), Decimal("0.34"), Decimal("0.33")]
    assert (got["amount"] == got["staff"] + got["drug"]).all()
