"""凡看必在范围内 · Nothing out of scope is shown: laws over every table and every way of reading, held against a plain oracle."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heng.app.difference import difference
from heng.app.held import held, in_force
from heng.app.period import View, measure, see
from heng.app.reader import Reader
from heng.app.region import Region, new_region
from heng.app.why import Asked
from heng.core.errors import AccessError, TableError
from heng.core.indicator import INDICATORS, Indicator
from heng.core.period import period
from heng.core.scope import Level, Reach, Scope
from heng.core.table import Table, table
from heng.store.parts import write_part
from tests.app.places import DEPTS, ELSEWHERE, MONTH, ORGS, OURS, Row, depth, frame, opened, places, rows
from tests.reading import owner

CELLS = [(org, MONTH) for org in ORGS]


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return places(tmp_path_factory.mktemp("places"))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Region:
    path = tmp_path_factory.mktemp("empty")
    return new_region(path, "空", [])


def of(*reaches: Reach) -> Scope:
    return Scope("li", "head", "试验", reaches)


def some(*values: str) -> st.SearchStrategy[frozenset[str] | None]:
    return st.one_of(st.none(), st.frozensets(st.sampled_from(values), min_size=1))


@st.composite
def scopes(draw: st.DrawFn, about: type[Table]) -> Scope:
    """Scopes that often open something of a table, and often not all."""
    private = [r[n] for r in rows(about) for n, c in about.columns.items() if c.private] or ["谁"]
    reach = st.builds(
        Reach,
        st.sampled_from([Level.NAMED, Level.NAMED, Level.CASE, Level.HOSPITAL, Level.REGION]),
        some(*ORGS),
        st.one_of(st.none(), some(*DEPTS, ELSEWHERE)),
        st.one_of(st.none(), some(about.__name__, "DeptCost")),
        st.one_of(st.none(), some(*about.columns)),
        st.one_of(st.none(), st.none(), st.none(), st.sampled_from(private)),
    )
    return of(*draw(st.lists(reach, min_size=1, max_size=3)))


TABLE_AND_SCOPE = st.sampled_from(OURS).flatmap(lambda t: st.tuples(st.just(t), scopes(t)))
ASKED = st.sampled_from([(), ("H01",), ("H02",), ORGS])
LAW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def permitted(scope: Scope, about: type[Table], orgs: tuple[str, ...], columns: list[str]) -> list[Row]:
    """The rows that the oracle opens; each column shown is open in every one of them, and private ones in one hospital alone."""
    told = opened(scope, about, orgs or ORGS)
    together = len({row.get("org") for row, _ in told}) > 1
    assert all(n in names for _, names in told for n in columns if n in about.columns)
    assert not [n for n in columns if n in about.columns and about.columns[n].private and together]
    return [row for row, _ in told]


def same(shown: list[Row], rows_: list[Row], columns: list[str]) -> bool:
    return sorted(repr([r[n] for n in columns]) for r in shown) == sorted(repr([r[n] for n in columns]) for r in rows_)


@LAW
@given(TABLE_AND_SCOPE, ASKED)
def test_stored_rows_shown_are_those_that_are_open(region: Region, drawn: tuple[type[Table], Scope], orgs: tuple[str, ...]) -> None:
    about, scope = drawn
    reader = Reader(region, scope)
    try:
        found = held(reader, about, [c for c in CELLS if c[0] in (orgs or ORGS)])
    except AccessError:
        return
    assert same(found.to_dicts(), permitted(scope, about, orgs, found.columns), found.columns)


@LAW
@given(TABLE_AND_SCOPE, st.builds(View, st.just(period(MONTH)), ASKED, st.booleans()))
def test_a_view_shows_and_adds_up_what_is_open(region: Region, drawn: tuple[type[Table], Scope], view: View) -> None:
    about, scope = drawn
    try:
        found = see(Reader(region, scope), about, view)
    except AccessError:
        return
    keys = [n for n in found.columns if not (about.columns[n].additive or about.columns[n].derived)]
    told, sums = permitted(scope, about, view.orgs, found.columns), [n for n in found.columns if about.columns[n].additive]
    assert not (view.group and [n for n in found.columns if about.columns[n].private])
    if any(about.columns[k].local for k in about.key) or about.source or about.grain != "month":
        whole = [n for n in found.columns if not about.columns[n].derived or n in keys]
        assert {repr([r[n] for n in whole]) for r in found.to_dicts()} == {repr([r[n] for n in whole]) for r in told}
        return
    added = dict[str, list[Any]]()
    for row in told:
        mine = added.setdefault(repr([row[k] for k in keys]), [0] * len(sums))
        added[repr([row[k] for k in keys])] = [a + row[n] for a, n in zip(mine, sums, strict=True)]
    assert {repr([r[k] for k in keys]): [r[n] for n in sums] for r in found.to_dicts()} == added


@LAW
@given(TABLE_AND_SCOPE)
def test_a_difference_shows_what_is_open(region: Region, empty: Region, drawn: tuple[type[Table], Scope]) -> None:
    about, scope = drawn
    try:
        found = difference(Reader(empty, scope), Reader(region, scope), about, Reader(region, scope).cells(about))
    except AccessError:
        return
    now = {n.removesuffix("_after"): n for n in found.columns if n != "change" and not n.endswith("_before")}
    shown = [{n: r[c] for n, c in now.items()} for r in found.to_dicts()]
    assert same(shown, permitted(scope, about, (), list(now)), list(now))


@LAW
@given(TABLE_AND_SCOPE, ASKED, st.data())
def test_an_indicator_adds_up_what_is_open(
    region: Region, drawn: tuple[type[Table], Scope], orgs: tuple[str, ...], data: st.DataObject
) -> None:
    about, scope = drawn
    amounts = [n for n, c in about.columns.items() if c.additive and "org" in about.columns]
    if not amounts:
        return
    name, kept = data.draw(st.sampled_from(amounts)), dict(INDICATORS)
    found = Indicator(key="试", zh="试", en="t", unit="元", better="neither", of=about, value=f'sum("{name}")', formula=("和", "sum"))
    INDICATORS.clear()
    INDICATORS.update(kept)
    try:
        shown = measure(Reader(region, scope), found, View(period(MONTH), orgs))
    except AccessError:
        return
    keys, added = [n for n in shown.columns if n == "org"], dict[str, Any]()
    for row in permitted(scope, about, orgs, [*keys, name]):
        mine = row["org"] if keys else ""
        added[mine] = added.get(mine, 0) + row[name]
    assert {r.get("org", ""): r["value"] for r in shown.to_dicts()} == added


@LAW
@given(TABLE_AND_SCOPE, st.sampled_from(ORGS))
def test_rows_behind_a_question_are_open(region: Region, drawn: tuple[type[Table], Scope], org: str) -> None:
    about, scope = drawn
    try:
        found = Asked(Reader(region, scope), org, MONTH).rows(about, {})
    except AccessError:
        return
    assert same(found.to_dicts(), permitted(scope, about, (org,), found.columns), found.columns)


@pytest.mark.parametrize("about", OURS, ids=lambda t: t.__name__)
def test_the_owner_sees_every_row_and_a_narrow_scope_loses_none_of_its_own(region: Region, about: type[Table]) -> None:
    assert held(owner(region), about, CELLS).height == len(rows(about))
    mine = Reader(region, of(Reach(Level.NAMED, frozenset({"H01"}))))
    seen = see(mine, about, View(period(MONTH)))
    assert set(seen.columns) >= {n for n, c in about.columns.items() if c.private}
    if depth(about) > Level.REGION:
        assert "H02" not in str(seen.to_dicts())
    assert mine.orgs(about) == (["H01"] if depth(about) > Level.REGION else list(ORGS))


def test_what_is_not_seen_is_no_condition_no_column_and_no_key(region: Region) -> None:
    plain = Reader(region, of(Reach(Level.CASE, frozenset({"H01"}))))
    with pytest.raises(AccessError, match="不在你的范围内") as refused:
        see(plain, table("Visit"), View(period(MONTH), where=(("visit", "1"),)))
    assert "out of your scope" in refused.value.en
    with pytest.raises(AccessError):
        Asked(plain, "H01", MONTH).rows(table("Visit"), {"patient": "1"})
    both = Reader(region, of(Reach(Level.NAMED)))
    with pytest.raises(TableError, match="不出本院"):
        see(both, table("Visit"), View(period(MONTH), where=(("visit", "1"),)))
    narrow = Reader(region, of(Reach(Level.HOSPITAL, columns=frozenset({"org", "dept"}))))
    with pytest.raises(AccessError):
        measure(narrow, INDICATORS["bed_day_cost"], View(period(MONTH)))


def test_an_indicator_names_no_hospital_where_hospitals_are_not_seen(region: Region) -> None:
    nameless = Reader(region, of(Reach(Level.HOSPITAL, columns=frozenset(table("DeptResult").columns) - {"org"})))
    assert measure(nameless, INDICATORS["surplus_rate"], View(period(MONTH))).columns == ["value"]
    assert measure(owner(region), INDICATORS["surplus_rate"], View(period(MONTH))).columns == ["org", "value"]


def test_rows_that_differ_only_out_of_scope_do_not_differ(region: Region, tmp_path: Path) -> None:
    visit, other = table("Visit"), new_region(tmp_path, "试验区域", [])
    with other.writing("试验"):
        changed = frame(visit, ["H01"]).with_columns(patient=pl.lit("别人"))
        other.publish("试验", [write_part(tmp_path, visit, changed, ("H01", MONTH, ""))])
    for level, changes in ((Level.NAMED, ["changed", "changed"]), (Level.CASE, [])):
        mine = Reader(region, of(Reach(level, frozenset({"H01"}))))
        assert difference(mine, mine.at(other), visit, [("H01", MONTH)])["change"].to_list() == changes


def test_what_only_a_column_out_of_scope_tells_apart_is_not_added_up(region: Region) -> None:
    amounts = Reader(region, of(Reach(Level.HOSPITAL, columns=frozenset({"org", "dept", "item", "amount"}))))
    with pytest.raises(AccessError, match="口径"):
        see(amounts, table("ScopeCost"), View(period(MONTH)))
    assert see(amounts, table("PatientTieOut"), View(period(MONTH))).columns == ["org", "dept", "item"]


def test_another_s_hospital_is_refused_and_not_shown_as_empty(region: Region) -> None:
    mine = Reader(region, of(Reach(Level.NAMED, frozenset({"H01"}))))
    for ask in (
        lambda: see(mine, table("DeptCost"), View(period(MONTH), ("H02",))),
        lambda: see(mine, table("DeptCost"), View(period(MONTH), ORGS)),
        lambda: Asked(mine, "H02", MONTH),
        lambda: held(mine, table("DeptCost"), [("H02", MONTH)]),
        lambda: in_force(mine, table("Department"), [("H02", MONTH)]),
        lambda: mine.hospital("H02 医院"),
    ):
        with pytest.raises(AccessError):
            ask()


def test_every_read_is_noted_and_so_is_one_that_is_refused(region: Region) -> None:
    told = list[tuple[str, int | None]]()
    mine = Reader(region, of(Reach(Level.HOSPITAL, frozenset({"H01"}))), lambda name, n: told.append((name, n)))
    see(mine, table("DeptCost"), View(period(MONTH)))
    with pytest.raises(AccessError):
        see(mine, table("Visit"), View(period(MONTH)))
    assert told == [("DeptCost", 2), ("Visit", None)]


def test_a_department_written_in_a_local_code_is_judged_by_what_it_means(tmp_path: Path) -> None:
    region = places(tmp_path)
    local = frame(table("DepartmentMap"), ["H01"]).head(1).with_columns(local=pl.lit("D1"), dept=pl.lit("D2"))
    with region.writing("试验"):
        region.publish("试验", [write_part(tmp_path, table("DepartmentMap"), local, ("H01", "", ""))])
    head = Reader(region, of(Reach(Level.NAMED, frozenset({"H01"}), frozenset({"D1"}))))
    for found in (see(head, table("Area"), View(period(MONTH))), held(head, table("Area"), CELLS[:1])):
        assert found.height == 0
