"""为什么：随机抽 200 个数，列出的来源行加起来恰好等于它 · Why: for 200 random figures the rows listed add up to the figure.

The figure is read from the stored table; the rows come from walking the allocation backwards. Every row is then looked
up in the source table it came from, so that neither side can make up an amount.
"""

import random
from decimal import Decimal

import polars as pl
import pytest

from heng.app.region import Region
from heng.app.why import Asked
from heng.core.table import table
from tests.conftest import Demo
from tests.reading import owner

FIGURES = {
    "DeptCost": ("dept", "item", "fund"),
    "ScopeCost": ("dept", "scope", "item"),
    "DirectCost": ("dept", "item"),
    "Allocation": ("receiver", "giver"),
    "DeptResult": ("dept", "scope"),
}
VALUE = {"DeptResult": "cost"}
CELLS = [("H01", "2026-03"), ("H02", "2025-12"), ("H03", "2026-07"), ("H04", "2026-09")]
EACH = 10  # figures of each table in each hospital's month: 4 × 5 × 10 = 200


@pytest.mark.parametrize(("org", "month"), CELLS)
def test_the_rows_listed_add_up_to_the_figure(demo: Demo, org: str, month: str) -> None:
    asked = Asked(owner(Region(demo.folder / "demo" / "region")), org, month)
    chance = random.Random(f"{org} {month}")  # noqa: S311 - seeded choice of figures, no secret
    for name, keys in FIGURES.items():
        value = VALUE.get(name, "amount")
        whole = asked.rows(table(name), {}).group_by(keys, maintain_order=True).agg(pl.col(value).sum())
        for figure in chance.sample(whole.sort(keys).to_dicts(), EACH):
            told = asked.why(name, {k: figure[k] for k in keys})
            assert told.sources["contribution"].sum() == figure[value], f"{name} {figure}"
            assert told.figure == figure[value]
            assert told.sources["row"].null_count() == 0
            assert told.sources["name"].null_count() == 0


def test_a_figure_shows_its_params_with_their_documents_and_its_sql(demo: Demo) -> None:
    told = Asked(owner(Region(demo.folder / "demo" / "region")), "H01", "2026-03").why(
        "costing.scopes", {"scope": "medical", "item": "staff"}
    )
    assert "国卫财务发〔2021〕4号" in told.params["source"][0]
    assert "bucket <> 'dir'" in told.sql
    assert told.figure is not None
    assert told.figure > Decimal(0)


def test_rows_listed_are_rows_of_the_source_tables(demo: Demo) -> None:
    asked = Asked(owner(Region(demo.folder / "demo" / "region")), "H04", "2026-09")
    sources = asked.why("DirectCost", {"item": "staff"}).sources.filter(pl.col("feed") == "Salary")
    booked = asked.rows(table("Salary"), {})
    assert sources.height
    assert sources["amount"].sum() <= booked["amount"].sum()
    assert set(sources["row"]) <= set(booked["row"])
