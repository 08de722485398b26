"""病例分组 · Grouping, looked into: a case under every scheme side by side with its way in words; and the schemes themselves."""

import secrets
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response

from heng.app.groupers import case_of, counting, grouper, in_force, paying, rule_of, schemes
from heng.app.load_schemes import may_load_schemes
from heng.app.period import View, see
from heng.core.errors import FileError, HengError, did_you_mean
from heng.core.period import period
from heng.methods.grouping.pack import Group, Pack
from heng.serve.web.doing import doer
from heng.serve.web.drill import Step
from heng.serve.web.explored import PROVISIONAL, Explorer, Typed, Verdict, page_of, ruled, typed
from heng.serve.web.remembered import REMEMBERED
from heng.serve.web.rooms import rooms
from heng.serve.web.shown import page, told
from heng.serve.web.visit import Visit, Visiting
from heng.tables.codes import GROUP_KIND, GROUP_LEVEL, GROUPING
from heng.tables.grouping import Grouping
from heng.tables.packs import DipEdition, DipEntry

router = APIRouter()
ROOM = "payment"
BELOW = {"": "mdc", "mdc": "adrg", "adrg": "drg"}
Cased = Annotated[Typed, Depends()]


@dataclass(frozen=True)
class Stay:
    """哪一次住院 · A stay that has been grouped: hospital, month, its number there."""

    org: str = ""
    month: str = ""
    encounter: str = ""

    @property
    def given(self) -> bool:
        """说了没有 · Whether a stay is named."""
        return bool(self.org and self.month and self.encounter)


Stayed = Annotated[Stay, Depends()]


@router.get("/group")
def explore(request: Request, visit: Visiting, case: Cased, stay: Stayed) -> Response:
    """病例分组 · A case as it is typed, or a stay that has been grouped, under every scheme."""
    explorer, lines, found = exploring(visit, stay.org, stay.month), list[str](), list[Verdict]()
    label = ""
    if stay.given and not case.given:
        found, case, label = _kept(visit, explorer, stay)
    elif case.given:
        try:
            found = explorer.verdicts(case.record(), case.code_set)
        except HengError as e:
            lines = told(e, visit.voice)
    values: dict[str, Any] = {
        "schemes": explorer.listed,
        "catalogues": catalogues(visit, stay.month),
        "case": case,
        "found": found,
        "stay": stay if label else None,
        "label": label,
        "lines": lines,
        "provisional": PROVISIONAL,
        "room": rooms()[ROOM],
        "statuses": GROUPING,
    }
    return page(request, "group.html", visit, status=400 if lines else 200, **values)


@router.get("/group/{pack}")
@router.get("/group/{pack}/{code}")
def scheme(request: Request, visit: Visiting, pack: str, code: str = "") -> Response:
    """看方案 · A scheme, level by level in its official order: its major categories, the ADRG of one, the groups of an ADRG."""
    explorer = exploring(visit)
    held = grouper(explorer.reader, pack).pack
    above = _above(held, code)
    level = BELOW[above[-1].level if above else ""]
    below = [g for g in held.level(level) if g.parent == code]  # type: ignore[arg-type]  # one of the three
    weighed = explorer.weights(pack) if level == "drg" else {}
    counted = {g.code: sum(b.parent == g.code for b in held.level(BELOW[level])) for g in below} if level in BELOW else {}  # type: ignore[arg-type]
    entries = [
        {
            "group": g,
            "kind": GROUP_KIND[g.kind] if g.kind else None,
            "rule": ruled(held, g),
            "href": page_of(held, g) if level != "drg" else "",
            "below": counted.get(g.code, 0),
            "weights": weighed.get(g.code, ()),
        }
        for g in below
    ]
    steps = [Step(pack, f"/group/{pack}"), *(Step(f"{g.code} {g.name}".strip(), page_of(held, g)) for g in above)]
    values: dict[str, Any] = {
        "pack": next(s for s in explorer.listed if s["pack"] == pack),
        "above": above,
        "entries": entries,
        "level": GROUP_LEVEL[level],
        "deeper": GROUP_LEVEL[BELOW[level]] if level in BELOW else None,
        "steps": steps,
        "rules": [(g, ruled(held, g)) for g in above if g.rule],
        "qy": code in held.qy,
        "withdrawable": not code and may_load_schemes(doer(visit, "load")),
        "once": secrets.token_hex(8),
        "room": rooms()[ROOM],
        "provisional": PROVISIONAL,
    }
    return page(request, "group_scheme.html", visit, **values)


