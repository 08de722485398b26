"""公开分摊算例 · G1 to G13: printed digits == oracle in fractions == engine to 1e-6; wrong answers are flagged."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from heng.methods.reciprocal import reciprocal, reciprocal_price
from heng.methods.step_down import Cascade, conservation_gap, direct, in_order
from tests.methods import oracle
from tests.methods.published import ALLOCATIONS, CASES, MICRO, Allocation, close, flow, half_digit, layers, number

STEPPED = [a for a in ALLOCATIONS if a.expect["method"] != "reciprocal"]
RECIPROCAL = [a for a in ALLOCATIONS if a.expect["method"] == "reciprocal"]
WRONG = [case for case in CASES if "wrong" in case]

each_stepped = pytest.mark.parametrize("case", STEPPED, ids=str)
each_reciprocal = pytest.mark.parametrize("case", RECIPROCAL, ids=str)


def by_oracle(case: Allocation) -> oracle.Result:
    together = case.expect["method"] == "direct"
    stages = [("", case.order, False)] if together else [("", [giver], False) for giver in case.order]
    return oracle.step(case.cost, stages, case.use)


def by_engine(case: Allocation) -> Cascade:
    cost, weight, driver = case.arrays()
    method = direct if case.expect["method"] == "direct" else in_order
    return method(cost, case.givers, weight, driver)


def oracle_reciprocal(case: Allocation) -> tuple[oracle.Money, oracle.Money]:
    return oracle.reciprocal(case.cost, case.order, case.use, keep_self=case.expect.get("keep_self", False))


def as_printed(value: Fraction, printed: str) -> bool:
    return abs(value - number(printed)) <= half_digit(printed)


def finals_as_printed(case: Allocation, final: oracle.Money) -> None:
    for department, printed in case.expect.get("final", {}).items():
        assert as_printed(final[department], printed), (department, float(final[department]))
    for department, printed in case.expect.get("published", {}).items():
        assert abs(final[department] - number(printed)) <= number(case.expect["within"]), department


@each_stepped
def test_the_oracle_meets_every_printed_final_and_pool(case: Allocation) -> None:
    result = by_oracle(case)
    finals_as_printed(case, result.full())
    for giver, printed in case.expect.get("pool", {}).items():
        assert as_printed(result.pool[giver], printed), giver


@each_stepped
def test_the_oracle_meets_every_printed_flow(case: Allocation) -> None:
    result = by_oracle(case)
    for giver, received in case.expect.get("flow", {}).items():
        for user, printed in received.items():
            allowed = number(case.expect.get("flow_within", half_digit(printed)))
            assert abs(result.flow[giver, user] - number(printed)) <= allowed, (giver, user)


@each_stepped
def test_direct_and_step_down_equal_the_oracle(case: Allocation) -> None:
    exact, cascade = by_oracle(case), by_engine(case)
    full = dict(zip(case.names, cascade.final.sum(axis=(0, 1)).tolist(), strict=True))
    for department in case.finals:
        assert close(Fraction(full[department]), exact.full()[department] * case.unit), department
    for (giver, user), amount in exact.flow.items():
        moved = flow(cascade, case.names.index(giver), case.names.index(user))
        assert close(Fraction(moved), amount * case.unit), (giver, user)
    assert len({*zip(cascade.flows.giver, cascade.flows.receiver, strict=True)}) == len(exact.flow)


@pytest.mark.parametrize("case", ALLOCATIONS, ids=str)
def test_nothing_is_lost_and_every_giver_closes_at_zero(case: Allocation) -> None:
    cost, weight, driver = case.arrays()
    final = reciprocal(cost, case.givers, weight, driver) if case in RECIPROCAL else by_engine(case).final.sum(axis=0)
    assert not conservation_gap(cost, final).any()
    assert not final[:, case.givers].any()


@each_reciprocal
def test_the_oracle_meets_every_printed_reciprocal_figure(case: Allocation) -> None:
    price, final = oracle_reciprocal(case)
    finals_as_printed(case, final)
    for giver, printed in case.expect.get("price", {}).items():
        assert as_printed(price[giver], printed), (giver, float(price[giver]))


@each_reciprocal
def test_reciprocal_equals_the_oracle(case: Allocation) -> None:
    price, exact = oracle_reciprocal(case)
    cost, weight, driver = case.arrays()
    final = reciprocal(cost, case.givers, weight, driver)[0]
    for department in case.finals:
        assert close(Fraction(int(final[case.names.index(department)])), exact[department] * case.unit), department
    found = reciprocal_price(cost, case.givers, weight, driver, keep_self=case.expect.get("keep_self", False))
    for giver, x in zip(case.order, found[0].tolist(), strict=True):
        assert close(x, price[giver] * case.unit), giver


@pytest.mark.parametrize("case", [a for a in ALLOCATIONS if "unit_price" in a.expect], ids=str)
def test_prices_per_phone_and_gigabyte(case: Allocation) -> None:
    cost, weight, driver = case.arrays()
    for row, giver in enumerate(case.order):
        quantity = Fraction(case.case["quantity"][giver])
        if case in RECIPROCAL:
            paid = Fraction(reciprocal_price(cost, case.givers, weight, driver, keep_self=True)[0, row])
        else:
            moves = by_engine(case).flows
            mine = moves.giver == case.givers[row]
            paid = Fraction(int(moves.amount[mine].sum()))
            quantity *= Fraction(int(moves.base_total[mine][0]), int(weight[0, case.givers[row]].sum()))
        assert as_printed(paid / MICRO / quantity, case.expect["unit_price"][giver]), giver


@pytest.mark.parametrize("case", WRONG, ids=lambda case: str(case["case"]))
def test_a_published_answer_that_loses_money_is_flagged(case: dict[str, Any]) -> None:
    names, printed = list(case["cost"]), case["wrong"]["final"]
    cost = layers([[number(case["cost"][d]) for d in names]], Fraction(MICRO))
    wrong = layers([[number(printed.get(d, 0)) for d in names]], Fraction(MICRO))
    assert conservation_gap(cost, wrong).tolist() == [int(case["wrong"]["lost"]) * MICRO]


def test_use_by_closed_departments_and_by_the_giver_never_enters_the_base() -> None:
    case = next(a for a in STEPPED if a.case is WRONG[1] and a.expect["method"] == "direct")
    moves = by_engine(case).flows
    assert moves.base_total.tolist() == [93000]
    trap = case.cost["Cleaning"] * 93000 / 103000
    assert abs(trap - number(WRONG[1]["wrong"]["final"]["Finals"])) < 5
    cost, weight, driver = case.arrays()
    weight[0, case.givers[0], case.givers[1]] = weight[0, case.givers[0], case.givers[0]] = 10**9
    assert np.array_equal(direct(cost, case.givers, weight, driver).final, by_engine(case).final)
