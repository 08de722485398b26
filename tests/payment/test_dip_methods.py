"""DIP 的算法 · Laws of the arithmetic of DIP: deviation, auxiliary classes, thresholds, opening values, coefficients."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heng.core.errors import PolicyError
from heng.methods.dip.auxiliary import Bill, Bounds, Patient, bands, classes, largest
from heng.methods.dip.catalogue import Threshold, cases_wanted, fitting, treatment
from heng.methods.dip.coefficient import addition, basic
from heng.methods.dip.deviation import Gauge, Limits
from heng.methods.dip.point_value import Case, optimal, plain, pool, trimmed
from heng.methods.dip.score import score, weighted_mean, year_weights
from heng.store.policy_files import read_policy
from heng.tables.codes import AUXILIARY, BANDED, DEVIATION

NATION = Limits(Fraction(1, 2), Fraction(2), Fraction(5), Fraction(1))
JINING = Limits(Fraction(1, 2), Fraction(2), Fraction(5), Fraction(9, 10), low_included=True, flat=True)
JUST = Fraction(1, 10**9)


AT_THE_LIMITS = [
    (NATION, Fraction(1, 2) - JUST, "low", Fraction(1, 2) - JUST),
    (NATION, Fraction(1, 2), "normal", 1),
    (NATION, Fraction(2), "normal", 1),
    (NATION, 2 + JUST, "high", 1 + JUST),
    (NATION, Fraction(5), "high", 4),
    (NATION, 5 + JUST, "extreme", 4 + JUST),
    (JINING, Fraction(1, 2), "low", Fraction(1, 2)),
    (JINING, Fraction(1, 2) + JUST, "normal", 1),
    (JINING, Fraction(2), "normal", 1),
    (JINING, 2 + JUST, "high", Fraction(9, 10) + JUST),
    (JINING, Fraction(5), "high", Fraction(39, 10)),
    (JINING, 5 + JUST, "extreme", Fraction(9, 10)),
]


SMALL = 10**9
"""一个基准多细 · How fine a reference is measured in the cases at a limit and just beyond."""


def judged(limits: Limits, ratio: Fraction) -> tuple[str, Fraction]:
    """The deviation of a case, and what of its score it gets."""
    kind, over, under = Gauge(limits, SMALL).judged(int(ratio * SMALL))
    return kind, Fraction(over, under)


@pytest.mark.parametrize(("limits", "ratio", "kind", "factor"), AT_THE_LIMITS)
def test_deviation_at_its_limits_and_just_beyond(limits: Limits, ratio: Fraction, kind: str, factor: Fraction) -> None:
    assert judged(limits, ratio) == (kind, factor)


def test_every_kind_of_deviation_has_its_words() -> None:
    assert {judged(NATION, Fraction(r))[0] for r in (0, 1, 3, 9)} == set(DEVIATION)


def slow_deviation(limits: Limits, ratio: Fraction) -> tuple[str, Fraction]:
    """The formula as it is written, in exact fractions."""
    if ratio < limits.low or (limits.low_included and ratio == limits.low):
        return "low", ratio
    kind = "extreme" if ratio > limits.extreme else "high" if ratio > limits.high else "normal"
    if kind == "normal":
        return kind, Fraction(1)
    return kind, limits.addition if kind == "extreme" and limits.flat else ratio - limits.high + limits.addition


SHARE = st.fractions(0, 3, max_denominator=20)
LIMITS = st.builds(Limits, SHARE, SHARE.map(lambda f: f + 1), SHARE.map(lambda f: f + 4), SHARE, st.booleans(), st.booleans())


@given(LIMITS, st.integers(1, 10**12), st.one_of(st.integers(1, 10**13), st.sampled_from(["low", "high", "extreme"])))
def test_whole_numbers_judge_every_case_as_exact_fractions_do(limits: Limits, reference: int, at: int | str) -> None:
    cost = at if isinstance(at, int) else round(getattr(limits, at) * reference)
    kind, over, under = Gauge(limits, reference).judged(cost)
    assert (kind, Fraction(over, under)) == slow_deviation(limits, Fraction(cost, reference))


# ---------------------------------------------------------------- auxiliary

WELL = Patient(40, None, 5, died=False, intensive_days=0, comorbidity=0, organ="", tumour=False, spread=False)
RULE = read_policy().value("payment.dip_case.bands", date(2026, 1, 1)).value
BOUNDS = Bounds(*(bands(RULE, head, "bands") for head in ("cci_", "age_", "icu_")), newborn=28, early=3, stayed=3)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"comorbidity": 1}, ["cci_low"]),
        ({"comorbidity": 2}, ["cci_low"]),
        ({"comorbidity": 3}, ["cci_middle"]),
        ({"comorbidity": 5}, ["cci_high"]),
        ({"died": True, "days": 2}, ["death_early"]),
        ({"died": True, "days": 3}, ["death_late"]),
        ({"organ": "failure", "days": 3}, ["severe"]),
        ({"organ": "failure", "days": 2}, []),
        ({"organ": "lesion"}, ["moderate"]),
        ({"tumour": True, "organ": "lesion", "days": 3}, ["tumour_lesion"]),
        ({"tumour": True, "organ": "lesion", "days": 2}, []),
        ({"tumour": True, "organ": "failure"}, ["tumour_failure"]),
        ({"tumour": True, "organ": "failure", "spread": True}, ["tumour_spread"]),
        ({"tumour": True, "died": True}, ["death_late"]),
        ({"age": 0, "age_days": 28}, ["age_newborn"]),
        ({"age": None, "age_days": 29}, ["age_infant"]),
        ({"age": 0}, ["age_infant"]),
        ({"age": None}, []),
        ({"age": 1}, ["age_young"]),
        ({"age": 6}, ["age_young"]),
        ({"age": 7}, ["age_child"]),
        ({"age": 17}, ["age_child"]),
        ({"age": 18}, []),
        ({"age": 64}, []),
        ({"age": 65}, ["age_elderly"]),
        ({"age": 79}, ["age_old"]),
        ({"age": 80}, ["age_oldest"]),
        ({"intensive_days": 1}, []),
        ({"intensive_days": None}, []),
        ({"intensive_days": 2}, ["icu_short"]),
        ({"intensive_days": 8}, ["icu_middle"]),
        ({"intensive_days": 30}, ["icu_long"]),
        ({"intensive_days": 31}, ["icu_longest"]),
    ],
)
def test_the_classes_of_a_patient(change: dict[str, object], found: list[str]) -> None:
    assert classes(WELL._replace(**change), Bill(), BOUNDS) == found  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("bill", "found"),
    [
        (Bill(dear=True, treatment=True, drug=True), ["tumour_treatment"]),
        (Bill(dear=True, drug=True), ["tumour_drug"]),
        (Bill(dear=True), []),
        (Bill(treatment=True, drug=True), []),
    ],
)
def test_a_dear_tumour_case(bill: Bill, found: list[str]) -> None:
    assert classes(WELL._replace(tumour=True), bill, BOUNDS) == found


def test_the_limits_of_the_classes_are_those_of_the_rule() -> None:
    moved = replace(BOUNDS, early=1, stayed=9, newborn=7, age=bands([{"kind": "age_elderly", "from": "60", "until": "64"}], "age_", "x"))
    told = [classes(WELL._replace(**c), Bill(), moved) for c in ({"age": 60}, {"age": 65}, {"died": True, "days": 1}, {"organ": "failure"})]
    assert told == [["age_elderly"], [], ["death_late"], []]
    assert classes(WELL._replace(age=0, age_days=8), Bill(), moved) == ["age_infant"]


def test_bands_that_overlap_are_refused() -> None:
    told = [{"kind": "icu_short", "from": "2", "until": "8"}, {"kind": "icu_middle", "from": "8"}]
    with pytest.raises(PolicyError, match=r"icu_short 与 icu_middle 两档重叠[\s\S]*overlap"):
        bands(told, "icu_", "payment.dip_case.bands")


def test_every_band_of_the_nation_is_a_class_with_words_and_a_coefficient() -> None:
    coefficients = read_policy().value("payment.dip_case.auxiliary", date(2026, 1, 1)).value
    assert {b["kind"] for b in RULE} == set(BANDED)
    assert {a["kind"] for a in coefficients} == set(AUXILIARY) - {""}


@given(st.dictionaries(st.sampled_from(sorted(AUXILIARY)[1:]), st.fractions(Fraction(1, 2), 2), max_size=5))
def test_only_the_largest_coefficient_counts_and_none_lowers_a_score(found: dict[str, Fraction]) -> None:
    name, coefficient = largest(found, found)
    assert coefficient == max([Fraction(1), *found.values()])
    assert coefficient == 1 if name == "" else found[name] == coefficient


# ---------------------------------------------------------------- catalogue

CASES = st.lists(st.integers(1, 60), min_size=1, max_size=40)


@given(CASES, st.fractions(Fraction(1, 10), 1))
def test_coverage_takes_just_enough_diseases(cases: list[int], share: Fraction) -> None:
    wanted = cases_wanted(cases, Threshold(15, share, 1, 10**9))
    assert sum(n for n in cases if n >= wanted) >= share * sum(cases)
    assert sum(n for n in cases if n > wanted) < share * sum(cases)


def test_coverage_that_is_just_reached_is_enough() -> None:
    assert cases_wanted([4, 6], Threshold(15, Fraction(6, 10), 1, 50)) == 6


@given(CASES)
def test_coverage_keeps_within_its_limits_and_a_threshold_is_itself(cases: list[int]) -> None:
    assert 10 <= cases_wanted(cases, Threshold(15, Fraction(19, 20), 10, 50)) <= 50
    assert cases_wanted(cases, Threshold(15)) == 15


CODES = st.frozensets(st.sampled_from("abcd"), max_size=4)


@given(CODES, st.frozensets(CODES, max_size=6))
def test_a_case_fits_the_diseases_that_take_most_of_its_procedures(had: frozenset[str], diseases: frozenset[frozenset[str]]) -> None:
    named = {"+".join(sorted(d)): d for d in diseases}
    for size in range(len(had), -1, -1):  # from all of its procedures down to none: the first that is a disease
        found = sorted(name for c in combinations(sorted(had), size) if (name := "+".join(c)) in named)
        if found or size == 1 or not had:
            break
    assert fitting(had, named) == found


def test_the_weightiest_procedure_makes_the_treatment_and_the_longest_prefix_tells_its_kind() -> None:
    kinds = {"92": "diagnostic", "92.2": "therapeutic"}
    assert treatment([], kinds) == "conservative"
    assert treatment([("92.1900", "")], kinds) == "diagnostic"
    assert treatment([("92.1900", ""), ("92.2400", "")], kinds) == "therapeutic"
    assert treatment([("51.2300", ""), ("92.2400", "4")], kinds) == "surgery"
    assert treatment([("51.2300", "2"), ("45.1600", "3")], kinds) == "surgery_3"


# ---------------------------------------------------------------- scores and values

SUMS = st.tuples(st.integers(1, 50), st.integers(0, 10**7))


@given(SUMS, st.integers(1, 3))
def test_years_that_are_alike_give_the_mean_of_one(year: tuple[int, int], count: int) -> None:
    years = dict.fromkeys(range(2026 - count, 2026), year)
    assert weighted_mean(years, year_weights(list(years), [1, 2, 7])) == Fraction(year[1], year[0])


def test_the_years_weigh_one_two_and_seven_and_a_year_without_cases_nothing() -> None:
    weights = year_weights([2022, 2023, 2024, 2025], [1, 2, 7])
    assert weights == {2023: 1, 2024: 2, 2025: 7}
    assert weighted_mean({2023: (2, 200), 2024: (1, 200), 2025: (2, 800)}, weights) == 330
    assert weighted_mean({2023: (2, 200), 2024: (0, 0), 2025: (2, 800)}, weights) == Fraction(100 + 7 * 400, 8)
    assert weighted_mean({}, weights) is None
    assert (score(Fraction(330), Fraction(260), 1000), score(None, Fraction(1), 1), score(Fraction(1), Fraction(0), 1)) == (
        Fraction(33000, 26),
        None,
        None,
    )


HISTORY = st.lists(st.builds(Case, st.integers(2023, 2025), st.integers(1, 10**7), st.integers(1, 10**8)), min_size=1, max_size=30)
WEIGHTS = {2023: 1, 2024: 2, 2025: 7}


@given(HISTORY)
def test_opening_values_give_back_what_the_cases_cost(cases: list[Case]) -> None:
    value = plain(cases, WEIGHTS)
    assert value is not None
    assert sum(WEIGHTS[c.year] * c.points * value for c in cases) == sum(WEIGHTS[c.year] * c.cost for c in cases)
    assert trimmed(cases, WEIGHTS, Fraction(0), Fraction(1)) == value
    best = optimal(cases, WEIGHTS)
    assert best is not None
    assert best <= value


@given(HISTORY, st.randoms(use_true_random=False))
def test_the_order_of_the_cases_changes_no_value(cases: list[Case], chance: object) -> None:
    turned = sorted(cases, key=lambda _: chance.random())  # type: ignore[attr-defined]
    limits = Fraction(1, 40), Fraction(39, 40)
    assert trimmed(turned, WEIGHTS, *limits) == trimmed(cases, WEIGHTS, *limits)
    assert optimal(turned, WEIGHTS) == optimal(cases, WEIGHTS)


def test_no_cases_no_value_and_a_share_that_cannot_be_is_refused() -> None:
    assert (plain([], WEIGHTS), trimmed([], WEIGHTS, Fraction(0), Fraction(1)), optimal([], WEIGHTS)) == (None, None, None)
    assert pool(Fraction(100), Fraction(1, 3)) == 300
    for share in (Fraction(0), Fraction(-1), Fraction(11, 10)):
        with pytest.raises(ValueError, match=r"基金支付比例.*the share that the fund pays"):
            pool(Fraction(100), share)


@settings(max_examples=50)
@given(st.lists(SUMS, min_size=1, max_size=5))
def test_basic_coefficients_weighted_by_cases_are_one(classes_: list[tuple[int, int]]) -> None:
    whole = sum(n for n, _ in classes_), sum(c for _, c in classes_)
    found = [basic(own, whole) for own in classes_]
    if whole[1]:
        assert sum(n * (k or 0) for (n, _), k in zip(classes_, found, strict=True)) == whole[0]
    else:
        assert set(found) == {None}


def test_additions_count_what_is_marked_and_weighted() -> None:
    weights = {"medical": Fraction(1, 4), "contract": Fraction(3, 20)}
    assert addition({"medical": Fraction(4, 100), "speciality": Fraction(1)}, weights) == Fraction(1, 100)
    assert addition({}, weights) == 0
