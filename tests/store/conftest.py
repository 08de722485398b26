"""店里的样品 · Every test takes a copy of the tiny region."""

import shutil
from pathlib import Path

import pytest

from heng.app.region import Region


@pytest.fixture
def region(pattern: Path, tmp_path: Path) -> Region:
    shutil.copytree(pattern / "region", tmp_path / "region")
    return Region(tmp_path / "region")
