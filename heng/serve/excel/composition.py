"""成本医03 与诊次、床日成本构成表 · What full cost is made of: per department, per visit, per occupied bed-day.

Source: 财会〔2010〕27号 第六部分 成本医03; 国卫财务发〔2021〕4号 诊次成本、床日成本. A whole hospital's cost per visit is
Σ cost of the outpatient departments ÷ Σ their visits, and is known only when all of these are.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from heng.serve.excel.cost_tables import scope_line
from heng.serve.excel.figures import SETTINGS, ZERO, Figures
from heng.serve.excel.sheet import Head, Line, Sheet, Value, ratio, whole
from heng.serve.excel.wording import Wording
from heng.tables.codes import ITEM, MEASURE

ALL = "*"  # the column of all departments together
MILLIONTH = Decimal("0.000001")
UNITS = {"bed_day": "床日成本", "visit": "诊次成本"}
USUAL = dict(zip(SETTINGS, ("visit", "bed_day", ""), strict=True))
Column = tuple[str, list[str]]


def composition(figures: Figures, wording: Wording) -> Sheet:
    """成本医03 · Amount and share of each item per clinical department; income, surplus, cost per bed-day and visit."""
    columns = [*((d, [d]) for d in figures.clinical), (ALL, list(figures.clinical))]
    lines = [*_items(figures, wording, columns), Line(_totals(figures, columns), "subtotal"), *_results(figures, columns)]
    heads = (Head("成本项目", "name", "text"), *_heads(figures, columns, "各临床服务类科室合计"))
    notes = (*_income_reasons(figures), *_volume_reasons(figures, figures.clinical))
    return Sheet("composition", scope_line(wording, "medical"), heads, tuple(lines), notes=notes)


def visit(figures: Figures, wording: Wording) -> Sheet:
    """诊次成本构成表 · Cost items per visit, per outpatient department and on average."""
    return _per_unit(figures, wording, "visit")


def bed_day(figures: Figures, wording: Wording) -> Sheet:
    """床日成本构成表 · Cost items per occupied bed-day, per inpatient department and on average."""
    return _per_unit(figures, wording, "bed_day")


def measured_by(figures: Figures, dept: str) -> str:
    """用什么业务量衡量 · visit or bed_day; empty when the department has neither."""
    known = figures.results.get(dept)
    return known.measure if known and known.measure in UNITS else USUAL[figures.clinical[dept]]


def _heads(figures: Figures, columns: list[Column], together: str) -> Iterable[Head]:
    for key, _ in columns:
        text = together if key == ALL else figures.name(key)
        yield Head(text, under=(Head("金额", key), Head("%", f"{key}%", "share")))


def _cost(figures: Figures, depts: Iterable[str], item: str = "") -> Decimal | None:
    items = [item] if item else list(ITEM)
    return whole(figures.full["amount"].get((d, "medical", i), ZERO) for d in depts for i in items)


def _items(figures: Figures, wording: Wording, columns: list[Column]) -> Iterable[Line]:
    for item in ITEM:
        values: dict[str, Value] = {"name": wording.words[item]}
        for key, depts in columns:
            values[key] = _cost(figures, depts, item)
            values[f"{key}%"] = ratio(_cost(figures, depts, item), _cost(figures, depts))
        yield Line(values)


def _totals(figures: Figures, columns: list[Column]) -> dict[str, Value]:
    values: dict[str, Value] = {"name": "科室全成本合计"}
    for key, depts in columns:
        values[key] = cost = _cost(figures, depts)
        values[f"{key}%"] = ratio(cost, cost)
    return values


def _results(figures: Figures, columns: list[Column]) -> Iterable[Line]:
    income: dict[str, Value] = {"name": "科室收入"}
    surplus: dict[str, Value] = {"name": "收入－成本"}
    for key, depts in columns:
        earned, cost = _income(figures, depts), _cost(figures, depts)
        income[key], surplus[key] = earned, None if earned is None or cost is None else earned - cost
    yield Line(income)
    yield Line(surplus)
    for measure, name in UNITS.items():
        values: dict[str, Value] = {"name": name}
        for key, depts in columns:
            own = [d for d in depts if measured_by(figures, d) == measure]
            if own:  # a ward has no cost per visit: the cell stays blank
                values[key] = _unit(figures, own, _cost(figures, own))
        yield Line(values)


def _income(figures: Figures, depts: list[str]) -> Decimal | None:
    return whole(figures.results[d].income if d in figures.results else None for d in depts)


def _unit(figures: Figures, depts: list[str], cost: Decimal | None) -> Decimal | None:
    volume = whole(figures.results[d].volume if d in figures.results else None for d in depts)
    return (cost / volume).quantize(MILLIONTH, ROUND_HALF_UP) if cost is not None and volume else None


def _per_unit(figures: Figures, wording: Wording, measure: str) -> Sheet:
    own = [d for d in figures.clinical if measured_by(figures, d) == measure]
    columns = [*((d, [d]) for d in own), (ALL, own)]
    lines = []
    for line in (*_items(figures, wording, columns), Line(_totals(figures, columns), "subtotal")):
        costs = {key: line.values[key] for key, _ in columns}
        units = {key: _unit(figures, depts, c) if isinstance(c := costs[key], Decimal) else None for key, depts in columns}
        lines.append(Line({**line.values, **units}, line.look))
    heads = (Head("成本项目", "name", "text"), *_heads(figures, columns, "全院平均"))
    scope = f"{scope_line(wording, 'medical')}　每{MEASURE[measure][0]}"
    notes = tuple(_volume_reasons(figures, own))
    return Sheet(measure, scope, heads, tuple(lines), notes=notes)


def _volume_reasons(figures: Figures, depts: Iterable[str]) -> Iterable[str]:
    told: dict[str, list[str]] = {}
    for dept in depts:
        measure = measured_by(figures, dept)
        volume = figures.results[dept].volume if dept in figures.results else None
        if not measure:
            told.setdefault("未分门诊、住院，没有单位成本", []).append(figures.name(dept))
        elif not volume:
            why = f"本期没有{MEASURE[measure][0]}数据" if volume is None else f"本期{MEASURE[measure][0]}为 0"
            told.setdefault(f"{why}，{UNITS[measure]}未知，全院平均也未知", []).append(figures.name(dept))
    yield from _sentences(told)


def _income_reasons(figures: Figures) -> Iterable[str]:
    silent = [figures.name(d) for d in figures.clinical if _income(figures, [d]) is None]
    yield from _sentences({"本期没有收入数据，科室收入、收入－成本及其合计未知": silent} if silent else {})


def _sentences(told: dict[str, list[str]]) -> Iterable[str]:
    yield from (f"「—」{'、'.join(names)}：{why}。" for why, names in told.items())
