"""其他费用 · Other running costs, the risk provision, and what is booked but is not a cost."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from heng.demo.accounts import account
from heng.demo.catalogue import catalogue
from heng.demo.chance import Whole, about, split, thousandths
from heng.demo.income import performed
from heng.demo.scene import Scene

HEATED = {11: 1200, 12: 1500, 1: 1600, 2: 1300, 3: 700}
"""供暖各月（千分数），其余月份为零 · Heating by month, per mille; the other months have none."""
BOOKED = ["dept", "subject", "fund", "amount"]


def other_costs(scene: Scene, earned: pl.DataFrame) -> pl.DataFrame:
    """其他费用 · Columns dept, subject, fund, amount in fen."""
    rows = [*_running(scene), *_risk(scene, earned), *_excluded(scene)]
    return pl.DataFrame(rows, schema=BOOKED, orient="row", infer_schema_length=None).sort("subject", "dept")


def _running(scene: Scene) -> Iterator[tuple[Any, ...]]:
    hospital, rng = scene.hospital, scene.chance("running")
    for name, entry in catalogue("charts")["running"].items():
        swing = int(about(rng, 90, 1)[0])
        winter = HEATED.get(int(scene.month[5:]), 0) if entry.get("winter") else 1000
        total = hospital.income * entry["size"] // 100
        total = total * hospital.running // 1000 * swing // 1000 * winter // 1000
        if name in hospital.leaves_out or not total:
            continue
        for place, amount in enumerate(split(total, _weight(scene, entry["to"])).tolist()):
            if amount:
                dept = scene.depts[place]
                yield dept.code, account(hospital, name, dept.category), "own", amount


def _weight(scene: Scene, to: str) -> Whole:
    if to == "gear":
        return scene.size("gear")
    if to == "staff":
        return scene.size("people")
    if to == "admin":
        return scene.where(category="admin") * scene.size("people")
    # A smaller hospital without that pool books it where its power and water go.
    place = scene.place.get(to, scene.place["水电暖"])
    return np.asarray(np.eye(len(scene.depts), dtype=np.int64)[place])


def _risk(scene: Scene, earned: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Provision per mille of the medical income that clinical and medical technology departments perform."""
    provision = thousandths(performed(scene, earned), catalogue("charts")["risk_per_mille"])
    for dept, amount in zip(scene.depts, provision.tolist(), strict=True):
        if amount > 0:
            yield dept.code, account(scene.hospital, "risk", dept.category), "own", amount


def _excluded(scene: Scene) -> Iterator[tuple[Any, ...]]:
    office = scene.depts[scene.place["财务科"]].code
    for name, entry in catalogue("charts")["excluded"].items():
        if int(scene.month[5:]) in entry["months"]:
            amount = entry["size"] * 100 * scene.hospital.staff // 1800
            yield office, account(scene.hospital, name, "outside"), "own", amount
