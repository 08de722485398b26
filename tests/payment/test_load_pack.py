"""方案进区域 · Schemes in a region: loaded, corrected, switched on, taken out; every discharge grouped by those switched on."""

import json
import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from heng.app.compute import run
from heng.app.groupers import in_force
from heng.app.load_pack import load_pack, withdraw_pack
from heng.app.region import Region
from heng.core.errors import FileError
from heng.serve.cli.main import main
from heng.tables.grouping import Grouping
from tests.payment.pack_files import FILES, pack_folder
from tests.store.tiny import DEPARTMENTS, contents, loaded, rows, sound, tiny_region, written

MONTH = "2026-01"
SECOND = {"manifest": FILES["manifest.yaml"].replace("'1'", "'2'"), "sets": FILES["sets.csv"].replace("CUT,51.2300\n", "CUT,45.1300\n")}


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hospital with three discharges, two of them operated on."""
    folder = tmp_path_factory.mktemp("hospital")
    made = tiny_region(folder / "region")
    texts = {
        "病案首页": rows(
            "病案号,性别,年龄,入院时间,出院时间,出院科别,主要诊断编码,其他诊断编码1,主要手术操作编码,住院总费用",
            (
                f"Z{n},{sex},{60 + n},{MONTH}-01 09:00:00,{MONTH}-05 10:00:00,0402,K80.100,{other},{op},9000.00"
                for n, (sex, other, op) in enumerate((("男", "I50.900", "51.2300"), ("女", "", "45.1300"), ("女", "K81.000", "")))
            ),
        )
    }
    (departments,) = written(folder / "files", {"科室字典": DEPARTMENTS})
    assert not loaded(made, [departments, *written(folder / "files", texts)]).refused
    return folder


@pytest.fixture
def region(hospital: Path, tmp_path: Path) -> Region:
    """Its region, which a test may change."""
    return Region(Path(shutil.copytree(hospital / "region", tmp_path / "region")))


def groups(region: Region) -> list[tuple[str, bool, str, str | None]]:
    report = run(region, region.cells(), [Grouping])
    assert not report.blocked
    part = region.manifest.part("Grouping", "H01", MONTH)
    assert part
    return pl.read_parquet(region.path / part.file).select("pack", "pays", "status", "drg").rows()


def policy(region: Region, text: str) -> Region:
    (region.path / "policy/payment").mkdir(parents=True, exist_ok=True)
    (region.path / "policy/payment/grouping.yaml").write_text(text, "utf8")
    return Region(region.path)


def test_without_a_scheme_nobody_is_grouped(region: Region) -> None:
    assert groups(region) == []


def test_the_only_scheme_pays_and_a_correction_takes_its_place(region: Region, tmp_path: Path) -> None:
    load_pack(region, pack_folder(tmp_path / "p"))
    assert groups(region) == [("tiny-1", True, "grouped", "HC11"), ("tiny-1", True, "qy", "HQY"), ("tiny-1", True, "grouped", "HS19")]
    load_pack(region, pack_folder(tmp_path / "p", sets=SECOND["sets"]))
    assert [g[3] for g in groups(region)] == ["HQY", "HC15", "HS19"]
    sound(region)


def test_the_same_pack_again_changes_nothing(region: Region, tmp_path: Path) -> None:
    folder = pack_folder(tmp_path / "p")
    assert not load_pack(region, folder).unchanged
    before, generation = contents(region), region.manifest.generation
    assert load_pack(region, folder).unchanged
    assert (contents(region), region.manifest.generation) == (before, generation)


def test_a_bad_pack_leaves_the_region_as_it_was(region: Region, tmp_path: Path) -> None:
    before = contents(region)
    with pytest.raises(FileError):
        load_pack(region, pack_folder(tmp_path / "p", drg="code,name,parent,order,rule\nX,,HC1,1,\n"))
    assert contents(region) == before


def test_several_schemes_need_a_word_on_which_one_pays(region: Region, tmp_path: Path) -> None:
    load_pack(region, pack_folder(tmp_path / "one"))
    load_pack(region, pack_folder(tmp_path / "two", **SECOND))
    said = run(region, region.cells(), [Grouping]).blocked["H01", MONTH]
    assert "tiny-1" in said[0]
    assert "none is said to pay" in said[1]
    dated = "{}:\n  values:\n    2026-01-01: {{value: {}, source: 试验}}\n"
    found = groups(policy(region, dated.format("pack", "tiny-2") + dated.format("beside", "[tiny-1]")))
    assert [(p, pays, drg) for p, pays, _, drg in found] == [
        ("tiny-1", False, "HC11"),
        ("tiny-2", True, "HQY"),
        ("tiny-1", False, "HQY"),
        ("tiny-2", True, "HC15"),
        ("tiny-1", False, "HS19"),
        ("tiny-2", True, "HS19"),
    ]


def test_a_scheme_that_is_switched_on_but_not_held_stops_the_month_with_a_hint(region: Region, tmp_path: Path) -> None:
    load_pack(region, pack_folder(tmp_path / "p"))
    named = policy(region, "pack:\n  values:\n    2026-01-01: {value: tiny-7, source: 试验}\n")
    said = run(named, named.cells(), [Grouping]).blocked["H01", MONTH]
    assert "tiny-7" in said[0]
    assert "did you mean tiny-1?" in said[1]


def test_withdrawn_it_is_gone(region: Region, tmp_path: Path) -> None:
    load_pack(region, pack_folder(tmp_path / "p"))
    assert withdraw_pack(region, "tiny-1")["PackGroup"] == 11
    assert groups(region) == []
    with pytest.raises(FileError, match="tiny-1"):
        withdraw_pack(region, "tiny-1")


def test_the_command_loads_a_scheme_without_a_hospital(
    region: Region, hospital: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = pack_folder(tmp_path / "p")
    assert main(["--lang", "en", "--region", str(region.path), "load", str(folder)]) == 0
    assert "grouping scheme tiny-1" in capsys.readouterr().out
    assert main(["--lang", "en", "--region", str(region.path), "load", str(hospital / "files/科室字典.csv")]) == 2
    assert "--org" in capsys.readouterr().err
    assert main(["--region", str(region.path), "load", "--withdraw", "tiny-1"]) == 0


def test_a_scheme_that_pays_outside_its_own_dates_is_told(region: Region, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    later = FILES["manifest.yaml"].replace("since: 2026-01-01", "since: 2026-02-01\nuntil: 2026-12-31")
    load_pack(region, pack_folder(tmp_path / "p", manifest=later))
    assert groups(region)  # a warning, no stop: people try an edition before its day
    shown = ["--region", str(region.path), "show", "Grouping", "--month", MONTH]
    assert main(shown) == 0
    said = capsys.readouterr().err
    assert "H01 2026-01 用于付费的分组方案 tiny-1 不在它的启用期（2026-02-01…2026-12-31）内，所列是试算" in said
    assert main([*shown, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["lapsed"] == [{"org": "H01", "month": MONTH}]
    assert main([*shown[:2], "show", "Encounter", "--month", MONTH]) == 0
    assert "启用期" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("since", "until", "held"),
    [
        (None, None, True),
        (date(2026, 1, 31), None, True),
        (date(2026, 2, 1), None, False),
        (None, date(2026, 1, 1), True),
        (None, date(2025, 12, 31), False),
    ],
)
def test_a_scheme_is_in_force_in_the_months_that_its_dates_touch(since: date | None, until: date | None, held: bool) -> None:  # noqa: FBT001
    assert in_force({"since": since, "until": until}, MONTH) is held
