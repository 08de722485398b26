"""材料与药品 · Consumables (separately charged or not) and drugs, at purchase cost."""

from typing import Any

import numpy as np
import polars as pl

from heng.demo.catalogue import catalogue
from heng.demo.chance import Whole, about, split, thousandths
from heng.demo.departments import Dept
from heng.demo.income import drug_classes, performed
from heng.demo.scene import Scene

SPECIAL = {"检验科": "laboratory", "输血科": "laboratory", "病理科": "laboratory", "手术室": "operating", "麻醉科": "operating"}
ITEM_COLUMNS = ["dept", "material_class", "material", "material_name", "charged", "quantity", "amount", "fund"]


def materials(scene: Scene, earned: pl.DataFrame) -> pl.DataFrame:
    """材料消耗 · Columns of Material; amount in fen, quantity in hundredths of a piece."""
    many = len(scene.depts)
    charged = thousandths(performed(scene, earned, "卫生材料"), about(scene.chance("charged"), 15, many), 978)
    issued = thousandths(_uncharged(scene, earned), about(scene.chance("issued"), 80, many), scene.hospital.uncharged)
    rows = [*_lines(scene, "charged", charged), *_lines(scene, "uncharged", issued)]
    lines = pl.DataFrame(rows, schema=ITEM_COLUMNS, orient="row", infer_schema_length=None)
    return lines.sort("dept", "material", "amount")


def _uncharged(scene: Scene, earned: pl.DataFrame) -> Whole:
    """What goes unbilled: a share of what the department performs, and a sum for each person in support."""
    shares = {"clinical": 52, "support": 0, "admin": 0, "common": 0}
    part = np.array([d.entry.get("uses", shares.get(d.category, 0)) for d in scene.depts], dtype=np.int64)
    drugs = performed(scene, earned, *drug_classes())
    support = scene.where(category="support") * scene.size("people") * scene.hospital.staff * 1500 // 18
    return thousandths(performed(scene, earned) - drugs, part) + thousandths(support, scene.busy)


def _lines(scene: Scene, which: str, total: Whole) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    rng, goods = scene.chance(f"goods {which}"), catalogue("goods")[which]
    for dept, spent in zip(scene.depts, total.tolist(), strict=True):
        mine = [g for g in goods if _used(dept, g["to"])]
        if not spent or not mine:
            continue
        parts = split(spent, np.array([g["weight"] for g in mine], dtype=np.int64) * about(rng, 200, len(mine)))
        for good, amount in zip(mine, parts.tolist(), strict=True):
            fund = "fiscal" if dept.name == "感染科住院" and good["code"] == "HC2202" else "own"
            pieces = max(amount * 100 // round(good["price"] * 100), 1)
            rows.append((dept.code, good["class"], good["code"], good["name"], which == "charged", pieces, amount, fund))
    return rows


def _used(dept: Dept, places: list[str]) -> bool:
    own = SPECIAL.get(dept.name, dept.kind if dept.category == "clinical" else dept.category)
    return own in places or ("any" in places and dept.category in ("clinical", "medtech"))


def drugs(scene: Scene, earned: pl.DataFrame) -> pl.DataFrame:
    """药品消耗 · Drugs by the department that ordered them; sold without a mark-up, so cost is close to income."""
    sold = earned.filter(pl.col("fee_class").is_in(drug_classes())).select(pl.col("ordering").alias("dept"), "fee_class", "amount")
    scans = earned.filter((pl.col("fee_class") == "检查") & (pl.col("amount") > 100_000))
    contrast = scans.join(_scanners(scene), left_on="performing", right_on="dept").select(
        pl.col("performing").alias("dept"), pl.lit("西药").alias("fee_class"), pl.col("amount") * 18 // 1000
    )
    used = pl.concat([sold, contrast]).group_by("dept", "fee_class").agg(pl.col("amount").sum()).sort("dept", "fee_class")
    swing = about(scene.chance("drugs"), 12, used.height) * 988 // 1000
    cost = pl.Series("amount", thousandths(used["amount"].to_numpy(), swing))
    return used.select("dept", pl.col("fee_class").alias("drug_class"), cost, pl.lit("own").alias("fund"))


def _scanners(scene: Scene) -> pl.DataFrame:
    return pl.DataFrame({"dept": [d.code for d in scene.depts if d.name in ("CT室", "磁共振室", "放射科")]})
