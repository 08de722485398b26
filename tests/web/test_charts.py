"""图 · Charts: what is drawn is what the table beside it says, and colour is never alone."""

import json
from decimal import Decimal

from heng.core.table import money, rate
from heng.serve.voice import Voice
from heng.serve.web.charts import HATCH, ROWS, bars, heat, quadrants, sankey, trend, waterfall
from heng.serve.web.series import Flow, Grid, Limits, Point, Scale, Spot

YUAN = Scale(money("金额", "amount"), Voice(lang="zh"))
SHARE = Scale(rate("成本率", "cost rate", "1"), Voice(lang="en"))


def test_a_trend_shows_every_month_its_limits_and_the_shape_of_its_alerts() -> None:
    months = [Point("2026-01", Decimal("0.30")), Point("2026-02", None), Point("2026-03", Decimal("0.36"), level="red")]
    option = trend(months, SHARE, Limits(Decimal("0.30"), Decimal("0.25"), Decimal("0.35"), Decimal("0.33")))
    points = option["series"][0]["data"]
    assert [p["value"] for p in points] == [0.30, "-", 0.36]
    assert (points[0].get("symbol"), points[2]["symbol"]) == (None, "triangle")
    assert [line["yAxis"] for line in option["series"][0]["markLine"]["data"]] == [0.30, 0.35, 0.25, 0.33]
    assert option["yAxis"]["min"] < 0.25
    assert option["yAxis"]["max"] > 0.36
    assert option["table"]["rows"][1] == ["2026-02", "—", ""]
    assert option["table"]["rows"][2] == ["2026-03", "36.0%", "red"]
    assert option["table"]["rows"][3:] == [["centre", "30.0%", ""], ["upper", "35.0%", ""], ["lower", "25.0%", ""], ["watch", "33.0%", ""]]


def test_bars_are_sorted_and_what_is_negative_is_hatched() -> None:
    option = bars([Point("甲", Decimal(-5)), Point("乙", Decimal(7), level="yellow"), Point("丙", None), Point("丁", Decimal(2))], YUAN)
    drawn = option["series"][0]["data"]
    assert [p["name"] for p in drawn] == ["甲", "丁", "乙"]  # drawn from below
    assert [p["itemStyle"].get("decal") for p in drawn] == [HATCH, None, None]
    assert [p.get("mark", "") for p in drawn] == ["", "", " ◆"]
    assert [row[:2] for row in option["table"]["rows"]] == [["乙", "7.00 元"], ["丁", "2.00 元"], ["甲", "-5.00 元"]]


def test_of_many_bars_the_first_and_the_last_are_drawn_and_the_table_has_all() -> None:
    option = bars([Point(f"科{n:02}", n) for n in range(40)], YUAN)
    names = [p["name"] for p in option["series"][0]["data"]]
    assert (len(names), names[0], names[-1]) == (ROWS, "科00", "科39")
    assert len(option["table"]["rows"]) == 40


def test_a_bridge_goes_from_one_value_to_the_other_by_its_causes() -> None:
    start, end = Point("对照月", Decimal(100)), Point("本月", Decimal(115))
    option = waterfall(start, [Point("用量", Decimal(25)), Point("价格", Decimal(-10))], end, YUAN)
    floor, ends, rises, falls = (s["data"] for s in option["series"])
    assert floor == [0, 100, 115, 0]
    assert [e if e == "-" else e["value"] for e in ends] == [100, "-", "-", 115]
    assert [r if r == "-" else r["value"] for r in rises] == ["-", 25, "-", "-"]
    assert (falls[2]["value"], falls[2]["told"]) == (10, -10)
    assert option["table"]["rows"] == [["对照月", "100.00 元"], ["用量", "25.00 元"], ["价格", "-10.00 元"], ["本月", "115.00 元"]]
    assert option["xAxis"]["min"] == 100 - 25  # small causes beside a large whole: the axis begins near them
    assert "min" not in waterfall(Point("前", 10), [Point("用量", 90)], Point("后", 100), YUAN)["xAxis"]


def test_flows_of_nothing_are_left_out() -> None:
    option = sankey([Flow("行政", "医技", Decimal("10.50")), Flow("行政", "临床", Decimal(0)), Flow("医技", "临床", None)], YUAN)
    assert [n["name"] for n in option["series"][0]["data"]] == ["行政", "医技"]
    assert option["table"]["rows"] == [["行政", "医技", "10.50 元"]]


def test_a_heat_map_tells_what_is_not_known_from_nought() -> None:
    option = heat(Grid(["一院"], ["01", "02", "03"], [[Decimal(0), None, Decimal(4)]], [["/a", "", "/c"]]), YUAN)
    cells = option["series"][0]["data"]
    assert [c["value"] for c in cells] == [[0, 0, 0], [1, 0, "-"], [2, 0, 4]]
    assert [c.get("href") for c in cells] == ["/a", None, "/c"]
    assert cells[2]["label"] == {"color": "#fff"}  # light figures on a dark cell
    assert option["table"] == {"head": ["金额", "01", "02", "03"], "rows": [["一院", "0.00 元", "—", "4.00 元"]]}


def test_quadrants_part_at_the_middle_one_and_leave_out_what_is_half_known() -> None:
    spots = [Spot("甲", 1, 10), Spot("乙", 3, 30), Spot("丙", 2, 20), Spot("丁", None, 5)]
    option = quadrants(spots, YUAN, SHARE)
    assert [p["name"] for p in option["series"][0]["data"]] == ["甲", "乙", "丙"]
    assert option["series"][0]["markLine"]["data"] == [{"xAxis": 2}, {"yAxis": 20}]
    assert len(option["table"]["rows"]) == 4


def test_every_chart_goes_into_a_page_as_plain_json() -> None:
    point, none = Point("甲", Decimal("1.5"), "/x", "red"), Point("乙", None)
    made = (
        trend([point, none], YUAN),
        trend([], YUAN),
        bars([point, none], YUAN, Decimal(1)),
        waterfall(point, [none], point, YUAN),
        sankey([], YUAN),
        heat(Grid([], [], []), YUAN),
        quadrants([], YUAN, SHARE),
    )
    for option in made:
        assert json.loads(json.dumps(option, allow_nan=False))["table"]["head"]
