"""患者数据 · What the hospitals know of their patients, feed by feed, before it is written the way each hospital writes it.

Frames have the columns of their Table without provenance and hospital, and a month where the feed is monthly; money is
decimal yuan.
"""

from collections.abc import Callable
from datetime import date
from functools import cache

import polars as pl

from heng.core.period import last_day, shift
from heng.demo import effort
from heng.demo.fee_lines import fee_lines
from heng.demo.hospitals import Hospital
from heng.demo.items import Item, items
from heng.demo.records import PARTS, records
from heng.demo.returns import returned
from heng.demo.scene import Scene
from heng.demo.stays import stays, ward_stays
from heng.demo.visits import visits
from heng.tables import effort as effort_tables
from heng.tables import fees, returns
from heng.tables import visits as visit_tables

TABLES_KNOWN = (visit_tables, fees, effort_tables, returns)
"""引入即登记 · Importing these modules declares the source tables."""

SINCE = date(2026, 1, 1)
UNRECORDED = 500
"""每多少次门诊有一次只有收费、没有就诊记录 · One visit in so many was charged but never recorded."""


def feed(hospital: Hospital, table: str, months: tuple[str, ...], seed: int) -> pl.DataFrame:
    """一家医院的一份患者数据 · One feed of a hospital over some months."""
    if table in CATALOGUES:
        return CATALOGUES[table]()
    scenes = [Scene(hospital, m, seed) for m in months]
    if table in ADOPTED:
        return ADOPTED[table](scenes[0])
    frames = [MONTHLY[table](s).select(pl.lit(s.month).alias("month"), pl.all()) for s in scenes]
    found = pl.concat(frames)
    return pl.concat([found, _still_there(scenes[-1])]) if table == "WardStay" else found


@cache
def lines_of(hospital: Hospital, month: str, seed: int) -> pl.DataFrame:
    """某月收费明细 · The fee lines of a month; several feeds are drawn from them."""
    return fee_lines(Scene(hospital, month, seed))


def _all_lines(scene: Scene) -> pl.DataFrame:
    return lines_of(scene.hospital, scene.month, scene.seed)


def _fee_lines(scene: Scene) -> pl.DataFrame:
    lines = _all_lines(scene)
    price = (pl.col("price").cast(pl.Decimal(24, 6)) / 1_000_000).cast(pl.Decimal(18, 6)).alias("price")
    return lines.with_columns(pl.int_range(1, lines.height + 1).alias("serial"), price, _yuan("amount"))


def _visits(scene: Scene) -> pl.DataFrame:
    return (
        visits(scene.hospital, scene.month, scene.seed)
        .with_row_index()
        .filter(pl.col("index") % UNRECORDED != UNRECORDED // 2)
        .drop("index")
    )


def _records(scene: Scene) -> pl.DataFrame:
    return records(scene).with_columns(_yuan(*PARTS, "anaesthesia", "surgery", "antimicrobial", "total", "own_pay"))


def _returns(scene: Scene) -> pl.DataFrame:
    return returned(scene).with_columns(_yuan("standard", "total", "fund_pay", "own_pay"))


def _ward_stays(scene: Scene) -> pl.DataFrame:
    return ward_stays(scene, stays(scene.hospital, scene.month, scene.seed))


def _still_there(scene: Scene) -> pl.DataFrame:
    """Stays not finished when the last month ends: what has begun is known, what is to come is not."""
    end = pl.lit(last_day(scene.month)).cast(pl.Datetime("us")).dt.offset_by("1d")
    moved = ward_stays(scene, stays(scene.hospital, shift(scene.month, 1), scene.seed)).filter(pl.col("began") < end)
    ended = pl.when(pl.col("ended") < end).then("ended").alias("ended")
    return moved.select(pl.lit(scene.month).alias("month"), "visit", "dept", "began", ended)


def _yuan(*columns: str) -> pl.Expr:
    return (pl.col(*columns).cast(pl.Decimal(24, 2)) / 100).cast(pl.Decimal(18, 2))


def _catalogue(kind: str, more: Callable[[Item], dict[str, object]]) -> pl.DataFrame:
    mine = [i for i in items() if i.kind == kind]
    rows = [{"item": i.code, "name": i.name, "national": i.national, "fee_class": i.fee_class, **more(i)} for i in mine]
    return pl.DataFrame(rows, infer_schema_length=None).with_columns(since=pl.lit(SINCE))


def _price(item: Item) -> str | None:
    return f"{item.price / 100:.2f}" if item.price else None


def _service(item: Item) -> dict[str, object]:
    technical = f"Z{item.fee_class}A{item.code[2:]}1"
    equal = f"{item.equivalence:.2f}"
    return {"technical": technical, "unit": "次", "price": _price(item), "minutes": item.minutes or None, "equivalence": equal}


def _drug(item: Item) -> dict[str, object]:
    return {"specification": item.pack, "form": item.form, "price": _price(item), "cost": f"{item.price * 988 / 100_000:.4f}"}


def _material(item: Item) -> dict[str, object]:
    dear = item.price >= 10_000
    return {
        "unit": "件",
        "price": _price(item),
        "cost": f"{item.price * 978 / 100_000:.4f}",
        "charged": "true",
        "high_value": str(dear).lower(),
    }


CATALOGUES: dict[str, Callable[[], pl.DataFrame]] = {
    "ServiceItem": lambda: _catalogue("service", _service),
    "DrugItem": lambda: _catalogue("drug", _drug),
    "Consumable": lambda: _catalogue("material", _material),
}
MONTHLY: dict[str, Callable[[Scene], pl.DataFrame]] = {
    "FeeLine": _fee_lines,
    "Visit": _visits,
    "Discharge": _records,
    "SettlementReturn": _returns,
    "WardStay": _ward_stays,
    "Capacity": lambda s: effort.capacity(s, _all_lines(s)),
    "TermCount": lambda s: effort.term_counts(s, _all_lines(s)),
    "ResourceUse": effort.resource_use,
    "ActivityUse": lambda s: effort.activity_use(s, _all_lines(s)),
}
ADOPTED: dict[str, Callable[[Scene], pl.DataFrame]] = {
    "TimeTerm": effort.time_terms,
    "StandardService": lambda s: effort.standard_services(s, _all_lines(s)),
    "StandardGroup": effort.standard_groups,
}
"""由首月定下、以后有效 · Set in the first month and in force from then on."""
