"""看表 · Show: names, words, totals, periods, comparisons, files."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from tests.serve.spoken import Heng, data
from tests.store.tiny import PAY, total


def test_the_catalogue_lists_capabilities_tables_and_indicators(say: Heng) -> None:
    rows = json.loads(say("show", "--json")[1])
    assert {r["kind"] for r in rows} == {"capability", "table", "source", "indicator"}
    assert "costing.step_down" in say("show")[1]


def test_money_is_text_with_two_decimals_and_adds_up(say: Heng) -> None:
    found = data(say("show", "costing.full_cost", "--json"))
    rows = found["rows"]
    assert isinstance(rows, list)
    assert found["period"] == "2026-02"
    assert all(re.fullmatch(r"-?\d+\.\d\d", r["amount"]) for r in rows)
    assert sum(Decimal(r["amount"]) for r in rows) == Decimal(total(PAY))


def test_the_table_shows_names_words_commas_and_a_total(say: Heng) -> None:
    out = say("show", "DeptCost", "--month", "2026-01")[1]
    assert "0402 内科住院" in out
    assert "人员经费" in out
    assert re.search(r"合计\s+427,000\.15", out)
    assert "H01 试验医院" in out.splitlines()[1], "what all rows share stands in the title"


def test_rows_that_overlap_have_no_total(say: Heng) -> None:
    assert "合计" not in say("show", "ScopeCost", "--limit", "3")[1]
    assert "合计" in say("show", "ScopeCost", "--where", "口径=医疗成本", "--limit", "3")[1]


def test_conditions_departments_and_periods_are_understood_as_people_write_them(say: Heng) -> None:
    by_words = data(say("show", "ScopeCost", "--where", "口径=医疗成本", "--where", "成本项目=人员经费", "--dept", "内科住院", "--json"))
    by_codes = data(say("show", "ScopeCost", "--where", "scope=medical", "--where", "item=staff", "--dept", "0402", "--json"))
    assert by_words == by_codes
    rows = by_codes["rows"]
    assert isinstance(rows, list)
    assert len(rows) == 1
    both = ("--period", "2026-01..2026-02", "--dept", "0402", "--where", "scope=medical", "--where", "item=staff", "--json")
    quarter = data(say("show", "ScopeCost", *both))["rows"]
    assert isinstance(quarter, list)
    assert Decimal(quarter[0]["amount"]) == 2 * Decimal(rows[0]["amount"])


@pytest.mark.parametrize(
    "words",
    [
        ["--where", "项目=人员经费"],
        ["--where", "x"],
        ["--dept", "外科"],
        ["--compare", "yearly"],
        ["--period", "2026-13"],
        ["--columns", "x"],
        ["--org", "H9"],
    ],
)
def test_what_is_not_understood_is_told(say: Heng, words: list[str]) -> None:
    code, out, err = say("show", "ScopeCost", *words)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) >= 2


@pytest.mark.parametrize(
    ("table", "where", "mend"),
    [
        ("ScopeCost", "amount=abc", "write a number"),
        ("ScopeCost", "amount=nan", "write a number"),
        ("DeptResult", "全成本=很多", "write a number"),
        ("Income", "row=2.5", "write a whole number"),
        ("Department", "since=2020年", "write 2026-03-31"),
        ("Department", "leaf=maybe", "write true or false"),
    ],
)
def test_a_condition_that_no_row_can_meet_is_told_in_our_own_words(say: Heng, table: str, where: str, mend: str) -> None:
    code, out, err = say("show", table, "--where", where)
    assert (code, out) == (2, "")
    assert re.search("没有「.*」这样的值", err)
    assert mend in err


def test_a_number_may_be_written_with_the_commas_it_is_shown_with(say: Heng) -> None:
    for written in ("427000.15", "427,000.15", "427,000.150"):
        rows = data(say("show", "成本勾稽", "--where", f"after={written}", "--json"))["rows"]
        assert isinstance(rows, list)
        assert {r["after"] for r in rows} <= {"427000.15"}
        assert rows


def test_a_comparison_with_nothing_is_a_dash_and_never_zero(say: Heng) -> None:
    rows = data(say("show", "DeptResult", "--month", "2026-01", "--compare", "yoy,mom", "--where", "scope=medical", "--json"))["rows"]
    assert isinstance(rows, list)
    assert {(r["cost_yoy"], r["cost_mom_change"]) for r in rows} == {(None, None)}
    assert "—" in say("show", "DeptResult", "--month", "2026-01", "--compare", "yoy", "--columns", "全成本", "--where", "scope=medical")[1]


def test_the_receipt_of_a_department_adds_up_to_what_was_allocated(say: Heng) -> None:
    out = say("show", "costing.step_down", "--dept", "内科住院")[1]
    legs = data(say("show", "costing.step_down", "--dept", "内科住院", "--json"))["rows"]
    assert isinstance(legs, list)
    amount = sum(Decimal(r["amount"]) for r in legs)
    assert re.search(rf"合计\s+{amount:,}", out)
    assert "0101 院办公室" in out
    assert "%" in out


def test_limit_and_all(say: Heng) -> None:
    assert "列出 2 行" in say("show", "ScopeCost", "--limit", "2")[1]
    assert "列出" not in say("show", "ScopeCost", "--all")[1]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_seen_can_be_saved(say: Heng, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"成本.{ending}"
    assert say("show", "DeptCost", f"--{ending}", path)[0] == 0
    assert path.stat().st_size > 100
    if ending == "csv":
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        assert "0402 内科住院" in path.read_text("utf-8-sig")


def test_a_narrow_screen_names_the_columns_it_leaves_out(say: Heng, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = say("show", "DeptResult", "--where", "scope=medical")[1]
    assert max(len(line) for line in out.splitlines()) <= 80
    assert "屏幕放不下的列" in out
    assert "…" not in re.sub(r"…[^\n]*行", "", out), "no figure is cut"


def test_an_indicator_is_shown_by_hospital_and_for_the_group(say: Heng) -> None:
    rows = data(say("show", "staff_share", "--json"))["rows"]
    assert rows == [{"org": "H01", "value": "1.000000"}]
    assert data(say("show", "staff_share", "--group", "--json"))["rows"] == [{"value": "1.000000"}]
    assert "100.0%" in say("show", "人员经费占比")[1]


def test_nothing_held_says_what_to_do(say: Heng) -> None:
    code, out, _ = say("show", "DeptCost", "--month", "2027-01")
    assert code == 0
    assert "heng run" in out
