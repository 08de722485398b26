"""任务 · Jobs of a server: killed in the midst, stopped, waiting for another writer, refused to who lost the right; seen by whom."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from httpx2 import Response
from sqlalchemy import select

from heng.app import working as work
from heng.app.region import Region
from heng.desk.database import Database
from heng.desk.jobs import job_of
from heng.desk.schema import Job, Post
from heng.serve.web import worker as web
from heng.serve.web.house import House
from heng.serve.web.worker import Worker
from heng.store.lock import writing
from tests.store.tiny import contents, sound
from tests.web.conftest import Enter
from tests.web.test_load import MENDED, handed_in, income, worked

SERVER = """
import sys, time
from datetime import timedelta
from pathlib import Path
from heng.app import load as loading
from heng.serve.web.house import House
from heng.serve.web.worker import Worker
publish = loading.Region.publish
def slow(region, *args, **more):
    print("about to publish", flush=True)
    time.sleep(60)
    return publish(region, *args, **more)
loading.Region.publish = slow
Worker(House(Path(sys.argv[1])), timedelta(seconds=2)).once()
"""


def job(served: Path, page: Response) -> Job:
    """The job whose page this is, as it stands."""
    db = Database(served / "desk.db")
    try:
        return job_of(db, int(page.url.path.rpartition("/")[2]))
    finally:
        db.close()


def until(met: Callable[[], bool]) -> None:
    """Wait for something, ten seconds at most."""
    for _ in range(200):
        if met():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def test_killed_in_the_midst_nothing_is_half_and_the_next_server_does_it_once(enter: Enter, served: Path) -> None:
    page, before = handed_in(enter("kuaiji"), {"收入.csv": MENDED.encode()}), contents(Region(served))
    server = subprocess.Popen([sys.executable, "-c", SERVER, str(served)], stdout=subprocess.PIPE, text=True)
    assert server.stdout
    assert server.stdout.readline() == "about to publish\n"
    os.kill(server.pid, signal.SIGKILL)
    server.communicate()
    assert contents(Region(served)) == before
    assert job(served, page).state == "working"  # its worker's lease has yet to run out
    house = House(served)
    until(lambda: Worker(house).once() is not None)
    house.close()
    done = job(served, page)
    assert (done.state, done.attempts) == ("done", 2)
    assert done.result["loaded"] == ["收入.csv"]
    assert income(served) == ["100.00", "250.50"]
    sound(Region(served))


def test_another_writer_is_waited_for_and_named(enter: Enter, served: Path) -> None:
    browser = enter("kuaiji")
    page = handed_in(browser, {"收入.csv": MENDED.encode()})
    house = House(served)
    server = threading.Thread(target=Worker(house).once)
    with writing(served, "wang", "heng run"):
        server.start()
        until(lambda: "等 wang" in browser.get(page.url).text)
        assert "做完 「计算与结账」" in browser.get(page.url).text
    server.join()
    house.close()
    assert job(served, page).state == "done"
    assert income(served) == ["100.00", "250.50"]


def test_stopped_while_it_works_leaves_nothing(enter: Enter, served: Path) -> None:
    browser, before = enter("kuaiji"), contents(Region(served))
    page = handed_in(browser, {"收入.csv": MENDED.encode()})
    house = House(served)
    server = threading.Thread(target=Worker(house).once)
    with writing(served, "wang", "heng run"):
        server.start()
        until(lambda: job(served, page).state == "working")
        assert "正在取消" in browser.post(f"{page.url.path}/stop").text
        server.join()
    house.close()
    assert "没有留下做了一半的东西" in browser.get(page.url).text
    assert contents(Region(served)) == before
    assert browser.post(f"{page.url.path}/stop").status_code == 400  # it is over


def test_a_server_that_is_shut_down_leaves_its_job_to_the_next(enter: Enter, served: Path) -> None:
    page = handed_in(enter("kuaiji"), {"收入.csv": MENDED.encode()})
    house = House(served)
    server = Worker(house)
    with writing(served, "wang", "heng run"):
        server.start()
        until(lambda: job(served, page).state == "working")
        server.go_home()
        assert job(served, page).state == "waiting"
    house.close()
    worked(served)
    assert job(served, page).state == "done"


def test_who_loses_the_right_while_the_job_waits_is_refused(enter: Enter, served: Path) -> None:
    page, before = handed_in(enter("kuaiji"), {"收入.csv": MENDED.encode()}), contents(Region(served))
    db = Database(served / "desk.db")
    with db.writing() as session:
        for post in session.scalars(select(Post).filter_by(role="accountant")):
            post.until = db.today
    db.close()
    worked(served)
    done = job(served, page)
    assert done.state == "failed"
    assert "accountant" in done.said_zh
    assert contents(Region(served)) == before


def test_what_nobody_expected_fails_the_job_and_not_the_server(
    enter: Enter, served: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    browser = enter("kuaiji")
    page = handed_in(browser, {"收入.csv": MENDED.encode()})

    def broken(_: work.Task) -> dict[str, object]:
        raise ZeroDivisionError

    monkeypatch.setitem(web.EVERY, "load", work.Kind("装入", "load", "load", writes=True, work=broken))
    worked(served)
    assert "出了意外" in browser.get(page.url).text
    assert "ZeroDivisionError" in caplog.text


def test_jobs_are_seen_by_who_may_do_the_same_there(enter: Enter, served: Path) -> None:
    page = handed_in(enter("kuaiji"), {"收入.csv": MENDED.encode()})
    assert "收入.csv" in enter("xinxi").get("/jobs").text
    for login in ("yuanzhang", "weijian", "guke"):
        browser = enter(login)
        assert "收入.csv" not in browser.get("/jobs").text
        assert browser.get(page.url.path).status_code == 400
        assert browser.get(f"{page.url.path}.json").status_code == 400
        assert browser.post(f"{page.url.path}/stop").status_code == 400
    assert job(served, page).state == "waiting"


@pytest.mark.parametrize("number", ["0", "99", "x", "9" * 30, "-1", "1.csv"])
def test_a_number_of_no_job_is_said(enter: Enter, number: str) -> None:
    assert enter("kuaiji").get(f"/jobs/{number}").status_code == 400
