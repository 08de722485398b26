"""预警 · Signals: what was signalled of which place in which month."""

from typing import Any

import polars as pl
from fastapi import APIRouter, Request, Response

from heng.serve.api.answers import SignalList, answered, page_address
from heng.serve.api.asked import AskedSignals
from heng.serve.api.caller import Calling
from heng.serve.api.cursor import first_of, mark
from heng.serve.web.measured import signals_of

router = APIRouter(tags=["signals"])


@router.get("/signals", response_model=SignalList)
def signals(request: Request, caller: Calling, asked: AskedSignals) -> Response:
    """预警信号 · Signals in the order of months, of a hospital, indicator or month where one is named."""
    reader = caller.reader()
    generation = reader.region.manifest.generation
    org = reader.hospital(asked.org).code if asked.org else ""
    found = signals_of(reader, org)
    for name in ("indicator", "month"):
        if (value := getattr(asked, name)) and found.height:
            found = found.filter(pl.col(name) == value)
    first = first_of(request, asked.cursor, generation)
    shown = found.slice(first, asked.size)
    last = first + shown.height
    following = page_address(request, mark(request, generation, last)) if last < found.height else ""
    data: dict[str, Any] = {"generation": generation, "count": found.height, "signals": shown.to_dicts(), "next": following or None}
    return answered(data, next_page=following)
