"""分摊收据 · The allocation receipt of a clinical department: who gave it what, by which driver, on which base.

Direct cost and everything received in the three steps, giver by giver and item by item. The last line is the
department's full cost: its medical column ties to table 02, its last column to table 02-1.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import groupby
from typing import Any

from heng.serve.excel.cost_columns import narrowed
from heng.serve.excel.figures import ZERO, Amounts, Figures
from heng.serve.excel.sheet import Head, Line, Sheet, Value, added, ratio
from heng.serve.excel.wording import STEPS, Wording
from heng.tables.codes import DRIVER, ITEM, SETTING

STAGES = {1: "二、第一步：分摊行政后勤类科室成本", 2: "三、第二步：分摊医疗辅助类科室成本", 3: "四、第三步：分摊医疗技术类科室成本"}
AMOUNTS = ("medical", "fiscal", "research", "hospital_full")


def amount_heads(wording: Wording) -> tuple[Head, ...]:
    """金额各栏 · The columns of amounts: medical cost, what project funds left, full hospital cost."""
    texts = ("医疗成本", wording.words["fiscal"], wording.words["research"], "医院全成本")
    return tuple(Head(t, k) for t, k in zip(texts, AMOUNTS, strict=True))


def receipt(figures: Figures, wording: Wording, dept: str) -> Sheet:
    """一个科室的收据 · The receipt of one department."""
    heads = (
        Head("服务科室", "giver", "text"),
        Head("成本项目", "item", "text"),
        Head("分摊参数", "driver", "text"),
        Head("本科室参数值", "base", "measure"),
        Head("参数合计", "base_total", "measure"),
        Head("占比", "share", "share"),
        *amount_heads(wording),
    )
    direct = _direct(figures, wording, dept)
    lines = [Line({"giver": "一、直接成本"}, "block"), *map(Line, direct), _closing("直接成本小计", direct, "subtotal")]
    received = []
    for stage, title in STAGES.items():
        rows = _received(figures, wording, dept, stage)
        lines += [Line({"giver": title}, "block"), *map(Line, rows), _closing("小计", rows, "subtotal")]
        received += rows
    lines.append(_closing("科室全成本", [*direct, *received], "total"))
    scope = f"口径：医疗成本与医院全成本　门诊住院：{SETTING[figures.clinical[dept]][0]}"
    return Sheet(dept, scope, heads, tuple(lines), f"{figures.name(dept)} 分摊收据", notes=tuple(_notes(figures)))


def contents(figures: Figures, wording: Wording, receipts: Mapping[str, Sheet]) -> Sheet:
    """收据目录 · The list of receipts, each department with its total, linked to its sheet."""
    heads = (Head("科室名称", "giver", "text"), Head("门诊住院", "setting", "text"), *amount_heads(wording))
    rows = {d: {**s.lines[-1].values, "giver": figures.name(d), "setting": SETTING[figures.clinical[d]][0]} for d, s in receipts.items()}
    lines = (*(Line(r, link=receipts[d].name) for d, r in rows.items()), _closing("合计", rows.values(), "total"))
    return Sheet("目录", "口径：医疗成本与医院全成本", heads, lines, "临床服务类科室分摊收据目录")


def _direct(figures: Figures, wording: Wording, dept: str) -> list[dict[str, Value]]:
    amounts = narrowed(figures.full["direct"], dept)
    return [{"giver": figures.name(dept), "item": wording.words[i], "driver": "", **_amounts(amounts, i)} for i in ITEM]


def _received(figures: Figures, wording: Wording, dept: str, stage: int) -> list[dict[str, Value]]:
    def as_listed(leg: dict[str, Any]) -> tuple[str, int, str]:
        return leg["giver"], list(ITEM).index(leg["item"]), leg["driver"]

    legs = sorted(figures.legs.filter(receiver=dept, stage=stage).iter_rows(named=True), key=as_listed)
    rows = []
    for (giver, n, driver), found in groupby(legs, key=as_listed):
        item = list(ITEM)[n]
        shares = list(found)
        base, total = shares[0]["base"], shares[0]["base_total"]
        words = {"giver": figures.name(giver), "item": wording.words[item], "driver": driver_words(driver)}
        rows.append({**words, "base": base, "base_total": total, "share": ratio(base, total), **_amounts(_by_step(shares, item), item)})
    return rows


def driver_words(driver: str) -> str:
    """分摊参数的叫法 · A driver in words; `05:洗衣` is one service of a giver, a hospital's own driver is its own word."""
    code, _, service = driver.partition(":")
    name = DRIVER.get(code, (code, code))[0]
    return f"{name}（{service}）" if service else name


def _by_step(shares: list[dict[str, Any]], item: str) -> Amounts:
    found: Amounts = {}
    for leg in shares:
        found[leg["step"], item] = found.get((leg["step"], item), ZERO) + leg["amount"]
    return found


def _amounts(amounts: Amounts, item: str) -> dict[str, Value]:
    steps: dict[str, Decimal] = {s: amounts.get((s, item), ZERO) for s in STEPS.values()}
    return {**steps, "hospital_full": sum(steps.values(), ZERO)}


def _closing(name: str, rows: Iterable[Mapping[str, Value]], look: str) -> Line:
    # A step in which nothing was received is a known zero: the allocation is complete.
    sums = {k: v if v is not None else ZERO for k, v in added(rows, AMOUNTS).items()}
    return Line({"giver": name, **sums}, "total" if look == "total" else "subtotal")


def _notes(figures: Figures) -> Iterable[str]:
    yield "占比＝本科室参数值÷参数合计；金额为分摊过程逐笔之和，尾差按最大余数法归入，各服务科室分出之和等于其成本。"
    if len(figures.period.months) > 1:
        yield "本期含多个月份：分摊逐月进行，参数值为各月之和，占比仅供参考，金额为各月实际分摊之和。"
