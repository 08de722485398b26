"""表上的图 · Pictures above tables: the quadrants of margins, and where cases go in another edition."""

import json
import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from fastapi.testclient import TestClient

from heng.app.region import Region
from heng.core.table import Table
from heng.serve.web.application import application
from heng.store.parts import write_part
from heng.tables.editions import EditionShift
from heng.tables.margin import MarginBoard
from heng.tables.signs import GamingSign
from tests.web.conftest import PASSWORD

MONTH = "2026-01"
LINES = {"org": "H01", "month": MONTH, "cmi_from": Decimal(1), "margin_from": Decimal(0)}


def board(key: str, weight: str, margin: str) -> dict[str, Any]:
    """A group of ten cases: its weight, and what it wins."""
    counted = dict.fromkeys(("cases", "weighted", "priced", "costed", "split"), 10)
    known = {"weight": Decimal(weight), "paid": Decimal(1000), "cost": Decimal(1000) - Decimal(margin)}
    return {**LINES, **counted, **known, "by": "group", "dept": "", "item": key}


def shift(group: str, to: str, cases: int) -> dict[str, Any]:
    """Cases that go from one group to another."""
    return {"org": "H01", "month": MONTH, "pack": "teach-2", "group": group, "to_group": to, "cases": cases, "compared": 0}


ROWS: dict[type[Table], list[dict[str, Any]]] = {
    MarginBoard: [board("BR21", "15", "-200"), board("ES13", "8", "300")],
    EditionShift: [shift("BR21", "BR21", 4), shift("BR23", "BR25", 7), shift("ES13", "ES15", 2)],
    GamingSign: [],
}


@pytest.fixture(scope="module")
def browser(peopled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The accountant before a region that holds such rows."""
    folder = Path(shutil.copytree(peopled, tmp_path_factory.mktemp("pictured") / "region"))
    region = Region(folder)
    made = [write_part(folder, t, pl.DataFrame(rows, schema=t.schema()), ("H01", MONTH, "")) for t, rows in ROWS.items()]
    with region.writing("heng run"):
        region.publish("run", made)
    app = application(folder)
    seen = TestClient(app)
    assert seen.post("/login", data={"login": "kuaiji", "password": PASSWORD}).status_code == 200
    yield seen
    app.state.house.close()


def drawn(page: str) -> dict[str, Any]:
    """The option of the chart of a page."""
    found = re.search(r"data-chart[^>]*><script type=\"application/json\">(.*?)</script>", page, re.DOTALL)
    assert found, "no chart"
    option: dict[str, Any] = json.loads(found[1])
    return option


def test_groups_stand_in_four_quadrants_parted_at_the_lines_of_the_table(browser: TestClient) -> None:
    page = browser.get("/payment/margin_board", params={"org": "H01", "period": MONTH}).text
    option = drawn(page)
    assert [(p["name"], p["value"]) for p in option["series"][0]["data"]] == [("BR21", [1.5, -20.0]), ("ES13", [0.8, 30.0])]
    assert option["series"][0]["markLine"]["data"] == [{"xAxis": 1.0}, {"yAxis": 0.0}]
    assert "2 个病组中，1 个成本待控：难度高、亏损" in page


def test_the_cases_that_change_group_flow_and_those_that_stay_do_not(browser: TestClient) -> None:
    page = browser.get("/payment/edition_shift", params={"org": "H01", "period": MONTH}).text
    links = [(f["source"], f["target"], f["value"]) for f in drawn(page)["series"][0]["links"]]
    assert links == [("BR23 →", "→ BR25", 7.0), ("ES13 →", "→ ES15", 2.0)]
    assert "13 例中 9 例换组，最多 BR23 → BR25（7 例）" in page


def test_a_sign_is_no_verdict(browser: TestClient) -> None:
    page = browser.get("/payment/gaming_signs", params={"org": "H01", "period": MONTH}).text
    assert "线索不是结论" in page
    assert "data-chart><" not in page
