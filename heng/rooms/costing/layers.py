"""核算单元的数组形式 · Hospital months as arrays in whole fen, ready for the kernels of apportionment.

A layer is one cost item × fund × behaviour: allocation never mixes them. Departments are those of the four classes.
Codes become numbers once for the whole batch, so that each month is filled by NumPy alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from heng.core.errors import HengError
from heng.methods.apportion import Integers

STAGES = ("admin", "support", "medtech", "clinical")
CELL = ["org", "month"]
LAYER = ["item", "fund", "behaviour"]
FINE = 10_000  # a driver value keeps four decimals; ten-thousandths are whole numbers


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """一家医院一个月 · cost[L, D] fen; weight[K, D, D] ten-thousandths; driver[D, L] the k a giver uses, -1 for none.

    stage[D]: 0 administration, 1 support, 2 medical technology, 3 clinical. `first`: place of department 0 in the batch.
    """

    first: int
    stage: Integers
    cost: Integers
    weight: Integers
    driver: Integers

    def of_stage(self, number: int) -> tuple[int, ...]:
        """某类科室的下标 · Indices of the departments of one class."""
        return tuple(np.flatnonzero(self.stage == number).tolist())


class Batch:
    """一批医院月份 · A batch of hospital months: `units` (one row a department), `layers` and `drivers` name the numbers."""

    def __init__(self, departments: pl.DataFrame, costs: pl.DataFrame, bases: pl.DataFrame, choices: pl.DataFrame) -> None:
        """编号 · Number departments, layers and drivers; rows of other departments (outside costing) are left aside."""
        classed = departments.filter(pl.col("category").is_in(STAGES)).sort(*CELL, "dept")
        self.units = classed.select(*CELL, "dept", "category", place=pl.int_range(pl.len()).over(CELL))
        self.layers = costs.select(LAYER).unique().sort(LAYER).with_row_index("layer")
        self.drivers = choices.select("driver").drop_nulls().unique().sort("driver").with_row_index("k")
        self._costs = self._at(costs, "dept").join(self.layers, on=LAYER)
        self._bases = self._at(self._at(bases, "giver"), "receiver").join(self.drivers, on="driver")
        items = self.layers.select("item", "layer")
        self._choices = self._at(choices, "giver").join(self.drivers, on="driver").join(items, on="item")

    def boards(self) -> Iterator[Board]:
        """逐院逐月 · A board for every hospital month that has direct cost, in order."""
        costs, bases, choices = (_by_cell(f) for f in (self._costs, self._bases, self._choices))
        first = 0
        for cell, units in _by_cell(self.units).items():
            if cell in costs:
                empty = self._bases.clear(), self._choices.clear()
                yield self._board(first, units, (costs[cell], bases.get(cell, empty[0]), choices.get(cell, empty[1])))
            first += len(units)

    def dept(self, board: Board, place: int) -> str:
        """科室编码 · The code of a board's department."""
        return str(self.units["dept"][board.first + place])

    def without_base(self, board: Board, giver: int, layer: int) -> HengError:
        """参数和为0的说明 · The error that names the department and cost item whose base is zero."""
        dept, item, org, month = self.dept(board, giver), self.layers["item"][layer], *self.units.select(CELL).row(board.first)
        return HengError(
            f"科室 {dept} 的 {item} 有成本，但分摊参数和为0",
            f"{dept} carries {item} cost, but its driver adds up to zero",
            where=f"{org} {month}",
            mend=("补报参数值或改选参数，见分摊前检查", "give driver values or choose another driver; see readiness"),
        )

    def _at(self, rows: pl.DataFrame, column: str) -> pl.DataFrame:
        place = self.units.select(*CELL, pl.col("dept").alias(column), pl.col("place").alias(f"{column}_place"))
        return rows.join(place, on=[*CELL, column], how="inner", maintain_order="left")

    def _board(self, first: int, units: pl.DataFrame, rows: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]) -> Board:
        costs, bases, choices = rows
        size, layers, drivers = len(units), len(self.layers), max(len(self.drivers), 1)
        cost, weight = np.zeros((layers, size), np.int64), np.zeros((drivers, size, size), np.int64)
        driver = np.full((size, layers), -1, np.int64)
        np.add.at(cost, tuple(costs[n].to_numpy() for n in ("layer", "dept_place")), fen(costs["amount"]))
        np.add.at(weight, tuple(bases[n].to_numpy() for n in ("k", "giver_place", "receiver_place")), fine(bases["value"]))
        driver[choices["giver_place"].to_numpy(), choices["layer"].to_numpy()] = choices["k"].to_numpy()
        return Board(first, np.array([STAGES.index(c) for c in units["category"]], np.int64), cost, weight, driver)


def fen(money: pl.Series) -> Integers:
    """元转分 · Yuan as whole fen, exactly."""
    return money.cast(pl.Decimal(38, 2)).to_physical().cast(pl.Int64).to_numpy()


def fine(value: pl.Series) -> Integers:
    """参数值转万分之一 · Driver values as whole ten-thousandths, exactly."""
    return value.cast(pl.Decimal(38, 4)).to_physical().cast(pl.Int64).to_numpy()


def yuan(column: str) -> pl.Expr:
    """分转元 · Whole fen as yuan with two decimals, exactly."""
    return (pl.col(column).cast(pl.Decimal(38, 2)) / 100).cast(pl.Decimal(18, 2)).alias(column)


def coarse(column: str) -> pl.Expr:
    """万分之一转参数值 · Ten-thousandths as a driver value with four decimals, exactly."""
    return (pl.col(column).cast(pl.Decimal(38, 4)) / FINE).cast(pl.Decimal(18, 4)).alias(column)


def _by_cell(rows: pl.DataFrame) -> dict[tuple[Any, ...], pl.DataFrame]:
    return rows.partition_by(CELL, as_dict=True, maintain_order=True)
