"""原因分解的规律 · The causes of a difference: nothing is left over, and each is found by itself."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from heng.methods.causes import Causes, Month, causes
from heng.rooms.steering.evidence import at_this_time

FOLLOWS = ("material", "drug")
laws = settings(max_examples=50, deadline=None)
SIZE = st.integers(1, 10**7).map(lambda n: Fraction(n, 100))
FEN = st.integers(0, 10**10)
PIECES = st.dictionaries(st.sampled_from("甲乙丙丁"), st.tuples(SIZE, FEN), max_size=4)
ELEMENTS = st.dictionaries(st.sampled_from(["material", "drug", "staff", "equipment"]), st.integers(-(10**9), 10**10), max_size=4)
MONTHS = st.builds(Month, st.none() | SIZE, PIECES, PIECES, ELEMENTS, st.integers(1, 12))


def told(found: Causes) -> int:
    return found.before + (found.volume or 0) + (found.mix or 0) + found.usage + found.price + sum(found.elements.values())


@laws
@given(MONTHS, MONTHS)
def test_nothing_is_left_over(before: Month, now: Month) -> None:
    assert told(causes(before, now, FOLLOWS)) == causes(before, now, FOLLOWS).after


@laws
@given(MONTHS, MONTHS, st.fractions(Fraction(1, 10), 5))
def test_nothing_is_left_over_where_the_season_is_taken_out(before: Month, now: Month, factor: Fraction) -> None:
    """The season is the step from the months compared with to what they would be at this time of the year."""
    start = causes(before, before, FOLLOWS).before
    for whole in (True, False):
        found = causes(at_this_time(before, factor, whole=whole), now, FOLLOWS)
        effects = found.before - start, found.volume, found.mix, found.usage, found.price, *found.elements.values()
        assert start + sum(e for e in effects if e is not None) == found.after


@laws
@given(PIECES, SIZE, st.integers(1, 9), st.integers(1, 12))
def test_more_of_the_same_is_volume_alone(materials: dict[str, tuple[Fraction, int]], volume: Fraction, times: int, months: int) -> None:
    before = Month(volume * months, {}, {m: (q * months, a * months) for m, (q, a) in materials.items()}, {"staff": 7 * months}, months)
    now = Month(volume * times, {}, {m: (q * times, a * times) for m, (q, a) in materials.items()}, {"staff": 7})
    found = causes(before, now, FOLLOWS)
    assert (found.volume, found.usage, found.price) == (sum(a for _, a in materials.values()) * (times - 1), 0, 0)
    assert found.elements == {"staff": 0}


@laws
@given(PIECES, st.integers(2, 9))
def test_a_dearer_material_is_price_alone(materials: dict[str, tuple[Fraction, int]], times: int) -> None:
    now = Month(None, {}, {m: (q, a * times) for m, (q, a) in materials.items()})
    found = causes(Month(None, {}, materials), now, FOLLOWS)
    assert (found.volume, found.mix, found.usage) == (None, None, 0)
    assert found.price == sum(a for _, a in materials.values()) * (times - 1)


@laws
@given(st.integers(1, 50), st.integers(1, 50))
def test_heavier_cases_are_mix_and_more_cases_are_volume(light: int, heavy: int) -> None:
    """A heavy case costs three times a light one; the drugs follow."""
    before = Month(None, {"轻": (Fraction(light), 100 * light)}, {}, {"drug": 100 * light})
    now = Month(None, {"轻": (Fraction(light), 100 * light), "重": (Fraction(heavy), 300 * heavy)}, {}, {"drug": 100 * light + 300 * heavy})
    found = causes(before, now, FOLLOWS)
    assert (found.volume, found.mix, found.elements) == (100 * heavy, 200 * heavy, {"drug": 0})


def test_a_material_that_was_not_used_before_is_use_not_price() -> None:
    found = causes(Month(), Month(materials={"新": (Fraction(2), 500)}), FOLLOWS)
    assert (found.usage, found.price, found.after) == (500, 0, 500)


def test_where_nothing_was_done_the_drugs_should_have_cost_nothing() -> None:
    found = causes(Month(Fraction(10), elements={"drug": 500}), Month(Fraction(), elements={"drug": 120}), FOLLOWS)
    assert (found.volume, found.elements["drug"]) == (-500, 120)
