"""住院 · Stays in hospital: who was discharged when, of what, and in which wards a stay was from when to when."""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from heng.core.period import last_day, shift
from heng.demo.catalogue import catalogue
from heng.demo.chance import Whole, thousandths
from heng.demo.departments import Dept
from heng.demo.hospitals import Hospital
from heng.demo.scene import Scene

Moments = npt.NDArray[np.datetime64]
LONGEST = 28
"""最长住院日：比任何一个月短 · The longest stay, so that a stay touches at most the month before its last one."""
ICU, EMERGENCY = "重症医学科住院", "急诊科住院"


@cache
def stays(hospital: Hospital, month: str, seed: int) -> pl.DataFrame:
    """某月出院的住院 · The stays that end in a month, newborns after their mothers."""
    scene = Scene(hospital, month, seed)
    rng = scene.chance("stays")
    wards = [p for p in np.flatnonzero(scene.where(setting="inpatient")) if scene.discharges[p] > 0]
    rows = pl.concat([_discharged(scene, rng, int(p)) for p in wards])
    number = pl.int_range(1, rows.height + 1).cast(pl.String).str.zfill(5)
    rows = rows.select(pl.concat_str(pl.lit(f"ZY{month[2:4]}{month[5:]}"), number).alias("visit"), pl.all())
    return pl.concat([rows, _newborns(rows, rng)])


@cache
def present(hospital: Hospital, month: str, seed: int) -> pl.DataFrame:
    """某月住过院的人 · Stays of which some day lies in the month: those that end in it, and those that end in the next."""
    later = stays(hospital, shift(month, 1), seed)
    end = pl.lit(last_day(month)).cast(pl.Datetime("us")).dt.offset_by("1d")
    return pl.concat([stays(hospital, month, seed), later.filter(pl.col("admitted") < end)])


def ward_stays(scene: Scene, rows: pl.DataFrame) -> pl.DataFrame:
    """每次住院先后所在的病区 · Columns visit, dept, began, ended: one row, or more for stays that were moved."""
    place = {name: scene.depts[scene.place[name]].code for name in (ICU, EMERGENCY) if name in scene.place}
    moved, first = pl.col("moved"), pl.col("admitted")
    out = pl.col("discharged")
    onset, back = first.dt.offset_by("20h"), first.dt.offset_by("20h") + pl.duration(days=pl.col("care_days"))
    plain = rows.filter(moved == "").select("visit", "dept", first.alias("began"), out.alias("ended"))
    parts = [plain]
    if EMERGENCY in place:
        come = rows.filter(moved == EMERGENCY)
        parts.append(come.select("visit", pl.lit(place[EMERGENCY]).alias("dept"), first.alias("began"), onset.alias("ended")))
        parts.append(come.select("visit", "dept", onset.alias("began"), out.alias("ended")))
    if ICU in place:
        ill = rows.filter(moved == ICU)
        parts.append(ill.select("visit", "dept", first.alias("began"), onset.alias("ended")))
        parts.append(ill.select("visit", pl.lit(place[ICU]).alias("dept"), onset.alias("began"), back.alias("ended")))
        parts.append(ill.select("visit", "dept", back.alias("began"), out.alias("ended")))
    return pl.concat(parts).sort("visit", "began")


def diseases(dept: Dept) -> list[dict[str, Any]]:
    """这个科室看的病 · The diseases of a department."""
    known = catalogue("diseases")
    found: list[dict[str, Any]] = known.get(dept.name.removesuffix("住院").removesuffix("门诊"), known["any"])
    return found


def drawn(rng: np.random.Generator, weight: Whole, size: int) -> Whole:
    """按权重抽取 · Places drawn by weight."""
    ladder = np.cumsum(weight)
    return np.searchsorted(ladder, rng.integers(0, int(ladder[-1]), size), side="right")


def doctor(dept: Dept, number: npt.NDArray[Any]) -> list[str]:
    """科室的医生 · Codes of the doctors of a department."""
    return [f"D{dept.code}{n:02}" for n in number.tolist()]


