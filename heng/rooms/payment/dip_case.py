"""DIP 病例分值 · The disease of every finished stay, how far its fee lies from the disease's mean, its coefficients and points.

Points = score after deviation × auxiliary coefficient (the largest of the case) × coefficient of the hospital or of the
disease in its class. A case in no disease, or in one without a score, is kept, with its reason; where the rule pays such
cases a share of their fee, it has the points of that share. Source: 医保办发〔2020〕50号 DIP 技术规范; DIP 3.0 技术规范第四章;
济宁市规则（未列病种 70 %）.
"""

import polars as pl

from heng.core.capability import capability
from heng.core.indicator import Indicator
from heng.rooms.payment.dip_history import groupable, placed
from heng.rooms.payment.dip_points import Counting, Rule, Scale
from heng.rooms.payment.exact import CASE
from heng.tables.dip import DipCase, DipCatalogue, DipCoefficient, DipMatch, DipReference, DipScore, DipSeverity, DipStay


@capability("DIP 病例分值", "points of DIP cases")
def dip_case(
    stays: DipStay,
    matches: DipMatch,
    severity: DipSeverity,
    catalogue: DipCatalogue,
    scores: DipScore,
    reference_fees: DipReference,
    hospitals: DipCoefficient,
    rule: Rule,
    scale: Scale,
) -> DipCase:
    """逐例计分 · One row per finished stay or day case."""
    diseases, asked = catalogue.frame(), reference_fees.frame().select("month", "group", "hospital_class", "mean", "coefficient")
    scored = scores.frame().select("month", "group", "score", "reference", disease_mean="mean")
    every = stays.frame().join(_groups(stays.frame(), matches.frame(), diseases), on=CASE, how="left")
    every = _refused(every, matches.frame(), diseases).join(severity.frame().drop("days"), on=CASE, how="left")
    every = every.join(diseases.select("month", "group", "level", "alike"), on=["month", "group"], how="left")
    every = every.join(scored.drop("reference"), on=["month", "group"], how="left")
    every = every.join(scored.group_by("month").agg(measure=pl.col("reference").first()), on="month", how="left")
    every = every.join(asked, on=["month", "group", "hospital_class"], how="left")
    common = asked.filter(pl.col("hospital_class") == "all").drop("hospital_class")
    every = every.join(common, on=["month", "group"], how="left", suffix="_all")
    every = every.join(hospitals.frame().select("month", "org", hospital="coefficient"), on=["month", "org"], how="left")
    reference, disease = pl.coalesce("mean", "mean_all", "disease_mean"), pl.coalesce("coefficient", "coefficient_all")
    every = every.with_columns(reference=reference, disease=disease).drop("coefficient").sort(CASE)
    return Counting(rule, scale).counted(every).select(*DipCase.columns)


def _groups(stays: pl.DataFrame, matches: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """The disease of every case that a month's catalogue may group."""
    months = groupable(stays, matches).partition_by("month", as_dict=True, maintain_order=True)
    found = [placed(cases, diseases.filter(pl.col("month") == month)) for (month,), cases in months.items()]
    empty = pl.DataFrame(schema={n: t for n, t in DipCase.schema().items() if n in (*CASE, "group")})
    return pl.concat([empty, *(f.select(empty.columns) for f in found)])


def _refused(every: pl.DataFrame, matches: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """The same with the reason why the scheme of the month does not group a case."""
    schemes = diseases.select("month", "pack").drop_nulls().unique()
    refused = matches.join(schemes, on=["month", "pack"], how="semi").select(
        *CASE, refused=pl.col("status").replace_strict(REFUSED, default="")
    )
    why = pl.when(pl.col("reason") == "").then(pl.col("refused").fill_null("")).otherwise("reason").alias("reason")
    return every.join(refused, on=CASE, how="left").with_columns(why).drop("refused")


REFUSED = {"invalid": "barred", "needs_data": "needs_data"}
"""方案不予入组的 · Why a case has no score, by what became of it in the scheme."""


Indicator(
    key="dip_grouped",
    zh="DIP 入组率",
    en="stays in a disease of DIP",
    unit="1",
    better="higher",
    of=DipCase,
    numerator="count(*) filter (level is not null)",
    denominator="count(*)",
    formula=("入组病例数 ÷ 出院病例数", "stays in a disease of DIP ÷ finished stays"),
)
Indicator(
    key="dip_deviating",
    zh="DIP 偏差病例占比",
    en="deviating cases of DIP",
    unit="1",
    better="lower",
    of=DipCase,
    where="reason = ''",
    numerator="count(*) filter (deviation <> 'normal')",
    denominator="count(*)",
    formula=("费用偏低、偏高与极高的病例数 ÷ 入组病例数", "cases far below or above the mean of their disease ÷ cases in a disease"),
)
