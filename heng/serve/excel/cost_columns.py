"""成本各栏：七项与合计，项目经费与两个全成本 · The cost columns that tables 01 and 02 share, and how a row fills them.

(8) = (1)+…+(7) medical cost; then what fiscal projects left (9)–(11) and full medical cost (12); what research and
teaching projects left (13)–(15) and full hospital cost (16). Source: 财会〔2010〕27号 第六部分.
"""

from decimal import Decimal

from heng.serve.excel.figures import ZERO, Amounts
from heng.serve.excel.sheet import Head, Value
from heng.tables.codes import ITEM

APART = ("depreciation", "amortisation")
REST = "rest"


def cost_heads(words: dict[str, str], *, projects: bool) -> tuple[Head, ...]:
    """表头 · The columns in the words of a set; with `projects` also those of project funds and both full costs."""
    items = [Head(f"{words[i]}\n（{n}）", i) for n, i in enumerate(ITEM, 1)]
    if not projects:
        return (*items, Head("合计\n（8）=（1）+…+（7）", "medical"))
    return (
        Head("医疗成本", under=(*items, Head("小计\n（8）=（1）+…+（7）", "medical"))),
        _project(words, "fiscal", 9),
        Head("医疗全成本合计\n（12）=（8）+…+（11）", "medical_full"),
        _project(words, "research", 13),
        Head("医院全成本合计\n（16）=（12）+…+（15）", "hospital_full"),
    )


def _project(words: dict[str, str], step: str, first: int) -> Head:
    texts = {"depreciation": words["depreciation"], "amortisation": words["amortisation"], REST: "其他"}
    return Head(words[step], under=tuple(Head(f"{t}\n（{n}）", f"{step}.{k}") for n, (k, t) in enumerate(texts.items(), first)))


def cost_row(amounts: Amounts) -> dict[str, Value]:
    """一行各栏的数 · The values of a row from its amounts by (step, item); what there is none of is 0.00."""
    row: dict[str, Decimal] = {i: amounts.get(("medical", i), ZERO) for i in ITEM}
    row["medical"] = _sum(amounts, "medical")
    for step in ("fiscal", "research"):
        row |= {f"{step}.{i}": amounts.get((step, i), ZERO) for i in APART}
        row[f"{step}.{REST}"] = _sum(amounts, step) - sum((row[f"{step}.{i}"] for i in APART), ZERO)
    row["medical_full"] = row["medical"] + _sum(amounts, "fiscal")
    row["hospital_full"] = row["medical_full"] + _sum(amounts, "research")
    return dict(row)


def _sum(amounts: Amounts, step: str) -> Decimal:
    return sum((v for (s, _), v in amounts.items() if s == step), ZERO)


def narrowed(amounts: Amounts, *lead: str) -> Amounts:
    """开头是这些的 · The amounts whose key begins with these, by the rest of the key."""
    return {k[len(lead) :]: v for k, v in amounts.items() if k[: len(lead)] == lead}
