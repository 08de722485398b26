"""公众看得到的全部表，线性规划推不出 1 至 10 · From all tables the public may open, no linear programme derives a count of 1 to 10."""

from datetime import date

import numpy as np
import polars as pl
import pytest

import heng.app.region  # noqa: F401 - declares every table
from heng.core.scope import Level, Reach, Scope
from heng.core.table import TABLES
from heng.rooms.costing.publish_cases import SHOWN, Region, Rule, publish_cases
from heng.store.policy_files import read_policy
from heng.tables.access import allowed, depth
from heng.tables.cases import CaseCost, CaseGroup
from heng.tables.public import PublicCase
from tests.methods.attack import Attack

MONTH, ON = "2026-03", date(2026, 3, 31)


def published(counts: np.ndarray) -> pl.DataFrame:
    """What stands in PublicCase when hospitals treated so many cases of each group."""
    places = [(f"G{g}", f"H{h}") for (g, h), size in np.ndenumerate(counts) for _ in range(size)]
    encounters = pl.DataFrame(
        {"org": [h for _, h in places], "month": MONTH, "encounter": range(len(places)), "group": [g for g, _ in places]},
        schema_overrides={"encounter": pl.Int32},
    )
    costs = encounters.select(
        "org", "month", "encounter", care=pl.lit("inpatient"), days=pl.lit(3), amount=pl.lit("100").cast(pl.Decimal(18, 2))
    )
    costs = costs.with_columns(income=pl.lit(None, pl.Decimal(18, 2)))
    groups = encounters.with_columns(scheme=pl.lit("drg"), excluded=pl.lit(""))
    policy = read_policy()
    return publish_cases(CaseCost(lambda: costs), CaseGroup(lambda: groups), Region(policy, ON), Rule(policy, ON))


def test_the_public_opens_these_tables_only() -> None:
    everybody = Scope("", "public", "", (Reach(Level.PUBLIC),))
    assert [t.__name__ for t in TABLES.values() if depth(t) == Level.PUBLIC and t.__module__.startswith("heng.")] == ["PublicCase"]
    assert allowed(everybody, PublicCase).columns == tuple(PublicCase.columns)


@pytest.mark.parametrize("seed", range(4))
def test_nobody_works_a_small_count_out_of_what_stands_there(seed: int) -> None:
    counts = np.random.default_rng(seed).poisson(np.random.default_rng(seed).exponential(12, (4, 4))).astype(np.int64)
    rows = {(r["group"], r["hospital"]): r for r in published(counts).to_dicts()}
    masks, small = {}, []
    for axes in SHOWN:
        table = counts.sum(axis=tuple(a for a in (0, 1) if a not in axes))
        masks[axes] = np.zeros(table.shape, bool)
        for at in np.ndindex(table.shape):
            where = dict(zip(axes, at, strict=True))
            row = rows.get((f"G{where[0]}" if 0 in where else "", f"H{where[1]}" if 1 in where else ""))
            assert (row is None) == (table[at] == 0), "zero and only zero is not there"
            if row is not None:
                masks[axes][at] = row["cases"] is None
                assert row["cases"] in (None, table[at])
                assert row["mean"] is None or row["cases"] is not None
                assert row["mean"] or not row["cases"] or not row["hospital"], "a mean alone is hidden of several hospitals only"
                small += [(axes, at)] * bool(table[at] < 11)
    attack = Attack(counts, masks)
    for axes, at in small:
        least, most = attack.range_of(axes, at)
        assert most is None or (most >= 11 and most - least >= 5), (axes, at)
    assert small
