"""区域标准的统计 · Trimming, means, shrinkage, case mix and their errors, held to definitions and to what theory says of them."""

from __future__ import annotations

import math
import statistics
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heng.methods.case_mix import Cases, case_mix, region_of, variance_reduced
from heng.methods.rounding import decimal, root
from heng.methods.standard import by_quartiles, by_rank, credibility, family_mean, nearest_rank, trimmed

COST = st.integers(1, 10**9)
COSTS = st.lists(COST, min_size=1, max_size=60).map(sorted)
HOSPITALS = st.dictionaries(
    st.sampled_from("甲乙丙丁"),
    st.dictionaries(st.sampled_from("ABC"), st.lists(COST, min_size=1, max_size=5), min_size=1),
    min_size=1,
)


def summed(costs: list[int]) -> Cases:
    return Cases(len(costs), sum(costs), sum(c * c for c in costs), 0, 0)


def regional(hospitals: dict[str, dict[str, list[int]]]) -> dict[str, dict[str, Cases]]:
    return {h: {g: summed(costs) for g, costs in groups.items()} for h, groups in hospitals.items()}


@given(COSTS, st.fractions(0, Fraction(49, 100)))
def test_trimming_by_rank_takes_as_many_off_each_end(costs: list[int], share: Fraction) -> None:
    places = by_rank(costs, share)
    assert len(places) == len(costs) - 2 * math.floor(len(costs) * share) > 0
    assert places.start == len(costs) - places.stop


@given(COSTS, st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(3, 2), Fraction(3)]), st.integers(1, 10**6))
def test_trimming_by_quartiles_keeps_what_lies_inside_the_limits_of_the_logarithm_in_any_currency(
    costs: list[int], reach: Fraction, scale: int
) -> None:
    places = by_quartiles(costs, reach)
    low, high = (math.log(nearest_rank(costs, Fraction(q, 4))) for q in (1, 3))
    margin = float(reach) * (high - low)
    for n, cost in enumerate(costs):
        beyond = max(low - margin - math.log(cost), math.log(cost) - high - margin)
        if abs(beyond) > 1e-9:  # nearer than that only whole numbers can tell
            assert (n in places) == (beyond < 0)
    assert by_quartiles([c * scale for c in costs], reach) == places


def test_a_cost_exactly_on_the_limit_stays_and_what_is_not_positive_has_no_logarithm() -> None:
    assert by_quartiles([-5, 0, 49, 50, 100, 100, 100, 400, 400, 400, 800, 801], Fraction(1, 2)) == range(3, 11)
    assert by_quartiles([-1, 0], Fraction(1)) == range(0)


@given(st.lists(COST, min_size=2, max_size=40).map(sorted))
def test_without_trimming_the_error_is_the_variance_of_the_mean(costs: list[int]) -> None:
    found = trimmed(costs, range(len(costs)))
    spread = statistics.variance([Fraction(c) for c in costs])
    assert (found.mean, found.spread, found.error) == (Fraction(sum(costs), len(costs)), spread, spread / len(costs))


@given(st.lists(COST, min_size=8, max_size=40).map(sorted), st.integers(0, 3), st.integers(0, 3))
def test_the_error_of_a_trimmed_mean_is_that_of_the_winsorised_sample(costs: list[int], below: int, above: int) -> None:
    places = range(below, len(costs) - above)
    inside = costs[places.start : places.stop]
    winsorised = [inside[0]] * below + inside + [inside[-1]] * above
    share = Fraction(len(inside), len(costs))
    assert trimmed(costs, places).error == statistics.variance([Fraction(c) for c in winsorised]) / (share**2 * len(costs))


@given(st.lists(st.tuples(COST, st.integers(1, 500)), min_size=1, max_size=8), st.fractions(0, 100))
def test_shrinking_moves_cost_between_the_groups_of_a_family_and_adds_none(groups: list[tuple[int, int]], constant: Fraction) -> None:
    means = [Fraction(mean) for mean, _ in groups]
    weights = [credibility(cases, constant) for _, cases in groups]
    parent = family_mean(means, weights)
    standards = [w * m + (1 - w) * parent for w, m in zip(weights, means, strict=True)]
    assert sum(c * s for (_, c), s in zip(groups, standards, strict=True)) == sum(c * m for m, c in groups)
    assert all(min(m, parent) <= s <= max(m, parent) for m, s in zip(means, standards, strict=True))


