"""任一表写成 Excel 或 CSV · Any table as xlsx or csv: what stands on the screen stands in the file."""

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from heng.core.errors import HengError
from heng.core.table import Table
from heng.serve.excel.rows import write_rows
from heng.serve.excel.shown import Words
from heng.tables.costing import ScopeCost
from heng.tables.organisation import Department
from heng.tables.quality import Finding
from tests.serve.excel.hospital import frame, rows
from tests.serve.excel.reading import dates

NAMES = Words(names={"dept": {"C1": "内科门诊", "C2": "内科住院"}})


@pytest.fixture(scope="module")
def scoped() -> pl.DataFrame:
    return frame(ScopeCost, "2026-03", rows()[ScopeCost]).filter(scope="medical").filter(dept="C1")


def cells(path: Path) -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)


def lines(path: Path) -> list[list[str]]:
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf"), "Excel reads UTF-8 only behind this mark"
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_a_table_is_written_with_names_units_words_and_totals(scoped: pl.DataFrame, tmp_path: Path) -> None:
    found = cells(write_rows(scoped, ScopeCost, tmp_path / "a.xlsx", NAMES))
    assert found[0] == ["医疗机构", "月份", "科室", "门诊住院", "口径", "成本项目", "直接成本（元）", "间接成本（元）", "全成本（元）"]
    assert ["H01", "2026-03", "C1 内科门诊", "门诊", "医疗成本", "人员经费", 1200000, 807300, 2007300] in found
    assert found[-1] == ["合计", "", "", "", "", "", 3600000, 1441600, ""]


def test_csv_says_the_same(scoped: pl.DataFrame, tmp_path: Path) -> None:
    found = lines(write_rows(scoped, ScopeCost, tmp_path / "a.csv", NAMES))
    assert found[0][-1] == "全成本（元）"
    assert ["H01", "2026-03", "C1 内科门诊", "门诊", "医疗成本", "人员经费", "1200000.00", "807300.00", "2007300.00"] in found
    assert found[-1][:7] == ["合计", "", "", "", "", "", "3600000.00"]


def test_in_english(scoped: pl.DataFrame, tmp_path: Path) -> None:
    found = cells(write_rows(scoped, ScopeCost, tmp_path / "a.xlsx", Words(lang="en")))
    assert found[0][4:7] == ["scope", "cost item", "direct (元)"]
    assert found[1][4:6] in (["medical cost", "amortisation"], ["medical cost", "depreciation"])
    assert found[-1][0] == "total"


def test_comparisons_carry_the_name_of_their_column(tmp_path: Path) -> None:
    seen = pl.DataFrame({"dept": ["C1"], "direct": [2], "direct_yoy": [1], "direct_yoy_change": [1], "direct_mom_change": [None]})
    found = cells(write_rows(seen, ScopeCost, tmp_path / "a.xlsx"))
    assert found[0] == ["科室", "直接成本（元）", "直接成本 同比（元）", "直接成本 同比 增减（元）", "直接成本 环比 增减（元）"]
    assert found[-1] == ["合计", 2, 1, 1, "—"]


def test_what_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    said = ["=1+1", "+86", "-", "@x", "＝A1", "\t=1", "普通"]
    seen = pl.DataFrame({"file": said, "n": list(range(7))})
    assert [r[0] for r in lines(write_rows(seen, None, tmp_path / "a.csv"))[1:]] == [*(f"'{s}" for s in said[:6]), "普通"]
    path = write_rows(seen, None, tmp_path / "a.xlsx")
    assert [r[0] for r in cells(path)[1:]] == said
    with zipfile.ZipFile(path) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
        assert b'quotePrefix="1"' in book.read("xl/styles.xml")


def test_negative_numbers_stay_numbers(tmp_path: Path) -> None:
    seen = frame(
        ScopeCost, "2026-03", [{"dept": "C1", "setting": "none", "scope": "medical", "item": "drug", "direct": "-12.50", "indirect": 0}]
    )
    assert lines(write_rows(seen, ScopeCost, tmp_path / "a.csv"))[1][6] == "-12.50"
    assert cells(write_rows(seen, ScopeCost, tmp_path / "a.xlsx"))[1][6] == -12.5


def test_what_is_not_known_is_an_empty_cell_and_flags_and_days_are_readable(tmp_path: Path) -> None:
    row = {"dept": "C1", "name": "内科", "leaf": True, "disabled": False, "since": "2026-01-31", "file": "f", "row": 2}
    seen = frame(Department, "", [row]).select("category", "leaf", "disabled", "since", "until")
    found = cells(write_rows(seen, Department, tmp_path / "a.xlsx"))
    assert [str(v) for v in found[1]] == ["", "是", "否", "2026-01-31", ""]
    assert lines(write_rows(seen, Department, tmp_path / "a.csv"))[1] == ["", "是", "否", "2026-01-31", ""]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_no_rows_give_a_header_alone(tmp_path: Path, ending: str) -> None:
    path = write_rows(pl.DataFrame(schema=dict.fromkeys(Finding.columns, pl.String)), Finding, tmp_path / f"a.{ending}")
    found = cells(path) if ending == "xlsx" else lines(path)
    assert len(found) == 1


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_same_rows_give_the_same_bytes(scoped: pl.DataFrame, tmp_path: Path, ending: str) -> None:
    first, again = (write_rows(scoped, ScopeCost, tmp_path / f"{name}.{ending}") for name in "ab")
    assert first.read_bytes() == again.read_bytes()
    assert ending == "csv" or dates(first) == {"1980-01-01", "2026-03-31"}, "no date of today"


def test_the_columns_of_a_view_that_no_table_declares_are_named_by_whoever_asks(tmp_path: Path) -> None:
    found = cells(write_rows(pl.DataFrame({"value": [0.5]}), None, tmp_path / "a.xlsx", Words(headers={"value": ("药占比", "drug share")})))
    assert found == [["药占比"], [0.5]]


@pytest.mark.parametrize(("name", "table"), [("a.pdf", ScopeCost), ("a", ScopeCost)])
def test_another_ending_is_refused(scoped: pl.DataFrame, tmp_path: Path, name: str, table: type[Table]) -> None:
    with pytest.raises(HengError, match="xlsx"):
        write_rows(scoped, table, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_more_rows_than_excel_holds_are_refused(monkeypatch: pytest.MonkeyPatch, scoped: pl.DataFrame, tmp_path: Path) -> None:
    monkeypatch.setattr("heng.serve.excel.rows.EXCEL_ROWS", 5)
    with pytest.raises(HengError, match=r"\.csv"):
        write_rows(scoped, ScopeCost, tmp_path / "a.xlsx")
