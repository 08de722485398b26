"""埋下的线索 · Signs of gaming planted in discharge records: complications that were coded too often, one patient again and again."""

from typing import Any

import polars as pl

from heng.demo.catalogue import catalogue
from heng.demo.scene import Scene

RARELY = 3
"""每三例有一例照实写 · One record in so many is left as it is."""


def planted(scene: Scene, rows: pl.DataFrame) -> pl.DataFrame:
    """放进线索 · The discharge records of a month with what is planted in them."""
    place = (scene.hospital.code, scene.month)
    for sign in catalogue("planted")["upcoded"]:
        if (sign["org"], sign["month"]) == place:
            hit = (pl.col("diagnosis") == sign["diagnosis"]) & (pl.int_range(pl.len()).over("diagnosis") % RARELY > 0)
            told = {"other_diagnosis": sign["other"], "other_diagnosis_name": sign["name"]}
            rows = rows.with_columns(pl.when(hit).then(pl.lit(word)).otherwise(c).alias(c) for c, word in told.items())
    for sign in catalogue("planted")["chains"]:
        if (sign["org"], sign["month"]) == place:
            rows = rows.update(_chain(rows, sign), on="visit")
    return rows


def _chain(rows: pl.DataFrame, sign: dict[str, Any]) -> pl.DataFrame:
    """Stays of a ward that begin one after another's end, all of the patient of the first."""
    own = rows.filter((pl.col("ward") == sign["ward"]) & (pl.col("diagnosis") == sign["diagnosis"])).sort("discharged", "visit")
    found: list[dict[str, Any]] = []
    for stay in own.iter_rows(named=True):
        if len(found) < sign["stays"] and (not found or found[-1]["discharged"] <= stay["admitted"]):
            found.append(stay)
    named = {c: [found[0][c]] * len(found) for c in ("patient", "sex", "age")} if found else {}
    return pl.DataFrame({"visit": [s["visit"] for s in found], **named}, schema_overrides={"visit": pl.String})
