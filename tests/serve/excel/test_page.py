"""纸上的样子 · On paper: landscape, header on every page, groups not cut in two, widths right for Chinese."""

import io
import zipfile
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heng.core.period import period
from heng.serve.excel.cost_columns import cost_row
from heng.serve.excel.page import PER_PAGE, breaks, widths
from heng.serve.excel.render import workbook
from heng.serve.excel.sheet import Head, Letterhead, Line, Sheet, added
from heng.serve.excel.width import places, printed, rows_needed
from heng.serve.excel.wording import STEPS, period_words
from heng.tables.codes import ITEM

HEAD = Letterhead("示范市第一医院", "2026年3月", (2026, 3, 31), signatures=("制表人",))
NAME = Head("科室名称", "name", "text")


def sheet(groups: int) -> Sheet:
    """One row under groups of an amount and a share each."""
    heads = [Head(f"第{g}病区", under=(Head("金额", f"{g}"), Head("%", f"{g}%", "share"))) for g in range(groups)]
    values = {f"{g}": Decimal("1234567.89") for g in range(groups)} | {f"{g}%": Decimal("0.5") for g in range(groups)}
    return Sheet("03", "口径：医疗成本", (NAME, *heads), (Line({"name": "人员经费", **values}),), "构成分析表", "03")


def parts(made: Sheet) -> tuple[str, str]:
    """The XML of the first sheet and of the workbook."""
    with zipfile.ZipFile(io.BytesIO(workbook([made], HEAD, "试"))) as book:
        return book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/workbook.xml").decode()


def test_a_sheet_prints_on_landscape_a4_fitted_to_width_with_its_header_repeated() -> None:
    paper, book = parts(sheet(2))
    assert all(said in paper for said in ('paperSize="9"', 'orientation="landscape"', 'fitToHeight="0"', "<pageSetUpPr fitToPage"))
    assert "第 &amp;P 页 共 &amp;N 页" in paper
    assert "&amp;L&amp;9 03 构成分析表" in paper, "without the blank the size of the letters would read 903"
    assert "'03'!$1:$5" in book
    assert '<pane xSplit="1" ySplit="5"' in paper


def test_a_wide_sheet_goes_on_on_a3_with_the_names_repeated() -> None:
    paper, book = parts(sheet(30))
    assert 'paperSize="8"' in paper
    assert "'03'!$A:$A,'03'!$1:$5" in book
    assert "<colBreaks" in paper


def test_pages_break_between_departments_and_hold_no_more_than_fits() -> None:
    made = sheet(30)
    wide = widths(made)
    edges = [1, *breaks(made, wide), len(wide)]
    assert len(edges) > 2
    assert all(edge % 2 == 1 for edge in edges), "an amount and its share stay together"
    assert max(wide[0] + sum(wide[a:b]) for a, b in pairwise(edges)) <= PER_PAGE


def test_a_group_wider_than_a_page_is_broken_between_its_own_groups() -> None:
    inner = sheet(30).heads[1:]
    made = Sheet("02", "", (NAME, Head("医疗成本", under=inner)), sheet(30).lines)
    assert breaks(made, widths(made)) == breaks(sheet(30), widths(sheet(30)))
    assert parts(made)[0].count("<mergeCell ") > len(inner)


def test_numbers_and_chinese_fit_their_columns() -> None:
    made = Sheet("x", "", (NAME, Head("金额", "v")), (Line({"name": "内分泌与代谢病科", "v": Decimal("-123456789.01")}),))
    assert widths(made) == [18, 17]
    assert (places("床日AB"), places("一\nabcde"), places("")) == (6, 5, 0)
    assert rows_needed("提取医疗风险基金\n（6）", 9) == 3


def test_zero_unknown_and_not_applicable_print_differently() -> None:
    assert (printed(Decimal(0), "money"), printed(None, "money"), printed("", "money")) == ("0.00", "—", "")


def test_amounts_have_thousands_two_decimals_and_a_red_minus() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook([sheet(1)], HEAD, "试"))) as book:
        styles = book.read("xl/styles.xml").decode()
    assert 'formatCode="#,##0.00;[Red]-#,##0.00"' in styles
    assert 'name val="宋体"' in styles


def test_a_sum_of_nothing_or_of_something_unknown_is_unknown() -> None:
    assert added([], ["v"]) == {"v": None}
    assert added([{"v": Decimal(1)}, {"v": None}], ["v"]) == {"v": None}
    assert added([{"v": Decimal(1)}, {"v": Decimal("0.01")}], ["v"]) == {"v": Decimal("1.01")}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("2026-03", ("2026年3月", "本月总计")),
        ("2026Q4", ("2026年第四季度", "本季总计")),
        ("2026", ("2026年度", "本年总计")),
        ("2026YTD05", ("2026年1—5月", "本期总计")),
        ("2025-11..2026-02", ("2025年11月—2026年2月", "本期总计")),
    ],
)
def test_a_period_is_written_as_accountants_write_it(said: str, words: tuple[str, str]) -> None:
    assert period_words(period(said)) == words


amounts = st.dictionaries(
    st.tuples(st.sampled_from(list(STEPS.values())), st.sampled_from(list(ITEM))),
    st.decimals(-(10**9), 10**9, places=2),
)


@given(amounts)
def test_each_column_of_a_row_adds_up_as_its_heading_says(found: dict[tuple[str, str], Decimal]) -> None:
    row = {k: v for k, v in cost_row(dict(found)).items() if isinstance(v, Decimal)}
    assert row["medical"] == sum(row[i] for i in ITEM)
    assert row["medical_full"] == row["medical"] + sum(v for k, v in row.items() if k.startswith("fiscal."))
    assert row["hospital_full"] == row["medical_full"] + sum(v for k, v in row.items() if k.startswith("research."))
    assert row["hospital_full"] == sum(found.values())
