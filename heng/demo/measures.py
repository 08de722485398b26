"""工作量与分摊参数 · Workload, floor area, the hospitals' own drivers, and service between departments."""

from typing import Any

import numpy as np
import polars as pl

from heng.demo.catalogue import catalogue
from heng.demo.chance import Whole, about, chance, split, thousandths
from heng.demo.departments import departments
from heng.demo.income import performed
from heng.demo.scene import Scene

SURGERY = {"surgical": 1000, "orthopaedic": 1200, "cardiac": 700, "dental": 150}
SERVICES = {"设备维修": 700, "设备巡检计量": 300}


def outpatient_work(scene: Scene) -> pl.DataFrame:
    """门诊工作量 · Visits of each outpatient department."""
    rows = pl.DataFrame({"dept": [d.code for d in scene.depts], "visits": scene.visits})
    return rows.filter(pl.col("visits") > 0)


def inpatient_work(scene: Scene) -> pl.DataFrame:
    """住院工作量 · Admissions, discharges, beds and occupied bed-days of each ward."""
    admitted = thousandths(scene.discharges, about(scene.chance("admissions"), 25, len(scene.depts)))
    parts = {"admissions": admitted, "discharges": scene.discharges, "beds_approved": scene.beds, "beds_open": scene.beds}
    rows = pl.DataFrame({"dept": [d.code for d in scene.depts], **parts, "bed_days": scene.bed_days})
    return rows.filter(pl.col("bed_days") > 0)


def medtech_work(scene: Scene, earned: pl.DataFrame) -> pl.DataFrame:
    """医技工作量 · Examinations, tests and hours: performed income over the usual price, in hundredths."""
    money = performed(scene, earned).tolist()
    done = [(d.code, m // d.entry["price"] // 100 * 100) for d, m in zip(scene.depts, money, strict=True) if "price" in d.entry]
    return pl.DataFrame(done, schema=["dept", "work"], orient="row", infer_schema_length=None)


def area(scene: Scene) -> pl.DataFrame:
    """科室面积 · Floor area in hundredths of a square metre, the same every month."""
    used = [d for d in departments(scene.hospital) if d.leaf and d.category != "common"]
    size = [20 + d.people * 12 + d.beds * 30 + d.visits * 6 + d.gear * 4 for d in used]
    swing = about(chance(scene.seed, scene.hospital.code, "area"), 150, len(used))
    square = split(scene.hospital.area, np.array(size, dtype=np.int64) * swing) * 100
    rows = [(d.code, a) for d, a in zip(used, square.tolist(), strict=True) if d.name in scene.place]
    return pl.DataFrame(rows, schema=["dept", "area"], orient="row", infer_schema_length=None)


def statistics(scene: Scene) -> pl.DataFrame:
    """自定义分摊参数 · Values of the drivers that the hospital's departments use, in hundredths."""
    wanted = {d.driver for d in scene.depts}
    rows: list[tuple[str, str, int]] = []
    for driver, rule in catalogue("drivers").items():
        if driver in wanted:
            value = thousandths(_followed(scene, rule["follows"]), rule["each"], about(scene.chance(driver), 50, len(scene.depts)))
            places = zip(scene.depts, value.tolist(), strict=True)
            rows += [(driver, d.code, 100 * v) for d, v in places if v and {d.setting, d.category} & set(rule["to"])]
    return pl.DataFrame(rows, schema=["driver", "dept", "value"], orient="row", infer_schema_length=None)


def _followed(scene: Scene, what: str) -> Whole:
    if what == "surgery":
        kind = np.array([SURGERY.get(d.kind, 25) for d in scene.depts], dtype=np.int64)
        # Operating theatre and endoscopy have packs sterilised for everybody.
        theatre = np.array([{"手术室": 2600, "内镜中心": 300}.get(d.name, 0) for d in scene.depts], dtype=np.int64)
        return thousandths(scene.bed_days + scene.visits // 4, kind) + theatre * scene.hospital.beds // 1330
    if what == "staff":
        return scene.size("people") * scene.hospital.staff // 1500
    found: Whole = getattr(scene, what)
    return found + scene.where(category="medtech") * (60 if what == "bed_days" else 0)


def services(scene: Scene) -> pl.DataFrame:
    """内部服务量 · Hours that medical engineering worked for others, in hundredths; none where there is no such department."""
    if "医学工程科" not in scene.place:
        return pl.DataFrame(schema={"giver": pl.String, "receiver": pl.String, "service": pl.String, "quantity": pl.Int64})
    giver = scene.depts[scene.place["医学工程科"]].code
    gear = scene.size("gear") * (scene.where(category="clinical") + scene.where(category="medtech"))
    rows: list[tuple[Any, ...]] = []
    for service, part in SERVICES.items():
        hours = thousandths(gear, part, about(scene.chance(service), 400, len(scene.depts))) * 50
        rows += [(giver, d.code, service, h) for d, h in zip(scene.depts, hours.tolist(), strict=True) if h]
    return pl.DataFrame(rows, schema=["giver", "receiver", "service", "quantity"], orient="row", infer_schema_length=None)
