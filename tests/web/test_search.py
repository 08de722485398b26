"""查找 · Search: by Chinese, English, pinyin and first letters; only what is in scope."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from heng.serve.web.pinyin import plain, spellings
from tests.web.conftest import Enter


def found(browser: TestClient, asked: str) -> list[dict[str, Any]]:
    answer = browser.get("/search.json", params={"q": asked})
    assert answer.status_code == 200
    rows: list[dict[str, Any]] = answer.json()
    return rows


@pytest.mark.parametrize(
    ("asked", "kind", "href"),
    [
        ("科室全成本", "capability", "/costing/full_cost"),
        ("kesquancb"[:2] + "shiquanchengben", "capability", "/costing/full_cost"),
        ("ksqcb", "capability", "/costing/full_cost"),
        ("costing.full_cost", "capability", "/costing/full_cost"),
        ("人员经费占比", "indicator", "/indicator/staff_share"),
        ("RYJFZB", "indicator", "/indicator/staff_share"),
        ("staff_share", "indicator", "/indicator/staff_share"),
        ("内科住院", "dept", "/costing/result?org=H01&dept=0402"),
        ("nkzy", "dept", "/costing/result?org=H01&dept=0402"),
        ("0402", "dept", "/costing/result?org=H01&dept=0402"),
        ("试验医院", "org", "/costing/result?org=H01"),
        ("costing.step_down.peer", "policy", "/policy/costing.step_down.peer"),
        ("Income", "table", "/table/Income"),
        ("base_total", "column", "/dictionary/Allocation#base_total"),
    ],
)
def test_it_is_found_however_it_is_typed(kuaiji: TestClient, asked: str, kind: str, href: str) -> None:
    first = [(r["kind"], r["href"]) for r in found(kuaiji, asked)[:3]]
    assert (kind, href) in first


def test_the_very_word_comes_first_and_nothing_is_found_for_nothing(kuaiji: TestClient) -> None:
    assert found(kuaiji, "ks")
    assert found(kuaiji, "  ") == found(kuaiji, "没有这样的东西") == []
    assert "没有叫" in kuaiji.get("/search?q=zzzzzz").text
    assert kuaiji.get("/search", params={"q": "<script>" * 400}).status_code == 200


def test_every_link_leads_to_a_page(kuaiji: TestClient) -> None:
    for asked in ("内科住院", "人员经费占比", "costing.step_down.peer", "ksqcb", "Income", "base_total"):
        assert kuaiji.get(found(kuaiji, asked)[0]["href"]).status_code == 200


def test_who_sees_no_data_finds_no_department_no_hospital_and_no_figure(inside: Enter) -> None:
    kinds = {r["kind"] for asked in ("内科住院", "试验医院", "ksqcb", "Income", "staff_share") for r in found(inside("xitong"), asked)}
    assert kinds <= {"column", "policy"}


def test_a_question_may_be_written_with_blanks_and_marks() -> None:
    assert plain(" 科室 全-成本（元）") == "科室全成本元"
    assert spellings("骨科") == ("骨科", "guke", "gk")
    assert spellings("Unit cost") == ("unitcost",)
