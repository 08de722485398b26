"""编号只在一家医院一个月内有意义 · Encounter 7 of another month or hospital is somebody else: such rows are never added up."""

from decimal import Decimal

import pytest

from heng.app.held import held
from heng.app.period import View, measure, see
from heng.app.region import Region
from heng.core.errors import TableError
from heng.core.indicator import INDICATORS, Indicator
from heng.core.period import period
from heng.core.table import Table, table
from heng.serve.totals import totals
from tests.app.two_hospitals import CELLS, LOCAL, MONTHS, ORGS, OURS, ROWS, two_hospitals
from tests.reading import owner

BOTH = period(f"{MONTHS[0]}..{MONTHS[1]}")
INCOME = sum(range(1, ROWS + 1))


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return two_hospitals(tmp_path_factory.mktemp("local"), LOCAL)


def test_every_number_of_an_encounter_a_service_or_an_orderer_is_local() -> None:
    numbers = [(t, n, c) for t in OURS for n, c in t.columns.items() if n in ("encounter", "service", "orderer", "part")]
    assert [f"{t.__name__}.{n}" for t, n, c in numbers if c.type == "integer" and not c.local] == []
    assert {"EncounterCost", "WorkInProgress", "StayMonth", "ServiceCost", "Orderer"} <= {t.__name__ for t in LOCAL}


@pytest.mark.parametrize("of", LOCAL, ids=lambda t: t.__name__)
@pytest.mark.parametrize("view", [View(BOTH), View(BOTH, ORGS), View(BOTH, group=True)], ids=["all", "named", "group"])
def test_rows_of_several_hospitals_and_months_stay_as_they_are(region: Region, of: type[Table], view: View) -> None:
    seen, stored = see(owner(region), of, view), held(owner(region), of, CELLS)
    assert seen.height == ROWS * len(CELLS)
    assert seen.equals(stored.select(seen.columns))
    assert {"org", "month", *of.key} <= set(seen.columns)


@pytest.mark.parametrize("of", LOCAL, ids=lambda t: t.__name__)
@pytest.mark.parametrize("how", ["yoy", "mom"])
def test_they_are_not_compared_with_another_period(region: Region, of: type[Table], how: str) -> None:
    with pytest.raises(TableError, match="只在一家医院一个月内有意义，不能比较") as refused:
        see(owner(region), of, View(period(MONTHS[1]), ("H01",), compare=(how,)))
    assert "cannot be compared" in refused.value.en


def test_an_indicator_over_them_still_adds_up(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heng.core.indicator.INDICATORS", dict(INDICATORS))
    of = table("EncounterTotal")
    found = Indicator(key="trial", zh="试", en="trial", unit="元", better="neither", of=of, value="sum(income)", formula=("和", "sum"))
    assert measure(owner(region), found, View(BOTH, group=True))["value"].to_list() == [len(CELLS) * INCOME]
    assert measure(owner(region), found, View(BOTH))["value"].to_list() == [len(MONTHS) * INCOME] * len(ORGS)
    changed = measure(owner(region), found, View(period(MONTHS[1]), compare=("mom",)))
    assert changed["value_mom_change"].to_list() == [Decimal(0)] * len(ORGS)


def test_the_cost_so_far_of_two_month_ends_has_no_total(region: Region) -> None:
    of = table("WorkInProgress")
    one, two = (see(owner(region), of, View(p, ("H01",))) for p in (period(MONTHS[0]), BOTH))
    assert totals(one, of.columns)["before"] == INCOME
    assert "before" not in totals(two, of.columns)
    assert totals(two, of.columns)["amount"] == 2 * INCOME
