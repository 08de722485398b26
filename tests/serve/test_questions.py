"""追问、假如、比较、结账 · Why, what if, difference, closing."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from heng.app.region import Region
from heng.core.errors import HengError
from heng.serve.cli.whatif import change
from tests.serve.spoken import Heng, data
from tests.store.tiny import PAY, booked


def test_why_goes_down_to_files_and_rows(say: Heng) -> None:
    found = data(say("why", "costing.step_down", "--org", "H01", "--month", "2026-01", "--dept", "内科住院", "--json"))
    sources = found["sources"]
    assert isinstance(sources, list)
    assert sum(Decimal(s["contribution"]) for s in sources) == Decimal(str(found["figure"]))
    assert {s["name"] for s in sources} == {"成本归集2026-01.csv"}
    out = say("why", "costing.step_down", "--org", "H01", "--month", "2026-01", "--dept", "内科住院")[1]
    assert "国卫财务发〔2021〕4号" in out
    assert "成本归集2026-01.csv" in out


def test_a_parameter_is_shown_as_it_is_written_and_a_long_one_is_cut(say: Heng) -> None:
    out = say("why", "costing.step_down", "--org", "H01", "--month", "2026-01", "--dept", "内科住院")[1]
    values = re.findall(r"^  [a-z]+\.[a-z_]+\.[a-z_]+ .*? = (.*)（", out, re.MULTILINE)
    assert any(v.startswith("{admin: ") for v in values)
    assert any(v.endswith("…") for v in values)
    assert max(map(len, values)) <= 100
    assert not [v for v in values if "': " in v or "True" in v], "as in Python"
    params = data(say("why", "costing.step_down", "--org", "H01", "--month", "2026-01", "--json"))["params"]
    assert isinstance(params, list)
    assert all(yaml.safe_load(p["value"]) is not None for p in params)


def test_what_if_shows_what_moves_and_changes_nothing(say: Heng, region: Path) -> None:
    generation = Region(region).manifest.generation
    rule = "costing.step_down.peer={admin: false, support: false, medtech: false}"
    assert "0 行不同" in say("whatif", rule, "--show", "costing.result", "--org", "H01", "--month", "2026-01")[1].replace("有 ", "")
    code, _, err = say("whatif", "costing.step_down.pear=1", "--show", "costing.result")
    assert (code, "did you mean" in err) == (2, True)
    assert Region(region).manifest.generation == generation
    assert list(region.glob(".scratch*")) == []


def test_a_change_is_read_as_yaml() -> None:
    assert change("a.b={x: true, y: [1, 2]}") == ("a.b", {"x": True, "y": [1, 2]})
    for text in ("a.b", "a.b={x"):
        with pytest.raises(HengError):
            change(text)


def test_close_reopen_and_the_difference_to_what_was_closed(say: Heng, tmp_path: Path) -> None:
    assert say("close", "2026-01", "--org", "H01", "--by", "张三")[0] == 0
    more = tmp_path / "成本归集2026-01.csv"
    more.write_text(booked("2026-01", PAY | {"0402": "210001.05"}), "utf8")
    assert say("load", more, "--org", "H01")[0] == 1
    assert "H01 2026-01 已结账" in say("run", "2026-01")[1]
    assert say("close", "2026-01", "--org", "H01", "--reopen", "--by", "张三", "--reason", "补")[0] == 2
    assert say("close", "2026-01", "--org", "H01", "--reopen", "--by", "李四", "--reason", "补发")[0] == 0
    assert "李四" in say("close", "--list")[1]
    assert say("load", more, "--org", "H01")[0] == 0
    say("run", "2026-01")
    code, out, _ = say("diff", "closed:H01:2026-01", "now", "--table", "DeptCost")
    assert code == 1
    assert "改变 1" in out
    rows = json.loads(say("diff", "closed:H01:2026-01", "now", "--table", "DeptCost", "--json")[1])["DeptCost"]
    assert [(r["dept"], Decimal(r["amount_after"]) - Decimal(r["amount_before"])) for r in rows] == [("0402", Decimal("1.00"))]
    assert say("diff", "now", "now") == (0, "没有差异\n", "")
    assert say("diff", "closed:H01:2026-02", "now")[0] == 2
    assert say("close", "--org", "H01")[0] == 2


def test_two_region_folders_are_compared(say: Heng, pattern: Path) -> None:
    assert say("diff", pattern / "region", ".")[:2] == (0, "没有差异\n")
