"""事务的卡 · Tiles of affairs: alerts, what waits for me, cases, months worked out, checks of the data, rows sent back."""

from collections.abc import Callable
from datetime import date
from typing import Any

from heng.app.held import held
from heng.core.scope import Level
from heng.core.table import Table
from heng.desk.cases import late, work_of
from heng.serve.web.cards import Card, Note, roles
from heng.serve.web.cockpit import Cockpit
from heng.serve.web.drill import address
from heng.serve.web.figures import UNKNOWN, Figure
from heng.serve.web.remembered import REMEMBERED
from heng.serve.web.ways import may
from heng.tables.codes import OUTCOME
from heng.tables.quality import CheckResult, SourceFile
from heng.tables.steering import LEVEL, Signal


def counted(number: int, zh: str, en: str, cockpit: Cockpit) -> Figure:
    """数出来的 · A count with what is counted."""
    return Figure(f"{number:,}", cockpit.voice.pick(zh, en), f"{number:,}", (number > 0) - (number < 0))


def signals(cockpit: Cockpit) -> Card | None:
    """预警 · How many alerts stand, how bad, and how many of them nobody has taken up."""
    if not any(cockpit.reader.sees(Signal, org) for org in cockpit.orgs):
        return None
    pick, standing = cockpit.voice.pick, cockpit.standing
    card = Card(name=pick("预警", "Alerts"), href=f"/signals{cockpit.at.query}", value=counted(len(standing), "处", "standing", cockpit))
    if not standing:
        quiet = pick("没有预警", "none") if cockpit.judged else pick("本期还没有判断：先计算", "not judged yet: run the month")
        return card.but(state=quiet, level="green" if cockpit.judged else "", value=card.value if cockpit.judged else UNKNOWN)
    worst = standing[0]["level"]
    number = {level: sum(s["level"] == level for s in standing) for level in ("red", "yellow")}
    state = pick("、", ", ").join(f"{pick(*LEVEL[level])} {n}" for level, n in number.items() if n)
    new = sum(s["state"] == "new" for s in standing)
    where = list(dict.fromkeys(cockpit.place_of(s["org"], s["dept"]) for s in standing))
    lines = (
        Note(pick(f"其中本月新发 {new} 处", f"{new} of them new this month")),
        Note(pick("、", ", ").join(where[:3]) + (pick(f"等 {len(where)} 处", f" and {len(where) - 3} more") if len(where) > 3 else "")),
    )
    owner = roles(dict.fromkeys(standing[0]["owners"].split()), cockpit.voice)
    return card.but(level=worst, state=state, lines=lines, owner=owner, next=pick("逐条看", "see each"), next_href=card.href)


def work(cockpit: Cockpit) -> Card:
    """待办 · What waits for her, the most urgent told."""
    desk, pick = cockpit.visit.desk, cockpit.voice.pick
    waiting = work_of(desk.db, cockpit.visit.signed.person.id)
    card = Card(name=pick("等我办的", "Waiting for me"), href="/work", value=counted(len(waiting), "件", "cases", cockpit))
    if not waiting:
        return card.but(level="green", state=pick("都办完了", "all done"))
    overdue = sum(late(w.step, desk.db.today) for w in waiting)
    first = waiting[0]
    lines = (Note(pick(first.case.title_zh, first.case.title_en)), Note(pick(f"{first.step.due} 到期", f"due {first.step.due}")))
    state = pick(f"逾期 {overdue} 件", f"{overdue} overdue") if overdue else pick("待办", "to do")
    owner = roles(dict.fromkeys(w.role for w in waiting), cockpit.voice)
    told = card.but(level="red" if overdue else "yellow", state=state, lines=lines, owner=owner)
    return told.but(next=pick("去办", "answer"), next_href=f"/case/{first.case.id}")


def cases(cockpit: Cockpit) -> Card:
    """办理中的事项 · The open cases she sees, and how many of them are late."""
    pick, open_ = cockpit.voice.pick, cockpit.cases
    card = Card(name=pick("办理中的事项", "Open cases"), href="/cases?state=open", value=counted(len(open_), "件", "cases", cockpit))
    overdue = sum(_overdue(c, cockpit.visit.desk.db.today) for c in open_)
    if not overdue:
        return card.but(level="green", state=pick("没有逾期", "none overdue"))
    told = card.but(level="red", state=pick(f"逾期 {overdue} 件", f"{overdue} overdue"))
    return told.but(lines=(Note(pick(open_[0]["title_zh"], open_[0]["title_en"])),), next=pick("去看", "see"), next_href=card.href)


def _overdue(case: dict[str, Any], today: date) -> bool:
    return case["due"] is not None and case["due"] < today


