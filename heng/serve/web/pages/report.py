"""月度分析报告 · The monthly report: read on the page, taken away as PDF or Word; the same sentences and figures in each."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from heng.core.errors import HengError
from heng.core.period import period
from heng.desk.register import Eyes
from heng.serve.paper.affairs import affairs
from heng.serve.paper.document import Document
from heng.serve.paper.report import report
from heng.serve.paper.told import Told
from heng.serve.paper.typeset import pdf
from heng.serve.paper.word import docx
from heng.serve.web.downloads import PAPER, sent_as
from heng.serve.web.drill import Place, Placing
from heng.serve.web.shown import page
from heng.serve.web.visit import Visit, Visiting
from heng.tables.costing import DeptResult

router = APIRouter()
WRITTEN: dict[str, Callable[[Document], bytes]] = {".pdf": pdf, ".docx": docx}
"""怎样带走 · The files in which a report is taken away."""


@router.get("/report")
def read(request: Request, visit: Visiting, at: Placing) -> Response:
    """报告 · The report on the page; of her hospital, or of the region, in the newest month unless the address says another."""
    told = _told(visit, at, "see")
    months = sorted({m for _, m in told.reader.region.cells(told.orgs)}, reverse=True)
    places = [("", told.reader.region.name)] if not visit.orgs else []
    places += [(o, told.reader.region.hospitals[o].name) for o in told.reader.orgs(DeptResult) if o in told.reader.region.hospitals]
    here = Place(told.month, told.org)
    values: dict[str, Any] = {"made": report(told), "at": here, "months": months, "places": places, "drawn": Markup}
    return page(request, "report.html", visit, **values)


@router.get("/report{ending}")
def take(visit: Visiting, at: Placing, ending: str) -> Response:
    """带走 · The report as a file."""
    if ending not in WRITTEN:
        instead = ("写 .pdf 或 .docx", "write .pdf or .docx")
        raise HengError(f"报告没有「{ending}」文件", f"there is no {ending} of the report", mend=instead)
    made = report(_told(visit, at, "export"))
    return sent_as(made.title + ending, PAPER[ending], WRITTEN[ending](made))


def _told(visit: Visit, at: Place, action: str) -> Told:
    reader = visit.reader(action)
    org = reader.hospital(at.org).code if at.org else next(iter(visit.orgs), "")
    when = at.period or max((m for _, m in reader.cells(DeptResult, [org] if org else [])), default="")
    if not when:
        raise HengError("还没有算出的月份", "no month is worked out yet", mend=("先装入文件，再计算", "load files, then run"))
    month = period(when).months[-1]
    eyes = Eyes(visit.desk.db, visit.desk.rights, visit.login, visit.roles)
    return Told(reader, org, month, visit.voice, affairs(visit.desk, eyes, reader.scope, org, month))
