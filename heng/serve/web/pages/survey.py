"""调查 · Surveys: those to fill in this month for one's own hospital, and what came of them; results name nobody."""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import uuid4

import polars as pl
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from heng.core.errors import AccessError, HengError
from heng.core.period import last_day, period, shift
from heng.core.table import rate
from heng.desk.forms import MARKS, READERS, Forms, Reply, Results, Survey, Tally, Wanted, fill, replied, results, survey, surveys
from heng.serve.excel.rows import write_rows
from heng.serve.excel.shown import Words
from heng.serve.labels import ABSENT
from heng.serve.web.casework import Places, refused
from heng.serve.web.charts import bars
from heng.serve.web.downloads import as_file, as_json, parted
from heng.serve.web.drill import Placing
from heng.serve.web.series import Point, Scale
from heng.serve.web.shown import page
from heng.serve.web.typed import Typing
from heng.serve.web.visit import Visit, Visiting

router = APIRouter()
YES_NO = {"yes": ("是", "yes"), "no": ("否", "no")}
BACK = 12
"""可看几个月的结果 · Months whose results can be chosen."""
MEAN = rate("平均分", "mean", "")
HEADERS = {
    "question": ("问题", "question"),
    "n": ("份数", "replies"),
    "mean": ("平均分", "mean"),
    "distribution": ("分布", "distribution"),
    "texts": ("原话", "words"),
}


def own_orgs(visit: Visit) -> list[str]:
    """自己任职的医院 · The hospitals of her own posts: a deputy replies for nobody else."""
    return list(dict.fromkeys(p.org for p in visit.signed.posts if p.org and p.person == visit.signed.person.id))


def declared(visit: Visit, org: str, day: date | None = None) -> Forms:
    """申明的问卷 · The surveys that policy declares for a hospital on a day."""
    return Forms(visit.region.policy, day or visit.desk.db.today, org)


def offered(visit: Visit, org: str) -> list[Survey]:
    """可填的问卷 · The surveys of today for a hospital."""
    return surveys(declared(visit, org))


def reads_results(visit: Visit) -> bool:
    """看不看结果 · Whether one of her roles may read results."""
    return any(role in READERS for role in visit.roles)


@router.get("/surveys")
def listed(request: Request, visit: Visiting) -> Response:
    """调查一览 · The surveys, hospital by hospital: replied or not, and the way to the results."""
    places, mine = Places(visit), own_orgs(visit)
    seen = list(dict.fromkeys([*mine, *(visit.orgs or visit.region.hospitals)])) if reads_results(visit) else mine
    rows = [
        {
            "key": s.key,
            "name": visit.voice.pick(*s.words),
            "org": org,
            "hospital": places.hospital(org),
            "fills": org in mine,
            "replied": org in mine and replied(visit.desk.db, visit.login, s.key, org) is not None,
        }
        for org in seen
        for s in offered(visit, org)
    ]
    return page(request, "surveys.html", visit, rows=rows, reads=reads_results(visit), month=visit.desk.db.today.isoformat()[:7])


@router.get("/survey/{name}")
def one(request: Request, visit: Visiting, name: str, at: Placing, done: str = "") -> Response:
    """一份问卷 · A survey to fill in; what was answered this month stands there to be corrected."""
    org = _org(visit, at.org)
    before = replied(visit.desk.db, visit.login, name, org)
    return _form(request, visit, (name, org), {"typed": before or {}, "replied": before is not None, "done": done})


@router.post("/survey/{name}")
def reply(request: Request, visit: Visiting, name: str, form: Typing) -> Response:
    """填报 · Reply, or correct this month's reply; what is wrong is told in place."""
    org = _org(visit, form.one("org"))
    try:
        fill(visit.desk.db, declared(visit, org), Reply(visit.login, name, org, form.said, form.one("key")))
    except HengError as e:
        lines = refused(e, visit.voice)
        return _form(request, visit, (name, org), {"typed": form.said, "lines": lines, "error": e, "key": form.one("key")})
    return RedirectResponse(f"/survey/{name}?org={org}&done=1", 303)