def exploring(visit: Visit, org: str = "", month: str = "") -> Explorer:
    """谁在看 · The visitor as she looks into grouping; which scheme pays where she looks, in the newest month by default."""
    reader = visit.reader()
    at = _at(visit, month)
    held = REMEMBERED.of(reader, "schemes", lambda r: {str(s["pack"]): s for s in schemes(r)})
    cell = (org or next(iter(visit.orgs), ""), at)
    pays, beside = paying(reader, cell, held), {str(n): "beside" for n in rule_of(reader, cell).beside}
    lapsed = at if pays in held and not in_force(held[pays], at) else ""
    return Explorer(reader, visit.desk.db.today, held, {**beside, pays: "pays"}, lapsed)


def catalogues(visit: Visit, month: str = "") -> list[dict[str, Any]]:
    """装入的 DIP 目录 · The DIP catalogues that are held, and which one counts; `once`: who may withdraw one does it by that number."""
    reader, at = visit.reader(), _at(visit, month)
    held = REMEMBERED.of(reader, "catalogues", lambda r: schemes(r, DipEdition)) if reader.sees(DipEdition, "") else []
    counts, mine = counting(reader, at) if held else "", held and may_load_schemes(doer(visit, "load"))
    return [
        {
            **scheme,
            "use": "counts" if name == counts else "",
            "lapsed": at if name == counts and not in_force(scheme, at) else "",
            "href": f"/table/{DipEntry.__name__}?{urlencode({'where': f'pack={name}'})}",
            "once": secrets.token_hex(8) if mine else "",
        }
        for name, scheme in ((s["pack"], s) for s in held)
    ]


def _at(visit: Visit, month: str) -> str:
    """看哪个月 · The month that is asked for, else the newest one."""
    newest = max((m for _, m in visit.region.cells()), default=f"{visit.desk.db.today:%Y-%m}")
    return period(month).months[-1] if month else newest


def _kept(visit: Visit, explorer: Explorer, stay: Stay) -> tuple[list[Verdict], Typed, str]:
    """算过的一次住院 · How a stay was grouped, its case where she may see all of it, and what it is called."""
    hospital = explorer.reader.hospital(stay.org)
    month = period(stay.month)
    view = View(month, (hospital.code,), where=(("encounter", stay.encounter),))
    rows = REMEMBERED.of(explorer.reader, ("rows", Grouping, view), lambda r: see(r, Grouping, view))
    if not rows.height:
        raise HengError(
            f"{hospital.code} {month.name} 没有序号为 {stay.encounter[:20]} 的入组病例",
            f"{hospital.code} has no grouped case {stay.encounter[:20]} in {month.name}",
            mend=("从「病例入组」的行进来", "come from a row of the grouping of cases"),
        )
    cell, encounter = (hospital.code, month.months[-1]), rows["encounter"][0]
    record = REMEMBERED.of(explorer.reader, ("case", cell, encounter), lambda r: case_of(r, cell, encounter))
    case = typed(record, rule_of(explorer.reader, cell).codes) if record else Typed()
    label = visit.voice.pick(f"{hospital.name} {month.name} 第 {encounter} 例", f"{hospital.name} {month.name}, case {encounter}")
    return explorer.kept(rows.to_dicts()), case, label


def _above(pack: Pack, code: str) -> list[Group]:
    """从大类到这里 · The groups from the major category down to a code; FileError with the nearest for one that is not there."""
    if not code:
        return []
    known = {g.code: g for g in pack.groups if g.level != "drg"}
    if code not in known:
        raise FileError(f"{pack.name} 里没有 {code[:40]}", f"{pack.name} has no {code[:40]}", mend=did_you_mean(code[:40], known))
    found = known[code]
    return [known[found.parent], found] if found.parent in known else [found]
