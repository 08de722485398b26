"""附：口径与依据 · The grounds: what each figure means, and the parameters in force with the documents that set them."""

import re
from collections.abc import Iterator

from heng.serve.paper.document import Block, Grid, Heading, Sentence
from heng.serve.paper.told import Told
from heng.serve.voice import Voice
from heng.serve.web.definition import BETTER, Value, definition
from heng.serve.web.drill import Place
from heng.serve.web.figures import unit
from heng.tables.steering import Signal

LONGEST = 60
"""参数值至多写几个字 · Letters of a parameter's value; a longer one is pointed to, never cut."""


def grounds(told: Told) -> Iterator[Block]:
    """附录 · The blocks of the appendix."""
    pick, voice = told.voice.pick, told.voice
    yield Heading(pick("附：口径与依据", "Appendix: definitions and grounds"))
    yield Heading(pick("指标口径", "Definitions"), 2)
    heads = [pick("指标", "Indicator"), pick("口径", "Definition"), pick("单位", "Unit"), pick("方向", "Direction"), pick("出自", "From")]
    rows = [
        [
            pick(m.indicator.zh, m.indicator.en),
            pick(*m.indicator.formula),
            "%" if m.indicator.unit == "1" else unit(m.column, voice),
            pick(*BETTER[m.indicator.better]),
            pick(m.indicator.of.zh, m.indicator.of.en),
        ]
        for m in told.measured
    ]
    yield Grid(heads, rows, [False] * 5, widths=(2, 3.6, 0.8, 1.4, 1.4))
    yield from _parameters(told)


def values(told: Told) -> dict[str, Value]:
    """现行参数 · The parameters in force behind the figures of the report and behind its signals, by key."""
    at, region = Place(told.month, told.org), told.reader.region
    keys = [*dict.fromkeys(m.indicator.of.__name__ for m in told.measured), Signal.__name__]
    return {v.key: v for key in keys for v in definition(region, key, at, told.voice).values}


def _parameters(told: Told) -> Iterator[Block]:
    voice, found = told.voice, values(told)
    pick = voice.pick
    if not found:
        return
    yield Heading(pick(f"现行参数与文件依据（{len(found)} 项）", f"Parameters in force ({len(found)})"), 2)
    heads = [pick("参数", "Parameter"), pick("值", "Value"), pick("自", "Since"), pick("谁定", "Whose"), pick("文件依据", "Document")]
    rows = [[f"{v.name}\n{_breaking(v.key)}", brief(v.key, v.value, voice), v.since, v.scope, v.source] for v in found.values()]
    yield Grid(heads, rows, [False] * 5, widths=(2.4, 1.6, 1, 0.7, 3.4))
    yield Sentence(
        pick(
            "值较长的参数，全文见网页“政策参数”或 policy 文件夹。",
            "Long values stand in full on the policy pages and in the policy folder.",
        ),
        quiet=True,
    )


def brief(key: str, value: str, voice: Voice) -> str:
    """值 · A parameter's value where it is short; else where it stands."""
    text, where = value.strip().strip("'"), _breaking(key)
    return text if len(text) <= LONGEST else voice.pick(f"见 {where}", f"see {where}")


def _breaking(key: str) -> str:
    # A key may go over two lines where it has a dot or an underscore.
    return re.sub(r"(?<=[._])", "\u200b", key)
