"""语言与出错 · Help, language, errors: what is said, where, and with which exit code."""

import errno
import os
import re
import signal
import statistics
import subprocess
import time
from pathlib import Path

import pytest

from heng.serve.cli import show as show_module
from heng.serve.cli.main import COMMANDS
from tests.serve.spoken import Heng
from tests.store.tiny import command


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
    assert not loaded("registered()") & {"duckdb", "polars", "numpy", "yaml", "heng.app.region"}


def test_a_command_needs_no_other_command() -> None:
    known = {f"heng.serve.cli.{name}" for name in COMMANDS}
    assert loaded("registered('show')") & known == {"heng.serve.cli.show"}
    assert loaded("registered('restore')") & known == known  # no module bears its name


def test_who_needs_no_desk_opens_none(region: Path) -> None:
    says = [["show", "costing.result"], ["why", "costing.result", "--org", "H01"], ["whatif", "--help"], ["check"]]
    needed = loaded(f"[main(['--region', {str(region)!r}, *words]) for words in {says}]")
    assert "polars" in needed
    assert not needed & {"sqlalchemy", "heng.desk.schema"}


def loaded(done: str) -> set[str]:
    """The modules that something done with the command line has loaded."""
    code = f"import sys; from heng.serve.cli.main import main, registered; {done}; print(*sys.modules)"
    told = subprocess.run([*command()[:1], "-c", code], capture_output=True, text=True, check=True)
    return set(told.stdout.splitlines()[-1].split())


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
    "words",
    [["shwo"], ["load"], ["show", "--limit", "many"], ["show", "--nothing"], ["--lang"], ["export", "2026-01"]]
    + [[*words, "--limit", "0"] for words in (["show"], ["why", "x", "--org", "H01"], ["whatif", "a=1", "--show", "x"], ["diff", "1", "2"])]
    + [["load", ".", "--org", "H01", "--limit", "-1"]],
)
def test_a_wrong_command_line_is_explained(say: Heng, words: list[str]) -> None:
    code, out, err = say(*words)
    assert (code, out) == (2, "")
    assert err.startswith("命令行有误")
    assert "--help" in err


@pytest.mark.parametrize("words", [["--lang", "xx", "close", "--list"], ["close", "--list", "--lang=fr"], ["show", "--lang", ""]])
def test_a_language_that_we_do_not_speak_is_refused_with_the_two_that_we_do(say: Heng, words: list[str]) -> None:
    code, out, err = say(*words)
    assert (code, out) == (2, "")
    assert "zh（中文）" in err
    assert "en (English)" in err


@pytest.mark.parametrize(
    ("error", "what", "mend"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "磁盘已满", "free some space"),
        (OSError("No space left on device (os error 28)"), "磁盘已满", "free some space"),
        (OSError(errno.EROFS, "Read-only file system", "/r/CURRENT"), "/r/CURRENT: 这里只能读", "can be written"),
        (PermissionError(errno.EACCES, "Permission denied", "/r/data"), "/r/data: 没有权限", "permissions"),
        (FileNotFoundError(errno.ENOENT, "No such file", "甲.zip"), "甲.zip: 没有这个文件", "how the path is written"),
        (OSError(errno.EIO, "Input/output error"), "系统错误：Input/output error", "check the disk"),
        (OSError(), "系统错误：OSError", "check the disk"),
    ],
)
def test_an_error_of_the_system_says_what_to_do(say: Heng, monkeypatch: pytest.MonkeyPatch, error: OSError, what: str, mend: str) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(show_module, "seen_rows", fails)
    code, out, err = say("show", "DeptCost")
    assert (code, out) == (2, "")
    assert err.startswith(what)
    assert mend in err.splitlines()[-1]
    assert "None" not in err


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
from heng.store.engine import DuckDB

def endless(*_, **__):
    print("begun", file=sys.stderr, flush=True)
    DuckDB().rows("select count(*) from range(100000000) a, range(100000) b where (a.range * b.range) % 7 = 3")

show.seen_rows = endless
sys.exit(main(sys.argv[1:]))
"""


def test_a_long_query_is_interrupted_at_once(pattern: Path) -> None:
    words = [*command()[:1], "-c", LONG, "show", "DeptCost", "--region", str(pattern / "region")]
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
def test_a_terminal_that_is_not_utf8_does_not_crash(pattern: Path, encoding: str) -> None:
    env = dict(os.environ) | {"PYTHONIOENCODING": encoding, "LC_ALL": "C", "COLUMNS": "100"}
    told = subprocess.run(command("show", "TieOut", "--region", pattern / "region"), capture_output=True, env=env, check=False)
    assert told.returncode == 0, told.stderr
    assert b"Traceback" not in told.stderr
    if encoding == "gb18030":
        assert "合计" not in told.stdout.decode(encoding)
        assert "总账" in told.stdout.decode(encoding)


def test_a_reader_that_goes_away_is_no_surprise(pattern: Path) -> None:
    with subprocess.Popen(command("show", "--region", pattern / "region"), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        assert b"Traceback" not in running.stderr.read()
