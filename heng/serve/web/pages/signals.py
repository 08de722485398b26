"""预警 · Signals by place; one of them with its cause, and what its owners decide: acknowledge, mute, real or not, a new baseline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from heng.app.decided import counts_from
from heng.app.held import held
from heng.app.reader import Reader
from heng.core.errors import AccessError, HengError, did_you_mean
from heng.core.indicator import INDICATORS
from heng.desk.decisions import Decided, decisions
from heng.desk.register import cases
from heng.rooms.steering.signals import Rule
from heng.serve.deciding import Decider, Deciding, decided
from heng.serve.web.cards import roles
from heng.serve.web.casework import Places, refused
from heng.serve.web.downloads import as_json, parted
from heng.serve.web.drill import Place, Placing, address
from heng.serve.web.grounds import alerted
from heng.serve.web.measured import column_of, signals_of
from heng.serve.web.pages.case import eyes
from heng.serve.web.remembered import REMEMBERED
from heng.serve.web.series import Scale
from heng.serve.web.shown import page
from heng.serve.web.typed import Typed, Typing
from heng.serve.web.visit import Visit, Visiting
from heng.tables.steering import DECISION, LEVEL, RULE, STATE, AlertPrecision, Signal

router = APIRouter()
Row = dict[str, Any]


@dataclass(frozen=True)
class Filter:
    """只看哪些 · Which signals: of a level, in a state; empty for all."""

    level: str = ""
    state: str = ""


def narrowed(level: str = "", state: str = "") -> Filter:
    """从地址读出 · Read off the address; HengError for what is neither."""
    for name, value, known in (("level", level, LEVEL), ("state", state, STATE)):
        if value and value not in known:
            raise HengError(f"没有 {name}={value}", f"there is no {name}={value}", where=name, mend=did_you_mean(value, known))
    return Filter(level, state)


@router.get("/signals")
@router.get("/signals.json")
def listed(request: Request, visit: Visiting, at: Placing, only: Annotated[Filter, Depends(narrowed)]) -> Response:
    """预警一览 · The signals in scope of a month, place by place, the worst first; and how far alerts can be relied on."""
    reader = visit.reader()
    org = reader.hospital(at.org).code if at.org else ""
    rows = signals_of(reader, org)
    months = sorted(set(rows["month"]), reverse=True)
    month = at.period or next(iter(months), "")
    here = [r for r in rows.filter(pl.col("month") == month).iter_rows(named=True) if _wanted(r, at, only)]
    if parted(request.url.path)[1]:
        return as_json({"month": month, "signals": [r | {"standing": r["state"]} for r in here]})
    places = Places(visit)
    open_ = {
        c["key"].rpartition("/")[0]: c["id"] for c in reversed(cases(visit.desk.db, eyes(visit), None, "open")) if c["type"] == "alert"
    }
    made = decisions(visit.desk.db)
    told_ = [_told(visit, places, r) | {"case": open_.get(_subject(r)), "muted": _muted(visit, made, r)} for r in here]
    groups = [(o, [r for r in told_ if r["org"] == o]) for o in dict.fromkeys(r["org"] for r in told_)]
    values: dict[str, Any] = {
        "groups": [(places.hospital(o), sorted(found, key=lambda r: (r["level"] != "red", r["place"]))) for o, found in groups],
        "count": len(here),
        "months": months,
        "month": month,
        "judged": any(m == month for _, m in reader.held(Signal)),
        "orgs": [(o, places.hospital(o)) for o in reader.orgs(Signal)],
        "org": org,
        "only": only,
        "levels": LEVEL,
        "states": STATE,
        "files": address(Signal),
        "at": Place(month, org, at.dept),
        "precision": _precision(visit, reader, org, month),
    }
    return page(request, "signals.html", visit, **values)


def _wanted(row: Mapping[str, Any], at: Place, only: Filter) -> bool:
    return at.dept in ("", row["dept"]) and only.level in ("", row["level"]) and only.state in ("", row["state"])


def _subject(row: Mapping[str, Any]) -> str:
    return "/".join(("alert", row["watch"], row["org"], row["dept"] or "-"))


def _told(visit: Visit, places: Places, row: Mapping[str, Any]) -> Row:
    """A signal as its line is told."""
    voice, found = visit.voice, INDICATORS[row["indicator"]]
    scale, above = Scale(column_of(found), voice), row["deviation"] > 0
    at = Place(row["month"], row["org"], row["dept"])
    return {
        "org": row["org"],
        "watch": row["watch"],
        "name": voice.pick(found.zh, found.en),
        "place": places.dept(row["org"], row["dept"]) or voice.pick("全院", "the hospital"),
        "level": row["level"],
        "words": voice.pick(*LEVEL[row["level"]]),
        "state": voice.pick(*STATE[row["state"]]),
        "value": scale.text(row["value"]),
        "line": scale.text(row["line"]),
        "far": f"{voice.pick('高', 'above ') if above else voice.pick('低', 'below ')} {abs(row['deviation']) * 100:.1f}%",
        "rule": voice.pick(*RULE[row["rule"]]),
        "since": row["since"],
        "owners": roles(row["owners"].split(), voice),
        "cause": voice.pick(row["cause_zh"], row["cause_en"]),
        "settled": row["settled"],
        "href": f"/signal/{row['watch']}{at.query}",
    }


def _precision(visit: Visit, reader: Reader, org: str, month: str) -> list[Row]:
    """Alerts of the twelve months up to this one, and how many of those judged were real; nothing where it is out of scope."""
    try:
        cells = sorted(c for c in reader.held(AlertPrecision) if c[1] == month and org in ("", c[0]))
    except AccessError:
        return []
    if not cells:
        return []
    found = REMEMBERED.of(reader, (AlertPrecision.__name__, tuple(cells)), lambda r: held(r, AlertPrecision, cells))
    share, places, pick = Scale(AlertPrecision.columns["precision"], visit.voice), Places(visit), visit.voice.pick
    watches = {w["watch"]: INDICATORS[w["indicator"]] for w in Rule(visit.region.policy, visit.desk.db.today, org).watches}
    names = {w: pick(i.zh, i.en) for w, i in watches.items()}
    return [
        {"hospital": places.hospital(r["org"]), "watch": names.get(r["watch"], r["watch"]), "precision": share.text(r["precision"])}
        | {n: f"{r[n].normalize():f}" for n in ("raised", "confirmed", "dismissed")}
        for r in found.iter_rows(named=True)
    ]


@router.get("/signal/{watch}")
def one(request: Request, visit: Visiting, watch: str, at: Placing, done: str = "") -> Response:
    """一条预警 · One signal: its cause, its trend, what was decided, and what its owners may decide now."""
    return _shown(request, visit, (watch, at), {"done": done})


@router.post("/signal/{watch}")
def decide_on(request: Request, visit: Visiting, watch: str, at: Placing, form: Typing) -> Response:
    """作决定 · Decide about a signal; the same form sent twice decides once."""
    row = _signal(visit, watch, at)
    kind = form.one("kind")
    try:
        asked = Deciding(kind, watch, row["org"], row["dept"] or None, form.one("reason"), _until(form) if kind == "mute" else None)
        decided(visit.desk, Decider(visit.login, visit.roles), asked, row)
    except HengError as e:
        return _shown(request, visit, (watch, at), {"typed": form, "lines": refused(e, visit.voice), "error": e})
    here = Place(row["month"], row["org"], row["dept"])
    return RedirectResponse(f"/signal/{watch}{here.query}&done={kind}", 303)


def _until(form: Typed) -> date | None:
    written = form.one("until")
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as e:
        raise HengError(
            f"「{written}」不是日期", f"{written!r} is not a day", where="until", mend=("写成 2026-03-02", "write 2026-03-02")
        ) from e


def _signal(visit: Visit, watch: str, at: Place) -> Row:
    """The signal that is meant, of the month named or the latest; HengError when none is in scope there."""
    reader = visit.reader()
    org = reader.hospital(at.org).code if at.org else ""
    rows = signals_of(reader, org).filter((pl.col("watch") == watch) & (pl.col("dept") == at.dept)).to_dicts()
    found = [r for r in rows if at.period in ("", r["month"])]
    if not found:
        raise HengError(
            f"{at.org} {at.dept} {at.period} 没有预警 {watch}",
            f"{at.org} {at.dept} {at.period} has no signal {watch}",
            where="signals",
            mend=("从预警一览点进去", "open it from the list of signals"),
        )
    return found[-1]


def _shown(request: Request, visit: Visit, which: tuple[str, Place], more: Mapping[str, Any]) -> Response:
    watch, at = which
    row = _signal(visit, watch, at)
    places, voice, error, typed = Places(visit), visit.voice, more.get("error"), more.get("typed", Typed())
    mine = [d for d in decisions(visit.desk.db) if (d.watch, d.org, d.dept or "") == (watch, row["org"], row["dept"])]
    counts = counts_from(visit.region.manifest, row["org"], row["month"])
    wait = (
        ""
        if counts == row["month"]
        else voice.say("desk.counts_from" if counts else "desk.counts_later", month=row["month"], counts=counts)
    )
    rows = cases(visit.desk.db, eyes(visit), row["org"])
    values = {
        "row": _told(visit, places, row),
        "month": row["month"],
        "hospital": places.hospital(row["org"]),
        "signals": f"/signals{Place(row['month'], row['org']).query}",
        "action": f"/signal/{watch}{Place(row['month'], row['org'], row['dept']).query}",
        "ground": alerted(visit, (row["month"], row["org"], row["dept"]), row["indicator"], watch),
        "cases": [c for c in rows if c["key"].rpartition("/")[0] == _subject(row) or c["key"].startswith(f"{_subject(row)}/")],
        "owns": _owns(visit, row),
        "muted": _muted(visit, mine, row),
        "decisions": [(voice.pick(*DECISION[d.kind]), d.month, d.until, d.reason) for d in reversed(mine)],
        "today": visit.desk.db.today,
        "typed": typed,
        "lines": more.get("lines", []),
        "done": voice.pick(*DECISION[more["done"]]) if more.get("done") in DECISION else "",
        "wait": wait,
    }
    return page(request, "signal.html", visit, status=403 if isinstance(error, AccessError) else 400 if error else 200, **values)


def _owns(visit: Visit, row: Mapping[str, Any]) -> bool:
    """Whether the form is offered: she holds a role of the watch here; the desk judges when it is sent."""
    whose = row["owners"].split()
    return any(p.role in whose and p.org in ("", row["org"]) and p.dept in (None, row["dept"]) for p in visit.signed.posts)


def _muted(visit: Visit, made: list[Decided], row: Mapping[str, Any]) -> date | None:
    """Until which day a signal is muted; None where it is not."""
    place = (row["watch"], row["org"], row["dept"])
    last = next((d for d in reversed(made) if d.kind in ("mute", "unmute") and (d.watch, d.org, d.dept or "") == place), None)
    return last.until if last and last.until and last.until >= visit.desk.db.today else None
