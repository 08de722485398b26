"""表上的图 · Pictures above tables: for those of which one picture answers the question that people come with."""

from collections.abc import Callable

import polars as pl

from heng.app.period import see
from heng.core.errors import Say
from heng.core.table import Column, Table
from heng.serve.web.asking import Asking
from heng.serve.web.charts import Option, quadrants, sankey
from heng.serve.web.remembered import REMEMBERED
from heng.serve.web.series import Flow, Scale, Spot
from heng.tables.editions import EditionShift
from heng.tables.margin import QUADRANT, MarginBoard
from heng.tables.signs import GamingSign

Picture = tuple[Option, str]
"""一张图 · The picture, and its answer in words."""
MOST = 15
"""至多几股流 · Flows that one picture shows at most."""


def picture(asked: Asking) -> Picture | None:
    """这张表的图 · The picture of a table in a view; None where it has none, or several hospitals stand side by side."""
    draw = PICTURES.get(asked.table)
    if draw is None or not asked.whole.rows or (not asked.place.org and not asked.view.group):
        return None
    return draw(asked, REMEMBERED.of(asked.reader, ("picture", asked.table, asked.view), lambda r: see(r, asked.table, asked.view)))


def _quadrants(asked: Asking, rows: pl.DataFrame) -> Picture | None:
    # One way of looking at the same cases: groups, or the way that was asked for.
    ways = [by for by in ("group", "dept", "mdc", "doctor") if by in rows["by"]]
    needed = {"by", "item", "cmi", "mean_margin", "quadrant", "cmi_from", "margin_from"}
    if not ways or not needed <= set(rows.columns):
        return None
    known = rows.filter((pl.col("by") == ways[0]) & pl.col("cmi").is_not_null() & pl.col("mean_margin").is_not_null())
    if not known.height:
        return None
    labels, voice, pick = asked.labels, asked.voice, asked.voice.pick
    spots = [
        Spot(labels.dept(r.get("dept", ""), asked.place.org) if ways[0] == "dept" else r["item"], r["cmi"], r["mean_margin"])
        for r in known.to_dicts()
    ]
    # A case mix index is a number by itself, not a share.
    x, y = (Scale(c, voice) for c in (Column(zh="病例组合指数", en="case mix index", type="", unit=""), MarginBoard.columns["mean_margin"]))
    parted = (known["cmi_from"][0], known["margin_from"][0])
    costly = known.filter(pl.col("quadrant") == "costly").height
    said = pick(
        f"{known.height} 个{pick(*BY[ways[0]])}中，{costly} 个{QUADRANT['costly'][0]}",
        f"of {known.height} {BY[ways[0]][1]}, {costly} are {QUADRANT['costly'][1]}",
    )
    return quadrants(spots, x, y, parted), said


BY = {"group": ("病组", "groups"), "dept": ("科室", "departments"), "mdc": ("大类", "major categories"), "doctor": ("医生", "doctors")}


def _shift(asked: Asking, rows: pl.DataFrame) -> Picture | None:
    voice, packs = asked.voice, rows["pack"].unique().sort().to_list()
    own = rows.filter(pl.col("pack") == packs[0])
    moved = own.filter(pl.col("group") != pl.col("to_group")).sort("cases", "group", "to_group", descending=[True, False, False])
    every, many = own["cases"].sum(), moved["cases"].sum()
    if not many:
        return None
    # The same code on both sides is two groups: of this edition, and of the other.
    flows = [Flow(f"{r['group']} →", f"→ {r['to_group']}", r["cases"]) for r in moved.head(MOST).to_dicts()]
    first = moved.row(0, named=True)
    said = voice.pick(
        f"换到 {packs[0]}：{every:,} 例中 {many:,} 例换组，最多 {first['group']} → {first['to_group']}（{first['cases']:,} 例）",
        f"under {packs[0]} {many:,} of {every:,} cases change group, most {first['group']} to {first['to_group']} ({first['cases']:,})",
    )
    return sankey(flows, Scale(EditionShift.columns["cases"], voice)), said


PICTURES: dict[type[Table], Callable[[Asking, pl.DataFrame], Picture | None]] = {MarginBoard: _quadrants, EditionShift: _shift}
NOTES: dict[type[Table], Say] = {
    GamingSign: (
        "线索不是结论：每条都写着可能的正当原因，由人看过病历再说。",
        "A sign is no verdict: each tells an innocent reason, too; people look into the record before they judge.",
    ),
}
"""看表之前要知道的 · What is to be known before a table is read."""
