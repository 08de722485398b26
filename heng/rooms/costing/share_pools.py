"""公共成本分配 · Before step 1: people who work in several departments, then common cost pools, each by its own measure.

Largest remainder to the fen: what a pool or a person costs is exactly what the receivers get. A pool that received a
part of a person passes it on. Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 公共成本与多科室人员的分配.
"""

import numpy as np
import polars as pl

from heng.core.capability import capability
from heng.methods.apportion import apportion
from heng.rooms.costing.layers import CELL, LAYER, coarse, fen, fine, yuan
from heng.tables.activity import StaffShare
from heng.tables.costing import CommonShare, CostLine, DriverBase, DriverChoice, Readiness
from heng.tables.organisation import Department

PERSON = "share"  # the driver of a shared person: measured work
SHAPE = {
    "org": pl.String,
    "month": pl.String,
    "giver": pl.String,
    "staff_no": pl.String,
    "receiver": pl.String,
    "item": pl.String,
    "fund": pl.String,
    "behaviour": pl.String,
    "driver": pl.String,
    "base": pl.Int64,
    "base_total": pl.Int64,
    "amount": pl.Int64,
}


@capability("公共成本分配", "sharing of common cost")
def share_pools(
    lines: CostLine,
    departments: Department,
    shares: StaffShare,
    bases: DriverBase,
    choices: DriverChoice,
    readiness: Readiness,  # only its gate counts: a month with an error is not shared out
) -> CommonShare:
    """分配公共成本与多科室人员 · One row per pool or person, receiver and layer; Σ rows = what was shared."""
    pools = departments.frame().filter(pl.col("category") == "common").select(*CELL, giver="dept")
    cost = _cost(lines.frame())
    work = shares.frame().group_by(*CELL, "staff_no", receiver="dept").agg(base=pl.col("share").sum()).sort(*CELL, "staff_no", "receiver")
    people = _people(cost, work)
    kept = cost.join(people.select(*CELL, "staff_no").unique(), on=[*CELL, "staff_no"], how="anti")
    received = people.select(*CELL, "staff_no", *LAYER, "amount", giver="receiver").with_columns(staff_no=pl.lit(""))
    columns = [*CELL, "giver", *LAYER, "amount"]
    pooled = pl.concat([kept.select(columns), received.select(columns)]).join(pools, on=[*CELL, "giver"], how="semi")
    pooled = pooled.group_by(columns[:-1]).agg(pl.col("amount").sum()).sort(columns[:-1])
    used = bases.frame().filter("open").select(*CELL, "giver", "driver", "receiver", base="value")
    spread = _spread(pooled.join(choices.frame().select(*CELL, "giver", "item", "driver"), on=[*CELL, "giver", "item"], how="inner"), used)
    return pl.concat([people, spread]).with_columns(yuan("amount"), coarse("base"), coarse("base_total"))


def _cost(lines: pl.DataFrame) -> pl.DataFrame:
    """Cost that counts, in fen, by department, person (empty: nobody) and layer."""
    counted = lines.filter((pl.col("excluded") == "") & pl.col("item").is_not_null())
    counted = counted.with_columns(amount=pl.Series(fen(counted["amount"])), staff_no=pl.col("staff_no").fill_null(""))
    keys = [*CELL, "dept", "staff_no", *LAYER]
    return counted.group_by(keys).agg(pl.col("amount").sum()).sort(keys).rename({"dept": "giver"})


def _people(cost: pl.DataFrame, work: pl.DataFrame) -> pl.DataFrame:
    measured = work.filter(pl.col("base").sum().over(*CELL, "staff_no") > 0)
    shared = cost.join(measured.select(*CELL, "staff_no").unique(), on=[*CELL, "staff_no"], how="semi", maintain_order="left")
    return _spread(shared.with_columns(driver=pl.lit(PERSON)), measured)


def _spread(cost: pl.DataFrame, used: pl.DataFrame) -> pl.DataFrame:
    """Split the amounts of each giver by the bases of its driver; rows of SHAPE, in fen and ten-thousandths."""
    by = [c for c in (*CELL, "giver", "driver", "staff_no") if c in used.columns]
    bases = used.partition_by(by, as_dict=True, maintain_order=True)
    parts = [_split(rows, bases[key]) for key, rows in cost.partition_by(by, as_dict=True, maintain_order=True).items() if key in bases]
    return pl.concat([pl.DataFrame(schema=SHAPE), *parts])


def _split(rows: pl.DataFrame, users: pl.DataFrame) -> pl.DataFrame:
    base = fine(users["base"])
    part = apportion(rows["amount"].to_numpy(), base)
    row, user = np.nonzero(part)
    taken = rows.with_columns(staff_no=pl.col("staff_no") if "staff_no" in rows.columns else pl.lit(""))[row]
    return taken.with_columns(
        receiver=users["receiver"][user],
        base=pl.Series(base[user]),
        base_total=pl.lit(int(base.sum()), pl.Int64),
        amount=pl.Series(part[row, user]),
    ).select(*SHAPE)
