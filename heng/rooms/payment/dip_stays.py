"""DIP 病例信息 · Every finished stay as DIP sees it: subcategory of its principal diagnosis, set of procedures, kind of treatment.

Procedures come from the procedure lines and from the record itself; where a number has several stays, each takes those done
within its days. Two records of one stay count once, the later. A stay that cannot be grouped is kept, and says why.
Source: 医保办发〔2020〕50号 DIP 技术规范（诊断亚目 × 手术操作组合）; ICD-9-CM-3 章节（诊断性、治疗性操作）.
"""

from typing import Any

import polars as pl

from heng.core.capability import capability
from heng.core.params import Params
from heng.methods.dip.catalogue import treatment
from heng.rooms.payment.exact import CASE, CELL
from heng.tables.dip import DipStay
from heng.tables.patients import Encounter
from heng.tables.payment import CaseBill
from heng.tables.visits import Discharge, ProcedureLine

ENDS = [*CELL, "number", "admitted", "discharged"]
DRUG = ("western_drug", "patent_drug", "herbal_drug")
CONSUMABLE = ("exam_material", "treatment_material", "surgery_material")
TREATED = ("general_treatment", "non_surgical", "surgical", "rehabilitation", "tcm")
LEVELS = {"1": "1", "2": "2", "3": "3", "4": "4", "一": "1", "二": "2", "三": "3", "四": "4", "Ⅰ": "1", "Ⅱ": "2", "Ⅲ": "3", "Ⅳ": "4"}


class Rule(Params, at="payment.dip_stays"):
    """口径 · Characters of a subcategory, what groups nothing, and what procedures are."""

    characters: int
    barred: list[Any]
    ignored: list[Any]
    treatments: list[Any]


class Hospital(Params, at="payment.pay_cases"):
    """医院级别 · The level of the hospital is its class."""

    level: str


@capability("DIP 病例信息", "stays as DIP sees them")
def dip_stays(
    encounters: Encounter, bills: CaseBill, discharges: Discharge, lines: ProcedureLine, rule: Rule, hospital: Hospital
) -> DipStay:
    """列出完成的住院 · One row per finished stay or day case."""
    stays = finished(encounters.frame())
    known = stays.join(bills.frame().select(*CASE, "insurance", "fee"), on=CASE, how="left")
    known = known.join(_fees(discharges.frame()), on=ENDS, how="left")
    known = known.join(_treatments(stays, lines.frame(), rule), on=CASE, how="left")
    code = pl.col("diagnosis").str.strip_chars().str.to_uppercase()
    barred = _any(code, rule.barred)
    reason = pl.when(code.fill_null("") == "").then(pl.lit("no_diagnosis")).when(barred).then(pl.lit("barred"))
    return known.select(
        *CASE,
        pl.col("insurance").fill_null("other"),
        pl.lit(hospital.level).alias("hospital_class"),
        pl.when(code != "").then(code.str.slice(0, rule.characters)).alias("diagnosis"),
        pl.col("procedures").fill_null(""),
        pl.col("treatment").fill_null("conservative"),
        *("days", "fee", "drug", "consumable", "treated"),
        reason.when((pl.col("fee") > 0).fill_null(value=False)).then(pl.lit("")).otherwise(pl.lit("no_fee")).alias("reason"),
    )


def finished(encounters: pl.DataFrame) -> pl.DataFrame:
    """已完成的住院 · Finished stays and day cases; `number`: as the hospital's files name them; `alone`: no other has the number."""
    stays = encounters.filter((pl.col("status") == "finished") & (pl.col("care") != "outpatient"))
    stays = stays.with_columns(number=pl.coalesce("record", "visit"))
    return stays.with_columns(alone=pl.len().over(*CELL, "number") == 1)


def _fees(records: pl.DataFrame) -> pl.DataFrame:
    """Drugs, consumables and treatment of each record; empty where it tells none of their columns."""
    sums = {
        name: pl.when(pl.any_horizontal(pl.col(c).is_not_null() for c in parts)).then(
            pl.sum_horizontal(pl.col(c).fill_null(0) for c in parts)
        )
        for name, parts in (("drug", DRUG), ("consumable", CONSUMABLE), ("treated", TREATED))
    }
    told = records.with_columns(number="visit", admitted=pl.col("admitted").dt.date(), discharged=pl.col("discharged").dt.date(), **sums)
    return told.sort("file", "row").unique(ENDS, keep="last", maintain_order=True).select(*ENDS, *sums)


def _treatments(stays: pl.DataFrame, lines: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """Codes of each stay, joined, and the kind of treatment that they make; only stays that had some."""
    done = lines.select(*CELL, "procedure", "level", number="visit", done=pl.col("done").dt.date())
    own = stays.select(*CASE, "number", "alone", "admitted", "discharged").join(done, on=[*CELL, "number"], how="inner")
    during = pl.col("done").is_between("admitted", "discharged").fill_null(value=True)
    named = own.filter(pl.col("alone") | during).select(*CASE, "procedure", "level")
    principal = stays.select(*CASE, "procedure", level=pl.lit(None, pl.String))
    code, level = pl.col("procedure").str.strip_chars().str.to_uppercase(), pl.col("level").str.extract(r"([1-4一二三四ⅠⅡⅢⅣ])")
    both = pl.concat([named, principal]).select(*CASE, code, level.replace(LEVELS).fill_null(""))
    counted = (
        both.filter((pl.col("procedure") != "") & ~_any(pl.col("procedure"), rule.ignored))
        .group_by(*CASE, "procedure")
        .agg(pl.col("level").max())
    )
    sets = counted.sort("procedure").group_by(CASE, maintain_order=True).agg("procedure", "level")
    kinds = {k["prefix"]: k["kind"] for k in rule.treatments}
    return sets.select(
        *CASE,
        pl.col("procedure").list.join("+").alias("procedures"),
        treatment=pl.Series(
            [treatment(zip(*codes, strict=True), kinds) for codes in sets.select("procedure", "level").iter_rows()], dtype=pl.String
        ),
    )


def _any(code: pl.Expr, heads: list[str]) -> pl.Expr:
    """Whether a code starts with any of these."""
    return pl.any_horizontal(pl.lit(value=False), *(code.str.starts_with(head) for head in heads))
