"""旧版本的表：自动整形，其余靠有名字的迁移步骤 · Tables of older versions: shaped by themselves, or by a named step."""

from collections.abc import Iterator
from decimal import Decimal
from types import new_class
from typing import Any

import polars as pl
import pytest

from heng.app.inputs import stored
from heng.app.migration import migrate, plan
from heng.app.region import Region
from heng.core.errors import StoreError
from heng.core.table import TABLES, Column, Table, code, count, money, text
from heng.store.engine import DuckDB
from heng.store.manifest import Part
from heng.store.migrate import STEPS, step
from heng.store.parts import write_part

NAME = "Reading"
CELLS = [("H01", "2026-01"), ("H01", "2026-02")]


@pytest.fixture(autouse=True)
def unregistered() -> Iterator[None]:
    """What a test declares is gone afterwards."""
    steps = dict(STEPS)
    yield
    TABLES.pop(NAME, None)
    STEPS.clear()
    STEPS.update(steps)


def declared(version: int, **columns: Column) -> type[Table]:
    """The table as heng of that time declared it."""
    TABLES.pop(NAME, None)
    words: dict[str, Any] = {"zh": "抄表", "en": "meter reading", "key": "meter", "version": version}
    return new_class(NAME, (Table,), words, lambda body: body.update(meter=code("表号", "meter"), **columns))


OLD = {"amount": money("金额", "amount"), "place": text("地点", "place")}


def kept(region: Region, table: type[Table], month: str, *rows: dict[str, Any]) -> Part:
    """Store rows as that table's version does."""
    engine = DuckDB()
    whole = [{n: None if (v := {"org": "H01", "month": month, **r}.get(n)) is None else str(v) for n in table.columns} for r in rows]
    engine.table("given", pl.DataFrame(whole, schema=dict.fromkeys(table.columns, pl.String)))
    columns = ", ".join(f"{n}::{c.type} as {n}" for n, c in table.columns.items())
    frame = engine.rows(f"select {columns} from given")  # noqa: S608 - the columns that the test declares
    with region.writing("test"):
        region.publish("load", [part := write_part(region.path, table, frame, ("H01", month, "抄表"))])
    return part


def read(region: Region, table: type[Table]) -> list[dict[str, Any]]:
    """All rows, as the present version sees them."""
    engine = DuckDB(region.path)
    return engine.rows(stored(engine, region.path, region.manifest, CELLS).raw(table)).sort("month").to_dicts()


def test_a_new_column_that_may_be_empty_and_a_wider_type_need_no_step(region: Region) -> None:
    narrow = declared(1, **(OLD | {"visits": Column(zh="人次", en="visits", type="integer", unit="人次")}))
    kept(region, narrow, "2026-01", {"meter": "E1", "amount": "10.50", "place": "东楼", "visits": 3})
    wide = declared(2, **(OLD | {"visits": count("人次", "visits", unit="人次"), "phase": text("相", "phase", optional=True)}))
    kept(region, wide, "2026-02", {"meter": "E1", "amount": "11.00", "place": "东楼", "visits": 4_000_000_000, "phase": "A"})
    assert [(r["month"], r["amount"], r["visits"], r["phase"]) for r in read(region, wide)] == [
        ("2026-01", Decimal("10.50"), 3, None),
        ("2026-02", Decimal("11.00"), 4_000_000_000, "A"),
    ]
    assert [(o.part.version, o.steps) for o in plan(region)] == [(1, ())]


def test_columns_in_another_order_are_read_by_name(region: Region) -> None:
    kept(region, declared(1, **OLD), "2026-01", {"meter": "E1", "amount": "10.50", "place": "东楼"})
    turned = declared(2, place=OLD["place"], amount=OLD["amount"])
    assert read(region, turned)[0] | {"org": "H01"} == {
        "org": "H01", "month": "2026-01", "meter": "E1", "place": "东楼", "amount": Decimal("10.50"),
    }  # fmt: skip


def split(rows: pl.DataFrame) -> pl.DataFrame:
    """`place` becomes building and floor."""
    parts = pl.col("place").str.split("/")
    return rows.with_columns(parts.list.get(0).alias("building"), parts.list.get(1).alias("floor"))


def test_a_named_step_does_what_shaping_cannot(region: Region) -> None:
    kept(region, declared(1, **OLD), "2026-01", {"meter": "E1", "amount": "10.50", "place": "东楼/3"})
    new = declared(2, amount=OLD["amount"], building=text("楼", "building"), floor=text("层", "floor"))
    with pytest.raises(StoreError) as said:
        read(region, new)
    assert "heng migrate" in said.value.mend[0]
    with pytest.raises(StoreError, match="也没有补它的迁移步骤"):
        migrate(region)
    step(NAME, 1, "地点分为楼与层", "the place becomes building and floor")(split)
    before = region.manifest.generation
    (old,) = plan(region)
    assert [s.name for s in old.steps] == ["split"]
    assert region.manifest.generation == before, "a plan changes nothing"
    assert len(migrate(region)) == 1
    assert [(r["building"], r["floor"], r["amount"]) for r in read(Region(region.path), new)] == [("东楼", "3", Decimal("10.50"))]
    assert region.manifest.of(NAME)[0].version == 2
    assert migrate(region) == []
    assert Region(region.path, before).manifest.of(NAME)[0].version == 1, "the old generation is as it was"


def test_steps_run_one_version_after_the_other(region: Region) -> None:
    kept(region, declared(1, **OLD), "2026-01", {"meter": "E1", "amount": "10.50", "place": "东楼/3"})
    step(NAME, 2, "金额改为分", "the amount becomes fen")(
        lambda rows: rows.with_columns((pl.col("amount") * 100).cast(pl.Int64).alias("fen"))
    )
    step(NAME, 1, "地点分为楼与层", "the place becomes building and floor")(split)
    new = declared(3, fen=count("分", "fen", unit="分"), building=text("楼", "building"), floor=text("层", "floor"))
    migrate(region)
    assert [(r["fen"], r["floor"]) for r in read(region, new)] == [(1050, "3")]


def test_a_version_has_one_step() -> None:
    step(NAME, 1, "地点分为楼与层", "the place becomes building and floor")(split)
    with pytest.raises(StoreError, match="已有迁移步骤"):
        step(NAME, 1, "又一步", "another one")(lambda rows: rows)


def test_what_a_newer_heng_wrote_is_refused_and_not_guessed(region: Region) -> None:
    kept(region, declared(2, **OLD), "2026-01", {"meter": "E1", "amount": "10.50", "place": "东楼"})
    with pytest.raises(StoreError, match="更新的 heng"):
        read(region, declared(1, **OLD))
