"""五、数据质量与提醒 · Data quality: what is missing or out of date, checks that fail, rows sent back, whether the month is closed."""

from collections.abc import Iterator
from typing import Any

from heng.app.held import held
from heng.app.period import View
from heng.core.period import period
from heng.core.table import Table
from heng.serve.paper.document import Block, Grid, Heading, Sentence
from heng.serve.paper.told import Told
from heng.serve.web.naming import cautions
from heng.tables.codes import OUTCOME
from heng.tables.costing import DeptResult
from heng.tables.quality import CheckResult, SourceFile

FAILING = ("fail", "error")


def quality(told: Told) -> Iterator[Block]:
    """第五节 · The blocks of the fifth section."""
    pick, voice = told.voice.pick, told.voice
    yield Heading(pick("五、数据质量与提醒", "5. Data quality and cautions"))
    yield Sentence(closed(told))
    seen = View(period(told.month), (told.org,) if told.org else ())
    tables: dict[type[Table], None] = dict.fromkeys([DeptResult, *(m.indicator.of for m in told.measured)])
    readable = [t for t in tables if any(told.reader.sees(t, org) for org in told.orgs)]
    found = cautions(told.reader, seen, *readable) if readable else None
    said = [voice.say(key, **values) for key, values in found.phrases()] if found else []
    yield from map(Sentence, said)
    if not said:
        yield Sentence(pick("没有缺月和过时的结果（0 处）。", "No month is missing and no result out of date (0)."))
    yield from _unknown(told)
    yield from _checks(told)
    yield from _sent_back(told)


def closed(told: Told) -> str:
    """结没结账 · How many of the hospitals have closed the month."""
    manifest = told.reader.region.manifest
    done = [org for org in told.orgs if manifest.is_closed(org, told.month)]
    return told.voice.pick(
        f"{told.month} 已结账 {len(done)}/{len(told.orgs)} 家；数据为第 {manifest.generation} 代。",
        f"{len(done)} of {len(told.orgs)} hospitals have closed {told.month}; the data are of generation {manifest.generation}.",
    )


def _unknown(told: Told) -> Iterator[Block]:
    pick = told.voice.pick
    absent = [pick(m.indicator.zh, m.indicator.en) for m in told.measured if m.now.value is None]
    narrow = any(m.narrow for m in told.measured)
    if absent:
        names = pick("、", ", ").join(absent)
        yield Sentence(
            pick(
                f"{len(absent)} 项指标缺分子或分母，没有值：{names}。", f"{len(absent)} indicators lack a side and have no value: {names}."
            )
        )
    if narrow:
        yield Sentence(pick("只含报告人看得到的科室。", "Only departments in the reader's scope are counted."))


def _rows(told: Told, table: type[Table]) -> list[dict[str, Any]]:
    orgs = [org for org in told.orgs if told.reader.sees(table, org)]
    if not orgs:
        return []
    if table.grain == "month":
        cells = [c for c in sorted(told.reader.held(table)) if c[0] in orgs and c[1] == told.month]
    else:
        cells = sorted(dict(told.reader.cells(table, orgs)).items())
    return held(told.reader, table, cells).to_dicts() if cells else []


def _checks(told: Told) -> Iterator[Block]:
    pick, rows = told.voice.pick, _rows(told, CheckResult)
    failing = [r for r in rows if r["outcome"] in FAILING]
    yield Sentence(
        pick(f"数据检查 {len(rows)} 项，不通过 {len(failing)} 项。", f"{len(rows)} checks of the data; {len(failing)} fail.")
        if rows
        else pick("看得到的数据检查 0 项。", "0 checks of the data are held or in scope.")
    )
    if failing:
        heads = [
            pick("哪里", "Where"),
            pick("检查内容", "Check"),
            pick("结论", "Outcome"),
            pick("问题行", "Failing"),
            pick("检查行", "Checked"),
        ]
        heads += [pick("允许比例", "Allowed"), pick("谁改", "Owner"), pick("期限", "Due")]
        yield Grid(heads, [_check(told, r) for r in failing], [False, False, False, True, True, True, False, False], widths=CHECK_WIDTHS)


CHECK_WIDTHS = (1.4, 3, 0.9, 0.8, 0.8, 0.9, 1.2, 1.1)


def _check(told: Told, r: dict[str, Any]) -> list[str]:
    pick = told.voice.pick
    return [
        told.named(r["org"], None),
        pick(r["name_zh"], r["name_en"]),
        pick(*OUTCOME[r["outcome"]]),
        f"{r['failed']:,}",
        f"{r['checked']:,}",
        f"{r['threshold'] * 100:.1f}%",
        r["owner"],
        r["due"].isoformat() if r["due"] else "—",
    ]


def _sent_back(told: Told) -> Iterator[Block]:
    rows = _rows(told, SourceFile)
    if rows:
        sent, files = sum(r["rejected"] for r in rows), sum(r["rejected"] > 0 for r in rows)
        yield Sentence(
            told.voice.pick(
                f"共装入 {len(rows):,} 份工作表（全部月份），其中 {files} 份退回过行，共 {sent:,} 行。",
                f"{len(rows):,} sheets are loaded (all months); {files} of them had rows sent back, {sent:,} in all.",
            )
        )
