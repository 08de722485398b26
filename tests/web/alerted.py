"""预警在办的场地 · A region in March 2026 in which a ward is over its line: the signal, its case, and the people who see to it."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from fastapi.testclient import TestClient

from heng.app.alerts import open_cases
from heng.app.desk import Desk
from heng.app.region import Region
from heng.serve.demo_desk import PASSWORD, PEOPLE, Somebody, demo_desk
from heng.serve.web.application import application
from heng.store.parts import write_part
from heng.tables.steering import AlertPrecision, Figure, Signal
from tests.web.conftest import Enter

MORNING = datetime(2026, 3, 2, 1)  # noqa: DTZ001 - UTC without zone; Monday, nine o'clock in China
WARD, CASE = "0402", "/case/1"
MADE = list[Path]()
SIGNAL: dict[str, Any] = {
    "org": "H01",
    "month": "2026-02",
    "watch": "consumables",
    "dept": WARD,
    "indicator": "material_per_hundred",
    "rule": "static",
    "level": "red",
    "state": "new",
    "value": Decimal("24.1"),
    "line": Decimal(20),
    "deviation": Decimal("0.205"),
    "clears_at": Decimal("20.8"),
    "since": "2026-02",
    "owners": "head finance",
    "before": Decimal("1000.00"),
    "volume": Decimal("30.00"),
    "usage": Decimal("80.00"),
    "price": Decimal("-10.00"),
    "amount": Decimal("1100.00"),
    "cause_zh": "本月成本 1,100.00 元：材料用量 +80.00",
    "cause_en": "cost 1,100.00 yuan: use of consumables +80.00",
}
# 1000 + 30 + 80 − 10 = 1100: nothing is left over.


@dataclass
class Hands:
    """可以拨的钟 · A clock that only a test moves."""

    moment: datetime = field(default=MORNING)

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, **span: float) -> None:
        """Let time pass: `pass_by(days=1)`."""
        self.moment += timedelta(**span)


def hold(region: Region, *rows: dict[str, Any]) -> list[tuple[str, str]]:
    """Put signals into the region; gives their places."""
    frame = pl.DataFrame([SIGNAL | r for r in rows], schema=Signal.schema())
    with region.writing("test"):
        parts = frame.partition_by("org", "month", as_dict=True)
        region.publish("test", [write_part(region.path, Signal, f, (str(o), str(m), "")) for (o, m), f in parts.items()])
    return [(str(o), str(m)) for o, m in parts]


def book(folder: Path, month: str, value: str) -> None:
    """Put what a month of the ward came out as into the region."""
    region = Region(folder)
    row = dict.fromkeys(Figure.columns, None) | {"org": "H01", "month": month, "indicator": "material_per_hundred", "dept": WARD}
    frame = pl.DataFrame([row | {"value": Decimal(value)}], schema=Figure.schema())
    with region.writing("test"):
        region.publish("test", [write_part(region.path, Figure, frame, ("H01", month, ""))])


@pytest.fixture(scope="session")
def in_alert(pattern: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny region in March with its people, the head of the ward among them; made once, each test gets a copy."""
    if not MADE:  # a fixture that several modules import is one for each of them
        MADE.append(_made(Path(shutil.copytree(pattern / "region", tmp_path_factory.mktemp("alerted") / "region"))))
    return MADE[0]


def _made(folder: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("heng.app.desk.utc", Hands())
        head = Somebody("neike", "内科主任", "head", "H01", "内科住院")
        desk = demo_desk(Region(folder), [*(p for p in PEOPLE if p.org in ("", "H01") and p.login != "guke"), head])
        region = Region(folder)
        _raised(region)
        open_cases(region, desk, hold(region, {}))
        desk.db.close()
    return folder


def _raised(region: Region) -> None:
    """Of four alerts of the year two were found real and one not: two of three judged."""
    row = {"org": "H01", "month": "2026-02", "watch": "consumables", "raised": 4, "confirmed": 2, "dismissed": 1}
    frame = pl.DataFrame([row | {"precision": Decimal("0.666667")}], schema=AlertPrecision.schema())
    with region.writing("test"):
        region.publish("test", [write_part(region.path, AlertPrecision, frame, ("H01", "2026-02", ""))])


@pytest.fixture
def served(in_alert: Path, tmp_path: Path) -> Path:
    """The folder of the region that this test serves."""
    return Path(shutil.copytree(in_alert, tmp_path / "region"))


@pytest.fixture(scope="module")
def look(in_alert: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enter]:
    """Log somebody in to look, on the first morning; the same region and browsers for a whole page of tests."""
    folder = Path(shutil.copytree(in_alert, tmp_path_factory.mktemp("looked") / "region"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("heng.app.desk.utc", Hands())
        app, browsers = application(folder), dict[str, TestClient]()
        app.state.house.desk()

    def let_in(login: str) -> TestClient:
        if login not in browsers:
            browsers[login] = TestClient(app)
            page = browsers[login].post("/login", data={"login": login, "password": PASSWORD}).text
            browsers[login].headers["X-CSRF"] = re.findall(r'"X-CSRF": "(\w+)"', page)[0]
        return browsers[login]

    yield let_in
    app.state.house.close()


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Hands:
    """The clock of every desk that is opened in this test."""
    hands = Hands()
    monkeypatch.setattr("heng.app.desk.utc", hands)
    return hands


@pytest.fixture
def desk(served: Path) -> Iterator[Desk]:
    """The desk beside the pages, for what other people do meanwhile."""
    made = Desk(Region(served))
    yield made
    made.db.close()