@given(st.integers(1, 10**6), st.fractions(Fraction(1, 100), 1000))
def test_more_cases_are_believed_more(cases: int, constant: Fraction) -> None:
    assert credibility(cases, constant) < credibility(cases + 1, constant) < 1


@given(st.fractions(0, 10**12))
def test_a_root_is_exact_to_nine_decimals(square: Fraction) -> None:
    assert root(square) ** 2 <= square < (root(square) + Fraction(1, 10**9)) ** 2


def test_half_goes_away_from_zero_and_absence_stays_absent() -> None:
    halves = [Fraction(5, 10**7), Fraction(-5, 10**7), Fraction(4, 10**7)]
    assert [decimal(h) for h in halves] == [Decimal("0.000001"), Decimal("-0.000001"), Decimal("0.000000")]
    assert decimal(None) is None


@pytest.mark.parametrize("wrong", [lambda: by_rank([1], Fraction(1, 2)), lambda: by_quartiles([1], Fraction(-1))])
def test_impossible_trimming_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"trimmed|quartiles"):
        wrong()  # type: ignore[operator]


# ---------------------------------------------------------------- case mix


@given(HOSPITALS)
def test_what_all_hospitals_are_expected_to_cost_is_what_they_cost(hospitals: dict[str, dict[str, list[int]]]) -> None:
    found, spent = case_mix(regional(hospitals)), sum(c for h in hospitals.values() for g in h.values() for c in g)
    cases = {h: sum(len(g) for g in groups.values()) for h, groups in hospitals.items()}
    assert abs(sum(m.expected for m in found.values()) - spent) < Fraction(1, 10**6)
    assert abs(sum(m.cmi * cases[h] for h, m in found.items()) - sum(cases.values())) < Fraction(1, 10**6)  # Σ weights = n


@given(st.dictionaries(st.sampled_from("ABC"), st.lists(COST, min_size=1, max_size=5), min_size=1), st.integers(2, 4))
def test_identical_hospitals_have_index_and_case_mix_one(groups: dict[str, list[int]], copies: int) -> None:
    for mix in case_mix(regional({str(n): groups for n in range(copies)})).values():
        assert abs(mix.index - 1) < Fraction(1, 10**9)
        assert abs(mix.cmi - 1) < Fraction(1, 10**9)


@given(HOSPITALS)
def test_the_error_of_the_index_is_the_sum_of_its_squared_residuals(hospitals: dict[str, dict[str, list[int]]]) -> None:
    region = region_of(regional(hospitals))
    for name, mix in case_mix(regional(hospitals)).items():
        lines = [(c, Fraction(region[g].cost, region[g].size)) for g, costs in hospitals[name].items() for c in costs]
        if len(lines) == 1:
            assert mix.error is None
            continue
        squares = sum((c - mix.index * m) ** 2 for c, m in lines)
        want = Fraction(len(lines), len(lines) - 1) * squares / mix.expected**2
        assert mix.error == pytest.approx(want, rel=1e-6, abs=1e-9)


@given(HOSPITALS)
def test_variance_reduced_is_what_is_left_after_the_squares_inside_the_groups(hospitals: dict[str, dict[str, list[int]]]) -> None:
    groups = {g: [c for h in hospitals.values() for c in h.get(g, [])] for g in "ABC"}
    every = [c for costs in groups.values() for c in costs]
    found = variance_reduced(region_of(regional(hospitals)))
    if len(set(every)) == 1:
        assert found is None
        return
    inside, whole = (sum((c - Fraction(sum(s), len(s))) ** 2 for s in sets if s for c in s) for sets in (groups.values(), [every]))
    assert found == pytest.approx(1 - inside / whole, abs=1e-9)


def test_the_interval_of_an_index_holds_the_truth_as_often_as_it_says() -> None:
    """A large hospital sets the means; a small one draws 60 skewed costs from the same groups: about 95 of 100 intervals hold 1."""
    chance = np.random.default_rng(20260331)
    reference = {g: summed((chance.gamma(2, 50 * n, 20_000) * 100).astype(int).tolist()) for n, g in enumerate("ABC", 1)}
    held = 0
    for _ in range(400):
        own = {g: summed((chance.gamma(2, 50 * n, 20) * 100).astype(int).tolist()) for n, g in enumerate("ABC", 1)}
        mix = case_mix({"大": reference, "小": own})["小"]
        assert mix.error is not None
        held += abs(mix.index - 1) <= Fraction("1.959964") * root(mix.error)
    assert 365 <= held <= 392
