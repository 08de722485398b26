"""为什么页 · The page says what `heng why` says, its parts and rows add up to the figure, and its files hold the same rows."""

import csv
import io
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from heng.app.reader import Reader
from heng.app.region import Region
from heng.app.why import Asked
from heng.core.scope import OWNER
from heng.serve.web.asked import why
from tests.web.conftest import Enter

HERE = "/why/DeptResult{}?org=H01&period=2026-02&dept=0402"


def cells(page: str, heading: str) -> list[list[str]]:
    """The rows of the table under a heading, the totals row last; cells as text."""
    table = page[page.index(f'id="{heading}"') :].split("</table>", maxsplit=1)[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [[re.sub(r"<[^>]+>", "", c).strip() for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows]


def test_parts_and_rows_add_up_to_the_figure_which_is_that_of_the_command_line(enter: Enter, served: Path) -> None:
    browser = enter("kuaiji")
    told, page = browser.get(HERE.format(".json")).json(), browser.get(HERE.format("")).text
    owned = Asked(Reader(Region(served), OWNER), "H01", "2026-02").why("DeptResult", {"dept": "0402"})
    assert owned.figure is not None
    assert Decimal(told["figure"]) == owned.figure
    assert sum(Decimal(r["contribution"]) for r in told["sources"]) == owned.figure
    parts, sources = cells(page, "parts"), cells(page, "sources")
    assert parts[-1][2] == sources[-1][-1] == f"{owned.figure:,}"
    assert parts[1][0] == "人员经费"


def test_formula_parameters_query_and_legs_are_there(enter: Enter) -> None:
    page = enter("kuaiji").get(HERE.format("").replace("DeptResult", "cost_rate")).text
    assert "成本 ÷ 收入" in page  # the indicator in words
    assert "国卫财务发〔2021〕4号" in page  # the document of a parameter
    assert 'href="/policy/costing.scopes.scopes"' in page
    assert "left join income i" in page  # the query
    legs = cells(page, "legs")
    assert legs[0][:2] == ["服务科室", "分摊参数"]
    assert {row[0] for row in legs[1:-1]} == {"0101 院办公室", "0201 供应室", "0301 检验科"}


def test_a_part_shows_its_own_rows_and_leads_to_the_row_of_the_file(enter: Enter) -> None:
    page = enter("kuaiji").get(f"{HERE.format('')}&part=staff").text
    assert '<span aria-current="page">人员经费</span>' in page
    links = re.findall(r'href="/table/CostBooking\?([^"]+)"', page)
    assert links
    assert all("org=H01" in at and "where=file%3D" in at and "where=row%3D" in at for at in links)


def test_the_file_holds_every_row_with_names_and_ends_with_the_same_total(enter: Enter) -> None:
    browser = enter("kuaiji")
    told = browser.get(HERE.format(".json")).json()
    rows = list(csv.reader(io.StringIO(browser.get(HERE.format(".csv")).text.removeprefix("\ufeff"))))
    assert rows[0] == ["文件", "工作表", "行", "来源表", "科室编码", "科目", "成本项目", "资金来源", "入账金额", "其中计入"]
    assert len(rows) - 1 == len(told["sources"])
    assert sum(Decimal(r[-1]) for r in rows[1:]) == Decimal(told["figure"])
    assert {r[3] for r in rows[1:]} == {"成本归集"}


def test_without_a_hospital_who_sees_several_chooses_one(enter: Enter) -> None:
    # The tiny region has one hospital: it is taken without asking.
    assert "为什么：科室收支" in enter("weijian").get("/why/DeptResult?period=2026-02").text


@pytest.mark.parametrize("path", ["/why/NoSuchTable?org=H01", "/why/DeptResult?org=H09", "/why/DeptResult?org=H01&period=1999-13"])
def test_what_is_not_understood_is_said(enter: Enter, path: str) -> None:
    page = enter("kuaiji").get(path)
    assert page.status_code == 400
    assert "没有做成" in page.text


def test_who_may_not_see_a_table_is_told_so(enter: Enter) -> None:
    page = enter("jiandu").get("/why/DeptResult?org=H01&period=2026-02")
    assert page.status_code == 403
    assert "人员经费" not in page.text


def test_asking_again_costs_nothing_and_is_noted_again(served: Path) -> None:
    region, first, again = Region(served), list[Any](), list[Any]()
    for noted in (first, again):
        reader = Reader(region, OWNER, lambda table, rows, noted=noted: noted.append((table, rows)))  # type: ignore[misc]
        why(reader, ("H01", "2026-02"), "DeptResult", {"dept": "0402"})
    assert first == again
    other = why(Reader(region, OWNER), ("H01", "2026-02"), "DeptResult", {"dept": "0401"})
    assert other.rows["dept"].to_list() == ["0401"]  # another question has its own answer
    assert ("DeptResult", 1) in first
