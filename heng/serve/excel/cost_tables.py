"""成本医01、01-1、02、02-1 · Direct cost of every department, and full cost of the clinical ones."""

from heng.serve.excel.cost_columns import cost_heads, cost_row, narrowed
from heng.serve.excel.figures import VIEWS, Figures
from heng.serve.excel.sheet import Head, Line, Sheet, Value, added
from heng.serve.excel.wording import Wording, period_words
from heng.tables.codes import CATEGORY

NAME = Head("科室名称", "name", "text")
BLOCKS = ("clinical", "medtech", "support")
SPLIT = tuple(zip(VIEWS, ("直接成本", "间接成本", "全成本"), strict=True))


def direct(figures: Figures, wording: Wording) -> Sheet:
    """成本医01 · Direct medical cost: blocks by class with subtotals, operating cost, administration, grand total."""
    return _direct(figures, wording, "direct")


def direct_projects(figures: Figures, wording: Wording) -> Sheet:
    """成本医01-1 · The same with what project funds left, full medical and full hospital cost."""
    return _direct(figures, wording, "direct_projects")


def full(figures: Figures, wording: Wording) -> Sheet:
    """成本医02 · Full medical cost of each clinical department, every column as direct, indirect and full."""
    return _full(figures, wording, "full")


def full_projects(figures: Figures, wording: Wording) -> Sheet:
    """成本医02-1 · The same with what project funds left, full medical and full hospital cost."""
    return _full(figures, wording, "full_projects")


def scope_line(wording: Wording, upto: str) -> str:
    """口径说明 · The scope of a table, as its title says it."""
    scope = {"medical": "医疗成本", "research": "医疗成本、医疗全成本、医院全成本"}[upto]
    return f"口径：{scope}（含行政后勤管理费用；资金来源：{wording.funds(upto)}）"


def _direct(figures: Figures, wording: Wording, form: str) -> Sheet:
    projects = form != "direct"
    heads = cost_heads(wording.words, projects=projects)
    keys = [leaf.key for h in heads for leaf in h.leaves()]
    scope = scope_line(wording, "research" if projects else "medical")
    return Sheet(form, scope, (NAME, *heads), tuple(_blocks(figures, keys)))


def _blocks(figures: Figures, keys: list[str]) -> list[Line]:
    lines: list[Line] = []
    rows: list[dict[str, Value]] = []
    for category in BLOCKS:
        own = _departments(figures, category)
        lines.append(Line({"name": f"{CATEGORY[category][0]}科室"}, "block"))
        lines += [Line(r) for r in own] or [Line({"name": "（无）", **dict.fromkeys(keys)})]
        lines.append(Line({"name": "小计", **added(own, keys)}, "subtotal"))
        rows += own
    management = _departments(figures, "admin")
    return [
        *lines,
        Line({"name": "医疗业务成本合计", **added(rows, keys)}, "total"),
        Line({"name": "管理费用", **added(management, keys)}),
        Line({"name": period_words(figures.period)[1], **added([*rows, *management], keys)}, "total"),
    ]


def _departments(figures: Figures, category: str) -> list[dict[str, Value]]:
    amounts = narrowed(figures.direct, category)
    order = list(figures.clinical)
    depts = sorted({k[0] for k in amounts}, key=lambda d: (order.index(d) if d in order else len(order), d))
    return [{"name": figures.name(d), **cost_row(narrowed(amounts, d))} for d in depts]


def _full(figures: Figures, wording: Wording, form: str) -> Sheet:
    projects = form != "full"
    heads = tuple(h.split(SPLIT) for h in cost_heads(wording.words, projects=projects))
    keys = [leaf.key for h in heads for leaf in h.leaves()]
    rows = [{"name": figures.name(d), **_three(figures, d)} for d in figures.clinical]
    total = Line({"name": "科室全成本合计", **added(rows, keys)}, "total")
    scope = scope_line(wording, "research" if projects else "medical")
    return Sheet(form, scope, (NAME, *heads), (*(Line(r) for r in rows), total))


def _three(figures: Figures, dept: str) -> dict[str, Value]:
    return {f"{k}.{view}": v for view in VIEWS for k, v in cost_row(narrowed(figures.full[view], dept)).items()}
