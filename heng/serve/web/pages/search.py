"""查找 · Search: figures, results, tables, columns, departments, hospitals, policy; in Chinese, English, pinyin, first letters."""

from fastapi import APIRouter, Request, Response

from heng.serve.web.downloads import as_json
from heng.serve.web.finding import KINDS, search
from heng.serve.web.shown import page
from heng.serve.web.visit import Visiting

router = APIRouter()
LONGEST = 100
"""最长查多少字 · Characters of a question at most."""


@router.get("/search")
@router.get("/search.json")
def find(request: Request, visit: Visiting, q: str = "") -> Response:
    """查找 · What is called so, the likeliest first."""
    asked = q.strip()[:LONGEST]
    found = search(visit.reader(), asked, visit.voice)
    if request.url.path.endswith(".json"):
        return as_json([{"kind": e.kind, "zh": e.zh, "en": e.en, "about": e.about, "href": e.href} for e in found])
    groups = [(visit.voice.pick(*words), [e for e in found if e.kind == kind]) for kind, words in KINDS.items()]
    first = {e.kind: n for n, e in reversed(list(enumerate(found)))}
    order = sorted((g for g in zip(KINDS, groups, strict=True) if g[1][1]), key=lambda g: first[g[0]])
    return page(request, "search.html", visit, q=asked, groups=[g for _, g in order])
