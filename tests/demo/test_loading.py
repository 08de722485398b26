"""从底账到文件再读回来 · From the books to the files and back through intake: nothing is lost, nothing is changed."""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from heng.core.table import TABLES
from heng.demo.books import books
from heng.demo.hospitals import hospitals
from heng.demo.region import DemoRegion, write_region
from heng.intake.delivery import Place, read_delivery

MONTHS = ("2026-02", "2026-03")


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> DemoRegion:
    return write_region(tmp_path_factory.mktemp("demo"), months=MONTHS)


def read(files: list[tuple[str, Path]]) -> tuple[dict[tuple[str, str], tuple[int, Decimal]], pl.DataFrame]:
    """Rows and the sum of all decimals by hospital and table, and what intake found wrong."""
    found: dict[tuple[str, str], tuple[int, Decimal]] = {}
    wrong = []
    for org, path in files:
        delivery = read_delivery(path, Place(org))
        wrong.append(delivery.findings.filter(pl.col("severity") != "note"))
        for made, rows in delivery.tables.items():
            amounts = [rows[c].sum() or 0 for c, k in made.columns.items() if k.type.startswith("decimal")]
            before = found.get((org, made.__name__), (0, Decimal(0)))
            found[org, made.__name__] = before[0] + rows.height, before[1] + sum(map(Decimal, amounts))
    return found, pl.concat(wrong)


def test_the_corrected_files_read_as_the_books_say(region: DemoRegion) -> None:
    again = {(o, p.name): p for o, p in region.corrections}
    found, wrong = read([(o, again.get((o, p.name), p)) for o, p in region.files])
    assert wrong.select("row", "column", "value", "reason_zh").rows() == []
    for hospital in hospitals():
        for name, rows in books(hospital, MONTHS, 2026).items():
            shown = "CostBooking" if (hospital.code, name) == ("H03", "OtherCost") else name
            kinds = TABLES[name].columns
            hundredths = sum(int(rows[c].sum()) for c in rows.columns if c in kinds and kinds[c].type.startswith("decimal"))
            if rows.height:
                assert found[hospital.code, shown] == (rows.height, Decimal(hundredths) / 100), (hospital.code, name)


def test_the_first_delivery_brings_findings_in_the_files_that_are_wrong(region: DemoRegion) -> None:
    names = {p.name for _, p in region.corrections}
    _, right = read([(o, p) for o, p in region.files if p.name not in names])
    _, wrong = read([(o, p) for o, p in region.files if p.name in names])
    assert right.height == 0
    errors = wrong.filter(pl.col("severity") == "error")
    assert 15 <= errors.height <= region.wrong  # unknown departments are found later, by the checks
