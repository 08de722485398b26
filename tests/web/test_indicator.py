"""指标页 · The page of an indicator says what `heng show` says: value, parts, months, limits, causes; and no more than the scope holds."""

import io
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from heng.app.period import View, measure
from heng.app.reader import Reader
from heng.app.region import Region
from heng.core.indicator import INDICATORS
from heng.core.period import period
from heng.core.scope import OWNER
from heng.core.table import rate
from heng.rooms.steering.evidence import EFFECTS
from heng.serve.voice import Voice
from heng.serve.web.bridge import drawn, effects
from heng.serve.web.lines import held_against, state, watch_of
from heng.serve.web.measured import Part
from heng.serve.web.told import change, parts_told, unsteady
from tests.web.conftest import Enter

ZH = Voice()
SHARE, YUAN = rate("占比", "share", "1"), rate("成本", "cost", "元")


def owned(folder: Path) -> Reader:
    """The region as its owner sees it."""
    return Reader(Region(folder), OWNER)


def test_value_parts_and_months_are_those_of_the_command_line(enter: Enter, served: Path) -> None:
    told = enter("kuaiji").get("/indicator/cost_rate.json").json()
    reader, found = owned(served), INDICATORS["cost_rate"]
    assert (told["org"], told["period"]) == ("H01", "2026-02")  # the only hospital in her scope, its newest month
    whole = measure(reader, found, View(period("2026-02"), ("H01",)))["value"][0]
    parts = measure(reader, found, View(period("2026-02"), ("H01",)), ("dept",))
    assert Decimal(told["value"]) == whole
    assert {p["code"]: Decimal(p["value"]) for p in told["parts"]} == dict(parts.select("dept", "value").iter_rows())
    assert [m["month"] for m in told["months"]] == ["2026-01", "2026-02"]
    assert Decimal(told["mom_change"]) == whole - Decimal(told["months"][0]["value"])
    assert told["yoy_change"] is None  # a year ago nothing was held: not zero


def test_a_quarter_is_worked_out_from_its_sums_not_from_its_months(enter: Enter, served: Path) -> None:
    told = enter("kuaiji").get("/indicator/cost_yield.json?org=H01&period=2026-01..2026-02").json()
    whole = measure(owned(served), INDICATORS["cost_yield"], View(period("2026-01..2026-02"), ("H01",)))
    assert Decimal(told["value"]) == whole["value"][0]


