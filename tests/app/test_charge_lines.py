"""患者成本的收费行 · Whatever was charged and refunded: the fee lines listed behind a patient's cost add up to it, side by side."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from heng.app.charge_lines import CHARGED, charge_lines
from heng.app.trial import Trial
from heng.tables.codes import ITEM
from heng.tables.patients import Charge, EncounterCost, Service
from heng.tables.services import MatchedCost
from tests.costing.test_encounters import costed, hospital, laws, line, stock

refund = st.tuples(line, st.booleans()).map(lambda told: told[0] | {"quantity": -told[0]["quantity"]} if told[1] else told[0])


@laws
@given(lines=st.lists(refund, min_size=1, max_size=15), stocked=stock, fen=st.integers(1, 10**6))
def test_the_fee_lines_listed_add_up_to_the_figure(lines: list[dict[str, Any]], stocked: set[tuple[str, str]], fen: int) -> None:
    trial = costed(hospital(lines, stocked), fen)
    for table in CHARGED:
        for row in trial.compute(table).iter_slices(1):
            listed = charge_lines(row, trial.compute)
            assert listed["contribution"].sum() == row["amount"].item(), table.__name__
            assert set(listed["encounter"]) == set(row["encounter"])
            assert not any(listed.filter(listed["cost"].is_null())["contribution"] != Decimal(0))
            exact = [q * c / n if c is not None else 0 for q, c, n in listed.select("quantity", "cost", "patient_quantity").iter_rows()]
            assert all(abs(p - e) < Decimal("0.10") for p, e in zip(listed["contribution"], exact, strict=True))  # seven items' fen


def test_costs_that_cancel_out_leave_the_fen_that_was_carried() -> None:
    """A unit costs 0.335: the second stay's staff is 0.33 after the first one's 0.34, and the drug it gave back −0.34."""
    costs = [dict.fromkeys(ITEM, 0) | {item: "0.67", "amount": "0.67"} for item in ("staff", "drug")]
    services = [{"service": n, "dept": "C1", "performing": "C1", "step": "other", "income": 0, "patient_income": 0} for n in (1, 2)]
    kinds = [{"kind": "service", "item": "A", "fee_class": "14"}, {"kind": "drug", "item": "B", "fee_class": "09"}]
    charged = {"orderer": 1, "amount": 0}
    trial = Trial(
        {
            Service: [s | k | {"quantity": 2, "patient_quantity": 2} for s, k in zip(services, kinds, strict=True)],
            MatchedCost: [{"service": n, "dept": "C1", "patient_quantity": 2, "variable": 0} | c for n, c in enumerate(costs, 1)],
            Charge: [charged | {"encounter": e, "service": s, "quantity": q} for e, s, q in ((1, 1, 1), (2, 1, 1), (2, 2, -1), (3, 2, 3))],
        }
    )
    second = trial.compute(EncounterCost).filter(encounter=2)
    assert second["amount"].item() == Decimal("-0.01")
    assert charge_lines(second, trial.compute)["contribution"].sum() == Decimal("-0.01")
