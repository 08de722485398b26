"""并行的进程：结果一样，错误说得一样清楚，主人不在就不留下 · Worker processes: same results, same words, none outlives its caller."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import heng.store.workers
from heng.app.compute import run
from heng.app.region import Region
from heng.core.errors import FileError, HengError
from heng.store.workers import Workers, workers
from tests.store.tiny import contents, loaded, tiny_files, tiny_region

BUSY = """
import os, sys, time
from heng.store.workers import workers
if __name__ == "__main__":
    with workers(patience=0) as others:
        print(others.submit(os.getpid).result(), flush=True)
        others.submit(time.sleep, 60).result()
"""
PRESSED = """
import os, signal
from heng.store.workers import workers
if __name__ == "__main__":
    signal.signal(signal.SIGINT, lambda *_: None)
    with workers(patience=0) as others:
        asked = others.submit(os.getpid)
        os.killpg(0, signal.SIGINT)
        print(asked.result() > 0)
"""


@pytest.fixture
def side_by_side(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two worker processes are called at once; gives what is handed to them."""
    asked = list[str]()
    hand_over = Workers.submit

    def submit(self: Workers, work: Callable[..., object], *args: object) -> object:
        asked.append(work.__name__)
        return hand_over(self, work, *args)

    monkeypatch.setattr(heng.store.workers, "AT_MOST", 2)
    monkeypatch.setattr(heng.store.workers, "PATIENCE", 0)
    monkeypatch.setattr(Workers, "submit", submit)
    return asked


def test_side_by_side_it_is_the_same_to_the_byte(pattern: Path, tmp_path: Path, side_by_side: list[str]) -> None:
    region = tiny_region(tmp_path / "region")
    files = tiny_files(tmp_path / "files")
    assert not loaded(region, files).refused
    report = run(region, region.cells())
    assert side_by_side.count("_gathered") == len(files)
    assert side_by_side.count("work_out_apart") >= len(report.written)
    assert contents(region) == contents(Region(pattern / "region"))


def test_a_refusal_is_told_in_full_and_the_other_files_load(
    tmp_path: Path, side_by_side: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = tiny_files(tmp_path / "files")
    wrong = tmp_path / "files" / "说明.txt"
    wrong.write_text("这不是表\n", "utf8")
    alone, apart = tiny_region(tmp_path / "alone"), tiny_region(tmp_path / "apart")
    report = loaded(apart, [*files[:3], wrong, *files[3:]])
    assert len(side_by_side) == len(files) + 1
    monkeypatch.setattr(heng.store.workers, "AT_MOST", 1)
    assert [str(e) for e in report.refused] == [str(e) for e in loaded(alone, [*files[:3], wrong, *files[3:]]).refused] != []
    assert contents(apart) == contents(alone)


def _refuse() -> None:
    raise FileError("不是表", "no table", where="甲.csv", mend=("换一个文件", "take another file"))


@pytest.mark.usefixtures("side_by_side")
def test_an_error_comes_back_with_its_place_and_its_remedy() -> None:
    with workers() as others, pytest.raises(FileError) as caught:
        others.submit(_refuse).result()
    assert str(caught.value).splitlines() == ["甲.csv: 不是表", "→ 换一个文件", "甲.csv: no table", "→ take another file"]


@pytest.mark.usefixtures("side_by_side")
def test_a_worker_that_is_ended_is_told_and_not_waited_for() -> None:
    with pytest.raises(HengError, match="工作进程中途被结束"), workers() as others:
        others.submit(os._exit, 9).result()


def test_inner_work_is_served_by_those_who_were_called() -> None:
    with workers(patience=0) as outer, workers() as inner:
        assert inner is outer
    with workers(patience=0) as later:
        assert later is not outer


def test_what_takes_a_moment_is_done_here() -> None:
    with workers(patience=60) as others:
        assert not others.at_hand(_refuse)
        assert others.each(lambda n: n + os.getpid(), [0]) == [os.getpid()]


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="Ctrl-C comes otherwise on Windows")
def test_ctrl_c_is_not_theirs_even_while_they_begin() -> None:
    told = subprocess.run([sys.executable, "-c", PRESSED], capture_output=True, text=True, start_new_session=True, check=True)
    assert (told.stdout, told.stderr) == ("True\n", "")


@pytest.mark.usefixtures("side_by_side")
def test_until_they_come_the_work_goes_on_here() -> None:
    with workers(patience=0.01) as others:
        time.sleep(0.01)
        assert not others.at_hand(_refuse), "they have just been called"
        end = time.monotonic() + 30
        while not others.at_hand(_refuse) and time.monotonic() < end:
            time.sleep(0.05)
        assert others.each(_process, range(4)) != [os.getpid()] * 4


def _process(_: int) -> int:
    return os.getpid()


def test_none_outlives_who_called_it() -> None:
    with subprocess.Popen([sys.executable, "-c", BUSY], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as called:
        assert called.stdout
        worker = int(called.stdout.readline())
        called.send_signal(signal.SIGKILL)
        assert not called.communicate()[1]
    end = time.monotonic() + 10
    while _alive(worker) and time.monotonic() < end:
        time.sleep(0.05)
    assert not _alive(worker)


def _alive(process: int) -> bool:
    state = Path(f"/proc/{process}/stat")
    return state.exists() and state.read_text("utf8").rpartition(")")[2].split()[0] != "Z"
