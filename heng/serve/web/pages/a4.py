"""打印在 A4 纸上 · Any table, indicator or answer as PDF: `.pdf` after the path, the rest of the address as on the screen.

Its addresses are told apart by their ending, so that this module stands before those of the pages themselves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from fastapi import APIRouter, Response

from heng.app.period import Page, see
from heng.core.capability import CAPABILITIES
from heng.core.errors import WiringError, did_you_mean
from heng.core.table import Table, table
from heng.desk.database import in_china
from heng.serve.labels import Labels
from heng.serve.paper.changed import MONTHS, words
from heng.serve.paper.chart import trend
from heng.serve.paper.document import Block, Document, Drawing, Grid, Heading, Sentence
from heng.serve.paper.grounds import brief
from heng.serve.paper.sheet import Printing, bounded, printed
from heng.serve.paper.typeset import pdf
from heng.serve.reasons import source_columns
from heng.serve.totals import totals
from heng.serve.web.asking import Asking
from heng.serve.web.downloads import PAPER, sent_as
from heng.serve.web.drill import Place, Placing, trail
from heng.serve.web.figures import figure
from heng.serve.web.indicated import Told
from heng.serve.web.pages.indicator import named
from heng.serve.web.pages.why import Reasons
from heng.serve.web.query import Query, Querying
from heng.serve.web.rooms import Room  # noqa: F401 - makes the room known to addresses
from heng.serve.web.series import Point
from heng.serve.web.told import trend_told
from heng.serve.web.visit import Visit, Visiting

router = APIRouter()
ENDING = ".pdf"


@router.get("/{room:room}/{name}.pdf")
def capability_printed(visit: Visiting, asked: Querying, room: str, name: str) -> Response:
    """一项能力的结果 · The rows that a capability wrote."""
    known = {c.name: c.writes for c in CAPABILITIES.values()}
    if f"{room}.{name}" not in known:
        near = did_you_mean(f"{room}.{name}", known)
        raise WiringError(f"没有名为 {room}.{name} 的能力", f"there is no capability {room}.{name}", mend=near)
    return _table(visit, known[f"{room}.{name}"], asked)


@router.get("/table/{name}.pdf")
def table_printed(visit: Visiting, asked: Querying, name: str) -> Response:
    """一张表 · The rows of a table, as the address sees them."""
    return _table(visit, table(name), asked)


@router.get("/indicator/{name}.pdf")
def indicator_printed(visit: Visiting, name: str, at: Placing) -> Response:
    """一个指标 · An indicator: its months, its parts, the causes of its alerts."""
    told = Told(visit, named(name), at, "export")
    pick, voice, found = visit.voice.pick, visit.voice, told.found
    value = figure(told.measured.now.value, told.measured.column, voice)
    facts = [
        (pick("值", "Value"), f"{value.text} {value.unit}".strip()),
        (pick("状态", "State"), told.state[1]),
        (pick("口径", "Definition"), pick(*found.formula)),
    ]
    heads = [pick("名称", "Name"), pick("值", "Value"), pick("同比", "On the year"), pick("环比", "On the month"), pick("状态", "State")]
    lines = [[n.name, f"{n.value.text} {n.value.unit}".strip(), n.yoy, n.mom, n.state] for n in told.lines()]
    blocks = list[Block](_months(told))
    if lines:
        blocks += [Heading(pick("各部分", "Part by part"), 2), Grid(heads, lines, [False, True, True, True, False], widths=(3, 2, 2, 2, 2))]
    blocks += [Sentence(b.cause) for b in told.bridges()]
    title = f"{pick(found.zh, found.en)} · {told.at.period}"
    return _sent(_printing(visit, title, [*_where(told.labels, found.of, told.at), *facts]).document(blocks))


def _months(told: Told) -> Iterator[Block]:
    found, voice = told.measured, told.voice
    months = dict(list(found.trend.items())[-MONTHS:])
    if any(v is not None for v in months.values()):
        marks = {s["month"]: s["level"] for s in found.own_signals}
        points = [Point(m, v, level=marks.get(m, "")) for m, v in months.items()]
        limits = replace(told.held.limits, watch=next((v for _, v in told.held.lines), None))
        yield Drawing(trend(points, limits, lambda v: _shown(told, v), words(voice)), trend_told(found, told.held, voice))
        yield Grid(list(months), [[_shown(told, v) for v in months.values()]], [True] * len(months), widths=[1] * len(months))


def _shown(told: Told, value: object) -> str:
    shown = figure(value, told.measured.column, told.voice)  # type: ignore[arg-type]  # values of an indicator are decimals or None
    return f"{shown.text} {shown.unit}".strip()


@router.get("/why/{name}.pdf")
def why_printed(visit: Visiting, name: str, at: Placing) -> Response:
    """为什么 · Where a figure comes from: formula, parameters with documents, the rows of files."""
    told = Reasons(visit, name, at, "export")
    pick, answer = visit.voice.pick, told.answer
    zh, _, en = answer.formula.partition(" · ")
    facts = _where(told.labels, told.table, told.at)
    if answer.figure is not None:
        facts.append((pick("数", "Figure"), f"{answer.figure:,.2f} {pick('元', 'yuan')}"))
    blocks: list[Block] = [Sentence(pick(zh, en))]
    blocks += [Heading(pick("参数与依据", "Parameters and documents"), 2), _parameters(told)]
    rows, columns = answer.sources, source_columns(answer.sources.columns)
    sums, said = {"contribution": rows["contribution"].sum()}, pick("来源行", "Rows of files")
    if not rows.height:
        rows, columns, said = answer.rows, answer.capability.writes.columns, pick("各行", "Rows")
        sums = totals(rows, columns)
    title = f"{pick('来历：', 'Why: ')}{pick(told.found.zh, told.found.en)} · {told.at.period}"
    whole = printed(rows, columns, sums, told.labels, how := _printing(visit, title, facts))
    blocks += [Heading(said, 2), *whole.blocks]
    return _sent(how.document(blocks, whole.size))


def _parameters(told: Reasons) -> Grid:
    pick = told.voice.pick
    heads = [pick("参数", "Parameter"), pick("值", "Value"), pick("自", "Since"), pick("谁定", "Whose"), pick("文件依据", "Document")]
    rows = [
        [pick(p["zh"], p["en"]), brief(p["key"], p["value"], told.voice), p["since"], p["scope"], p["source"]]
        for p in told.answer.params.to_dicts()
    ]
    return Grid(heads, rows, [False] * 5, widths=(2, 3, 1, 1, 4))


def _table(visit: Visit, of: type[Table], asked: Query) -> Response:
    found = Asking(visit.reader("export"), of, asked, visit.voice)
    bounded(found.whole.rows)
    rows = see(found.reader, of, found.view, Page(size=-1, sort=found.page.sort))
    title = f"{visit.voice.pick(of.zh, of.en)} · {found.view.period.name}"
    facts = _where(found.labels, of, found.place)
    return _sent(printed(rows, found.columns, found.sums, found.labels, _printing(visit, title, facts)))


def _where(labels: Labels, of: type[Table], at: Place) -> list[tuple[str, str]]:
    here = " › ".join(step.label for step in trail(of, at, labels))
    return [(labels.now.pick("范围", "Place"), here)]


def _printing(visit: Visit, title: str, facts: Sequence[tuple[str, str]]) -> Printing:
    manifest, pick = visit.region.manifest, visit.voice.pick
    generation = (pick("数据", "Data"), pick(f"第 {manifest.generation} 代", f"generation {manifest.generation}"))
    at = f"{in_china(datetime.now(UTC).replace(tzinfo=None)):%Y-%m-%d %H:%M}"
    return Printing(title, [generation, *facts], visit.signed.person.name, at, datetime.fromisoformat(manifest.at), visit.voice)


def _sent(made: Document) -> Response:
    return sent_as(made.title + ENDING, PAPER[ENDING], pdf(made))
