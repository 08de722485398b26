"""命令行 · The command line as people use it: what is printed, where, and with which exit code."""

import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from heng.app.region import Region
from heng.core.errors import HengError
from heng.serve.cli import show as show_module
from heng.serve.cli.main import COMMANDS, main
from heng.serve.cli.whatif import change
from tests.store.tiny import PAY, booked, command, heng, total, worked_out

Said = tuple[int, str, str]
Heng = Callable[..., Said]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    worked_out(folder / "region", folder / "files")
    return folder


@pytest.fixture
def region(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made / "region", tmp_path / "region")
    return tmp_path / "region"


@pytest.fixture
def say(region: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Heng:
    """Run a command in the region and in this process; exit code, stdout, stderr."""
    monkeypatch.chdir(region)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("HENG_REGION", raising=False)
    monkeypatch.delenv("HENG_LANG", raising=False)

    def run(*words: str | Path) -> Said:
        code = main([str(w) for w in words])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def data(said: Said) -> dict[str, object]:
    """What a --json command printed: JSON and nothing else."""
    assert said[2] == ""
    return json.loads(said[1])  # type: ignore[no-any-return]


# ---------------------------------------------------------------- help, language, errors


def test_help_names_every_command_and_comes_at_once(newcomer: dict[str, str]) -> None:
    env = newcomer | {"COLUMNS": "120"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        told = subprocess.run(command("--help"), capture_output=True, text=True, check=True, env=env)
        times.append(time.perf_counter() - begun)
    for name in (*COMMANDS, "restore"):
        assert re.search(rf"^│ {name}\s+\S*[\u4e00-\u9fff]", told.stdout, re.MULTILINE), name
    if os.getloadavg()[0] < 2:  # a crowded machine says nothing about us
        assert statistics.median(times) < 0.5


def test_help_needs_neither_engine_nor_frames() -> None:
    code = "import sys, heng.serve.cli.main; sys.exit(bool({'duckdb', 'polars', 'numpy', 'yaml', 'heng.app.region'} & set(sys.modules)))"
    assert subprocess.run([*command()[:1], "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", [*COMMANDS, "restore"])
def test_every_command_explains_itself_in_both_languages(say: Heng, name: str) -> None:
    code, out, _ = say(name, "--help")
    assert code == 0
    assert re.search(r"[\u4e00-\u9fff].* · [A-Z]", out)


def test_version(say: Heng) -> None:
    assert re.fullmatch(r"heng \d+\.\d+\.\d+\n", say("--version")[1])


@pytest.mark.parametrize("where", ["before", "after", "equals", "environment"])
def test_the_language_may_be_told_anywhere(say: Heng, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if where == "environment":
        monkeypatch.setenv("HENG_LANG", "en_US.UTF-8")
    words = {
        "before": ["--lang", "en", "close", "--list"],
        "after": ["close", "--list", "--lang", "en"],
        "equals": ["close", "--lang=en", "--list"],
        "environment": ["close", "--list"],
    }
    assert say(*words[where])[1] == "no month is closed\n"
    monkeypatch.delenv("HENG_LANG", raising=False)
    assert say("close", "--list")[1] == "没有结账的月份\n"


def test_an_error_is_told_in_both_languages_the_chosen_one_first(say: Heng) -> None:
    code, out, err = say("show", "DeptCots")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "没有名为 DeptCots 的能力、表或指标", "→ 是否想写 DeptCost？",
        "there is no capability, table or indicator DeptCots", "→ did you mean DeptCost?",
    ]  # fmt: skip
    assert say("show", "DeptCots", "--lang", "en")[2].splitlines()[0] == "there is no capability, table or indicator DeptCots"


@pytest.mark.parametrize(
    "words", [["shwo"], ["load"], ["show", "--limit", "many"], ["show", "--nothing"], ["--lang"], ["export", "2026-01"]]
)
def test_a_wrong_command_line_is_explained(say: Heng, words: list[str]) -> None:
    code, out, err = say(*words)
    assert (code, out) == (2, "")
    assert err.startswith("命令行有误")
    assert "--help" in err


def test_outside_a_region_the_first_step_is_told(say: Heng, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = say("show", "DeptCost")
    assert code == 2
    assert "先用 heng new" in err


def test_the_region_is_found_from_a_folder_inside_and_by_name(
    say: Heng, region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(region / "policy")
    assert say("close", "--list")[0] == 0
    monkeypatch.chdir(tmp_path.parent)
    assert say("close", "--list")[0] == 2
    assert say("close", "--list", "--region", region)[0] == 0
    monkeypatch.setenv("HENG_REGION", str(region))
    assert say("close", "--list")[0] == 0


def test_a_surprise_is_told_kindly_and_with_debug_in_full(say: Heng, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("surprise")

    monkeypatch.setattr(show_module, "seen_rows", broken)
    code, _, err = say("show", "DeptCost")
    assert code == 2
    assert "出了意外" in err
    assert "unexpected error" in err
    assert "Traceback" not in err
    with pytest.raises(ZeroDivisionError):
        say("show", "DeptCost", "--debug")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_interrupted_command_ends_quietly(say: Heng, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(show_module, "seen_rows", stopped)
    code, out, err = say("show", "DeptCost", "--lang", lang)
    assert (code, out) == (130, "")
    assert len(err.strip().splitlines()) == 1


LONG = """
import sys
import heng.serve.cli.show as show
from heng.serve.cli.main import main
from heng.store.engine import Engine

def endless(*_, **__):
    print("begun", file=sys.stderr, flush=True)
    Engine().rows("select count(*) from range(100000000) a, range(100000) b where (a.range * b.range) % 7 = 3")

show.seen_rows = endless
sys.exit(main(sys.argv[1:]))
"""


def test_a_long_query_is_interrupted_at_once(made: Path) -> None:
    words = [*command()[:1], "-c", LONG, "show", "DeptCost", "--region", str(made / "region")]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr
        assert running.stderr.readline() == "begun\n"
        time.sleep(0.3)
        begun = time.monotonic()
        running.send_signal(signal.SIGINT)
        said = running.stderr.read()
        assert running.wait() == 130
    assert "已中断" in said
    assert "Traceback" not in said
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("encoding", ["ascii", "gb18030", "cp1252"])
def test_a_terminal_that_is_not_utf8_does_not_crash(made: Path, encoding: str) -> None:
    env = dict(os.environ) | {"PYTHONIOENCODING": encoding, "LC_ALL": "C", "COLUMNS": "100"}
    told = subprocess.run(command("show", "TieOut", "--region", made / "region"), capture_output=True, env=env, check=False)
    assert told.returncode == 0, told.stderr
    assert b"Traceback" not in told.stderr
    if encoding == "gb18030":
        assert "合计" not in told.stdout.decode(encoding)
        assert "总账" in told.stdout.decode(encoding)


def test_a_reader_that_goes_away_is_no_surprise(made: Path) -> None:
    with subprocess.Popen(command("show", "--region", made / "region"), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        assert b"Traceback" not in running.stderr.read()


# ---------------------------------------------------------------- the way of a month


def test_from_nothing_to_a_worked_out_month(say: Heng, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = say("new", "新医联体", "--hospital", "H01=试验医院:二级", "--hospital", "H02=另一医院")
    assert code == 0
    assert "heng load" in out
    assert [h.level for h in Region(tmp_path / "新医联体").hospitals.values()] == ["二级", ""]
    monkeypatch.chdir(tmp_path / "新医联体")
    code, out, _ = say("load", made / "files", "--org", "H01")
    assert code == 0
    assert "科室字典：5 行" in out
    code, out, _ = say("load", made / "files", "--org", "试验医院")
    assert (code, "没有变化 16 个" in out or "没有变化 15 个" in out) == (0, True)
    assert say("run", "2026-01")[0] == 0
    assert say("show", "科室全成本", "--json")[0] == 0
    assert say("new", "新医联体", "--path", ".")[0] == 2


def test_a_hospital_that_cannot_be_read_is_explained(say: Heng) -> None:
    code, _, err = say("new", "区域", "--hospital", "第一医院")
    assert code == 2
    assert "H01=示范市第一医院:三级" in err


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
    assert say("load", odd, "--org", "H01", "--as", "Income")[0] == 1
    assert say("load", odd, "--org", "H01", "--map", "钱数小计=金额")[0] == 2
    assert say("load", odd, "--org", "H01", "--as", "Income", "--map", "钱数小计=钱")[0] == 2
    assert say("load", odd, "--org", "H01", "--as", "Income", "--map", "钱数小计=金额")[0] == 0
    again = tmp_path / "四月.csv"
    again.write_text(odd.read_text("utf8").replace("2026-03", "2026-04"), "utf8")
    assert say("load", again, "--org", "H01", "--as", "Income")[0] == 0


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


# ---------------------------------------------------------------- show


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
    quarter = data(
        say("show", "ScopeCost", "--period", "2026Q1", "--dept", "0402", "--where", "scope=medical", "--where", "item=staff", "--json")
    )["rows"]
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


# ---------------------------------------------------------------- why, what if, diff, close


def test_why_goes_down_to_files_and_rows(say: Heng) -> None:
    found = data(say("why", "costing.step_down", "--org", "H01", "--month", "2026-01", "--dept", "内科住院", "--json"))
    sources = found["sources"]
    assert isinstance(sources, list)
    assert sum(Decimal(s["contribution"]) for s in sources) == Decimal(str(found["figure"]))
    assert {s["name"] for s in sources} == {"成本归集2026-01.csv"}
    out = say("why", "costing.step_down", "--org", "H01", "--month", "2026-01", "--dept", "内科住院")[1]
    assert "国卫财务发〔2021〕4号" in out
    assert "成本归集2026-01.csv" in out


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


def test_two_region_folders_are_compared(say: Heng, made: Path) -> None:
    assert say("diff", made / "region", ".")[:2] == (0, "没有差异\n")


# ---------------------------------------------------------------- check, export, care of the folder


def test_check_shows_the_scorecard_with_denominators(say: Heng, tmp_path: Path) -> None:
    found = data(say("check", "--json", "--failures", tmp_path / "f.xlsx"))
    assert found["types"] == []
    results = found["results"]
    assert isinstance(results, list)
    assert {"check", "outcome", "checked", "failed"} <= set(results[0])
    assert (tmp_path / "f.xlsx").stat().st_size > 100
    out = say("check")[1]
    assert "0 处问题" in out
    assert re.search(r"检查 \d+ 项：通过 \d+", out)


def test_check_outside_a_region_binds_every_capability(say: Heng, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert say("check")[:1] == (0,)


def test_export_names_its_files(say: Heng, tmp_path: Path) -> None:
    code, out, _ = say("export", "2026-01", "--org", "H01", "--to", tmp_path / "out")
    assert code == 0
    written = [line for line in out.splitlines() if line.endswith(".xlsx")]
    assert len(written) >= 2
    assert all(Path(w).exists() for w in written)


def test_doctor_finds_what_is_damaged(say: Heng, region: Path) -> None:
    assert say("doctor")[0] == 0
    sound = data(say("doctor", "--json"))
    assert sound["sound"] is True
    held = Region(region).manifest.parts
    (region / held[0].file).unlink()
    (region / held[1].file).write_bytes(b"PAR1")
    (region / "data/stray.parquet").write_bytes(b"")
    code, out, _ = say("doctor")
    assert code == 1
    assert f"缺 {held[0].file}" in out
    assert f"内容已坏 {held[1].file}" in out
    assert "stray.parquet" in out


def test_backup_and_restore(say: Heng, tmp_path: Path) -> None:
    assert say("backup", tmp_path / "b.zip")[0] == 0
    assert say("restore", tmp_path / "b.zip", "--to", tmp_path / "again")[0] == 0
    assert say("restore", tmp_path / "b.zip", "--to", tmp_path / "again")[0] == 2
    assert say("diff", ".", tmp_path / "again")[0] == 0
    assert say("migrate", "--dry-run")[1] == "没有要迁移的数据\n"


def test_benches_are_listed_with_their_targets_in_a_checkout_only(say: Heng, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = json.loads(say("bench", "--json")[1])
    assert all(b["targets"] for b in listed.values())
    assert say("bench", "nothing")[0] == 2
    monkeypatch.setattr("heng.serve.cli.bench.CHECKOUT", tmp_path)
    monkeypatch.setattr("heng.serve.cli.bench.benches.__defaults__", (tmp_path,))
    code, _, err = say("bench")
    assert code == 2
    assert "源码目录" in err


def test_the_demo_does_not_empty_a_folder_that_is_not_its_own(say: Heng, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.txt").write_text("years of work", "utf8")
    assert say("demo", "--to", tmp_path / "mine")[0] == 2
    assert (tmp_path / "mine/thesis.txt").exists()


def test_the_command_runs_as_a_program(made: Path) -> None:
    told = heng("show", "DeptCost", "--json", "--region", made / "region")
    assert told.returncode == 0
    assert json.loads(told.stdout)["rows"]
