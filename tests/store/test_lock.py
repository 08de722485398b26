"""一个区域一个写者 · One writer per region; the second one is told who the first is."""

import getpass
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from heng.app.region import Region
from heng.core.errors import StoreError
from heng.store.lock import writer_now, writing
from tests.store.tiny import heng

HOLD = """
import sys, time
from pathlib import Path
from heng.store.lock import writing
with writing(Path(sys.argv[1]), "张三", "heng load"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def held(region: Region) -> "subprocess.Popen[str]":
    """Another process that writes."""
    other = subprocess.Popen([sys.executable, "-c", HOLD, str(region.path)], stdout=subprocess.PIPE, text=True)
    with other:
        assert other.stdout
        assert other.stdout.readline().strip() == "held"
        yield other
        other.kill()


def test_the_second_writer_gets_the_name_of_the_first(region: Region, held: "subprocess.Popen[str]") -> None:
    with pytest.raises(StoreError) as said, writing(region.path, "李四", "heng run"):
        pytest.fail("two writers at once")
    assert f"张三（进程 {held.pid}）正在执行 heng load" in str(said.value)
    refused = heng("run", "--region", region.path)
    assert refused.returncode == 2
    assert "张三" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert refused.stdout == ""


def test_readers_need_no_lock(region: Region, held: "subprocess.Popen[str]", tmp_path: Path) -> None:
    assert held.poll() is None
    assert heng("show", "TieOut", "--json", "--region", region.path).returncode == 0
    assert heng("backup", tmp_path / "b.zip", "--region", region.path).returncode == 0
    assert writer_now(region.path) == {"owner": "张三", "pid": held.pid, "doing": "heng load"}


def test_the_lock_of_a_killed_writer_is_free_at_once(region: Region, held: "subprocess.Popen[str]") -> None:
    held.send_signal(signal.SIGKILL)
    held.wait()
    assert writer_now(region.path) is None
    with writing(region.path, getpass.getuser(), "heng run"):
        now = writer_now(region.path)
    assert now is None or now["pid"] == os.getpid()


def test_a_command_that_fails_lets_go(region: Region) -> None:
    with pytest.raises(ValueError, match="broken"), writing(region.path, "张三", "heng load"):
        raise ValueError("broken")
    assert writer_now(region.path) is None
    assert not (region.path / ".writer.json").exists()
