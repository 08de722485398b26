"""店里的样品 · One tiny region, loaded and worked out once; every test takes a copy."""

import shutil
from pathlib import Path

import pytest

from heng.app.region import Region
from tests.store.tiny import worked_out


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pattern")
    worked_out(folder / "region", folder / "files")
    return folder


@pytest.fixture
def region(pattern: Path, tmp_path: Path) -> Region:
    shutil.copytree(pattern / "region", tmp_path / "region")
    return Region(tmp_path / "region")
