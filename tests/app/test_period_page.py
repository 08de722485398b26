"""一页一页地看 · Page by page: all pages together are the view, the sums are its sums, and neither shows more than the scope opens."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heng.app.period import Page, View, see, shown_columns, whole
from heng.app.reader import Reader
from heng.app.region import Region
from heng.core.errors import AccessError, TableError
from heng.core.period import period
from heng.core.scope import Scope
from heng.core.table import Table, table
from heng.serve.columns import meaning
from heng.serve.totals import KINDS, told, totals
from tests.app.places import MONTH, ORGS, places
from tests.app.test_scope_laws import TABLE_AND_SCOPE
from tests.reading import owner

LAW = settings(max_examples=60, deadline=None)
VIEWS = st.builds(View, st.just(period(MONTH)), st.sampled_from([(), ("H01",), ORGS]), st.booleans())


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return places(tmp_path_factory.mktemp("places"))


@LAW
@given(TABLE_AND_SCOPE, VIEWS, st.integers(1, 5), st.data())
def test_pages_are_the_view_cut_in_pieces(
    region: Region, drawn: tuple[type[Table], Scope], view: View, size: int, data: st.DataObject
) -> None:
    about, scope = drawn
    reader = Reader(region, scope)
    try:
        every = see(reader, about, view)
    except AccessError:
        with pytest.raises(AccessError):
            see(reader, about, view, Page(0, size))
        with pytest.raises(AccessError):
            whole(reader, about, view)
        return
    sort = data.draw(st.lists(st.tuples(st.sampled_from(every.columns), st.booleans()), max_size=2, unique_by=lambda s: s[0]))
    ordered = see(reader, about, view, Page(size=-1, sort=tuple(sort)))
    assert sorted(map(repr, ordered.rows())) == sorted(map(repr, every.rows()))
    for of in (None, every.height):
        pieces = [see(reader, about, view, Page(n, size, tuple(sort), of)) for n in range(0, every.height + size, size)]
        assert [r for piece in pieces for r in piece.rows()] == ordered.rows()
    assert shown_columns(reader, about, view) == every.columns
    found = whole(reader, about, view, KINDS)
    columns = meaning(about.columns, every.columns)
    assert found.rows == every.height
    assert told(found, columns) == totals(every, columns)


@pytest.fixture(scope="module")
def worked(pattern: Any) -> Region:
    return Region(pattern / "region")


def test_a_limit_is_on_what_is_shown_and_not_on_what_is_added_up(worked: Region) -> None:
    both = View(period("2026-01..2026-02"))
    sums = dict(see(owner(worked), table("Volume"), both).select("dept", "volume").iter_rows())
    least = max(v for v in sums.values() if v is not None)
    for month in ("2026-01", "2026-02"):
        one = see(owner(worked), table("Volume"), View(period(month)))
        assert all(v is None or v < least for v in one["volume"]), "no month alone comes to it"
    view = View(both.period, limits=(("volume", ">=", str(least)),))
    assert set(see(owner(worked), table("Volume"), view)["dept"]) == {d for d, v in sums.items() if v == least}


def test_what_is_not_known_meets_no_limit(worked: Region) -> None:
    for how in (">=", "<="):
        found = see(owner(worked), table("DeptResult"), View(period("2026-01"), limits=(("income", how, "0"),)))
        assert found["income"].null_count() == 0


def test_the_group_of_nothing_held_is_no_row(worked: Region) -> None:
    found = see(owner(worked), table("CapacityCost"), View(period("2027-01"), group=True))
    assert found.height == 0


@pytest.mark.parametrize(
    "view", [View(period("2026-01"), limits=(("nothing", ">=", "1"),)), View(period("2026-01"), limits=(("cost", ">=", "x"),))]
)
def test_a_limit_that_means_nothing_is_told(worked: Region, view: View) -> None:
    with pytest.raises(TableError):
        see(owner(worked), table("DeptResult"), view)


def test_a_page_knows_when_the_end_is_nearer() -> None:
    assert Page(0, 50, of=1000).turned is None
    assert Page(0, 50).turned is None
    assert Page(900, 50, of=1000).turned == Page(50, 50, of=1000)
    assert Page(980, 50, of=1000).turned == Page(0, 20, of=1000)
    assert Decimal(Page(2000, 50, of=1000).turned.size) <= 0  # type: ignore[union-attr]
