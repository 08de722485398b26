"""为什么的共同说法 · What the command line, pages and files say alike of where a figure comes from."""

from typing import Any

from heng.app.why import Why
from heng.core.table import TABLES, Column, code, measured, money, number, text
from heng.serve.caution import Caution
from heng.tables.costing import CostLine


def source_columns(names: list[str]) -> dict[str, Column]:
    """来源行各列的含义 · What the columns of source rows mean, but for the id of the file, which its name stands for."""
    own: dict[str, Any] = {
        "name": text("文件", "file"),
        "sheet": text("工作表", "sheet"),
        "row": number("行", "row"),
        "feed": code("来源表", "table", {n: (t.zh, t.en) for n, t in TABLES.items()}),
        "charged": text("收费项目", "service charged"),
        "quantity": measured("数量", "quantity", unit="按项目"),
        "amount": money("入账金额", "amount booked"),
        "contribution": money("其中计入", "counted here"),
    }
    return {n: own.get(n) or CostLine.columns[n] for n in names if n != "file"}


def as_data(answer: Why, known: Caution) -> dict[str, Any]:
    """供 JSON 用 · The whole answer for JSON."""
    cap = answer.capability
    return {
        "capability": cap.name,
        "zh": cap.zh,
        "en": cap.en,
        "figure": answer.figure,
        "beyond": answer.beyond,
        "formula": answer.formula,
        "sql": answer.sql,
        "params": answer.params.to_dicts(),
        "legs": answer.legs.to_dicts(),
        "rows": answer.rows.to_dicts(),
        "sources": answer.sources.to_dicts(),
        **known.data(),
    }
