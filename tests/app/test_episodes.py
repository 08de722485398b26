"""一次一件 · One episode is one case, in whatever order its months are loaded, worked out and corrected."""

from itertools import count

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heng.app.alerts import cases_for
from heng.app.desk import Desk
from heng.app.episodes import Row, episodes
from heng.app.trial import Trial
from heng.core.period import shift
from heng.desk.cases import cases_of, history
from heng.desk.notices import notices_of
from heng.desk.schema import Case
from heng.rooms.steering.alert_case import ALERT
from heng.store.policy_files import read_policy
from heng.tables.steering import AlertPrecision, Signal, SignalDecision
from tests.app.test_alerts import ROW, desk, person, region

__all__ = ["desk", "region"]  # fixtures of this page
FIRST = "2026-01"
TERMS = {"self_check": 3, "review": 3, "regional_notice": 3, "effect": 10}
number = count(1)


def standing(known: dict[int, bool], watch: str = "consumables") -> list[Row]:
    """The signals of the months known: one in every month beyond its line, begun where the ones right before it did."""
    rows, since = list[Row](), ""
    for n, beyond in sorted(known.items()):
        month = shift(FIRST, n)
        since = (since or month) if beyond else ""
        if beyond:
            rows.append(ROW | {"month": month, "since": since, "watch": watch})
    return rows


def runs(known: dict[int, bool]) -> int:
    return len({r["since"] for r in standing(known)})


def kept(desk: Desk, rows: list[Row], watch: str = "consumables") -> list[Case]:
    """The cases that are open after a run that shows these signals."""
    cases_for(desk, rows, {("H01", shift(FIRST, n)) for n in range(12)}, TERMS)
    return [c for c, _ in cases_of(desk.db, ALERT) if c.state == "open" and c.data["watch"] == watch]


arrivals = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=9)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(6)), beyond=st.lists(st.booleans(), min_size=6, max_size=6))
def test_any_order_of_arrival_gives_one_case_for_each_episode(desk: Desk, order: list[int], beyond: list[bool]) -> None:
    known, watch, cases = dict[int, bool](), f"w{next(number)}", list[Case]()
    for n in order:
        known[n] = beyond[n]
        cases = kept(desk, standing(known, watch), watch)
    assert len(cases) == runs(known)
    assert sorted(c.data["since"] for c in cases) == sorted({r["since"] for r in standing(known)})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=arrivals)
def test_corrected_months_leave_no_two_cases_of_one_episode(desk: Desk, told: list[tuple[int, bool]]) -> None:
    known, watch = dict[int, bool](), f"w{next(number)}"
    for n, beyond in told:
        known[n] = beyond
        cases = kept(desk, standing(known, watch), watch)
        for episode in episodes(standing(known, watch)).get(("H01", watch, "C1"), []):
            (case,) = [c for c in cases if episode.first <= c.data["seen"] and c.data["since"] <= episode.last]
            assert (case.data["since"], case.data["seen"]) == (episode.first, episode.last)


@settings(max_examples=25, deadline=None)
@given(told=arrivals)
def test_precision_counts_the_episodes_that_have_a_case(told: list[tuple[int, bool]]) -> None:
    """Months worked out at different times tell of different beginnings: both see the same episodes in them."""
    known, last = dict[int, bool](), dict[str, Row]()
    for n, beyond in told:
        known[n] = beyond
        now = {r["month"]: r for r in standing(known)}
        last = {m: r for m, r in last.items() if known[int(m[-2:]) - 1]}
        last |= {m: r for m, r in now.items() if m not in last or m == shift(FIRST, n)}
    rows = list(last.values())
    given = {
        Signal: pl.DataFrame(rows, schema=Signal.schema()),
        SignalDecision: pl.DataFrame(schema=SignalDecision.schema()),
    }
    counted = Trial(given, read_policy(), [("H01", shift(FIRST, n)) for n in range(7)]).compute(AlertPrecision)
    raised = counted.filter(month=shift(FIRST, 6))["raised"].to_list()
    assert raised == [len(e) for e in episodes(rows).values()]


def test_an_earlier_month_that_arrives_late_moves_the_beginning_and_says_so(desk: Desk) -> None:
    (case,) = kept(desk, standing({4: True}))
    (moved,) = kept(desk, standing({3: True, 4: True}))
    assert (moved.id, moved.key, moved.month, moved.data["since"]) == (case.id, "alert/consumables/H01/C1/2026-05", "2026-05", "2026-04")
    (step,) = history(desk.db, case.id)
    assert step.data["moved"] == [{"was": "2026-05", "since": "2026-04", "on": "2026-07-06"}]
    assert any(n.subject.startswith("起始月份改为 2026-04") for n in notices_of(desk.db, person(desk, "wang")))
    (again,) = kept(desk, standing({3: True, 4: True}))
    assert len(history(desk.db, again.id)[0].data["moved"]) == 1


def test_two_episodes_that_turn_out_to_be_one_leave_the_case_opened_first(desk: Desk) -> None:
    early, late = kept(desk, standing({0: True, 1: False, 2: True}))
    (left,) = kept(desk, standing({0: True, 1: True, 2: True}))
    assert left.id == early.id
    (step,) = history(desk.db, late.id)
    assert (step.outcome, step.person, step.data["said"]["into"]) == ("merged", None, f"{early.id} {early.key}")
    assert late.data["since"] == "2026-03"


def test_what_was_merged_and_parts_again_is_two_cases_again(desk: Desk) -> None:
    early, late = kept(desk, standing({0: True, 1: False, 2: True}))
    kept(desk, standing({0: True, 1: True, 2: True}))
    apart = kept(desk, standing({0: True, 1: False, 2: True}))
    assert [(c.key, c.data["since"]) for c in apart] == [(early.key, "2026-01"), (f"{late.key}/2", "2026-03")]


def test_a_department_whose_code_begins_like_another_has_its_own_cases(desk: Desk) -> None:
    (row,) = standing({0: True})
    (one,) = kept(desk, [row])
    cases = kept(desk, [row, row | {"dept": "C1/2"}])
    assert [(c.dept, c.data["since"]) for c in cases] == [("C1", FIRST), ("C1/2", FIRST)]
    assert cases[0].id == one.id
