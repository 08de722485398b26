"""分摊方法比较 · How far would other methods move each department: direct, step-down in several orders, reciprocal.

All on the same costs and the same drivers, all funds. A method that would leave a giver's cost nowhere (its users are
all closed) cannot be used there: its amount stays empty and the note says whose. Source: 成本会计 各种辅助成本分配方法.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

from heng.core.capability import capability
from heng.core.params import Params
from heng.methods import reciprocal as algebra
from heng.methods import step_down as kernel
from heng.methods.apportion import Integers
from heng.rooms.costing.layers import CELL, Batch, Board, fen, yuan
from heng.tables.costing import DeptCost, DirectCost, DriverBase, DriverChoice, MethodCost
from heng.tables.organisation import Department

CLINICAL = 3
SHAPE = {"org": pl.String, "month": pl.String, "method": pl.String, "dept": pl.String, "amount": pl.Int64, "note": pl.String}
Method = tuple[str, Callable[[], Integers]]


class Rule(Params, at="costing.compare_methods"):
    """比较哪些次序 · The orders in which givers close: by class, reversed, by cost, or listed by hand."""

    orders: list[Any]


@capability("分摊方法比较", "allocation methods compared")
def compare_methods(
    costs: DirectCost,
    departments: Department,
    bases: DriverBase,
    choices: DriverChoice,
    dept_costs: DeptCost,
    rule: Rule,
) -> MethodCost:
    """各方法下的全成本 · One row per method and clinical department."""
    known = dept_costs.frame()
    spent = known.with_columns(statutory=pl.Series(fen(known["amount"]))).group_by(*CELL, "dept").agg(pl.col("statutory").sum())
    batch = Batch(departments.frame(), costs.frame(), bases.frame(), choices.frame())
    parts = [_finals(batch, board, method) for board in batch.boards() for method in _methods(batch, board, rule.orders)]
    rows = pl.concat([pl.DataFrame(schema=SHAPE), *parts]).join(spent, on=[*CELL, "dept"], how="inner")
    return rows.with_columns(yuan("amount"), yuan("statutory"))


def _methods(batch: Batch, board: Board, orders: Sequence[dict[str, Any]]) -> Iterator[Method]:
    givers = np.flatnonzero(board.stage < CLINICAL).tolist()
    data = board.weight, board.driver
    yield "direct", lambda: kernel.direct(board.cost, givers, *data).final.sum(axis=0)
    yield "reciprocal", lambda: algebra.reciprocal(board.cost, givers, *data)
    for order in orders:
        line = _line(batch, board, order)
        yield str(order["method"]), lambda line=line: kernel.in_order(board.cost, line, *data).final.sum(axis=0)  # type: ignore[misc]


def _line(batch: Batch, board: Board, order: dict[str, Any]) -> list[int]:
    """Givers in the order wanted; those not listed by hand follow by class."""
    by_class = sorted(np.flatnonzero(board.stage < CLINICAL).tolist(), key=lambda g: (int(board.stage[g]), g))
    if order["by"] == "cost":
        total = board.cost.sum(axis=0)
        return sorted(by_class, key=lambda g: -int(total[g]))
    if order["by"] == "class_reversed":
        return by_class[::-1]
    codes = {batch.dept(board, g): g for g in by_class}
    first = [codes[d] for d in order.get("departments", []) if d in codes]
    return first + [g for g in by_class if g not in first]


def _finals(batch: Batch, board: Board, method: Method) -> pl.DataFrame:
    name, work = method
    clinical = board.of_stage(CLINICAL)
    rows = batch.units[[board.first + c for c in clinical]].select(*CELL, method=pl.lit(name), dept="dept")
    try:
        amount = pl.Series("amount", work().sum(axis=0)[list(clinical)], dtype=pl.Int64)
    except kernel.ZeroBase as e:
        dept = batch.dept(board, e.giver)
        said = f"服务科室 {dept} 的成本在此方法下无处可去 · the cost of giver {dept} has nowhere to go"
        return rows.with_columns(amount=pl.lit(None, pl.Int64), note=pl.lit(said))
    return rows.with_columns(amount, note=pl.lit(None, pl.String))