def months(cockpit: Cockpit) -> Card:
    """算到哪月 · How far the months are worked out, what is missing or out of date in the period, and who sees to it."""
    pick, caution = cockpit.voice.pick, cockpit.caution
    value = Figure(cockpit.at.period or "—")
    card = Card(name=pick("算到", "Worked out up to"), href=f"/catalogue{cockpit.at.query}", value=value)
    if not cockpit.period:
        said = Note(pick("还没有算出的月份", "no month is worked out yet"))
        return _to_load(cockpit, card.but(lines=(said,), level="yellow", state=pick("没有数据", "no data")))
    missing, stale = [sorted({o for o, _ in cells}) for cells in (caution.missing, caution.stale)]
    closed = sum(cockpit.reader.region.manifest.is_closed(o, m) is not None for o in cockpit.orgs for m in cockpit.period.months)
    lines = [Note(pick(f"已结账 {closed}/{len(cockpit.orgs) * len(cockpit.period.months)} 院月", f"{closed} hospital-months closed"))]
    for orgs, zh, en in ((missing, "缺", "missing"), (stale, "结果已过时", "out of date")):
        if orgs:
            named = pick("、", ", ").join(cockpit.named(o) for o in orgs[:2])
            more = pick(f"等 {len(orgs)} 家", f" and {len(orgs) - 2} more") if len(orgs) > 2 else ""
            lines.append(Note(pick(f"{zh}：{named}{more}", f"{en}: {named}{more}")))
    if not (missing or stale):
        return card.but(lines=tuple(lines), level="green", state=pick("齐全", "complete"))
    told = card.but(lines=tuple(lines), level="yellow", state=pick("缺数", "incomplete") if missing else pick("已过时", "out of date"))
    return _to_load(cockpit, told, run=not missing)


def _to_load(cockpit: Cockpit, card: Card, *, run: bool = False) -> Card:
    pick = cockpit.voice.pick
    told = card.but(owner=roles(("accountant", "it"), cockpit.voice))
    if run and may("run")(cockpit.visit):
        return told.but(next=pick("重新计算", "run again"), next_href="/run")
    return told.but(next=pick("去装入", "load files"), next_href="/load") if may("load", level=Level.HOSPITAL)(cockpit.visit) else told


def checks(cockpit: Cockpit) -> Card | None:
    """数据检查 · Checks of the period that fail, and how many rows."""
    rows = _quality(cockpit, CheckResult)
    if rows is None:
        return None
    pick = cockpit.voice.pick
    failing = [r for r in rows if r["outcome"] in ("fail", "error")]
    href = f"{address(CheckResult)}{cockpit.at.query}"
    card = Card(name=pick("不通过的数据检查", "Failing data checks"), href=href, value=counted(len(failing), "项", "checks", cockpit))
    if not rows:
        return card.but(value=UNKNOWN, lines=(Note(pick("本期还没有检查", "the period is not checked yet")),))
    told = card.but(lines=(Note(pick(f"共检查 {len(rows):,} 项", f"of {len(rows):,} checks")),))
    if not failing:
        return told.but(level="green", state=pick("都通过", "all pass"))
    grave = [r for r in failing if r["severity"] == "error"]
    first = max(grave or failing, key=lambda r: r["failed"])
    note = Note(pick(f"{first['name_zh']}：{first['failed']:,} 行", f"{first['name_en']}: {first['failed']:,} rows"))
    state = pick(f"严重 {len(grave)} 项", f"{len(grave)} grave") if grave else pick(OUTCOME["fail"][0], OUTCOME["fail"][1])
    whole = told.but(level="red" if grave else "yellow", state=state, lines=(note, *told.lines), owner=first["owner"])
    return whole.but(next=pick("逐项看", "see each"), next_href=f"{href}&where=outcome%3Dfail" if "?" in href else href)


def findings(cockpit: Cockpit) -> Card | None:
    """退回的行 · Rows that intake sent back, and from which file most."""
    orgs = [org for org in cockpit.orgs if cockpit.reader.sees(SourceFile, org)]
    if not orgs:
        return None
    last = dict(cockpit.reader.cells(SourceFile, orgs))  # of a hospital, whatever the month
    rows = _rows(cockpit, SourceFile, sorted(last.items()))
    pick, sent = cockpit.voice.pick, sum(r["rejected"] for r in rows)
    card = Card(
        name=pick("退回的行", "Rows sent back"), href=f"/table/SourceFile{cockpit.at.query}", value=counted(sent, "行", "rows", cockpit)
    )
    told = card.but(lines=(Note(pick(f"共装入 {len(rows):,} 份表", f"{len(rows):,} sheets loaded")),))
    if not sent:
        return told.but(level="green", state=pick("没有退回", "none"))
    worst = max(rows, key=lambda r: r["rejected"])
    note = Note(
        pick(f"{worst['name']} {worst['sheet']}：{worst['rejected']:,} 行", f"{worst['name']} {worst['sheet']}: {worst['rejected']:,}")
    )
    owner = roles(("accountant", "it"), cockpit.voice)
    whole = told.but(level="yellow", state=pick("要改", "to mend"), lines=(note, *told.lines), owner=owner)
    return whole.but(next=pick("去改", "mend"), next_href="/load") if may("load", level=Level.HOSPITAL)(cockpit.visit) else whole


def _quality(cockpit: Cockpit, table: type[Table]) -> list[dict[str, Any]] | None:
    orgs = [org for org in cockpit.orgs if cockpit.reader.sees(table, org)]
    if not orgs:
        return None
    wanted = cockpit.period.months if cockpit.period else ()
    return _rows(cockpit, table, [c for c in sorted(cockpit.reader.held(table)) if c[0] in orgs and c[1] in wanted])


def _rows(cockpit: Cockpit, table: type[Table], cells: list[tuple[str, str]]) -> list[dict[str, Any]]:
    found = REMEMBERED.of(cockpit.reader, (table.__name__, "rows", tuple(cells)), lambda r: held(r, table, cells) if cells else None)
    return [] if found is None else found.to_dicts()


AFFAIR: dict[str, Callable[[Cockpit], Card | None]] = {
    "signals": signals,
    "work": work,
    "cases": cases,
    "months": months,
    "checks": checks,
    "findings": findings,
}
"""各张事务卡 · The tile of each affair."""
