"""真实序列上的规则 · What each rule finds in 12 real series whose 20 unusual windows people labelled (Numenta Anomaly Benchmark).

Every parameter of ours comes from the first 15 % of a series, without its labels, and only what follows is judged; the plain rule
(the 288 points before, 5 standard deviations) has none and is judged from its 100th point on, as expected.json has it.
A hit: an alarm stands in a window at some moment; `raised`: it begins there. False episode: an unbroken stretch of alarm outside
windows; per 1,000 points judged. `standing`: the share of time outside windows with an alarm, which shows rules that hit because
they never end. With fewer than 100 points known in the baseline (one series) the rules against the day before have no limits, and
raise nothing. Which kinds of rules to try was settled with these series in sight; their parameters are the textbooks'.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from heng.core.errors import FileError
from heng.methods.control_chart import Limits, Rules, outside, signals, xmr
from heng.methods.cusum import cusum, limit_for
from heng.methods.ewma import against_window, ewma_limits, smoothed
from heng.methods.series import Flags, Floats
from heng.methods.warning_line import firing, raised

DAY, LEAST, HOUR = 288, 100, 12  # points of five minutes
SHARED = Path(os.environ.get("HENG_SHARED", Path(__file__).resolve().parents[2] / "shared"))
Rule = Callable[[Floats, Flags], Flags]


class Series(NamedTuple):
    """一条序列 · Its values, and for each labelled window the points in it."""

    values: Floats
    windows: list[Flags]


class Score(NamedTuple):
    """一条规则的成绩 · See the module."""

    hits: int
    raised: int
    false: int
    per_1000: float
    standing: float


def figures(folder: Path = SHARED / "data" / "nab") -> dict[str, object]:
    """各规则 · The score of every rule by name; `window_hits` and its companions are those of the rule chosen."""
    found = {name: score(rule, list(read(folder)), skip=name != "plain") for name, rule in RULES.items()}
    chosen, plain = found["ewma"], found["plain"]
    told = {
        f"windows_{n}": f"{s.hits} hits ({s.raised} raised), {s.false} false = {s.per_1000} per 1,000, standing {s.standing:.2%}"
        for n, s in found.items()
    }
    return {
        "window_hits": chosen.hits,
        "window_false_per_1000": chosen.per_1000,
        "window_plain_hits": plain.hits,
        "window_plain_false_per_1000": plain.per_1000,
        **told,
    }


def read(folder: Path) -> Iterator[Series]:
    """读序列与窗口 · The series and their windows; FileError where they are not."""
    if not (folder / "windows.json").is_file():
        raise FileError(
            "没有共享数据",
            "the shared data is absent",
            where="heng bench signals",
            mend=("把 HENG_SHARED 设为含 data/nab 的文件夹", "set HENG_SHARED to the folder that holds data/nab"),
        )
    windows: dict[str, Any] = json.loads((folder / "windows.json").read_text("utf8"))
    for name, labelled in windows.items():
        rows = [line.split(",") for line in (folder / name).read_text("utf8").splitlines()[1:]]
        moments = np.array([r[0] for r in rows], "datetime64[us]")
        spans = [(moments >= np.datetime64(a)) & (moments <= np.datetime64(b)) for a, b in labelled]
        yield Series(np.array([float(r[1]) for r in rows]), spans)


def score(rule: Rule, series: list[Series], *, skip: bool) -> Score:
    """评分 · Over all series; `skip`: the first 15 % fixes parameters and is not judged."""
    hits = begun = false = points = standing = 0
    for values, windows in series:
        judged = np.arange(len(values)) >= (int(len(values) * 0.15) if skip else 0)
        alarm = rule(values, np.arange(len(values)) < int(len(values) * 0.15)) & judged
        begins = raised(alarm)
        hits += sum(bool((alarm & w).any()) for w in windows)
        begun += sum(bool((begins & w).any()) for w in windows)
        wrong = alarm & ~np.any([np.zeros(len(values), np.bool_), *windows], axis=0)
        false, standing, points = false + int(raised(wrong).sum()), standing + int(wrong.sum()), points + int(judged.sum())
    return Score(hits, begun, false, round(1000 * false / points, 3), standing / points)


def plain(values: Floats, _: Flags) -> Flags:
    """朴素规则 · More than 5 standard deviations from the mean of the 288 points before, written as anyone would."""
    found = np.zeros(len(values), np.bool_)
    for at in range(LEAST, len(values)):
        before = values[max(0, at - DAY) : at]
        found[at] = abs(values[at] - before.mean()) > 5 * before.std(ddof=1)
    return found


def kept(values: Floats, base: Flags) -> Flags:
    """朴素规则加保持 · The plain rule, kept for an hour."""
    return firing(plain(values, base).astype(np.float64), 1, 1, HOUR)


def single(values: Floats, base: Flags) -> Flags:
    """单值图 · XmR, outside the limits."""
    return outside(values, xmr(values, base)) != 0


def runs(values: Floats, base: Flags) -> Flags:
    """单值图全部规则 · XmR with all its rules."""
    return signals(values, xmr(values, base)).any != 0


def near(values: Floats, base: Flags) -> Flags:
    """三中之二 · Two of three beyond two thirds of 5 standard deviations of the 288 points before, as measured in the baseline."""
    z = against_window(values, DAY, LEAST)
    return signals(z, _spread(z, base), Rules(side=0, trend=0)).near != 0


def sums(values: Floats, base: Flags) -> Flags:
    """累积和 · CUSUM of distances from the day before, in units of the baseline's; one false alarm in 1,000 if points were independent."""
    z = against_window(values, DAY, LEAST)
    return cusum(z * 5 / _spread(z, base).reach, base, h=limit_for(1000)).signal != 0


def ewma(values: Floats, base: Flags) -> Flags:
    """指数加权 · EWMA, weight 0.2, of distances from the day before, beyond 5 of its standard deviations in the baseline."""
    z = against_window(values, DAY, LEAST)
    smooth = smoothed(z)
    return outside(smooth, _spread(smooth, base & ~np.isnan(z))) != 0


def _spread(z: Floats, base: Flags) -> Limits:
    return ewma_limits(z, base & ~np.isnan(z), 5, LEAST)


RULES: dict[str, Rule] = {"plain": plain, "plain_kept": kept, "xmr": single, "xmr_runs": runs, "near": near, "cusum": sums, "ewma": ewma}
