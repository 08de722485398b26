"""报表试验的场地 · CN-1 as a region, and its two workbooks, written once."""

from pathlib import Path

import pytest

from heng.app.region import Region
from heng.core.period import period
from heng.serve.excel.statutory import write_tables
from tests.reading import owner
from tests.serve.excel import hospital


@pytest.fixture(scope="session")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return hospital.region(tmp_path_factory.mktemp("region"), {"2026-03": hospital.rows()})


@pytest.fixture(scope="session")
def written(region: Region, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    tables, receipts = write_tables(owner(region), "H01", period("2026-03"), tmp_path_factory.mktemp("out"))
    return tables, receipts
