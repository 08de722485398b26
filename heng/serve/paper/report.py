"""月度分析报告 · The monthly report of a hospital or the region: what changed, why, what was done, what is proposed, what to mind.

It is put together out of indicators, signals and cases only: no sentence without a figure behind it.
"""

from collections.abc import Iterator

import heng
from heng.core.errors import HengError
from heng.core.period import period
from heng.serve.months import spans
from heng.serve.paper.affairs import changed
from heng.serve.paper.answered import done, proposed
from heng.serve.paper.causes import causes
from heng.serve.paper.changed import changes
from heng.serve.paper.document import Block, Document
from heng.serve.paper.grounds import grounds
from heng.serve.paper.quality import quality
from heng.serve.paper.told import Told
from heng.tables.codes import ROLE


def report(told: Told) -> Document:
    """写报告 · The report; HengError when nothing is held for the month."""
    _held(told)
    voice, region = told.voice, told.reader.region
    pick, scope, manifest = voice.pick, told.reader.scope, region.manifest
    year, month = told.month.split("-")
    title = pick(f"{told.place} {year}年{int(month)}月 成本分析报告", f"{told.place}: cost report {told.month}")
    data = pick(f"第 {manifest.generation} 代", f"generation {manifest.generation}")
    who = pick(*ROLE[scope.role]) if scope.role in ROLE else pick("区域文件夹的主人", "owner of the folder")
    facts = [
        (pick("期间", "Period"), told.month),
        (pick("数据", "Data"), f"{data}{pick('（', ' (')}{told.made:%Y-%m-%d}{pick('）', ')')}"),
        (pick("阅读范围", "Scope"), f"{who} {scope.login}".strip()),
    ]
    if moment := changed(told.affairs):
        facts.append((pick("事项办至", "Cases up to"), moment))
    foot = f"{title} · {data} · {pick('衡', 'Heng')} {heng.__version__}"
    return Document(title, voice.lang, told.made, facts, list(_sections(told)), foot)


def _sections(told: Told) -> Iterator[Block]:
    for section in (changes, causes, done, proposed, quality, grounds):
        yield from section(told)


def _held(told: Told) -> None:
    period(told.month)
    months = [m for _, m in told.reader.region.cells(told.orgs)]
    if told.month not in months:
        raise HengError(
            f"{told.place} {told.month} 没有数据",
            f"nothing is held for {told.place} in {told.month}",
            where=told.month,
            mend=(f"有数据的月份：{spans(months) or '还没有'}", f"months held: {spans(months) or 'none yet'}"),
        )
