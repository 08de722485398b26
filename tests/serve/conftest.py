"""命令行试验的场地 · A copy of the tiny region for each test, and a way to speak to it."""

import shutil
from pathlib import Path

import pytest

from heng.serve.cli.main import main
from tests.serve.spoken import Heng, Said


@pytest.fixture
def region(pattern: Path, tmp_path: Path) -> Path:
    shutil.copytree(pattern / "region", tmp_path / "region")
    return tmp_path / "region"


@pytest.fixture
def say(region: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Heng:
    """Run a command in the region and in this process; exit code, stdout, stderr."""
    monkeypatch.chdir(region)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("HENG_REGION", raising=False)
    monkeypatch.delenv("HENG_LANG", raising=False)
    monkeypatch.setattr("heng.serve.months.this_month", lambda: "2026-06")

    def run(*words: str | Path) -> Said:
        code = main([str(w) for w in words])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run
