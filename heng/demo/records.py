"""病案首页与结算清单 · Discharge records with their fee items, and settlement lists, added up from the fee lines of the stay."""

import json
from functools import cache
from typing import Any

import polars as pl

from heng.core.period import shift
from heng.demo.fee_lines import fee_lines
from heng.demo.hospitals import Hospital
from heng.demo.items import items
from heng.demo.planted import planted
from heng.demo.scene import Scene
from heng.demo.stays import ICU, stays, ward_stays

PARTS = (
    *("general_medical", "general_treatment", "nursing", "general_other", "pathology", "laboratory", "imaging", "clinical_diagnosis"),
    *("non_surgical", "surgical", "rehabilitation", "tcm", "western_drug", "patent_drug", "herbal_drug", "blood"),
    *("exam_material", "treatment_material", "surgery_material", "other"),
)
"""示范医院用到的费用栏，相加即总费用 · The fee items that occur; they add up to the total."""
OTHER_DISEASE = ("I10.x00", "特发性高血压")
SHOWN = 60
SELF = "7"
"""全自费 · Who pays alone."""


def records(scene: Scene) -> pl.DataFrame:
    """某月的病案首页 · The discharge records of a month, money in fen."""
    rows = stays(scene.hospital, scene.month, scene.seed)
    fees = _fees(scene)
    rng, many = scene.chance("records"), rows.height
    newborn, old = pl.col("mother").is_not_null(), pl.col("age") >= 60
    operated = pl.col("procedure") != ""
    first_dept = ward_stays(scene, rows).group_by("visit", maintain_order=True).agg(pl.col("dept").first().alias("admission_dept"))
    made = (
        rows.join(fees, on="visit", how="left")
        .join(first_dept, on="visit", how="left")
        .with_columns(pl.col(*fees.columns[1:]).fill_null(0))
        .with_columns(
            pl.Series("times", rng.integers(1, 4, many)),
            pl.when(newborn).then(pl.col("days")).alias("age_days"),
            pl.when(newborn).then(pl.Series(rng.integers(250, 421, many)) * 10).alias("birth_weight"),
            pl.when(old).then(pl.lit(OTHER_DISEASE[0])).alias("other_diagnosis"),
            pl.when(old).then(pl.lit(OTHER_DISEASE[1])).alias("other_diagnosis_name"),
            pl.when(operated).then("procedure").alias("procedure"),
            pl.when(operated).then("operation").alias("procedure_name"),
            pl.when(operated & (pl.col("care") == "inpatient")).then(pl.col("admitted").dt.offset_by("1d")).alias("done"),
            pl.when(pl.col("moved") != "").then("dept").alias("transfer_depts"),
            pl.col("name").alias("diagnosis_name"),
            pl.sum_horizontal(PARTS).alias("total"),
        )
        .with_columns((pl.col("total") * pl.Series(rng.integers(180, 420, many)) // 1000).alias("own_pay"), payer=_payers(scene, many))
        .with_columns(pl.when(pl.col("payer") == SELF).then("total").otherwise("own_pay").alias("own_pay"), way_out=_ways(scene, rows))
    )
    return planted(scene, made)


def _ways(scene: Scene, rows: pl.DataFrame) -> pl.Series:
    """Codes of 离院方式: home (1), transferred (2), left against advice (4), died (5), this more often through intensive care."""
    drawn = pl.Series(scene.chance("ways").integers(0, 1000, rows.height))
    deadly = pl.when((rows["moved"] == ICU) | (rows["ward"] == ICU)).then(80).otherwise(2)
    died = pl.when(rows["mother"].is_null() & (rows["care"] == "inpatient")).then(deadly).otherwise(0)
    plain = pl.when(drawn >= 985).then(pl.lit("2")).when(drawn >= 965).then(pl.lit("4")).otherwise(pl.lit("1"))
    return pl.select(pl.when(drawn < died).then(pl.lit("5")).otherwise(plain)).to_series()


def _payers(scene: Scene, many: int) -> pl.Series:
    """Codes of 医疗付款方式: employees, residents, and who pays alone."""
    drawn = pl.Series(scene.chance("payers").integers(0, 1000, many))
    return pl.select(pl.when(drawn < 520).then(pl.lit("1")).when(drawn < 940).then(pl.lit("2")).otherwise(pl.lit(SELF))).to_series()


def settlements(scene: Scene) -> bytes:
    """结算清单 4101 · The settlement lists of some stays of a month, as the interface of the insurer writes them."""
    rows = stays(scene.hospital, scene.month, scene.seed).filter(pl.col("mother").is_null() & (pl.col("moved") == ""))[:SHOWN]
    parts = _stay_lines(scene).join(rows.select("visit"), on="visit", how="semi")
    by_class = parts.group_by("visit", "fee_class").agg(pl.col("amount").sum()).sort("visit", "fee_class")
    fees = {str(visit): mine.select("fee_class", "amount").rows() for (visit,), mine in by_class.group_by(["visit"], maintain_order=True)}
    lists = [_list(n, row, fees[row["visit"]]) for n, row in enumerate(rows.iter_rows(named=True), 1)]
    return json.dumps(lists, ensure_ascii=False, indent=1).encode()


def _list(number: int, row: dict[str, Any], fees: list[tuple[str, int]]) -> dict[str, Any]:
    total = sum(amount for _, amount in fees)
    fund = total * 62 // 100
    out = f"{row['discharged']:%Y-%m-%d %H:%M:%S}"
    head = {
        "mdtrt_id": row["visit"],
        "setl_id": f"JS{row['visit'][2:]}{number:03}",
        "medcasno": row["visit"],
        "age": row["age"],
        "gend": row["sex"],
        "adm_time": f"{row['admitted']:%Y-%m-%d %H:%M:%S}",
        "dscg_time": out,
        "adm_caty": row["dept"],
        "dscg_caty": row["dept"],
        "act_ipt_days": row["days"],
        "setl_begn_date": f"{row['admitted']:%Y-%m-%d}",
        "setl_end_date": f"{row['discharged']:%Y-%m-%d}",
        "psn_selfpay": _yuan(total - fund),
        "psn_ownpay": "0.00",
        "hi_paymtd": "DRG",
    }
    diagnosis = {"diag_type": "1", "diag_code": row["diagnosis"], "diag_name": row["name"], "maindiag_flag": "1"}
    operation = {"oprn_oprt_type": "1", "oprn_oprt_code": row["procedure"], "oprn_oprt_name": row["operation"], "oprn_oprt_date": out}
    return {
        "setlinfo": head,
        "payinfo": [{"fund_pay_type": "310100", "fund_payamt": _yuan(fund)}],
        "diseinfo": [diagnosis],
        "iteminfo": [{"med_chrgitm": kind, "amt": _yuan(amount), "claa_sumfee": _yuan(amount)} for kind, amount in fees],
        "oprninfo": [operation] if row["procedure"] else [],
        "icuinfo": [],
    }


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"


def _fees(scene: Scene) -> pl.DataFrame:
    """The fee items of the record, a column each; anaesthesia and operation are parts of surgery."""
    lines = _stay_lines(scene)
    antimicrobial = [i.code for i in items() if i.antimicrobial]
    sums = [
        pl.col("amount").filter(pl.col("page") == page).sum().alias(page)
        for page in (*PARTS, "anaesthesia", "surgery")
        if page != "surgical"
    ]
    drugs = pl.col("amount").filter(pl.col("item").is_in(antimicrobial)).sum().alias("antimicrobial")
    return lines.group_by("visit").agg(*sums, drugs).with_columns((pl.col("anaesthesia") + pl.col("surgery")).alias("surgical"))


def _stay_lines(scene: Scene) -> pl.DataFrame:
    """Lines of the stays that end in the month, of this month and of the one before."""
    both = [inpatient_lines(scene.hospital, m, scene.seed) for m in (shift(scene.month, -1), scene.month)]
    return pl.concat(both).join(stays(scene.hospital, scene.month, scene.seed).select("visit"), on="visit", how="semi")


@cache
def inpatient_lines(hospital: Hospital, month: str, seed: int) -> pl.DataFrame:
    """某月住院患者的收费 · The fee lines of inpatients in a month, with what records need of them."""
    return fee_lines(Scene(hospital, month, seed), outpatients=False).select("visit", "item", "fee_class", "page", "amount")
