"""作业与时间 · One laboratory that works by time equations, one scanner room that works by activities, and adopted standards."""

from datetime import date

import polars as pl

from heng.demo.chance import about
from heng.demo.items import items
from heng.demo.records import records
from heng.demo.scene import Scene

LABORATORY, SCANNER = "检验科", "CT室"
FEATURES = {"急诊标本": (2, 160), "复检": (6, 45), "异常结果人工复核": (4, 90)}
"""情形 → 每次多用几分钟、每千份出现几次 · Feature → minutes more, times in a thousand samples."""
ACTIVITIES = {"登记预约": (120, 10, 0, 150), "扫描": (420, 690, 60, 550), "阅片报告": (380, 240, 0, 250), "增强注射": (80, 60, 940, 50)}
RESOURCES = ("staff", "depreciation", "material", None)
"""作业 → 用了多少人员、设备、材料与其余资源 · Activity → its part of people, equipment, consumables and the rest, per mille."""
SINCE, DOCUMENT, EDITION = date(2026, 8, 1), "示江县人民医院成本标准（2026年）", "2026-1"
CASES = 12
MINUTE_COST = "9.20"


def done(scene: Scene, lines: pl.DataFrame, name: str) -> pl.DataFrame:
    """某科室各项目做了多少 · How much of each item a department did in the month."""
    known = pl.DataFrame([(i.code, i.name, i.minutes, round(i.equivalence * 100), i.price) for i in items()], orient="row")
    known.columns = ["item", "name", "minutes", "equivalence", "price"]
    mine = lines.filter(pl.col("performing") == scene.depts[scene.place[name]].code)
    return mine.group_by("item").agg(pl.col("quantity").sum()).join(known, on="item").sort("item")


def capacity(scene: Scene, lines: pl.DataFrame) -> pl.DataFrame:
    """产能：人员在班时间，实际可用八成 · Minutes on duty, of which four fifths are practical; about a sixth more than is used."""
    work, times = done(scene, lines, LABORATORY), term_counts(scene, lines)
    used = int((work["quantity"] * work["minutes"]).sum()) + sum(FEATURES[t][0] * n for *_, t, n in times.rows())
    practical = used * 1170 // 1000 * int(about(scene.chance("capacity"), 40, 1)[0]) // 100_000 * 100
    dept = scene.depts[scene.place[LABORATORY]].code
    return pl.DataFrame({"dept": [dept], "minutes": [practical * 10 // 8], "practical": [practical]})


def time_terms(scene: Scene) -> pl.DataFrame:
    """时间方程 · The basic time of every test, and what each feature adds."""
    dept, tests = scene.depts[scene.place[LABORATORY]].code, _tests()
    rows = [(dept, code, "基本", minutes, SINCE) for code, minutes in tests]
    rows += [(dept, code, feature, more, SINCE) for code, _ in tests for feature, (more, _) in FEATURES.items()]
    return pl.DataFrame(rows, schema=["dept", "item", "term", "minutes", "since"], orient="row")


def term_counts(scene: Scene, lines: pl.DataFrame) -> pl.DataFrame:
    """情形次数 · How often each feature occurred in the month."""
    work = done(scene, lines, LABORATORY)
    dept = scene.depts[scene.place[LABORATORY]].code
    rows = [(dept, i, t, q * often // 1000) for i, q in work.select("item", "quantity").rows() for t, (_, often) in FEATURES.items()]
    return pl.DataFrame(rows, schema=["dept", "item", "term", "quantity"], orient="row").filter(pl.col("quantity") > 0)


def resource_use(scene: Scene) -> pl.DataFrame:
    """资源动因 · Of people, equipment and consumables, how much each activity used."""
    dept = scene.depts[scene.place[SCANNER]].code
    rows = [
        (dept, item, activity, part) for n, item in enumerate(RESOURCES) for activity, parts in ACTIVITIES.items() if (part := parts[n])
    ]
    return pl.DataFrame(rows, schema=["dept", "item", "activity", "quantity"], orient="row")


def activity_use(scene: Scene, lines: pl.DataFrame) -> pl.DataFrame:
    """作业动因 · Every examination is registered, scanned and read; only enhanced ones take an injection."""
    dept, rows = scene.depts[scene.place[SCANNER]].code, list[tuple[str, str, str, int, str]]()
    for item, quantity, name, _, equivalence, _ in done(scene, lines, SCANNER).rows():
        weight = f"{equivalence / 100:.2f}"
        rows += [(dept, activity, item, quantity, weight if activity == "扫描" else "1") for activity in list(ACTIVITIES)[:3]]
        rows += [(dept, "增强注射", item, quantity, "1")] if "增强" in name else []
    return pl.DataFrame(rows, schema=["dept", "activity", "item", "quantity", "weight"], orient="row")


def standard_services(scene: Scene, lines: pl.DataFrame) -> pl.DataFrame:
    """项目标准成本 · Standards adopted for the tests (minutes × cost of a minute) and the scans (cost of one)."""
    lab, scanner = (scene.depts[scene.place[name]].code for name in (LABORATORY, SCANNER))
    planned = int(capacity(scene, lines)["practical"][0]) // 1000 * 1000
    tests, scans = done(scene, lines, LABORATORY), done(scene, lines, SCANNER)
    columns = ["dept", "item", "quantity", "minutes", "minute_cost", "capacity"]
    by_time = [(lab, i, q // 10 * 10, f"{m}", MINUTE_COST, planned) for i, q, m in tests.select("item", "quantity", "minutes").rows()]
    by_unit = [(scanner, i, q // 10 * 10, None, _share(p), None) for i, q, p in scans.select("item", "quantity", "price").rows()]
    timed, others = (pl.DataFrame(rows, schema=columns, orient="row") for rows in (by_time, by_unit))
    return _adopted(pl.concat([timed, others], how="vertical_relaxed"))


def standard_groups(scene: Scene) -> pl.DataFrame:
    """病组标准成本 · Standards adopted for the DRGs with enough cases: their mean bill of the month less three per cent."""
    groups = records(scene).group_by("drg").agg(pl.len().alias("cases"), pl.col("total").sum()).filter(pl.col("cases") >= CASES).sort("drg")
    rows = groups.select(
        pl.lit("drg").alias("scheme"),
        pl.col("drg").alias("group"),
        "cases",
        (pl.col("total") * 97 // (pl.col("cases") * 100_000) * 10).alias("amount"),
    )
    return _adopted(rows)


def _share(price: int) -> str:
    """What a scan may cost: 58 per cent of its price."""
    return f"{price * 58 // 100 / 100:.2f}"


def _adopted(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(document=pl.lit(DOCUMENT), edition=pl.lit(EDITION), since=pl.lit(SINCE))


def _tests() -> list[tuple[str, int]]:
    return [(i.code, i.minutes) for i in items() if i.income == "化验" and i.name != "血型鉴定与交叉配血"]
