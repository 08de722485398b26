"""下钻到患者 · The path goes on to patients where their fee lines are loaded, and ends where the right to see cases ends."""

import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from heng.app.compute import run
from heng.app.held import held
from heng.app.reader import Reader
from heng.app.region import Region
from heng.core.scope import OWNER
from heng.serve.web.drill import Place, down
from heng.tables.cases import CaseCost
from heng.tables.patients import EncounterCost
from tests.store.tiny import loaded, tiny_patients
from tests.web.conftest import Enter


@pytest.fixture(scope="module")
def cared(peopled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny region with twenty stays in its first month."""
    folder = tmp_path_factory.mktemp("cared")
    shutil.copytree(peopled, folder / "region")
    assert not loaded(Region(folder / "region"), tiny_patients(folder / "patients", "2026-01", 20)).refused
    run(Region(folder / "region"), [("H01", "2026-01")])
    return folder / "region"


@pytest.fixture
def served(cared: Path, tmp_path: Path) -> Path:
    """The region with patients, for this test."""
    shutil.copytree(cared, tmp_path / "region")
    return tmp_path / "region"


def test_from_the_region_to_the_line_of_a_patient_one_click_a_level(served: Path, enter: Enter) -> None:
    browser = enter("kuaiji")
    page = browser.get("/indicator/loss_share?period=2026-01&org=H01&dept=0402").text
    assert "/costing/case_costs?org=H01&amp;period=2026-01&amp;dept=0402" in page
    case = held(Reader(Region(served), OWNER), EncounterCost, [("H01", "2026-01")]).sort("encounter").row(0, named=True)
    told = browser.get(down(CaseCost, case, Place("2026-01", "H01")))
    lines = browser.get(told.url.path + ".json", params=told.url.params).json()["sources"]
    assert len(lines) == 12  # the fee lines of a stay
    assert sum(Decimal(line["contribution"]) for line in lines) == case["amount"]
    rows = re.findall(r'href="/table/FeeLine\?([^"]+)"', told.text)
    assert len(rows) == 12
    assert f"where=row%3D{lines[0]['row']}" in rows[0]


def test_who_may_see_no_cases_is_told_where_it_ends(enter: Enter) -> None:
    page = enter("guke").get("/indicator/cost_rate?period=2026-01&org=H01&dept=0402").text
    assert "到此为止：没有查看病例的权限" in page
    assert "/costing/case_costs?" not in page
    refused = enter("guke").get("/why/EncounterCost?org=H01&period=2026-01&where=encounter=1")
    assert refused.status_code == 403
