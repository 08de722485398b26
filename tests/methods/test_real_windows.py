"""真实序列 · The rules on 12 real series with labelled windows: the figures that `heng bench signals` prints."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from heng.core.errors import FileError
from heng.serve.cli.bench import CHECKOUT, loaded

pytestmark = pytest.mark.shared

windows = loaded(CHECKOUT / "bench" / "signal_windows.py")


def test_the_plain_rule_finds_what_it_is_expected_to_find(shared: Path) -> None:
    series, expected = list(windows.read(shared / "nab")), json.loads((shared / "nab/expected.json").read_text("utf8"))
    found = windows.score(windows.plain, series, skip=False)
    assert sum(len(s.values) for s in series) == expected["points"]
    assert (found.hits, found.false) == (expected["plain_hit"], expected["plain_false_episodes"])
    assert np.array([s.values.mean() for s in series]) == pytest.approx(list(expected["mean_value"].values()), abs=1e-6)


def test_smoothed_against_the_day_before_finds_more_with_half_the_false_alarms(shared: Path) -> None:
    found = windows.score(windows.ewma, list(windows.read(shared / "nab")), skip=True)
    assert found.hits > 12
    assert found.raised == found.hits, "no hit is an alarm left standing from before"
    assert found.per_1000 <= 0.87
    assert found.standing < 0.01


def test_without_the_data_it_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="HENG_SHARED"):
        windows.figures(tmp_path)
