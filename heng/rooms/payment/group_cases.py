"""病例入组 · Every finished stay is grouped under the scheme that pays and under those to compare with, each with its reasons.

Codes come from the lines of diagnoses and procedures. Where several files tell those of a stay, one file counts: of the
code set of the rule, then the one that tells most. Stays that share a number take the lines of their own record, and
procedures done within their days. The record's principal diagnosis and procedure stand in where no line has rank 1.
Source: the rules of the pack itself; CHS-DRG 分组方案 (编码取医保结算清单).
"""

from typing import Any

import polars as pl

from heng.core.capability import capability
from heng.core.errors import PolicyError, did_you_mean
from heng.core.params import Params
from heng.methods.grouping.engine import UNGROUPED, Grouper, Record
from heng.rooms.payment.dip_stays import ENDS, finished
from heng.rooms.payment.exact import CASE, CELL
from heng.rooms.payment.packs import pack_of
from heng.tables import packs
from heng.tables.grouping import Grouping
from heng.tables.packs import Pack, PackConversion, PackExclusion, PackGroup, PackMember, PackSeverity
from heng.tables.patients import Encounter
from heng.tables.visits import DiagnosisLine, Discharge, ProcedureLine

SEX = {"1": 1, "男": 1, "男性": 1, "M": 1, "2": 2, "女": 2, "女性": 2, "F": 2}


class Rule(Params, at="payment.grouping"):
    """用哪些方案 · The scheme that pays, those compared beside it, and the code set of the cases."""

    pack: str
    beside: list[Any]
    codes: str


@capability("病例入组", "grouping of cases")
def group_cases(
    encounters: Encounter,
    discharges: Discharge,
    diagnoses: DiagnosisLine,
    procedures: ProcedureLine,
    editions: Pack,
    groups: PackGroup,
    members: PackMember,
    severities: PackSeverity,
    exclusions: PackExclusion,
    conversions: PackConversion,
    rule: Rule,
) -> Grouping:
    """逐例入组 · One row per finished stay and scheme switched on."""
    tables = {t: f.frame() for t, f in zip(PARTS, (editions, groups, members, severities, exclusions, conversions), strict=True)}
    pays, wanted = _switched_on(rule, tables[Pack]["pack"].to_list())
    stays = cases(finished(encounters.frame()), discharges.frame(), (diagnoses.frame(), procedures.frame()), rule)
    found = []
    for name in wanted:
        grouper = Grouper(pack_of(name, tables), "国临" if rule.codes == "国临" else "医保")
        for case in stays.iter_rows(named=True):
            record = Record(case["dx"] or (), case["ops"] or (), case["sex"], case["age"], case["age_days"], case["birth_weight"])
            got = grouper.group(record)
            told = {"mdc": got.mdc or None, "adrg": got.adrg or None, "drg": None if got.drg == UNGROUPED else got.drg}
            kept = {"pack": name, "pays": name == pays, "status": got.status, "severity": got.severity, "why": got.why}
            found.append({**{n: case[n] for n in (*CASE, "given")}, **kept, **told})
    return pl.DataFrame(found, schema=Grouping.schema())


PARTS = (packs.Pack, PackGroup, PackMember, PackSeverity, PackExclusion, PackConversion)


def _switched_on(rule: Rule, held: list[str]) -> tuple[str, list[str]]:
    """付费的方案与全部启用的方案 · The pack that pays, and all that are switched on; PolicyError for one that is not held."""
    pays = rule.pack or (held[0] if len(held) == 1 else "")
    if len(held) > 1 and not pays:
        raise PolicyError(
            f"区域里有几个分组方案：{'、'.join(held)}，没有说哪个用于付费",
            f"the region holds several grouping schemes: {', '.join(held)}; none is said to pay",
            where="payment.grouping.pack",
            mend=("在 policy/payment/grouping.yaml 写上 pack", "write pack in policy/payment/grouping.yaml"),
        )
    wanted = list(dict.fromkeys(filter(None, [pays, *rule.beside])))
    for name in wanted:
        if name not in held:
            near = did_you_mean(name, held)
            raise PolicyError(
                f"没有装入分组方案 {name}",
                f"the grouping scheme {name} is not loaded",
                where="payment.grouping",
                mend=near if near[0] else ("heng load 方案文件夹", "heng load the folder of the scheme"),
            )
    return pays, wanted


def cases(stays: pl.DataFrame, records: pl.DataFrame, lines: tuple[pl.DataFrame, pl.DataFrame], rule: Rule) -> pl.DataFrame:
    """待分组的病例 · The cases of stays as they are grouped: codes, the principal ones first, sex, age, weight."""
    told = records.with_columns(number="visit", admitted=pl.col("admitted").dt.date(), discharged=pl.col("discharged").dt.date())
    told = told.sort("file", "row").unique(ENDS, keep="last", maintain_order=True)
    told = told.select(*ENDS, "age", "age_days", "birth_weight", "sex", record_file="file", record_row="row")
    known = stays.join(told, on=ENDS, how="left")
    dx = _ranked(known, lines[0].with_columns(done=pl.lit(None, pl.Date)), ("diagnosis", "dx"), rule)
    ops = _ranked(known, lines[1].with_columns(pl.col("done").dt.date()), ("procedure", "ops"), rule)
    joined = known.join(dx, on=CASE, how="left").join(ops, on=CASE, how="left").sort(CASE)
    sex = pl.col("sex").str.strip_chars().str.to_uppercase().replace_strict(SEX, default=None, return_dtype=pl.Int64)
    return joined.select(*CASE, "dx", "ops", sex, "age", "age_days", "birth_weight", given="drg")


def _ranked(stays: pl.DataFrame, lines: pl.DataFrame, names: tuple[str, str], rule: Rule) -> pl.DataFrame:
    """每次住院的编码，主要的在前 · The codes of each stay in their order, the principal one first."""
    code, made = names
    own = stays.select(*CASE, "number", "alone", "admitted", "discharged", "record_file", "record_row").join(
        lines.select(*CELL, "rank", "file", "row", "system", "done", number="visit", code=code), on=[*CELL, "number"]
    )
    same = (pl.col("file") == pl.col("record_file")) & (pl.col("row") == pl.col("record_row"))
    own = own.filter(pl.col("alone") | (same | pl.col("done").is_between("admitted", "discharged")).fill_null(value=False))
    by_file = own.group_by(*CASE, "file").agg(
        told=pl.len(), marked=pl.col("system").str.contains(rule.codes, literal=True).any().fill_null(value=False)
    )
    best = by_file.sort("marked", "told", "file", descending=True).unique(CASE, keep="first", maintain_order=True).select(*CASE, "file")
    kept = own.join(best, on=[*CASE, "file"], how="semi").select(*CASE, "rank", "row", "code")
    bare = stays.join(kept.filter(pl.col("rank") == 1), on=CASE, how="anti").filter(pl.col(code).is_not_null())
    both = pl.concat([kept, bare.select(*CASE, rank=pl.lit(0, pl.Int32), row=pl.lit(0, pl.Int32), code=code)])
    return both.sort(*CASE, "rank", "row").group_by(CASE, maintain_order=True).agg(pl.col("code").alias(made))
