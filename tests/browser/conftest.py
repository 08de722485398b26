"""浏览器试验的场地 · The demo region served by a process of its own, and Debian's Chromium to visit it, at a desk and on a phone."""

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from heng.serve.demo_desk import PASSWORD
from tests.conftest import BIN, ROOT, Demo

AXE = ROOT / "heng/serve/web/assets/axe.js"
SCREENS = ROOT / "docs/screens"
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
QUIET = [
    f"--{switch}"
    for switch in (
        "no-sandbox",
        "disable-gpu",
        "disable-quic",
        "no-first-run",
        "disable-background-networking",
        "disable-component-update",
        "disable-sync",
    )
]
Visit = Callable[..., "Visitor"]


class Visitor:
    """A browser window in which somebody is logged in; everything that its console complains of is kept."""

    def __init__(self, page: Page, site: str, size: str) -> None:
        """`size`: desk or phone."""
        self.page, self.site, self.size, self.complaints = page, site, size, list[str]()
        page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: self.complaints.append(str(e)))

    def log_in(self, login: str) -> "Visitor":
        """Log in by hand, as people do."""
        self.page.goto(f"{self.site}/login")
        self.page.fill("#login", login)
        self.page.fill("#password", PASSWORD)
        self.page.click("main button")
        self.page.wait_for_url(f"{self.site}/")
        return self

    def open(self, path: str) -> Page:
        """Go to a page and wait until its charts are drawn."""
        answer = self.page.goto(f"{self.site}{path}")
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        self.drawn()
        return self.page

    def drawn(self) -> None:
        """Wait until every chart in sight stands."""
        self.page.wait_for_function("[...document.querySelectorAll('[data-chart]')].every(c => c.querySelector('svg') || !c.offsetParent)")

    def faults(self) -> list[dict[str, Any]]:
        """What axe-core finds serious or critical on the page."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text("utf8"))
        found = self.page.evaluate("async () => (await axe.run(document)).violations")
        return [{"rule": v["id"], "where": [n["target"] for n in v["nodes"]][:3]} for v in found if v["impact"] in ("serious", "critical")]

    def too_wide(self) -> list[str]:
        """What sticks out of the window at the right, other than in a box that scrolls."""
        found: list[str] = self.page.evaluate("""() => document.documentElement.scrollWidth <= window.innerWidth + 1 ? [] :
            [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > window.innerWidth + 1
              && !e.closest('.heng-sheet, .heng-chart, pre')).slice(0, 5).map(e => e.outerHTML.slice(0, 120))""")
        return found

    def picture(self, name: str) -> None:
        """Keep a picture of the page under docs/screens, where HENG_SCREENS asks for it (`make screens`)."""
        if os.environ.get("HENG_SCREENS"):
            SCREENS.mkdir(exist_ok=True)
            self.page.screenshot(path=SCREENS / f"{name}-{self.size}.png")


@pytest.fixture(scope="session")
def site(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demo region, served from a copy; ended by its process id."""
    folder = tmp_path_factory.mktemp("site") / "region"
    shutil.copytree(demo.folder / "demo" / "region", folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (folder.parent / "log").open("wb")
    served = subprocess.Popen(
        [BIN / "heng", "--region", folder, "serve", "--port", str(port)], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{address}/login", timeout=5).close()  # noqa: S310 - an address of this machine
                break
            except OSError:
                assert served.poll() is None, (folder.parent / "log").read_text("utf8")
                time.sleep(0.1)
        yield address
    finally:
        served.terminate()
        served.wait(30)
        log.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; the test fails, and does not skip, where it is not installed."""
    found = shutil.which("chromium")
    assert found, "apt-get install chromium fonts-noto-cjk"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def visit(site: str, chromium: Browser) -> Iterator[Visit]:
    """Open a window: `visit("yuanzhang", "phone")`."""
    opened = []

    def visitor(login: str, size: str = "desk") -> Visitor:
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            is_mobile=size == "phone",
            has_touch=size == "phone",
            accept_downloads=True,
        )
        context.set_default_timeout(20_000)
        opened.append(context)
        return Visitor(context.new_page(), site, size).log_in(login)

    yield visitor
    for context in opened:
        context.close()
