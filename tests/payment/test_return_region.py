"""返回走全程 · A hospital's month from its files to the check of the insurer's return, the comparison of editions and the signs."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import heng.demo
from heng.app.compute import run
from heng.app.load_pack import load_pack
from heng.app.region import Region
from heng.core.table import Table
from heng.tables.editions import EditionGate, EditionShift, PolicyEffect
from heng.tables.returns import AppealItem, BackTest, Confusion, ReturnCheck, ReturnTrace
from heng.tables.signs import GamingSign
from tests.store.tiny import loaded, rows, tiny_files, tiny_region, written

MONTH = "2026-01"
PACKS = Path(heng.demo.__file__).parent / "pack"
STAYS = (  # diagnosis, days from admission, fee; group in the first edition and in the second
    ("I63.900", 9, 12000),  # BR23, and BR2G of the old
    ("J18.900", 6, 7000),  # ES15, and ES1G of the old
    ("I10.x00", 5, 5000),  # FV21, renamed FV29
    ("I10.x00", 2, 900),  # FV21: fees far below its mean
    ("Z51.100", 3, 8000),  # RE19, and RU19
)
POLICY = {
    "grouping": """
pack: {values: {2026-01-01: {value: teach-1, source: 试验}}}
beside: {values: {2026-01-01: {value: [teach-2], source: 试验}}}
""",
    "pay_cases": "rates: {values: {2026-01-01: {value: [{rate: 10000}], source: 试验}}}\n",
    "check_returns": "due_months: {values: {2026-01-01: {value: 0, source: 试验}}}\n",
}
WANTED: tuple[type[Table], ...] = (
    ReturnCheck,
    ReturnTrace,
    BackTest,
    Confusion,
    AppealItem,
    EditionShift,
    PolicyEffect,
    EditionGate,
    GamingSign,
)


def stays() -> Iterable[str]:
    for n, (diagnosis, days, fee) in enumerate(STAYS, 1):
        yield f"Z{n},P{n},男,70,职工医保,{MONTH}-02 09:00:00,{MONTH}-{2 + days:02} 10:00:00,0402,{diagnosis},1,{fee}.00"


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    """The hospital with both teaching editions, its discharges and a return in which one group differs and one stay is missing."""
    folder = tmp_path_factory.mktemp("returned")
    made = tiny_region(folder / "region")
    for name in ("teach-1", "teach-2"):
        load_pack(made, PACKS / name)
    (made.path / "policy/payment").mkdir(parents=True)
    for name, text in POLICY.items():
        (made.path / f"policy/payment/{name}.yaml").write_text(text, "utf8")
    record = "病案号,患者编号,性别,年龄,医疗付款方式,入院时间,出院时间,出院科别,主要诊断编码,离院方式,住院总费用"
    returned = ("S1,Z1,BR23,12000.00", "S2,Z2,ES13,7000.00", "S3,Z3,FV21,5000.02", "S4,Z4,FV21,900.00", "S9,Z9,FV21,900.00")
    texts = {
        "病案首页": rows(record, stays()),
        "医保结算返回": rows("清算年月,结算ID,住院号,DRG编码,医疗费总额", (f"202601,{line}" for line in returned)),
    }
    assert not loaded(made, [*tiny_files(folder / "files", [MONTH]), *written(folder / "files", texts)]).refused
    again = Region(made.path)
    assert not run(again, again.cells(), WANTED).blocked
    return again


def read(region: Region, table: type[Table], *names: str, **where: Any) -> set[tuple[Any, ...]]:
    part = region.manifest.part(table.__name__, "H01", MONTH)
    assert part
    return set(pl.read_parquet(region.path / part.file).filter(**where).select(names).rows())


def test_every_case_has_its_class(region: Region) -> None:
    assert read(region, ReturnCheck, "visit", "difference", "group", "their_group") == {
        ("Z1", "equal", "BR23", "BR23"),
        ("Z2", "group", "ES15", "ES13"),
        ("Z3", "amount", "FV21", "FV21"),
        ("Z4", "equal", "FV21", "FV21"),
        ("Z5", "missing_in_return", "RE19", None),
        ("Z9", "missing_at_hospital", None, "FV21"),
    }
    assert read(region, ReturnTrace, "what", "same", visit="Z3") >= {("group", True), ("fee", False), ("weight", None)}


def test_the_back_test_counts_what_both_sides_grouped(region: Region) -> None:
    assert read(region, BackTest, "cases", "adrg_equal", "drg_equal", by="hospital") == {(4, 4, 3)}
    assert read(region, Confusion, "group", "their_group", "departs", "cases") == {("ES15", "ES13", "drg", 1)}
    assert read(region, EditionGate, "pack", "outcome", "cases") == {("teach-1", "too_few", 4), ("teach-2", "unknown", 0)}


def test_the_editions_stand_beside_each_other(region: Region) -> None:
    about = ["pack", "group", "to_group", "cases", "compared", "weight", "new_weight", "standard", "new_standard", "change"]
    assert list(EditionShift.columns)[2:] == about  # what a row is about, then before, after, difference
    shifts = read(region, EditionShift, "group", "to_group", "cases", "compared")
    assert shifts == {("BR23", "BR2G", 1, 1), ("ES15", "ES1G", 1, 1), ("FV21", "FV29", 2, 2), ("RE19", "RU19", 1, 1)}
    ((moved, change, surplus, new),) = read(region, PolicyEffect, "moved", "change", "surplus", "new_surplus", dept="0402")
    assert (moved, new - surplus) == (5, change)


def test_what_costs_far_less_than_its_group_is_a_sign(region: Region) -> None:
    assert read(region, GamingSign, "sign", "visit", "group") == {("low_standard", "Z4", "FV21")}
