"""一家小医院，CN-1 的数 · A small hospital with the figures of case CN-1, put into a region without any capability.

The step-down is worked here in fractions, so that the tables under test meet figures that nobody of heng has made.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from heng.app.region import Hospital, Region, new_region
from heng.core.table import Table
from heng.store.engine import DuckDB
from heng.store.parts import write_part
from heng.tables.codes import ITEM
from heng.tables.costing import Allocation, DeptCost, DeptResult, DirectCost, ScopeCost
from heng.tables.organisation import Department

CN1: dict[str, Any] = yaml.safe_load((Path(__file__).parents[3] / "golden/methods/CN1_three_steps.yaml").read_text("utf8"))
NAMES = {
    "A1": "院办", "S1": "供应室", "S2": "挂号收费处", "T1": "检验科", "T2": "放射科",
    "C1": "内科门诊", "C2": "内科住院", "C3": "外科住院",
}  # fmt: skip
CLASS = {"A": "admin", "S": "support", "T": "medtech", "C": "clinical"}
STAGE = {"A": 1, "S": 2, "T": 3}
SETTING = {"C1": "outpatient", "C2": "inpatient", "C3": "inpatient"}
DRIVER = {"A1": "01", "S1": "包数", "S2": "visits", "T1": "06", "T2": "06"}
VOLUME = {"C1": 40000, "C2": 12000, "C3": 10000}
INCOME = {"C1": 5200000, "C2": 5600000, "C3": 6500000}
SCOPES = {"medical": ("own",), "medical_full": ("own", "fiscal"), "hospital_full": ("own", "fiscal", "research")}
BUCKET = {
    "": "dir", "A": "dir_man", "S": "dir_ass", "AS": "indir_ass_man", "T": "dir_med",
    "ST": "indir_med_ass", "AT": "indir_med_man", "AST": "indir_ass_med_man",
}  # fmt: skip
Layer = tuple[str, str]
Rows = dict[type[Table], list[dict[str, Any]]]


def layers() -> dict[str, dict[Layer, int]]:
    """Cost by department and (item, fund): CN-1, its fiscal project, and one research project."""
    found = {d: {(i, "own"): v for i, v in zip(ITEM, row, strict=True)} for d, row in CN1["cost"].items()}
    for dept, amount in CN1["project"].items():
        found[dept]["depreciation", "fiscal"] = amount
    found["T1"]["amortisation", "research"] = 6000
    found["C3"]["staff", "fiscal"] = 1000
    return found


def step_down() -> tuple[dict[tuple[str, str, str, str], Fraction], list[dict[str, Any]]]:
    """What each department holds by (dept, item, fund, path), and every leg; the path names the classes it came through."""
    held: dict[tuple[str, str, str, str], Fraction] = defaultdict(Fraction)
    for dept, cost in layers().items():
        for layer, amount in cost.items():
            held[(dept, *layer, "")] = Fraction(amount)
    legs = []
    for giver, use in CN1["use"].items():
        for dept, item, fund, path in [k for k in held if k[0] == giver and held[k]]:
            after = "".join(sorted({*path, giver[0]}))
            for receiver, base in use.items():
                part = held[giver, item, fund, path] * base / sum(use.values())
                held[receiver, item, fund, after] += part
                legs.append(leg(giver, receiver, (item, fund), after, part))
            held[dept, item, fund, path] = Fraction(0)
    return held, legs


def leg(giver: str, receiver: str, layer: Layer, path: str, part: Fraction) -> dict[str, Any]:
    use = CN1["use"][giver]
    return {
        "stage": STAGE[giver[0]], "peer": False, "giver": giver, "receiver": receiver, "item": layer[0], "fund": layer[1],
        "behaviour": "fixed", "bucket": BUCKET[path], "driver": DRIVER[giver], "base": use[receiver],
        "base_total": sum(use.values()), "amount": part,
    }  # fmt: skip


def rows() -> Rows:
    """The rows of every table that the statutory tables read."""
    held, legs = step_down()
    direct = [
        {"dept": d, "category": CLASS[d[0]], "item": i, "fund": f, "behaviour": "fixed", "amount": v}
        for d, cost in layers().items()
        for (i, f), v in cost.items()
        if v
    ]
    origin = [
        {"dept": d, "setting": SETTING[d], "item": i, "fund": f, "behaviour": "fixed", "bucket": BUCKET[p], "amount": v}
        for (d, i, f, p), v in held.items()
        if d in SETTING and v
    ]
    scoped = [
        {"dept": d, "setting": SETTING[d], "scope": s, "item": i, **in_scope(held, d, i, s)} for d in SETTING for s in SCOPES for i in ITEM
    ]
    results = [result(d, sum(r["direct"] + r["indirect"] for r in scoped if (r["dept"], r["scope"]) == (d, "medical"))) for d in SETTING]
    return {DirectCost: direct, Allocation: legs, DeptCost: origin, ScopeCost: scoped, DeptResult: results}


def in_scope(held: Mapping[tuple[str, str, str, str], Fraction], dept: str, item: str, scope: str) -> dict[str, Fraction]:
    own = {k[3]: Fraction(0) for k in held}
    for (d, i, fund, path), amount in held.items():
        if (d, i) == (dept, item) and fund in SCOPES[scope]:
            own[path] += amount
    return {"direct": own[""], "indirect": sum(own.values()) - own[""]}


def result(dept: str, cost: Fraction) -> dict[str, Any]:
    measure = "visit" if SETTING[dept] == "outpatient" else "bed_day"
    zero = dict.fromkeys(("staff_cost", "material_cost", "drug_cost", "management_cost"), 0)
    return {
        "dept": dept, "setting": SETTING[dept], "measure": measure, "scope": "medical", "income": INCOME[dept],
        "drug_income": None, "cost": cost, **zero, "volume": VOLUME[dept], "staff": None,
    }  # fmt: skip


def region(path: Path, months: Mapping[str, Rows], names: Mapping[str, str] = NAMES, overlay: str = "") -> Region:
    """A region of one hospital whose months hold these rows; `overlay` is its own policy for the statutory tables."""
    made = new_region(path, "示范医联体", [Hospital("H01", "示范市第一医院", "三级")])
    if overlay:
        (path / "policy/serve").mkdir(parents=True)
        (path / "policy/serve/statutory.yaml").write_text(overlay, "utf8")
    with made.writing("test"):
        found = [(t, month, frame(t, month, rows)) for month, tables in months.items() for t, rows in tables.items()]
        parts = [write_part(path, t, whole, ("H01", month, "")) for t, month, whole in found]
        parts.append(write_part(path, Department, frame(Department, "", departments(names)), ("H01", "", "")))
        made.publish("test", parts)
    return Region(path)


def departments(names: Mapping[str, str]) -> list[dict[str, Any]]:
    always = {"leaf": True, "disabled": False, "since": "2020-01-01", "file": "科室.xlsx"}
    return [
        {"dept": d, "name": n, "category": CLASS[d[0]], "setting": SETTING.get(d), "row": i, **always}
        for i, (d, n) in enumerate(names.items(), 2)
    ]


def frame(table: type[Table], month: str, found: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows as the store keeps them: declared types, derived columns worked out, full-key order."""
    kept = {n: c for n, c in table.columns.items() if not c.derived}
    whole = [{n: text({"org": "H01", "month": month, **row}.get(n)) for n in kept} for row in found]
    engine = DuckDB()
    engine.table("raw", pl.DataFrame(whole, schema=dict.fromkeys(kept, pl.String)))
    cast = f"select {', '.join(f'{n}::{c.type} as {n}' for n, c in kept.items())} from raw"  # noqa: S608 - names of declared columns
    return engine.rows(f"{table.shaped(kept, cast)} order by {table.order()}")


def text(value: object) -> str | None:
    if isinstance(value, Fraction):
        assert (value * 100).denominator == 1, "CN-1 comes out even to the fen"
        return f"{int(value * 100) / 100:.2f}"
    return None if value is None else str(value)
