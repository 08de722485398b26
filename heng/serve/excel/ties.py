"""勾稽核对 · Where two tables must show the same total: both figures, their difference, and whether they agree."""

from decimal import Decimal

from heng.serve.excel.figures import ZERO, Figures
from heng.serve.excel.sheet import Head, Line, Sheet, Value, whole
from heng.tables.codes import CATEGORY

CLASSES = ("clinical", "medtech", "support", "admin")
HEADS = (
    Head("勾稽关系", "name", "text"),
    Head("前者", "left"),
    Head("后者", "right"),
    Head("差额", "difference"),
    Head("结论", "verdict", "text"),
)


def ties(figures: Figures) -> Sheet:
    """勾稽核对表 · One row per identity; a difference that is not 0.00 is said aloud."""
    lines = tuple(Line(_row(name, left, right)) for name, left, right in _identities(figures))
    return Sheet("勾稽核对", "口径：各表本期合计", HEADS, lines, "成本报表勾稽核对表", notes=tuple(_left_out(figures)))


def _identities(figures: Figures) -> list[tuple[str, Decimal, Decimal | None]]:
    full, origin = figures.full["amount"], figures.origin
    medical, hospital = _full(figures, "medical"), sum(full.values(), ZERO)
    results = whole(figures.results[d].cost if d in figures.results else None for d in figures.clinical)
    legs = sum(figures.legs["amount"].to_list(), ZERO) + sum(figures.full["direct"].values(), ZERO)
    return [
        ("直接成本表与全成本表：医疗成本", _direct(figures, "medical"), medical),
        ("直接成本表与全成本表：医疗全成本", _direct(figures, "medical", "fiscal"), medical + _full(figures, "fiscal")),
        ("直接成本表与全成本表：医院全成本", _direct(figures, "medical", "fiscal", "research"), hospital),
        ("全成本表与科室收支：医疗成本", medical, results),
        ("全成本表与分摊表：医疗成本", medical, sum((v for k, v in origin.items() if k[1] == "medical"), ZERO)),
        ("全成本表与分摊收据：医院全成本", hospital, legs),
    ]


def _direct(figures: Figures, *steps: str) -> Decimal:
    return sum((v for k, v in figures.direct.items() if k[0] in CLASSES and k[2] in steps), ZERO)


def _full(figures: Figures, step: str) -> Decimal:
    return sum((v for k, v in figures.full["amount"].items() if k[1] == step), ZERO)


def _row(name: str, left: Decimal, right: Decimal | None) -> dict[str, Value]:
    difference = None if right is None else left - right
    verdict = "未知" if difference is None else "不符" if difference else "相符"
    return {"name": name, "left": left, "right": right, "difference": difference, "verdict": verdict}


def _left_out(figures: Figures) -> list[str]:
    found: dict[str, Decimal] = {}
    for (category, *_), amount in figures.direct.items():
        if category not in CLASSES:
            found[category] = found.get(category, ZERO) + amount
    return [f"各表不含「{CATEGORY[c][0]}」的直接成本 {v:,.2f} 元。" for c, v in sorted(found.items()) if v]
