"""收费明细 · Fee lines: every cell of the month's income (who ordered, who performed, which class) split over its patients.

The lines of a cell add up to the income of the cell, so that the patients' bills tie to the income that was booked.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from heng.core.period import last_day
from heng.demo.chance import Whole
from heng.demo.departments import Dept
from heng.demo.income import income
from heng.demo.items import MATERIAL, choices, daily, items
from heng.demo.scene import Scene
from heng.demo.stays import Moments, drawn, present, ward_stays
from heng.demo.visits import visits

NOBODY = 25
"""每千行化验收费没有就诊号（单位体检、外送标本） · Laboratory lines per mille without a visit: work for other bodies."""
VISITED = pl.Schema({"visit": pl.String(), "dept": pl.String(), "doctor": pl.String(), "seen": pl.Datetime("us")})
ONCE = ("挂号", "诊察")


@dataclass(frozen=True)
class Ward:
    """一个病区本月的床日 · The bed-days of a ward: whose (`who`, a row of the patients), which `day`, and their weights."""

    who: Whole
    day: Moments
    heavy: Whole
    operated: Whole


@dataclass(frozen=True)
class Lines:
    """一个单元格的收费行 · The lines of one cell: item numbers, quantities, amounts in fen, patients and times."""

    item: Whole
    quantity: Whole
    amount: Whole
    who: Whole
    when: Moments
    nobody: npt.NDArray[np.bool_]


def fee_lines(scene: Scene, *, outpatients: bool = True) -> pl.DataFrame:
    """本月收费明细 · The lines of a month, of inpatients alone or of all."""
    inside = present(scene.hospital, scene.month, scene.seed)
    outside = visits(scene.hospital, scene.month, scene.seed) if outpatients else pl.DataFrame(schema=VISITED)
    known = {d.code: d for d in scene.depts}
    wards, clinics = _wards(scene, inside), _clinics(outside, inside.height)
    cells, found = list[tuple[Dept, Dept]](), list[Lines]()
    for ordering, performing, fee, amount in income(scene).rows():
        asking, by = known[ordering], known[performing]
        if amount <= 0 or (asking.setting == "outpatient" and not outpatients):
            continue
        rng = scene.chance(f"fee lines {ordering} {performing} {fee}")
        if asking.setting == "outpatient":
            lines = _visited(rng, drawn_items(rng, amount, choices(fee, by.name, by.kind)), clinics[ordering], fee)
        elif fee in ("床位", "护理", "诊察"):
            lines = _by_the_day(amount, daily(fee), wards[ordering])
        else:
            lines = _treated(rng, drawn_items(rng, amount, choices(fee, by.name, by.kind)), wards[ordering], fee)
        cells.append((asking, by))
        found.append(lines)
    return _table(cells, found, _people(scene, inside, outside))


def drawn_items(rng: np.random.Generator, total: int, offered: Whole) -> tuple[Whole, Whole, Whole]:
    """抽项目直到正好收够 · Items drawn until their fees reach the total: item numbers, quantities, amounts.

    Every line is price × quantity but the last, which takes what is left over.
    """
    known = [items()[n] for n in offered.tolist()]
    price, most, weight = (np.array([getattr(i, a) for i in known], dtype=np.int64) for a in ("price", "most", "weight"))
    usual = int((price * (most + 1) * weight).sum() // (2 * weight.sum()))
    which, quantity, amount = (np.zeros(0, dtype=np.int64) for _ in range(3))
    while amount.sum() < total:
        more = drawn(rng, weight, max(total // usual, 4))
        which, quantity = np.append(which, more), np.append(quantity, rng.integers(1, most[more] + 1))
        amount = price[which] * quantity
    last = int(np.searchsorted(np.cumsum(amount), total))
    which, quantity, amount = which[: last + 1], quantity[: last + 1], amount[: last + 1].copy()
    amount[last] = total - amount[:last].sum()
    quantity[last] = max(amount[last] // price[which[last]], 1)
    return offered[which], quantity, amount


def _wards(scene: Scene, inside: pl.DataFrame) -> dict[str, Ward]:
    """The bed-days of the month by ward: the day of admission counts, that of discharge does not, one day at least."""
    moved = ward_stays(scene, inside).join(inside.with_row_index("who").select("visit", "who", "heavy", "procedure"), on="visit")
    first, last = pl.date(int(scene.month[:4]), int(scene.month[5:]), 1), pl.lit(last_day(scene.month))
    began, ended = pl.col("began").dt.date(), pl.col("ended").dt.date()
    within = moved.filter((began <= last) & (ended >= first))
    through = pl.min_horizontal(pl.max_horizontal(ended.dt.offset_by("-1d"), began), last)
    days = (
        within.with_columns(pl.date_ranges(pl.max_horizontal(began, first), pl.max_horizontal(through, began, first)).alias("day"))
        .explode("day")
        .sort("dept", "who", "day")
    )
    made = dict[str, Ward]()
    for (dept,), mine in days.group_by(["dept"], maintain_order=True):
        operated = (mine["procedure"] != "").to_numpy().astype(np.int64) * 1000
        heavy = mine["heavy"].to_numpy()
        made[str(dept)] = Ward(mine["who"].to_numpy().astype(np.int64), mine["day"].to_numpy(), heavy, operated)
    return made


def _clinics(outside: pl.DataFrame, before: int) -> dict[str, tuple[Whole, Moments]]:
    numbered = outside.with_row_index("who", offset=before)
    return {
        str(dept): (mine["who"].to_numpy().astype(np.int64), mine["seen"].to_numpy())
        for (dept,), mine in numbered.group_by(["dept"], maintain_order=True)
    }


def _visited(rng: np.random.Generator, bill: tuple[Whole, Whole, Whole], clinic: tuple[Whole, Moments], fee: str) -> Lines:
    who, seen = clinic
    count = len(bill[0])
    # Registration and consultation go round all visits in turn; anything else falls where it falls.
    place = rng.permutation(max(count, len(who)))[:count] % len(who) if fee in ONCE else rng.integers(0, len(who), count)
    nobody = (rng.integers(0, 1000, count) < NOBODY) & (fee == "化验")
    return Lines(*bill, who[place], seen[place] + rng.integers(60, 5400, count).astype("timedelta64[s]"), nobody)


def _treated(rng: np.random.Generator, bill: tuple[Whole, Whole, Whole], ward: Ward, fee: str) -> Lines:
    weight = ward.heavy
    if fee in ("手术", MATERIAL) and ward.operated.any():
        weight = ward.heavy * (ward.operated + (0 if fee == "手术" else 100)) // 1000
    place = drawn(rng, weight, len(bill[0]))
    clock = rng.integers(8 * 3600, 21 * 3600, len(place)).astype("timedelta64[s]")
    return Lines(*bill, ward.who[place], ward.day[place].astype("datetime64[s]") + clock, np.zeros(len(place), dtype=bool))


def _by_the_day(total: int, item: int, ward: Ward) -> Lines:
    """One line for every stay: its days times a price that makes the sum; the first line takes what is left over."""
    who, first, days = np.unique(ward.who, return_index=True, return_counts=True)
    amount = days * (total // int(days.sum()))
    amount[0] += total - amount.sum()
    when = ward.day[first].astype("datetime64[h]") + 23 * np.ones(len(who), dtype="timedelta64[h]")
    kind, nobody = np.full(len(who), item, dtype=np.int64), np.zeros(len(who), dtype=bool)
    return Lines(kind, days.astype(np.int64), amount.astype(np.int64), who, when, nobody)


def _people(scene: Scene, inside: pl.DataFrame, outside: pl.DataFrame) -> pl.DataFrame:
    """Everybody who may be charged, and between which moments: within the stay; after the visit, in the same month."""
    end = pl.lit(last_day(scene.month)).cast(pl.Datetime("us")).dt.offset_by("1439m")
    after = pl.min_horizontal(pl.col("seen").dt.offset_by("90m"), end)
    visited = outside.select("visit", pl.lit("outpatient").alias("care"), "doctor", pl.col("seen").alias("began"), after.alias("ended"))
    return pl.concat([inside.select("visit", "care", "doctor", began="admitted", ended="discharged"), visited])


def _table(cells: list[tuple[Dept, Dept]], found: list[Lines], people: pl.DataFrame) -> pl.DataFrame:
    """The lines of all cells under the names of the table, in the order charged; `price` in millionths of a yuan."""
    cell = np.repeat(np.arange(len(found)), [len(f.item) for f in found])
    item, quantity, amount, who = (np.concatenate([getattr(f, a) for f in found]) for a in ("item", "quantity", "amount", "who"))
    when = np.concatenate([f.when.astype("datetime64[us]") for f in found])
    of_items = pl.DataFrame([{a: getattr(i, a) for a in ("code", "name", "national", "fee_class", "page")} for i in items()])
    of_cells = pl.DataFrame([(a.code, b.code, b.name) for a, b in cells], schema=["ordering", "performing", "by"], orient="row")
    nobody = np.concatenate([f.nobody for f in found])
    numbers = pl.DataFrame({"at": when, "quantity": quantity, "amount": amount, "nobody": nobody})
    rows = pl.concat([people[who], of_items[item], of_cells[cell], numbers], how="horizontal")
    began, ended, at = pl.col("began"), pl.col("ended"), pl.col("at")
    # What falls before admission or after discharge is mirrored into the stay: cut off, it would pile up at one moment.
    at = pl.when(at < began).then(began + (began - at)).when(at > ended).then(ended - (at - ended)).otherwise(at)
    in_theatre = (pl.col("fee_class") == "08") & pl.col("by").is_in(["手术室", "介入导管室"])
    lines = rows.select(
        pl.when(~pl.col("nobody")).then("visit").alias("visit"),
        "care",
        pl.max_horizontal(pl.min_horizontal(at, "ended"), "began").alias("charged"),
        pl.col("code").alias("item"),
        "name",
        "national",
        "fee_class",
        "quantity",
        ((pl.col("amount") * 10_000 + pl.col("quantity") // 2) // pl.col("quantity")).alias("price"),
        "amount",
        "ordering",
        "doctor",
        "performing",
        pl.when(in_theatre).then(pl.lit("surgery_material")).otherwise("page").alias("page"),
    )
    # Two lines of a stay that are alike in everything are a second apart.
    same = pl.int_range(pl.len()).over("visit", "charged", "item", "performing")
    return lines.with_columns(pl.col("charged") + pl.duration(seconds=same)).sort("charged", maintain_order=True)
