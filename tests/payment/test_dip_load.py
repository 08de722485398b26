"""DIP 目录进区域 · The DIP workbook in a region: loaded, switched on, cases grouped as `heng group` does, scored by their own history."""

import json
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heng.app.compute import run
from heng.app.load_pack import load_pack, withdraw_pack
from heng.app.load_schemes import parted
from heng.app.region import Region
from heng.core.errors import FileError
from heng.core.table import Table
from heng.intake.opened import opened
from heng.intake.packs.dip_workbook import dip_workbook
from heng.methods.dip.matcher import DipMatcher
from heng.methods.grouping.engine import Record
from heng.rooms.payment.dip_history import placed
from heng.rooms.payment.dip_packs import pack_of, rows
from heng.serve.cli.main import main
from heng.tables.dip import DipCase, DipCatalogue, DipMatch, DipScore
from heng.tables.packs import DipEntry
from tests.payment.dip_fixture import written
from tests.payment.official_fixture import written as drg_workbook
from tests.store.tiny import contents, loaded, sound, tiny_files, tiny_region
from tests.store.tiny import rows as lines
from tests.store.tiny import written as files

BEFORE, MONTH = "2025-06", "2026-01"
HISTORY = [("K80.100", "51.2300", 9000), ("K80.100", "51.2301", 11000), ("J18.900", "", 3000), ("I10.x00", "", 500)]
CASES = [
    ("K80.100", "51.2300", 9500),  # BX-7
    ("J18.900", "", 3000),  # JC-17, a primary disease
    ("J18.900", "33.2400x001", 4000),  # JC-18, which nobody of the history has
    ("K80.000", "51.2300", 9000),  # does not group
    ("I10.x00", "", 500),  # in no disease of the scheme: a comprehensive one
    ("Z99.900", "", 500),
]
TOLD = ["BX-7", "JC-17", "JC-18", None, "I10*conservative", None]


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("dip"))


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hospital with a year before and a month of now."""
    folder = tmp_path_factory.mktemp("hospital")
    made = tiny_region(folder / "region")
    stays = [(month, n, *told) for month, some in ((BEFORE, HISTORY), (MONTH, CASES)) for n, told in enumerate(some)]
    records = lines(
        "病案号,性别,年龄,入院时间,出院时间,出院科别,主要诊断编码,主要手术操作编码,住院总费用",
        (f"Z{month}{n},男,60,{month}-01 09:00:00,{month}-05 10:00:00,0402,{dx},{op},{fee}.00" for month, n, dx, op, fee in stays),
    )
    assert not loaded(made, tiny_files(folder / "files", (BEFORE, MONTH))).refused
    assert not loaded(made, files(folder / "files", {"病案首页": records})).refused
    run(made, made.cells(), [DipCase])  # what a scheme changes is worked out anew, and no more
    return folder / "region"


@pytest.fixture
def region(hospital: Path, tmp_path: Path) -> Region:
    """Its region, which a test may change."""
    return Region(Path(shutil.copytree(hospital, tmp_path / "region")))


def switched_on(region: Region, name: str) -> Region:
    (region.path / "policy/payment").mkdir(parents=True, exist_ok=True)
    text = f"pack:\n  values:\n    2026-01-01: {{value: {name}, source: 试验}}\n"
    (region.path / "policy/payment/dip_catalogue.yaml").write_text(text, "utf8")
    return Region(region.path)


def found(region: Region, table: type[Table], org: str = "") -> pl.DataFrame:
    """The rows of the month."""
    report = run(region, region.cells(), [table])
    assert not report.blocked
    part = region.manifest.part(table.__name__, org, MONTH)
    assert part
    return pl.read_parquet(region.path / part.file)


def test_a_scheme_written_as_tables_comes_back_the_same(workbook: Path) -> None:
    pack = dip_workbook(opened(workbook), "abc")
    back = pack_of(pack.name, rows(pack))
    assert back.entries == pack.entries
    assert set(back.resistant) == set(pack.resistant)
    assert replace(back, resistant=pack.resistant, notes=pack.notes) == pack


def test_the_workbook_is_known_among_the_files_of_a_page(workbook: Path, tmp_path: Path, hospital: Path) -> None:
    drg, other = drg_workbook(tmp_path), hospital.parent / "files/病案首页.csv"
    assert parted([workbook, drg, other]) == ([workbook, drg], [other])


def test_loaded_by_name_it_can_be_taken_out_by_name(region: Region, workbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(region)
    assert main(["--region", str(region.path), "load", str(workbook)]) == 0
    assert "dip-3.0" in capsys.readouterr().out
    held = Region(region.path)
    assert load_pack(held, workbook).unchanged
    sound(held)
    assert withdraw_pack(held, "dip-3.0")[DipEntry.__name__] == 20
    assert contents(held) == before
    with pytest.raises(FileError, match=r"dip-3\.0"):
        withdraw_pack(held, "dip-3.0")


def test_loaded_but_not_switched_on_the_history_makes_the_catalogue(region: Region, workbook: Path) -> None:
    load_pack(region, workbook)
    assert found(region, DipCatalogue)["pack"].null_count() > 0
    assert found(region, DipMatch, "H01")["pack"].unique().to_list() == ["dip-3.0"]


def test_switched_on_every_case_is_where_heng_group_puts_it_and_scores_by_the_history(region: Region, workbook: Path) -> None:
    load_pack(region, workbook)
    region = switched_on(region, "dip-3.0")
    cases = found(region, DipCase, "H01").sort("encounter")
    assert cases["group"].to_list() == TOLD
    assert cases["reason"].to_list() == ["", "", "no_history", "barred", "", "unlisted"]
    matcher = DipMatcher(dip_workbook(opened(workbook)))
    alone = [matcher.group(Record((dx,), (op,) if op else (), 1, 60, None, None)).drg for dx, op, _ in CASES]
    assert [g for g in alone if g != "0000"] == [g for g in TOLD if g and "*" not in g]
    # Scores: the mean of the disease ÷ that of all cases of the history, (9,000 + 11,000 + 3,000 + 500) ÷ 4 = 5,875.
    scores = dict(found(region, DipScore).select("group", "score").iter_rows())
    assert scores == {
        "BX-7": Decimal("1702.1277"),
        "JC-17": Decimal("510.6383"),
        "I10*conservative": Decimal("85.1064"),
    }
    catalogue = found(region, DipCatalogue)
    assert set(catalogue["pack"]) == {"dip-3.0"}
    assert catalogue.filter(level="core").height == 20
    assert catalogue.filter(pl.col("level") == "core", pl.col("cases") == 0)["mean"].null_count() == 18


MEANS = st.dictionaries(st.sampled_from("ABCDE"), st.none() | st.integers(1, 50).map(lambda n: Decimal(100 * n)), min_size=1)


@given(MEANS, st.lists(st.tuples(st.integers(1, 6000), st.none() | st.permutations("ABCDE")), min_size=1, max_size=6))
def test_of_diseases_that_fit_alike_the_nearest_mean_counts_then_the_first(
    means: dict[str, Decimal | None], told: list[tuple[int, list[str] | None]]
) -> None:
    diseases = [{"group": g, "pack": "p", "level": "core", "secondary": "K80", "procedures": "", "mean": m} for g, m in means.items()]
    fits = [None if some is None else [g for g in some if g in means] for _, some in told]
    cases = [
        {
            "diagnosis": "K80.1",
            "procedures": "",
            "treatment": "surgery",
            "fee": 100 * fee,
            "fits p": None if some is None else "|".join(some),
        }
        for (fee, _), some in zip(told, fits, strict=True)
    ]
    known = {n: t for n, t in DipCatalogue.schema().items() if n in ("group", "pack", "level", "secondary", "primary", "treatment", "mean")}
    catalogue = pl.DataFrame(diseases, schema=known | {"procedures": pl.String()})
    got = placed(pl.DataFrame(cases, schema_overrides={"fits p": pl.String}), catalogue)["group"].to_list()
    for (fee, _), some, group in zip(told, fits, got, strict=True):
        far = [(m is None, abs((m or 0) - fee), n) for n, m in enumerate(means[g] for g in some or ())]
        assert group == (some[min(far)[-1]] if some and far else None)


def test_a_scheme_that_is_not_held_stops_the_month_with_a_hint(region: Region, workbook: Path) -> None:
    load_pack(region, workbook)
    region = switched_on(region, "dip-3.1")
    said = run(region, region.cells(), [DipCatalogue]).blocked["", MONTH]
    assert "dip-3.1" in said[0]
    assert "did you mean dip-3.0?" in said[1]


@pytest.mark.parametrize("table", ["DipCase", "DipScore"])  # of a hospital, of the region
def test_a_catalogue_that_counts_outside_its_own_dates_is_told(
    region: Region, workbook: Path, capsys: pytest.CaptureFixture[str], table: str
) -> None:
    load_pack(region, workbook)
    shown = ["--region", str(region.path), "show", table, "--month", MONTH]
    assert main(shown) == 0
    assert "启用期" not in capsys.readouterr().err  # the region's own history counts
    region = switched_on(region, "dip-3.0")
    assert not run(region, region.cells(), [DipCase]).blocked
    assert main(shown) == 0
    said = capsys.readouterr().err
    assert "H01 2026-01 用于付费的分组方案 dip-3.0 不在它的启用期（2027-01-01…）内，所列是试算" in said
    assert "payment.dip_catalogue.pack" in said
    assert main([*shown, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["lapsed"] == [{"org": "H01", "month": MONTH}]
    assert main([*shown[:2], "show", "DipCase", "--month", BEFORE]) == 0
    assert "启用期" not in capsys.readouterr().err  # it counts from 2026 on
