"""公开作业成本算例与定律 · G14 to G21 as printed; whatever the figures, activities and minutes lose no fen."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heng.methods.abc import activity_based
from heng.methods.apportion import Integers
from heng.methods.tdabc import assigned_cost, time_driven
from tests.methods.published import half_digit, number, read

TIMED, ACTIVE = read("G14_to_G16.yaml"), read("G17_to_G21.yaml")
FEN = 100
fen = st.integers(-(10**12), 10**12)
weight = st.integers(0, 10**6)
laws = settings(max_examples=60, deadline=None)


def named(case: Any) -> str:
    return str(case["case"].partition(" · ")[2])


def in_fen(amounts: list[Any]) -> Integers:
    return np.array([int(number(a) * FEN) for a in amounts], np.int64)


def as_printed(value: Fraction, printed: str | int) -> bool:
    return abs(value - number(printed)) <= half_digit(printed)


@pytest.mark.parametrize("case", TIMED, ids=named)
def test_minutes_pay_as_printed_and_the_rest_is_unused(case: Any) -> None:
    printed, names = case["printed"], list(case["minutes"])
    supplied = in_fen([case["supplied"]])
    minutes = np.array([case["minutes"][n] * case["quantity"][n] for n in names])
    part = time_driven(supplied, minutes, case["practical"])[0]
    assert int(minutes.sum()) == printed["used"]
    assert as_printed(Fraction(int(supplied[0]), FEN * case["practical"]), printed["rate"])
    assert dict(zip(names, part.tolist(), strict=True)) == {n: number(printed["cost"][n]) * FEN for n in names}
    for n, cost in zip(names, part.tolist(), strict=True):
        assert Fraction(cost, FEN * case["quantity"][n]) == number(printed["unit"][n])
    assert int(part.sum()) == number(printed["assigned"]) * FEN
    assert int(supplied[0] - part.sum()) == number(printed["unused"]) * FEN


@pytest.mark.parametrize("case", [c for c in TIMED if "resource" in c], ids=named)
def test_percentages_of_people_hide_what_is_unused(case: Any) -> None:
    names, printed = list(case["resource"]), case["printed"]
    quantity = np.array([case["quantity"][n] for n in names])
    part = activity_based(in_fen([case["supplied"]]), np.array([list(case["resource"].values())]), np.diag(quantity))[0]
    assert part.tolist() == [printed["by_activity"][n] * FEN for n in names]
    for n, unit in printed.get("by_activity_unit", {}).items():
        assert Fraction(int(part[names.index(n)]), FEN * case["quantity"][n]) == number(unit)


@pytest.mark.parametrize("case", ACTIVE, ids=named)
def test_activities_cost_what_was_printed(case: Any) -> None:
    names, printed = list(case["quantity"]), case["printed"]
    pool, use = in_fen(list(case["activity"].values())), np.array([[u.get(n, 0) for n in names] for u in case["use"].values()])
    cost = dict(zip(names, activity_based(pool, np.eye(len(pool), dtype=np.int64), use).sum(axis=0).tolist(), strict=True))
    for n, p in printed.get("cost", {}).items():
        assert cost[n] == number(p) * FEN
    for n, p in printed.get("unit", {}).items():
        assert as_printed(Fraction(cost[n], FEN * case["quantity"][n]), p)
    for n, p in printed.get("rate", {}).items():
        assert as_printed(Fraction(case["activity"][n], sum(case["use"][n].values())), p)
    if "flat" in printed:
        assert as_printed(Fraction(sum(cost.values()), FEN * sum(case["quantity"].values())), printed["flat"])


@pytest.mark.parametrize("case", [c for c in ACTIVE if "per_unit" in c["printed"]], ids=named)
def test_units_printed_from_the_printed_rate(case: Any) -> None:
    printed = case["printed"]
    (rate,) = map(number, printed["rate"].values())
    for n, p in printed["by_printed_rate"].items():
        assert rate * printed["per_unit"][n] == number(p)
    if price := printed.get("price"):
        assert as_printed(number(printed["by_printed_rate"][price["of"]]) * (1 + number(price["more"])), price["is"])


@laws
@given(st.lists(fen, min_size=1, max_size=7), st.lists(weight, min_size=1, max_size=9), st.integers(1, 10**7))
def test_assigned_and_unused_are_what_was_supplied(supplied: list[int], minutes: list[int], practical: int) -> None:
    whole, taken = np.array(supplied), np.array(minutes)
    part = time_driven(whole, taken, practical)
    assert (part.sum(axis=1) == assigned_cost(whole, sum(minutes), practical)).all()
    unused = whole - part.sum(axis=1)
    assert (unused * np.sign(whole) >= 0).all()  # never more than was supplied, of either sign
    if sum(minutes) >= practical:
        assert not unused.any()


@laws
@given(fen, st.integers(1, 10**9), st.fractions(0, 3))
def test_assigned_is_the_share_used_to_the_nearest_fen_and_never_more_than_all(supplied: int, practical: int, load: Fraction) -> None:
    used = int(practical * load)
    exact = Fraction(supplied) * min(Fraction(used, practical), 1)
    assigned = int(assigned_cost(np.array([supplied]), used, practical)[0])
    assert abs(assigned - exact) <= Fraction(1, 2)
    assert abs(assigned) <= abs(supplied)


@pytest.mark.parametrize(("supplied", "assigned"), [(1, 1), (-1, -1), (3, 2), (-3, -2)])
def test_half_a_fen_is_rounded_away_from_zero(supplied: int, assigned: int) -> None:
    assert assigned_cost(np.array([supplied]), 1, 2).tolist() == [assigned]


@laws
@given(st.lists(fen, min_size=1, max_size=7), st.lists(weight, min_size=1, max_size=9), st.integers(1, 10**7), st.integers(2, 1000))
def test_the_unit_of_time_is_irrelevant(supplied: list[int], minutes: list[int], practical: int, scale: int) -> None:
    whole, taken = np.array(supplied), np.array(minutes)
    assert (time_driven(whole, taken, practical) == time_driven(whole, taken * scale, practical * scale)).all()


@st.composite
def workshops(draw: st.DrawFn) -> tuple[Integers, Integers, Integers]:
    items, activities, services = draw(st.integers(1, 3)), draw(st.integers(1, 4)), draw(st.integers(1, 5))
    supplied = draw(st.lists(fen, min_size=items, max_size=items))
    resource = [draw(st.lists(weight, min_size=activities, max_size=activities)) for _ in range(items)]
    use = [draw(st.lists(weight, min_size=services, max_size=services)) for _ in range(activities)]
    return np.array(supplied), np.array(resource), np.array(use)


@laws
@given(workshops())
def test_activities_lose_nothing_but_what_nobody_used(workshop: tuple[Integers, Integers, Integers]) -> None:
    supplied, resource, use = workshop
    part = activity_based(supplied, resource, use)
    for n, amount in enumerate(supplied.tolist()):
        taken = resource[n].astype(bool)
        if taken.any() and use.any(axis=1)[taken].all():
            assert int(part[n].sum()) == amount
        if not (taken & use.any(axis=1)).any():
            assert not part[n].any()
    assert (part * np.sign(supplied)[:, None] >= 0).all()


def test_without_capacity_there_is_no_rate() -> None:
    with pytest.raises(ValueError, match="practical capacity"):
        time_driven(np.array([100]), np.array([1]), 0)
