"""一个月的路 · The way of a month: new, load, run, as people do it."""

import re
import shlex
from pathlib import Path

import pytest

from heng.app.region import Region
from tests.serve.spoken import Heng, data
from tests.store.tiny import DEPARTMENTS, PAY, booked


def test_from_nothing_to_a_worked_out_month(say: Heng, pattern: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = say("new", "新医联体", "--hospital", "H01=试验医院:二级", "--hospital", "H02=另一医院")
    assert code == 0
    assert "heng load" in out
    assert [h.level for h in Region(tmp_path / "新医联体").hospitals.values()] == ["二级", ""]
    monkeypatch.chdir(tmp_path / "新医联体")
    code, out, _ = say("load", pattern / "files", "--org", "H01")
    assert code == 0
    assert "科室字典：5 行" in out
    code, out, _ = say("load", pattern / "files", "--org", "试验医院")
    assert (code, "没有变化 16 个" in out or "没有变化 15 个" in out) == (0, True)
    assert say("run", "2026-01")[0] == 0
    assert say("show", "科室全成本", "--json")[0] == 0
    assert say("new", "新医联体", "--path", ".")[0] == 2


def test_a_hospital_that_cannot_be_read_is_explained(say: Heng) -> None:
    code, _, err = say("new", "区域", "--hospital", "第一医院")
    assert code == 2
    assert "H01=示范市第一医院:三级" in err


@pytest.mark.parametrize("name", ["", "  "])
def test_a_region_needs_a_name(say: Heng, region: Path, name: str) -> None:
    held = sorted(region.iterdir())
    code, _, err = say("new", name)
    assert code == 2
    assert "名称是空的" in err
    assert sorted(region.iterdir()) == held


def test_a_load_tells_the_months_of_every_table(say: Heng, tmp_path: Path) -> None:
    area = tmp_path / "面积.csv"
    area.write_text("统计年月,科室编码,面积\n2026-03,0401,5\n2026-04,0401,5\n2026-06,0401,6\n", "utf8")
    (tmp_path / "科室字典.csv").write_text(DEPARTMENTS.replace("内科门诊", "内科"), "utf8")
    code, out, err = say("load", area, tmp_path / "科室字典.csv", "--org", "H01")
    assert (code, err) == (0, "")
    assert "科室面积：3 行（2026-03..2026-04、2026-06）" in out
    assert "科室字典：5 行\n" in out
    assert "Area: 3 rows (2026-03..2026-04, 2026-06)" in say("load", area, "--org", "H01", "--replace", "--lang", "en")[1].replace(
        "、", ", "
    )
    assert data(say("load", area, "--org", "H01", "--replace", "--json"))["months"] == {"Area": ["2026-03", "2026-04", "2026-06"]}


@pytest.mark.parametrize(
    ("month", "odd"), [("2099-12", True), ("2026-07", True), ("2026-06", False), ("2016-06", False), ("2016-05", True)]
)
def test_a_month_that_is_hardly_meant_is_pointed_out(say: Heng, tmp_path: Path, month: str, *, odd: bool) -> None:
    area = tmp_path / "面积.csv"
    area.write_text(f"统计年月,科室编码,面积\n{month},0401,5\n", "utf8")
    code, out, err = say("load", area, "--org", "H01")
    assert code == 0
    assert month in out
    assert (month in err, "年份" in err) == (odd, odd)


def test_an_empty_folder_is_refused(say: Heng, region: Path, tmp_path: Path) -> None:
    (tmp_path / "三月/附件").mkdir(parents=True)
    (tmp_path / "三月/~$收入.xlsx").write_bytes(b"")
    generation = Region(region).manifest.generation
    code, out, err = say("load", tmp_path / "三月", "--org", "H01")
    assert (code, out) == (2, "")
    assert "文件夹里没有可装入的文件" in err
    assert "put the hospital's files there" in err
    assert Region(region).manifest.generation == generation


def test_headers_that_no_template_knows_get_a_guess_and_the_options_to_copy(say: Heng, tmp_path: Path) -> None:
    odd = tmp_path / "钱.csv"
    odd.write_text("年月,开单科室,执行科室名,收费类别,金额 小计=额,血压\n2026-03,0401,0301,检验费,7.50,x\n", "utf8")
    code, out, _ = say("load", odd, "--org", "H01")
    assert code == 1
    assert re.search("「执行科室名」像「执行科室编码」（相似 \\d+%）", out)
    assert "血压」像" not in out
    told = re.search(r"加上：(.*)", out)
    assert told
    words = shlex.split(told[1])
    assert words[:2] == ["--table", "Income"]
    guessed = data(say("load", odd, "--org", "H01", "--json"))["proposed"]
    assert isinstance(guessed, dict)
    assert set(guessed["钱.csv"]["钱.csv"]["proposed"]) == {"执行科室名", "金额 小计=额"}
    assert say("load", odd, "--org", "H01", *words)[0] == 0


def test_a_file_that_cannot_be_read_gets_no_guess(say: Heng, tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"%PDF-1.7")
    assert data(say("load", tmp_path / "x.xlsx", "--org", "H01", "--json"))["proposed"] == {}


def test_rows_sent_back_are_shown_and_tell_the_shell(say: Heng, tmp_path: Path) -> None:
    bad = tmp_path / "成本归集2026-01.csv"
    bad.write_text(booked("2026-01", PAY | {"0401": "见附件"}), "utf8")
    code, out, _ = say("load", bad, "--org", "H01")
    assert code == 1
    assert "见附件" in out
    assert "退回的行" in out
    found = data(say("load", bad, "--org", "H01", "--replace", "--json"))
    assert found["returned"]
    assert found["findings"]


def test_a_refused_file_does_not_stop_the_others(say: Heng, tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"%PDF-1.7")
    good = tmp_path / "成本归集2026-03.csv"
    good.write_text(booked("2026-03", PAY), "utf8")
    code, out, _ = say("load", tmp_path / "x.xlsx", good, "--org", "H01")
    assert code == 1
    assert "装入 1 个文件" in out
    assert "未收 1 个" in out


def test_a_header_is_taught_once(say: Heng, tmp_path: Path) -> None:
    odd = tmp_path / "钱.csv"
    odd.write_text("统计年月,开单科室编码,执行科室编码,收费类别,钱数小计\n2026-03,0401,0301,检验费,1.00\n", "utf8")
    assert say("load", odd, "--org", "H01", "--table", "Income")[0] == 1
    assert say("load", odd, "--org", "H01", "--map", "钱数小计=金额")[0] == 2
    assert say("load", odd, "--org", "H01", "--table", "Income", "--map", "钱数小计=钱")[0] == 2
    assert say("load", odd, "--org", "H01", "--table", "Income", "--map", "钱数小计=金额")[0] == 0
    again = tmp_path / "四月.csv"
    again.write_text(odd.read_text("utf8").replace("2026-03", "2026-04"), "utf8")
    assert say("load", again, "--org", "H01", "--table", "Income")[0] == 0


def test_a_run_tells_what_it_did_and_a_second_one_does_nothing(say: Heng) -> None:
    first = data(say("run", "--json"))
    assert first["skipped"]
    again = data(say("run", "--json"))
    assert (again["written"], again["blocked"], again["generation"]) == ({}, [], first["generation"])
    assert say("run", "2099-01")[0] == 2
    assert say("run", "third of May")[0] == 2


def test_a_blocked_month_tells_why(say: Heng, tmp_path: Path) -> None:
    lost = tmp_path / "成本归集2026-01.csv"
    lost.write_text(booked("2026-01", PAY | {"0999": "5.00"}), "utf8")
    say("load", lost, "--org", "H01")
    code, out, _ = say("run", "2026-01")
    assert code == 1
    assert "H01 2026-01 未算：" in out
    assert "0999" in out
    blocked = data(say("run", "2026-01", "--json"))["blocked"]
    assert isinstance(blocked, list)
    assert blocked[0]["month"] == "2026-01"
