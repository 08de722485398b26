"""口径 · What a figure means, as a part opened in place and as a page of its own."""

from dataclasses import asdict, replace

from fastapi import APIRouter, Request, Response

from heng.app.reader import Reader, beyond
from heng.core.indicator import INDICATORS
from heng.core.scope import Level
from heng.desk.grants import reached
from heng.serve.web.definition import definition
from heng.serve.web.downloads import as_json, parted
from heng.serve.web.drill import Placing
from heng.serve.web.shown import page
from heng.serve.web.visit import Visiting

router = APIRouter()


@router.get("/definition/{name}")
def defined(request: Request, visit: Visiting, name: str, at: Placing) -> Response:
    """一个口径 · A definition by the key of an indicator, a table, a capability, or a column (`DeptResult.cost`)."""
    key, ending = parted(name)
    if at.org:
        at = replace(at, org=_reached(visit.reader(), at.org))
    found = definition(visit.region, key, at, visit.voice)
    if ending == ".json":
        more = {"table": found.table.__name__, "capability": found.capability.name if found.capability else None}
        facts = [{"name": n, "text": t} for n, t in found.facts]
        said = {"key": found.key, "title": found.title, "words": found.words, "facts": facts}
        return as_json({**said, **more, "values": [asdict(v) for v in found.values]})
    part = request.headers.get("hx-target") == "definition"
    template = "definition_part.html" if part else "definition.html"
    return page(request, template, visit, found=found, at=at, indicator=found.key in INDICATORS)


def _reached(reader: Reader, org: str) -> str:
    """A hospital's own policy is told to those whose scope reaches that hospital: its code; AccessError for others."""
    hospital = reader.hospital(org)
    if not reached(reader.scope, hospital.code, level=Level.HOSPITAL):
        raise beyond(f"{hospital.code} {hospital.name} 的政策", f"the policy of {hospital.code}")
    return hospital.code
