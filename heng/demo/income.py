"""收入 · Income by ordering department, performing department and fee class."""

from functools import cache

import numpy as np
import polars as pl

from heng.demo.catalogue import catalogue
from heng.demo.chance import Whole, about, split
from heng.demo.departments import Dept
from heng.demo.scene import Scene


def income(scene: Scene) -> pl.DataFrame:
    """收入明细 · Columns ordering, performing, fee_class, amount in fen; adds up to the month's income."""
    fees = catalogue("fees")
    classes = list(fees["classes"])
    expected = _charges(scene, classes)[:, :, None] * _performers(scene, classes)
    settled = scene.hospital.income * 100 * scene.busy // 1000
    amount = split(settled, expected)
    at, which, by = np.nonzero(amount)
    codes = np.array([d.code for d in scene.depts])
    rows = {"ordering": codes[at], "performing": codes[by], "fee_class": np.array(classes)[which], "amount": amount[at, which, by]}
    return pl.concat([pl.DataFrame(rows), _settlement(scene, settled * fees["settlement"] // 1000)])


def _charges(scene: Scene, classes: list[str]) -> Whole:
    """Expected charges [dept, class] in whole yuan: volume × usual fee × kind × weight of the department × chance."""
    volume = scene.visits + scene.bed_days
    rate = np.array([[_fee(d, c) for c in classes] for d in scene.depts], dtype=np.int64)
    return np.asarray(volume[:, None] * rate // 100 * about(scene.chance("fees"), 70, *rate.shape) // 1000)


def _fee(dept: Dept, fee_class: str) -> int:
    if dept.category != "clinical":
        return 0
    fees = catalogue("fees")
    kind = fees["kinds"][dept.kind].get(fee_class, 1000)
    usual = fees["classes"][fee_class]["visit" if dept.setting == "outpatient" else "day"]
    return int(usual * 100 * kind // 1000 * dept.entry.get("heavy", 1000) // 1000)


def _performers(scene: Scene, classes: list[str]) -> Whole:
    """Per mille [ordering, class, performing] of who does what the ordering department asks for."""
    count = len(scene.depts)
    weight = np.zeros((count, len(classes), count), dtype=np.int64)
    own = [catalogue("fees")["classes"][c]["own"] for c in classes]
    clinic = np.flatnonzero(scene.where(category="clinical"))
    weight[clinic, :, clinic] = own
    for place, dept in enumerate(scene.depts):
        only = dept.entry.get("only", "")
        asking = np.flatnonzero(scene.where(category="clinical", setting=only))
        for fee_class, part in dept.entry.get("earns", {}).items():
            weight[asking, classes.index(fee_class), place] = part
    return np.asarray(weight * 1000 // np.maximum(weight.sum(axis=2, keepdims=True), 1))


def _settlement(scene: Scene, total: int) -> pl.DataFrame:
    """Differences of settlement with the insurance: red, borne by the wards."""
    wards = scene.where(setting="inpatient")
    amount = split(-total, wards * scene.bed_days * about(scene.chance("settlement"), 300, len(wards)))
    rows = [(d.code, d.code, "结算差额", a) for d, a in zip(scene.depts, amount.tolist(), strict=True) if a]
    return pl.DataFrame(rows, schema=["ordering", "performing", "fee_class", "amount"], orient="row", infer_schema_length=None)


def performed(scene: Scene, earned: pl.DataFrame, *fee_classes: str) -> Whole:
    """各科室执行的收入（分） · Income that each department performed, in fen, of all classes or of some."""
    kept = earned.filter(pl.col("fee_class").is_in(fee_classes)) if fee_classes else earned
    found = dict(kept.group_by("performing").agg(pl.col("amount").sum()).iter_rows())
    return np.array([found.get(d.code, 0) for d in scene.depts], dtype=np.int64)


@cache
def drug_classes() -> tuple[str, ...]:
    """药品收入类别 · Fee classes that are drugs."""
    return tuple(catalogue("fees")["drugs"])
