"""指标 · An indicator: its value and state, its months within their limits, its parts in order, what caused its alerts."""

from typing import Any

import polars as pl
from fastapi import APIRouter, Request, Response

from heng.app.reader import Reader
from heng.core.errors import AccessError, HengError, Say, did_you_mean
from heng.core.indicator import INDICATORS, Indicator
from heng.serve.labels import ABSENT
from heng.serve.saved import save
from heng.serve.web.definition import BETTER
from heng.serve.web.downloads import as_file, as_json, parted
from heng.serve.web.drill import Placing, trail
from heng.serve.web.figures import figure, unit
from heng.serve.web.indicated import Told
from heng.serve.web.measured import Part, column_of, signals_of
from heng.serve.web.shown import page
from heng.serve.web.told import change, parts_told, shown, trend_told, unsteady_told
from heng.serve.web.visit import Visiting
from heng.tables.steering import LEVEL

router = APIRouter()
SHORT = 8
"""矮的热图至多几行 · Rows of a heat map that needs no tall picture."""


@router.get("/indicators")
def indicators(request: Request, visit: Visiting) -> Response:
    """全部指标 · Every indicator in scope: what it says, where it comes from, how many alerts stand of it."""
    reader, pick = visit.reader(), visit.voice.pick
    tables = dict[str, list[dict[str, Any]]]()
    standing = _standing(reader)
    for found in INDICATORS.values():
        if not any(reader.sees(found.of, org) for org in reader.region.hospitals):
            continue
        row = {"key": found.key, "name": pick(found.zh, found.en), "words": pick(*found.formula), "better": pick(*BETTER[found.better])}
        more = {"unit": "%" if found.unit == "1" else unit(column_of(found), visit.voice), "alerts": standing.get(found.key, 0)}
        tables.setdefault(pick(found.of.zh, found.of.en), []).append(row | more)
    return page(request, "indicators.html", visit, tables=tables)


def _standing(reader: Reader) -> dict[str, int]:
    try:
        signals = signals_of(reader)
    except AccessError:
        return {}
    if signals.is_empty():
        return {}
    return dict(signals.filter(pl.col("month") == signals["month"].max()).group_by("indicator").len().iter_rows())


@router.get("/indicator/{name}")
def indicator(request: Request, visit: Visiting, name: str, at: Placing) -> Response:
    """一个指标 · One indicator, as a page, or as a file of its parts."""
    key, ending = parted(name)
    found = named(key)
    told = Told(visit, found, at, "export" if ending in (".csv", ".xlsx") else "see")
    if ending == ".json":
        return as_json(as_data(told))
    if ending:
        rows, headers = _rows(told)
        return as_file(f"{found.zh} {told.at.period}", ending, lambda path: save(rows, found.of, told.labels, path, headers))
    return page(request, "indicator.html", visit, **_values(told))


def named(key: str) -> Indicator:
    """按名找指标 · The indicator of that key or Chinese name; HengError with the nearest."""
    found = INDICATORS.get(key) or next((i for i in INDICATORS.values() if i.zh == key), None)
    if found is None:
        near, listed = did_you_mean(key, INDICATORS), ("全部指标列在 /indicators", "all of them are listed at /indicators")
        raise HengError(f"没有指标 {key}", f"there is no indicator {key}", mend=near if near[0] else listed)
    return found


def as_data(told: Told) -> dict[str, Any]:
    """供 JSON 用 · The same for JSON: value and changes, months, parts, signals, cautions."""
    measured, found = told.measured, told.found
    return {
        "key": found.key,
        "zh": found.zh,
        "en": found.en,
        "unit": found.unit,
        "better": found.better,
        "generation": measured.reader.region.manifest.generation,
        "period": told.at.period,
        "org": told.at.org,
        "dept": told.at.dept,
        "value": measured.now.value,
        "yoy_change": measured.now.yoy,
        "mom_change": measured.now.mom,
        "state": told.state[0],
        "limits": vars(told.held.limits),
        "months": [{"month": m, "value": v} for m, v in measured.trend.items()],
        "by": measured.by,
        "parts": [
            {"code": p.code, "name": told.named(p.code), "value": p.value, "yoy_change": p.yoy, "mom_change": p.mom} for p in measured.parts
        ],
        "signals": [s for s in measured.signals if s["month"] in measured.period.months],
        **told.caution().data(),
    }


def _rows(told: Told) -> tuple[pl.DataFrame, dict[str, Say]]:
    """The parts as rows of a file, the whole place first; and how its columns are called."""
    measured, by = told.measured, told.measured.by
    whole = Part("", measured.now.value, measured.now.yoy, measured.now.mom)
    name = ("名称", "name")
    place = told.labels.org(told.at.org) if told.at.org else told.labels.reader.region.name
    rows = [
        {"period": told.at.period, "name": told.named(p.code) if p is not whole else place, "value": p.value, "yoy": p.yoy, "mom": p.mom}
        for p in (whole, *(measured.parts if by else ()))
    ]
    number = pl.Decimal(38, 6)
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "period": pl.String,
        "name": pl.String,
        "value": number,
        "yoy": number,
        "mom": number,
    }
    headers = {
        "period": ("期间", "period"),
        "name": name,
        "value": (f"{told.found.zh}（{told.found.unit}）", f"{told.found.en} ({told.found.unit})"),
        "yoy": ("同比增减", "change on the year"),
        "mom": ("环比增减", "change on the period before"),
    }
    return pl.DataFrame(rows, schema=schema), headers


def _values(told: Told) -> dict[str, Any]:
    measured, voice, column = told.measured, told.voice, told.measured.column
    now = measured.now
    months = sorted({m for _, m in measured.reader.cells(told.found.of, measured.seen.orgs)}, reverse=True)
    parts = measured.parts
    return {
        "found": told.found,
        "at": told.at,
        "trail": trail(told.found, told.at, told.labels),
        "months": months,
        "figure": figure(now.value, column, voice),
        "changes": [
            (w, change(b, now.value, column, voice))
            for w, b in ((voice.pick("同比", "on the year"), now.yoy), (voice.pick("环比", "on the period before"), now.mom))
        ],
        "state": told.state,
        "held": told.held,
        "lines": [(voice.pick(*LEVEL[level]), shown(value, column, voice)) for level, value in told.held.lines],
        "trend": (told.trend(), trend_told(measured, told.held, voice)) if measured.trend else None,
        "bars": (told.bars(), parts_told(parts, column, told.named, voice)) if any(p.value is not None for p in parts) else None,
        "heat": (told.heat(), unsteady_told(measured.cube, column, told.named, voice)) if len(measured.cube) > 1 else None,
        "tall": len(measured.cube) > SHORT,
        "parts": list(told.lines()),
        "by": voice.pick(*{"org": ("医院", "hospital")}.get(measured.by, ("科室", "department"))),
        "bridges": told.bridges(),
        "ways": told.ways(),
        "cautions": [voice.say(key, **values) for key, values in told.caution().phrases()],
        "narrow": measured.narrow,
        "absent": ABSENT,
    }
