"""门诊就诊 · Outpatient and emergency visits of a month, one row each."""

from functools import cache

import numpy as np
import polars as pl

from heng.core.period import last_day
from heng.demo.hospitals import Hospital
from heng.demo.scene import Scene
from heng.demo.stays import diseases, doctor, drawn


@cache
def visits(hospital: Hospital, month: str, seed: int) -> pl.DataFrame:
    """某月的门急诊就诊 · The visits of a month, department by department."""
    scene = Scene(hospital, month, seed)
    rng, rows = scene.chance("visits of patients"), list[pl.DataFrame]()
    for place in np.flatnonzero(scene.visits):
        dept, size = scene.depts[place], int(scene.visits[place])
        day = np.datetime64(scene.month, "D") + np.sort(rng.integers(0, last_day(scene.month).day, size))
        opens, hours = (0, 24) if dept.name.startswith("急诊") else (8, 9)
        seen = day.astype("datetime64[m]") + (opens * 60 + rng.integers(0, hours * 60, size)).astype("timedelta64[m]")
        known = diseases(dept)
        which = drawn(rng, np.array([d["weight"] for d in known], dtype=np.int64), size)
        rows.append(
            pl.DataFrame(
                {
                    "patient": rng.integers(1, 400_000, size),
                    "dept": [dept.code] * size,
                    "doctor": doctor(dept, rng.integers(1, 7, size)),
                    "seen": seen.astype("datetime64[us]"),
                    "waited": rng.integers(4, 60, size),
                    "lasted": rng.integers(5, 40, size),
                    "diagnosis": np.array([d["diagnosis"] for d in known])[which],
                    "first": np.where(rng.integers(0, 100, size) < 62, "初诊", "复诊"),
                }
            )
        )
    found, minutes = pl.concat(rows), {c: pl.duration(minutes=pl.col(c)) for c in ("waited", "lasted")}
    number = pl.int_range(1, found.height + 1).cast(pl.String).str.zfill(6)
    arrived = pl.col("seen") - minutes["waited"]
    return found.select(
        pl.concat_str(pl.lit(f"MZ{scene.month[2:4]}{scene.month[5:]}"), number).alias("visit"),
        pl.concat_str(pl.lit("P"), pl.col("patient").cast(pl.String).str.zfill(7)).alias("patient"),
        "dept",
        "doctor",
        (arrived - pl.duration(minutes=7)).alias("registered"),
        arrived.alias("arrived"),
        "seen",
        (pl.col("seen") + minutes["lasted"]).alias("left"),
        "diagnosis",
        "first",
    )