def _form(request: Request, visit: Visit, which: tuple[str, str], more: Mapping[str, Any]) -> Response:
    name, org = which
    found, error, pick = survey(declared(visit, org), name), more.get("error"), visit.voice.pick
    marks = {"scale": [(m, m) for m in MARKS["scale"]], "yes_no": [(m, pick(*YES_NO[m])) for m in MARKS["yes_no"]]}
    values = {
        "survey": found,
        "org": org,
        "hospital": Places(visit).hospital(org),
        "month": visit.desk.db.today.isoformat()[:7],
        "marks": marks,
        "typed": more["typed"],
        "replied": more.get("replied", False),
        "done": more.get("done", ""),
        "lines": more.get("lines", []),
        "key": more.get("key") or str(uuid4()),
        "reads": reads_results(visit),
    }
    return page(request, "survey.html", visit, status=403 if isinstance(error, AccessError) else 400 if error else 200, **values)


def month_of(visit: Visit, asked: str) -> str:
    """哪个月 · The month asked for, else the last that is over."""
    return period(asked).months[-1] if asked else shift(visit.desk.db.today.isoformat()[:7], -1)


@router.get("/survey/{name}/results")
@router.get("/survey/{name}/results.json")
@router.get("/survey/{name}/results.csv")
@router.get("/survey/{name}/results.xlsx")
def told_results(request: Request, visit: Visiting, name: str, at: Placing) -> Response:
    """结果 · What came of a hospital's month, as a page or a file."""
    org, month, voice = _org(visit, at.org), month_of(visit, at.period), visit.voice
    forms = declared(visit, org, last_day(month))
    found = results(visit.desk.db, visit.desk.rights, forms, Wanted(visit.login, name, org, month))
    _, ending = parted(request.url.path)
    rows = [_tally(t, visit) for t in found.tallies]
    if ending == ".json":
        return as_json({"form": name, "org": org, "month": month, "count": found.count, "over": found.over, "questions": rows})
    if ending:
        return as_file(
            f"{voice.pick(*found.survey.words)} {month}", ending, lambda path: write_rows(_frame(rows), None, path, _words(visit))
        )
    now = visit.desk.db.today.isoformat()[:7]
    values = {
        "survey": found.survey,
        "found": found,
        "rows": rows,
        "least": forms.least,
        "org": org,
        "hospital": Places(visit).hospital(org),
        "orgs": [(o, Places(visit).hospital(o)) for o in (visit.orgs or visit.region.hospitals)],
        "months": [shift(now, -n) for n in range(BACK + 1)],
        "month": month,
        "picture": _picture(found, visit),
    }
    return page(request, "survey_results.html", visit, **values)


def _picture(found: Results, visit: Visit) -> Any:
    scale = Scale(MEAN, visit.voice)
    known = [(visit.voice.pick(*t.question.words), _mean(t)) for t in found.tallies if t.question.kind == "scale" and t.mean is not None]
    return bars([Point(words.partition("：")[0].partition(":")[0], value) for words, value in known], scale) if known else None


def _mean(found: Tally) -> Decimal | None:
    # To the last digit it can be worked out from the distribution.
    return None if found.mean is None else (Decimal(found.mean.numerator) / found.mean.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _tally(found: Tally, visit: Visit) -> dict[str, Any]:
    voice = visit.voice
    words = {m: voice.pick(*YES_NO[m]) if m in YES_NO else m for m in found.distribution}
    return {
        "question": voice.pick(*found.question.words),
        "n": found.n,
        "mean": _mean(found),
        "distribution": "  ".join(f"{words[mark]}×{n}" for mark, n in found.distribution.items()),
        "texts": list(found.texts),
    }


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    said = [r | {"mean": ABSENT if r["mean"] is None else str(r["mean"]), "texts": "；".join(r["texts"])} for r in rows]
    return pl.DataFrame(said, schema={n: pl.Int64 if n == "n" else pl.String for n in HEADERS})


def _words(visit: Visit) -> Words:
    return Words(visit.voice.lang, {}, HEADERS)


def _org(visit: Visit, written: str) -> str:
    """The hospital that is meant: the one written, else that of her own post."""
    if written:
        return visit.region.hospital(written).code
    return next(iter([*own_orgs(visit), *visit.region.hospitals]), "")
