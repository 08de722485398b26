"""检查、导出与维护 · Check, export, and the care of a region's folder."""

import json
import re
from pathlib import Path

import pytest

from heng.app.region import Region
from tests.serve.spoken import Heng, data
from tests.store.tiny import heng


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
    assert "--lines" in say("bench", "region", "--lines", "5")[2]
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


def test_the_command_runs_as_a_program(pattern: Path) -> None:
    told = heng("show", "DeptCost", "--json", "--region", pattern / "region")
    assert told.returncode == 0
    assert json.loads(told.stdout)["rows"]