def test_the_file_holds_the_place_and_its_parts(enter: Enter) -> None:
    browser = enter("kuaiji")
    told = browser.get("/indicator/cost_rate.json?org=H01").json()
    body = browser.get("/indicator/cost_rate.xlsx?org=H01").content
    rows: list[Any] = list(openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert rows[0][2] == "收入成本率（1）"
    assert [r[1] for r in rows[1:]] == ["H01 试验医院", *(p["name"] for p in told["parts"])]
    assert float(rows[1][2]) == pytest.approx(float(told["value"]))
    assert browser.get("/indicator/cost_rate.csv?org=H01").text.count("\r\n") == len(rows)


def test_every_indicator_opens_and_what_is_not_known_is_a_dash(enter: Enter) -> None:
    browser = enter("kuaiji")
    listed = re.findall(r'href="/indicator/(\w+)"', browser.get("/indicators").text)
    assert set(listed) <= set(INDICATORS)
    for key in listed:
        page = browser.get(f"/indicator/{key}?org=H01")
        assert page.status_code == 200, f"{key}: {page.text[-800:]}"
    page = browser.get("/indicator/loss_share?org=H01").text
    assert "这一期间没有数" in page
    assert '<span class="heng-figure">—</span>' in page


def test_one_click_leads_from_the_hospital_to_its_department_and_to_why(enter: Enter) -> None:
    browser = enter("kuaiji")
    page = browser.get("/indicator/cost_rate").text
    assert "/indicator/cost_rate?org=H01&amp;period=2026-02&amp;dept=0402" in page
    assert "/why/cost_rate?org=H01&amp;period=2026-02&amp;dept=0402" in page
    inside = browser.get("/indicator/cost_rate?org=H01&period=2026-02&dept=0402").text
    assert '<a href="/indicator/cost_rate?org=H01&amp;period=2026-02">H01 试验医院</a>' in inside
    assert '<span aria-current="page">0402 内科住院</span>' in inside


@pytest.mark.parametrize("login", ["jiandu", "xitong"])
def test_out_of_scope_is_said_and_nothing_is_shown(enter: Enter, login: str) -> None:
    page = enter(login).get("/indicator/cost_rate?org=H01")
    assert page.status_code == 403
    assert "看不到科室收支" in page.text
    assert "heng-figure" not in page.text


@pytest.mark.parametrize("path", ["/indicator/cost_rat", "/indicator/DeptResult", "/indicator/cost_rate?org=H01&where=cost>=1"])
def test_what_is_not_understood_is_said_with_the_next_step(enter: Enter, path: str) -> None:
    page = enter("kuaiji").get(path)
    assert page.status_code == 400
    assert "→" in page.text


def values(*numbers: str | None) -> dict[str, Decimal | None]:
    """Months of 2025, one a number."""
    return {f"2025-{n:02}": None if v is None else Decimal(v) for n, v in enumerate(numbers, 1)}


def test_limits_are_mean_and_266_moving_ranges_of_the_ordinary_months(served: Path) -> None:
    reader = owned(served)
    watch, rule = watch_of(reader, INDICATORS["cost_rate"], "H01", "", "2026-02")
    assert watch is not None
    series = values("10", "12", "11", "13", "10", "12", "99")
    held = held_against(series, {"2025-07"}, watch, rule)
    # mean of 10 12 11 13 10 12 is 68/6; moving ranges 2 1 2 3 2 have the mean 2; 2.66 × 2 = 5.32
    assert held.limits.centre == Decimal("11.333333")
    assert held.limits.upper == Decimal("16.653333")
    assert held.limits.lower == Decimal("6.013333")
    assert held.lines == [("yellow", Decimal("12.240000")), ("red", Decimal("12.466666"))]  # 8 % and 10 % above the centre
    assert state([], ["2025-07"], held, ZH) == ("green", "在线内")


def test_too_few_months_draw_no_limits_and_are_not_judged(served: Path) -> None:
    watch, rule = watch_of(owned(served), INDICATORS["cost_rate"], "H01", "", "2026-02")
    held = held_against(values("1", "2", None, "3"), (), watch, rule)
    assert (held.enough, held.limits.upper, held.lines) == (False, None, [])
    assert state([], ["2025-04"], held, ZH)[0] == "none"


def test_an_alert_decides_the_state_red_before_yellow(served: Path) -> None:
    watch, rule = watch_of(owned(served), INDICATORS["cost_rate"], "H01", "", "2026-02")
    held = held_against(values("1", "2"), (), watch, rule)
    signals = [{"month": "2025-02", "level": "yellow"}, {"month": "2025-02", "level": "red"}, {"month": "2025-01", "level": "red"}]
    assert state(signals, ["2025-02"], held, ZH) == ("red", "红色预警")
    assert state(signals[:1], ["2025-02"], held, ZH) == ("yellow", "黄色预警")


def test_the_bridge_goes_from_before_to_amount_with_nothing_left_over() -> None:
    signal: dict[str, Any] = dict.fromkeys(EFFECTS) | {"before": Decimal("100.00"), "amount": Decimal("112.50")}
    signal |= {"volume": Decimal("20.00"), "price": Decimal("-7.50"), "drug": Decimal("0.00")}
    assert effects(signal) == {"volume": Decimal("20.00"), "price": Decimal("-7.50")}
    option = drawn(signal, ZH)
    assert option is not None
    assert [row[0] for row in option["table"]["rows"]] == ["对照月平均", "业务量", "材料价格", "本月"]
    assert signal["before"] + sum(effects(signal).values()) == signal["amount"]
    assert drawn(signal | {"before": None}, ZH) is None  # nothing to compare with: no bridge, not a bridge from zero


@pytest.mark.parametrize(
    ("by", "value", "column", "said"),
    [
        (Decimal("0.0125"), Decimal("0.30"), SHARE, "+1.3 个百分点"),
        (Decimal(-5), Decimal(95), YUAN, "-5.0%"),
        (None, Decimal(95), YUAN, "—"),
        (Decimal(5), Decimal(5), YUAN, "5.00 元"),
    ],
)
def test_a_change_is_points_of_a_share_and_percent_of_anything_else(by: Decimal | None, value: Decimal, column: Any, said: str) -> None:
    assert change(by, value, column, ZH) == said


def test_titles_say_which_part_stands_out() -> None:
    parts = [Part("a", Decimal("0.9"), None, None), Part("b", Decimal("0.2"), None, None), Part("c", None, None, None)]
    assert parts_told(parts, SHARE, str.upper, ZH) == "最高：A（90.0%）；最低：B（20.0%）"
    steady, moving = values("10", "11"), values("10", None, "20")
    assert unsteady({"steady": steady, "moving": moving}, 5) == ["moving", "steady"]
