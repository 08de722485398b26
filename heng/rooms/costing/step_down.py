"""三级分项逐级分步结转 · Administration to everyone else, support to medical technology and clinical, then to clinical.

Which leg carried how much of which cost item, fund and behaviour, by which driver, and from which origin. Every giver
ends at zero and Σ of a layer stays the same to the fen; remainders of a fen go to the largest fractions.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 三级分摊.
"""

import numpy as np
import polars as pl

from heng.core.capability import capability
from heng.core.params import Params
from heng.methods import step_down as kernel
from heng.methods.apportion import Integers
from heng.rooms.costing.layers import LAYER, STAGES, Batch, Board, coarse, yuan
from heng.tables.costing import Allocation, DirectCost, DriverBase, DriverChoice
from heng.tables.organisation import Department

# What a path means: bit 1 through administration, 2 through support, 4 through medical technology.
BUCKETS = ("dir", "dir_man", "dir_ass", "indir_ass_man", "dir_med", "indir_med_man", "indir_med_ass", "indir_ass_med_man")
FLOWS = ("stage", "peer", "giver", "receiver", "layer", "path_to", "driver", "base", "base_total", "amount")


class Rule(Params, at="costing.step_down"):
    """分摊规则 · Whether the departments of a class first serve each other (平级分摊)."""

    peer: dict[str, bool]


@capability("三级分摊", "three-step allocation")
def step_down(costs: DirectCost, departments: Department, bases: DriverBase, choices: DriverChoice, rule: Rule) -> Allocation:
    """三级分摊的每一笔 · Every leg that is not zero, with base and base total; HengError when a giver has no base."""
    batch = Batch(departments.frame(), costs.frame(), bases.frame(), choices.frame())
    flows = [_flows(board, close(batch, board, rule.peer)) for board in batch.boards()]
    return legs(batch, np.concatenate([np.empty((len(FLOWS), 0), np.int64), *flows], axis=1))


def close(batch: Batch, board: Board, peer: dict[str, bool]) -> kernel.Cascade:
    """跑一家医院一个月 · Run the three steps on one board; the error names department and cost item."""
    stages = [kernel.Stage(1 << n, board.of_stage(n), bool(peer.get(name))) for n, name in enumerate(STAGES[:3])]
    try:
        return kernel.step_down(board.cost, stages, board.weight, board.driver)
    except kernel.ZeroBase as e:
        raise batch.without_base(board, e.giver, e.layer) from e


def _flows(board: Board, cascade: kernel.Cascade) -> Integers:
    """FLOWS × moves, with departments numbered through the batch."""
    moves = cascade.flows
    own = {"giver": moves.giver + board.first, "receiver": moves.receiver + board.first}
    return np.stack([own.get(name, getattr(moves, name)) for name in FLOWS])


def legs(batch: Batch, flows: Integers) -> pl.DataFrame:
    """写成分摊过程 · The flows of the batch as rows of the allocation table."""
    rows = pl.DataFrame(dict(zip(FLOWS, flows, strict=True)), schema=dict.fromkeys(FLOWS, pl.Int64))
    units, layers = batch.units, batch.layers
    return rows.with_columns(
        units["org"].gather(rows["giver"]),
        units["month"].gather(rows["giver"]),
        pl.col("stage") + 1,
        pl.col("peer") == 1,
        units["dept"].gather(rows["giver"]).alias("giver"),
        units["dept"].gather(rows["receiver"]).alias("receiver"),
        *(layers[name].gather(rows["layer"]) for name in LAYER),
        pl.Series("bucket", BUCKETS).gather(rows["path_to"]),
        batch.drivers["driver"].gather(rows["driver"]),
        coarse("base"),
        coarse("base_total"),
        yuan("amount"),
    ).drop("layer", "path_to")
