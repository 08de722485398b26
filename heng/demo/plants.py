"""预设的异常 · What goes wrong on purpose in the pretended region, and every alert that its books deserve."""

from typing import Any

import polars as pl

from heng.demo.catalogue import catalogue
from heng.demo.scene import Scene


def planted(scene: Scene, table: str, feed: pl.DataFrame) -> pl.DataFrame:
    """埋下异常 · The feed of a month with the changes planted in it; most months have none."""
    for plant in catalogue("plants")["changes"]:
        if (plant["org"], plant["table"]) == (scene.hospital.code, table) and scene.month in plant["months"]:
            feed = _changed(feed, plant, scene.depts[scene.place[plant["dept"]]].code)
    return feed


def alerts() -> list[dict[str, Any]]:
    """应有的预警 · Every alert that should be raised: watch, hospital, department, first month, why, and the largest cause."""
    found: list[dict[str, Any]] = catalogue("plants")["alerts"]
    return found


def _changed(feed: pl.DataFrame, plant: dict[str, Any], dept: str) -> pl.DataFrame:
    hit = pl.col("dept") == dept
    if "material" in plant:
        hit &= pl.col("material") == plant["material"]
    times = plant["times"]
    return feed.with_columns(pl.when(hit).then(pl.col(c) * n // 1000).otherwise(pl.col(c)).alias(c) for c, n in times.items())
