"""看数的规则 · All rules of watching figures over 1,000 indicators × 40 hospitals × 36 months, and 12 real series with labelled windows.

Speed: every kernel that a signal may need, over the whole block, beside what people write first: the last twelve months' mean
and 5 standard deviations, once in numpy for the block, once as a plain loop over the values of one series in a hundred.
Windows: see signal_windows.py; needs the shared data (HENG_SHARED).
"""

import time
from collections.abc import Callable
from fractions import Fraction
from statistics import fmean, stdev

import numpy as np
from signal_windows import figures

from heng.methods.control_chart import baseline, outside, p_chart, signals, u_chart, xmr
from heng.methods.cusum import cusum, limit_for, residuals
from heng.methods.ewma import against_window, ewma, ewma_limits, smoothed
from heng.methods.funnel import share_funnel
from heng.methods.new_baseline import propose
from heng.methods.seasonal import season
from heng.methods.series import Flags, Floats
from heng.methods.warning_line import firing, growth_beyond, level, raised, running

INDICATORS, HOSPITALS, MONTHS, YEAR = 1000, 40, 36, 12
ONE_IN = 100  # series that the plain loop gets
TARGETS = {
    "rules_s": "≤ 10 s: every rule over 1,000 indicators × 40 hospitals × 36 months",
    "rules_over_loop": "≤ 1.0: all rules against one rule (5 standard deviations) in a plain loop",
    "window_hits": "> 12 of 20 windows at ≤ 1.73 false episodes per 1,000 points, or ≥ 12 at ≤ 0.87: EWMA against the day before",
}


def run() -> dict[str, object]:
    """跑一遍 · Time each rule on one block of made-up months, then the plain rules, then judge the real series."""
    rules = _rules()
    spent = {name: min(_timed(rule) for _ in range(2)) for name, rule in rules.items()}
    whole, values = sum(spent.values()), _values().reshape(-1, MONTHS)
    block = min(_timed(lambda: _plain_block(values)) for _ in range(2))
    loop = _timed(lambda: _plain_loop(values[::ONE_IN])) * ONE_IN
    return {
        "values": values.size,
        "rules_s": round(whole, 2),
        **{f"{name}_s": round(s, 3) for name, s in spent.items()},
        "plain_numpy_s": round(block, 3),
        "plain_loop_s": round(loop, 1),
        "rules_over_numpy": round(whole / block, 1),
        "rules_over_loop": round(whole / loop, 2),
        **figures(),
    }


def _values() -> Floats:
    chance = np.random.default_rng(2026)
    return np.round(chance.normal(1e6, 1e5, (INDICATORS, HOSPITALS, MONTHS)) * (1 + np.arange(MONTHS) * 0.005))


def _rules() -> dict[str, Callable[[], object]]:
    values, chance = _values(), np.random.default_rng(7)
    shape, base = values.shape, baseline(values, YEAR)
    cases = chance.integers(200, 2000, shape).astype(np.float64)
    events = np.floor(cases * chance.uniform(0.05, 0.3, shape))
    fen, before = values[..., YEAR:].astype(np.int64), values[..., :-YEAR].astype(np.int64)
    across = [np.moveaxis(a, 1, -1) for a in (events, cases)]
    chart = xmr(values, base)
    return {
        "xmr": lambda: signals(values, xmr(values, base)),
        "p": lambda: signals(events / cases, p_chart(events, cases, base)),
        "u": lambda: signals(events / cases, u_chart(events, cases, base)),
        "funnel": lambda: share_funnel(*across).place,
        "cusum": lambda: cusum(residuals(values, cases, base), base, h=limit_for(240)),
        "ewma": lambda: _ewma(values, base),
        "ewma_months": lambda: ewma(values, base, ~base),
        "season": lambda: season(values, 2).adjusted(values),
        "level": lambda: level(fen - before, before, (Fraction(2, 25), Fraction(1, 10))),
        "growth": lambda: growth_beyond(fen, before, fen[:, ::-1], before[:, ::-1], Fraction(1, 5)),
        "running": lambda: running(values > 1.1e6, 3),
        "firing": lambda: raised(firing(values, 1.2e6, 1.1e6, 2)),
        "propose": lambda: propose(values, chart),
    }


def _ewma(values: Floats, base: Flags) -> object:
    smooth = smoothed(against_window(values, YEAR, 6))
    return outside(smooth, ewma_limits(smooth, base, least=YEAR))


def _plain_block(values: Floats) -> int:
    found = 0
    for month in range(YEAR, MONTHS):
        before = values[:, month - YEAR : month]
        found += int((np.abs(values[:, month] - before.mean(axis=1)) > 5 * before.std(axis=1, ddof=1)).sum())
    return found


def _plain_loop(values: Floats) -> int:
    found = 0
    for series in values.tolist():
        for month in range(YEAR, MONTHS):
            before = series[month - YEAR : month]
            found += abs(series[month] - fmean(before)) > 5 * stdev(before)
    return found


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