def _discharged(scene: Scene, rng: np.random.Generator, place: int) -> pl.DataFrame:
    dept, size = scene.depts[place], int(scene.discharges[place])
    known = diseases(dept)
    which = drawn(rng, np.array([d["weight"] for d in known], dtype=np.int64), size)

    def each(name: str, usual: int) -> Whole:
        return np.array([d.get(name, usual) for d in known], dtype=np.int64)[which]

    mean = int(scene.bed_days[place]) * 1000 // size
    days = (thousandths(np.full(size, mean), each("stay", 1000), rng.integers(400, 1601, size)) + 500) // 1000
    day_case = rng.integers(0, 1000, size) < each("day", 0)
    days = np.where(day_case, 0, np.clip(days, 1, LONGEST))
    last = np.datetime64(scene.month, "D") + rng.integers(0, last_day(scene.month).day, size)
    moved = _moved(scene, rng, dept, (days, each("icu", 0)))
    procedure = [d.get("procedure", "") for d in known]
    words = {key: [known[n].get(key, "") for n in which.tolist()] for key in ("diagnosis", "name", "drg", "operation")}
    return pl.DataFrame(
        {
            "patient": [f"P{n:07}" for n in rng.integers(1, 400_000, size).tolist()],
            "dept": [dept.code] * size,
            "ward": [dept.name] * size,
            "doctor": doctor(dept, rng.integers(1, 5, size)),
            "admitted": _clock(last - days, rng.integers(8 * 60, 10 * 60, size)),
            "discharged": _clock(last, rng.integers(14 * 60, 17 * 60, size)),
            "days": np.maximum(days, 1),
            "care": np.where(days == 0, "day", "inpatient"),
            "sex": np.where(_women(dept, rng, size), "2", "1"),
            "age": _age(dept, rng, size),
            "procedure": [procedure[n] for n in which.tolist()],
            "heavy": thousandths(each("heavy", 1000), rng.integers(600, 1401, size)),
            "moved": moved,
            "care_days": np.minimum(rng.integers(1, 5, size), np.maximum(days - 2, 1)),
            "delivers": each("delivers", 0),
            "mother": [None] * size,
            **words,
        },
        schema_overrides={"mother": pl.String, "admitted": pl.Datetime("us"), "discharged": pl.Datetime("us")},
    )


def _moved(scene: Scene, rng: np.random.Generator, dept: Dept, ill: tuple[Whole, Whole]) -> npt.NDArray[np.str_]:
    """Through which other ward a stay went: intensive care, or emergency before it; "" for none."""
    days, icu = ill
    through = rng.integers(0, 1000, len(days))
    to_icu = (through < icu) & (days >= 4) & (ICU in scene.place and dept.name != ICU)
    from_emergency = (through >= 975) & (days >= 2) & (EMERGENCY in scene.place and dept.name not in (EMERGENCY, ICU))
    return np.where(to_icu, ICU, np.where(from_emergency, EMERGENCY, ""))


def _newborns(rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    known = catalogue("diseases")["newborn"]
    mothers = rows.filter(pl.col("delivers") == 1)
    return mothers.with_columns(
        visit=pl.col("visit") + "B",
        mother=pl.col("visit"),
        patient=pl.col("patient") + "B",
        sex=pl.Series(np.where(rng.integers(0, 2, mothers.height) > 0, "2", "1")),
        age=pl.lit(0, pl.Int64),
        admitted=pl.col("admitted").dt.offset_by("4h"),
        diagnosis=pl.lit(known["diagnosis"]),
        name=pl.lit(known["name"]),
        drg=pl.lit(known["drg"]),
        procedure=pl.lit(""),
        operation=pl.lit(""),
        moved=pl.lit(""),
        heavy=pl.lit(150, pl.Int64),
        delivers=pl.lit(0, pl.Int64),
    ).select(rows.columns)


def _clock(day: Moments, minutes: Whole) -> Moments:
    return np.asarray(day.astype("datetime64[m]") + minutes.astype("timedelta64[m]"), dtype="datetime64[us]")


def _women(dept: Dept, rng: np.random.Generator, size: int) -> npt.NDArray[np.bool_]:
    drawn_sex = rng.integers(0, 2, size) > 0
    return np.full(size, fill_value=True) if dept.name.startswith(("妇科", "产科")) else drawn_sex


def _age(dept: Dept, rng: np.random.Generator, size: int) -> Whole:
    low, high = (1, 14) if dept.name.startswith(("儿科", "新生儿")) else (21, 41) if dept.name.startswith("产科") else (24, 89)
    return rng.integers(low, high, size)
