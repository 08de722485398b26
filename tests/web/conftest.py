"""网页试验的场地 · A tiny region with a desk and one person of each role, served in this process, and somebody to visit it."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient

from heng.app.region import Region
from heng.serve.demo_desk import PASSWORD, PEOPLE, demo_desk
from heng.serve.web.application import application


@pytest.fixture(scope="session", autouse=True)
def quick() -> Iterator[None]:
    """Argon2 takes long on purpose; here it need not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("heng.desk.account.hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


Enter = Callable[[str], TestClient]
"""登录 · Give a login, get a browser in which that person is logged in."""


@pytest.fixture(scope="session")
def peopled(pattern: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny region with the people of the demo, made once; each test gets a copy."""
    folder = tmp_path_factory.mktemp("peopled") / "region"
    shutil.copytree(pattern / "region", folder)
    demo_desk(Region(folder), [p for p in PEOPLE if p.org in ("", "H01")]).db.close()
    return folder


@pytest.fixture
def served(peopled: Path, tmp_path: Path) -> Path:
    """The folder of the region that this test serves."""
    shutil.copytree(peopled, tmp_path / "region")
    return tmp_path / "region"


@pytest.fixture
def enter(served: Path) -> Iterator[Enter]:
    """Log somebody in. Forms are sent with the proof of the session in the header `X-CSRF`, as the pages do."""
    app, opened = application(served), list[TestClient]()

    def let_in(login: str) -> TestClient:
        browser = TestClient(app, follow_redirects=True)
        browser.__enter__()
        opened.append(browser)
        page = browser.post("/login", data={"login": login, "password": PASSWORD})
        assert page.status_code == 200, page.text
        browser.headers["X-CSRF"] = re.findall(r'"X-CSRF": "(\w+)"', page.text)[0]
        return browser

    yield let_in
    for browser in opened:
        browser.close()
    app.state.house.close()


@pytest.fixture(scope="module")
def looked(peopled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a region for tests that only look: one for a whole file of them."""
    return Path(shutil.copytree(peopled, tmp_path_factory.mktemp("looked") / "region"))


@contextmanager
def visited(folder: Path) -> Iterator[Enter]:
    """Somebody to log in at a region that is only looked at; the same browser each time."""
    app, browsers = application(folder), dict[str, TestClient]()

    def let_in(login: str) -> TestClient:
        if login not in browsers:
            browsers[login] = TestClient(app)
            assert browsers[login].post("/login", data={"login": login, "password": PASSWORD}).status_code == 200
        return browsers[login]

    yield let_in
    for browser in browsers.values():
        browser.close()
    app.state.house.close()


@pytest.fixture(scope="module")
def inside(looked: Path) -> Iterator[Enter]:
    """Log somebody in to look; the same browser each time."""
    with visited(looked) as let_in:
        yield let_in


@pytest.fixture(scope="module")
def kuaiji(inside: Enter) -> TestClient:
    """The accountant of H01, who looks."""
    return inside("kuaiji")
