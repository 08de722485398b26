"""下钻 · The path from the region to the row of a file: what comes next, where it leads, and what is said where it ends."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from heng.app.held import held
from heng.app.reader import Reader
from heng.app.region import Region
from heng.core.scope import OWNER, Level, Reach, Scope
from heng.core.table import TABLES
from heng.serve.labels import Labels
from heng.serve.voice import Voice
from heng.serve.web.drill import Place, below, down, next_level, trail, why
from heng.serve.web.remembered import Remembered
from heng.tables.cases import CaseCost
from heng.tables.costing import Allocation, DeptResult, ScopeCost
from tests.web.conftest import Enter

ZH = Voice()
AT = Place("2026-02", "H01")


@pytest.fixture
def reader(served: Path) -> Reader:
    """The region as its owner sees it."""
    return Reader(Region(served), OWNER)


@pytest.mark.parametrize(
    ("table", "at", "column"),
    [
        (DeptResult, Place(), "org"),
        (DeptResult, AT, "dept"),
        (ScopeCost, Place("2026-02", "H01", "0402", ("scope=medical",)), "item"),
        (CaseCost, Place("2026-02", "H01", "0402"), "encounter"),
        (DeptResult, Place("2026-02", "H01", "0402", ("scope=medical",)), ""),
    ],
)
def test_the_next_level_is_read_off_the_columns(table: Any, at: Place, column: str) -> None:
    assert next_level(table, at) == column


def test_a_row_leads_to_its_hospital_then_to_what_stands_behind_it() -> None:
    row = {"org": "H01", "month": "2026-02", "dept": "0402", "scope": "medical"}
    assert down(DeptResult, row, Place("2026-02")) == "/costing/result?org=H01&period=2026-02"
    assert down(DeptResult, row, AT) == "/why/DeptResult?org=H01&period=2026-02&where=dept%3D0402&where=scope%3Dmedical"
    case = {"org": "H01", "month": "2026-02", "dept": "0402", "encounter": 7}
    assert down(CaseCost, case, AT) == "/why/EncounterCost?org=H01&period=2026-02&where=encounter%3D7"


def test_a_row_of_a_file_is_the_end() -> None:
    row = {"org": "H01", "month": "2026-02", "dept": "0402", "file": "f-1", "row": 3}
    assert down(TABLES["CostBooking"], row, AT) == ""
    assert why(TABLES["CostBooking"], row, AT) == ""


def test_every_table_has_a_way_or_an_end() -> None:
    for table in TABLES.values():
        row = dict.fromkeys(table.columns, "1") | {"org": "H01", "month": "2026-02"}
        told = down(table, row, AT)
        assert told == "" if table.source else not told or told.startswith(("/why/", "/"))
        assert next_level(table, AT) in ("", *table.columns)


def test_the_trail_names_the_levels_and_the_last_is_where_one_stands(reader: Reader) -> None:
    at = Place("2026-02", "H01", "0402", ("scope=medical", "item=staff"))
    steps = trail(ScopeCost, at, Labels(reader, ZH, ["2026-02"]))
    assert [s.label for s in steps] == ["试验区域", "H01 试验医院", "0402 内科住院", "医疗成本", "人员经费"]
    assert [bool(s.href) for s in steps] == [True, True, True, True, False]
    assert steps[2].href == "/costing/scopes?org=H01&period=2026-02&dept=0402"


def test_without_cases_the_path_says_what_is_missing(reader: Reader) -> None:
    ways = below(reader, DeptResult, AT, ZH)
    assert ways[0].href == "/why/DeptResult?org=H01&period=2026-02"
    assert ways[-1].reason == "到此为止：本院没有装入收费明细和病案首页"


@pytest.mark.parametrize("where", ["", "&dept=0402"])
def test_what_flows_in_is_the_full_cost_to_the_fen(enter: Enter, where: str) -> None:
    browser = enter("kuaiji")
    told = browser.get(f"/flow.json?org=H01&period=2026-01..2026-02{where}").json()
    assert Decimal(told["difference"]) == 0
    assert Decimal(told["full"]) > 0
    amounts = {(leg["from"], leg["to"]): Decimal(leg["amount"]) for leg in told["legs"] if not leg["peer"]}
    if not where:  # between classes: what comes in goes out, but for what stays with clinical departments
        for middle in ("admin", "support", "medtech"):
            assert sum(a for (_, to), a in amounts.items() if to == middle) == sum(a for (by, _), a in amounts.items() if by == middle)
        assert sum(a for (_, to), a in amounts.items() if to == "clinical") == Decimal(told["full"])
    page = browser.get(f"/flow?org=H01&period=2026-01..2026-02{where}").text
    assert "由分摊而来" in page
    assert "差额" in page


def test_a_month_of_flows_is_what_the_allocation_says(reader: Reader, enter: Enter) -> None:
    told = enter("kuaiji").get("/flow.json?org=H01&period=2026-02").json()
    moved = held(reader, Allocation, [("H01", "2026-02")])["amount"].sum()
    assert sum(Decimal(leg["amount"]) for leg in told["legs"] if leg["from"] != "direct") == moved


def test_a_definition_says_unit_direction_table_generation_and_policy(enter: Enter) -> None:
    browser = enter("kuaiji")
    page = browser.get("/definition/cost_rate?org=H01&period=2026-02").text
    for said in ("成本 ÷ 收入", "占比（%）", "越低越好", "科室收支", "代", "国卫财务发〔2021〕4号", 'href="/policy/costing.scopes.scopes"'):
        assert said in page, said
    part = browser.get("/definition/DeptResult.surplus", headers={"HX-Request": "true", "HX-Target": "definition"}).text
    assert "<html" not in part
    assert "income - cost" in part
    assert browser.get("/definition/cost_rat").status_code == 400


def test_a_hospitals_own_policy_is_told_to_those_who_reach_it(enter: Enter) -> None:
    assert enter("jiandu").get("/definition/cost_rate").status_code == 200
    refused = enter("jiandu").get("/definition/cost_rate?org=H01")
    assert refused.status_code == 403
    assert "不在你的范围内" in refused.text


def test_what_is_remembered_is_bounded_by_scope_and_region_and_noted_each_time(reader: Reader) -> None:
    memory, found, noted = Remembered(2), list[str](), list[tuple[str, int | None]]()
    asking = Reader(reader.region, reader.scope, lambda table, rows: noted.append((table, rows)))

    def find(who: Reader, what: str = "a") -> str:
        found.append(what)
        who.note("DeptResult", 3)
        return what

    assert [memory.of(asking, "a", find) for _ in range(2)] == ["a", "a"]
    assert (found, noted) == (["a"], [("DeptResult", 3)] * 2)
    elsewhere = Reader(Region(reader.region.path), OWNER)
    memory.of(elsewhere, "a", find)
    narrower = Reader(reader.region, Scope("", "public", "", (Reach(Level.PUBLIC),)))
    memory.of(narrower, "a", find)  # whoever sees less is given nothing that was found for others
    memory.of(asking, "a", find)  # forgotten in between: two answers are all it holds
    assert len(found) == 4
