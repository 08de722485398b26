"""指标 · Indicators: which there are, and one of them at a place: value, changes, state, months, parts, signals."""

from typing import Any

from fastapi import APIRouter, Response

from heng.core.indicator import INDICATORS, Indicator
from heng.serve.api.answers import IndicatorList, IndicatorValue, answered
from heng.serve.api.asked import IndicatorKey, Placed, Plain, indicator_named
from heng.serve.api.caller import Calling
from heng.serve.web.indicated import Told
from heng.serve.web.pages.indicator import as_data

router = APIRouter(tags=["indicators"])


@router.get("/indicators", response_model=IndicatorList)
def indicators(caller: Calling, _: Plain) -> Response:
    """看得到的指标 · The indicators that may be seen, by key."""
    reader = caller.reader()
    seen = [_said(i) for _, i in sorted(INDICATORS.items()) if any(reader.sees(i.of, org) for org in reader.region.hospitals)]
    return answered({"generation": reader.region.manifest.generation, "indicators": seen})


@router.get("/indicators/{key}", response_model=IndicatorValue)
def indicator(caller: Calling, key: IndicatorKey, asked: Placed) -> Response:
    """一个指标 · An indicator at a place: without a hospital of the region, else of the hospital or department."""
    return answered(as_data(Told(caller, indicator_named(key), asked.place)))


def _said(found: Indicator) -> dict[str, Any]:
    zh, en = found.formula
    return {
        **{n: getattr(found, n) for n in ("key", "zh", "en", "unit", "better")},
        "table": found.of.__name__,
        "formula_zh": zh,
        "formula_en": en,
    }
