"""追问、出表与命令到范围为止 · Why, the statutory tables and every reading command stop where the scope stops, and say so."""

from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from heng.app.period import View, see
from heng.app.reader import Reader
from heng.app.region import Hospital, Region, new_region
from heng.app.why import Asked
from heng.core.errors import AccessError
from heng.core.period import period
from heng.core.scope import Level, Reach, Scope
from heng.core.table import table
from heng.serve.cli.main import main
from heng.serve.cli.session import Session
from heng.serve.excel.statutory import write_tables
from heng.serve.labels import Labels
from tests.app.places import ORGS, places
from tests.reading import owner

JANUARY, OUR_WARD, OURS = "2026-01", frozenset({"0402"}), frozenset({"H01"})


@pytest.fixture(scope="module")
def worked(pattern: Path) -> Region:
    return Region(pattern / "region")


def of(*reaches: Reach) -> Scope:
    return Scope("li", "head", "试验", reaches)


WARD = of(Reach(Level.NAMED, OURS, OUR_WARD), Reach(Level.NAMED, OURS, tables=frozenset({"SourceFile"})))
HOSPITAL = of(Reach(Level.HOSPITAL, OURS))
AMOUNTS = of(Reach(Level.HOSPITAL, OURS, columns=frozenset({"org", "month", "dept", "item", "scope"})))


@pytest.mark.parametrize("name", ["ScopeCost", "DeptCost", "UnitCost", "DirectCost"])
def test_a_ward_is_shown_its_own_lines_and_told_what_lies_beyond(worked: Region, name: str) -> None:
    whole = Asked(owner(worked), "H01", JANUARY).why(name, {"dept": "0402"})
    told = Asked(Reader(worked, WARD), "H01", JANUARY).why(name, {})
    assert (told.figure, whole.beyond) == (whole.figure, Decimal(0))
    assert set(told.sources["dept"]) == {"0402"}
    assert told.sources.equals(whole.sources.filter(pl.col("dept") == "0402"))
    assert told.sources["contribution"].sum() + told.beyond == told.figure
    assert (told.beyond > 0) == (set(whole.sources["dept"]) > {"0402"})
    assert set(told.rows["dept"]) == {"0402"}


def test_who_sees_aggregates_gets_the_receipt_and_no_booked_line(worked: Region) -> None:
    told = Asked(Reader(worked, HOSPITAL), "H01", JANUARY).why("DeptCost", {"dept": "0402"})
    assert told.legs.height
    assert told.sources.height == 0
    assert told.beyond == told.figure


def test_a_figure_whose_amount_is_not_seen_is_not_told_by_asking_why(worked: Region) -> None:
    told = Asked(Reader(worked, AMOUNTS), "H01", JANUARY).why("ScopeCost", {"dept": "0402"})
    assert told.rows.height
    assert (told.figure, told.legs.height, told.sources.height, told.beyond) == (None, 0, 0, 0)
    assert set(told.rows.columns) == {"org", "month", "dept", "item", "scope"}


def test_another_ward_s_figure_is_not_there(worked: Region) -> None:
    told = Asked(Reader(worked, WARD), "H01", JANUARY).why("DirectCost", {"dept": "0301"})
    assert told.rows.height == told.sources.height == 0
    seen = see(Reader(worked, WARD), table("Allocation"), View(period(JANUARY)))
    assert all("0402" in (r["giver"], r["receiver"]) for r in seen.iter_rows(named=True))


def test_the_statutory_tables_are_whole_or_refused(worked: Region, tmp_path: Path) -> None:
    mine = write_tables(Reader(worked, HOSPITAL), "H01", period(JANUARY), tmp_path / "mine")
    theirs = write_tables(owner(worked), "H01", period(JANUARY), tmp_path / "owner")
    assert [p.read_bytes() for p in mine] == [p.read_bytes() for p in theirs]
    for scope in (WARD, AMOUNTS, of(Reach(Level.REGION)), of(Reach(Level.NAMED, frozenset({"H02"})))):
        with pytest.raises(AccessError):
            write_tables(Reader(worked, scope), "H01", period(JANUARY), tmp_path / "none")
    assert not (tmp_path / "none").exists()


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return places(tmp_path_factory.mktemp("places"))


@pytest.fixture
def as_ours(region: Region, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every command reads as somebody of H01, whatever it is asked; the region named on the line."""

    def reader(self: Session, _: object = None, region: Region | None = None, **_more: str) -> Reader:
        return Reader(region or self.region(), of(Reach(Level.NAMED, OURS)))

    def doer(self: Session, asked: object = None, *_: object) -> SimpleNamespace:
        return SimpleNamespace(region=self.region(), reader=lambda _: reader(self, asked), may=lambda _: True, must=list)

    monkeypatch.setattr(Session, "reader", reader)
    monkeypatch.setattr(Session, "doer", doer)
    monkeypatch.setattr("heng.app.compute.run", lambda *_: None)
    return ["--region", str(region.path)]


COMMANDS = (
    "show DeptCost --month 2026-03",
    "show DeptCost --month 2026-03 --json",
    "show Visit --month 2026-03 --group",
    "show Department --month 2026-03 --all",
    "show bed_day_cost --month 2026-03 --json",
    "show CheckFailure --month 2026-03 --csv 表.csv",
    "show SourceFile --month 2026-03 --csv 表.csv",
    "why CostLine --org H01 --month 2026-03 --json",
    "diff {empty} now --table Visit --table DeptCost --table Department",
    "diff {empty} now --table Visit --json",
    "check --month 2026-03 --json",
    "check --month 2026-03 --all --failures 问题.csv",
    "show DeptCost",
    "show DeptCost --month 2026-03 --dept H02.D1.name",
    "show CostLine --month 2026-03 --where dept=D1",
)


@pytest.mark.parametrize("line", COMMANDS)
def test_no_command_says_anything_of_another_hospital(
    line: str, as_ours: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "300")
    new_region(tmp_path / "空", "空", [Hospital(org, org) for org in ORGS])
    words = [w.replace("{empty}", str(tmp_path / "空")) for w in line.split()]
    code = main([*words, *as_ours])
    said = "".join([*capsys.readouterr(), *(p.read_text("utf-8-sig") for p in tmp_path.glob("*.csv"))])
    assert "H02." not in said.replace("H02.D1.name", "" if "--dept" in line else "H02.D1.name")
    assert "H02 " not in said
    assert (code == 2) == ("H02" in line)
    assert "H01" in said or code == 2


@pytest.mark.parametrize(
    "line", ["show DeptCost --org H02", "why DeptCost --org H02", "export 2026-03 --org H02 --to out", "check --org H02"]
)
def test_another_hospital_by_name_is_refused_in_both_languages(
    line: str, as_ours: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main([*line.replace("表", str(tmp_path)).split(), *as_ours]) == 2
    said = capsys.readouterr().err
    assert "不在你的范围内" in said
    assert "out of your scope" in said


def test_what_cannot_be_named_is_told_by_its_code(region: Region) -> None:
    plain = Reader(region, of(Reach(Level.HOSPITAL, OURS, tables=frozenset({"DeptCost"}))))
    assert Labels(plain, Session()).dept("D1", "H01") == "D1"
    named = Reader(region, of(Reach(Level.HOSPITAL, OURS)))
    assert Labels(named, Session()).dept("D1", "H01") == "D1 H01.D1.name"
    assert Labels(named, Session()).dept("D1", "H02") == "D1"
