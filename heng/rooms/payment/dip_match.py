"""DIP 病种匹配 · Which diseases of every catalogue of DIP that the region holds a finished stay fits, by its codes alone.

The same matcher as `heng group`. Every catalogue held is looked at, whichever pays: a month's catalogue rests on the cases of years
before it was in force. Which of several diseases it is, their mean fees decide (`placed`).
Source: 国家医疗保障局《按病种分值（DIP）付费3.0版分组方案》.
"""

from functools import cache

import polars as pl

from heng.core.capability import capability
from heng.methods.dip.matcher import DipMatcher, case_of
from heng.methods.grouping.engine import Record
from heng.rooms.payment.dip_packs import pack_of
from heng.rooms.payment.dip_stays import finished
from heng.rooms.payment.exact import CASE
from heng.rooms.payment.group_cases import Rule, cases
from heng.tables.dip import DipMatch
from heng.tables.packs import DipCode, DipEdition, DipEntry
from heng.tables.patients import Encounter
from heng.tables.visits import DiagnosisLine, Discharge, ProcedureLine

TOLD = ("dx", "ops", "sex", "age", "age_days", "birth_weight")


@capability("DIP 病种匹配", "matches of cases in DIP schemes")
def dip_match(
    encounters: Encounter,
    discharges: Discharge,
    diagnoses: DiagnosisLine,
    procedures: ProcedureLine,
    editions: DipEdition,
    entries: DipEntry,
    codes: DipCode,
    rule: Rule,
) -> DipMatch:
    """逐例匹配 · One row per finished stay and catalogue."""
    tables = {DipEdition: editions.frame(), DipEntry: entries.frame(), DipCode: codes.frame()}
    found = [pl.DataFrame(schema=DipMatch.schema())]
    if not tables[DipEdition].height:
        return found[0]
    stays = cases(finished(encounters.frame()), discharges.frame(), (diagnoses.frame(), procedures.frame()), rule)
    told = [case_of(Record(dx or (), ops or (), *more)) for dx, ops, *more in stays.select(TOLD).iter_rows()]
    for name in tables[DipEdition]["pack"]:
        offer = cache(DipMatcher(pack_of(name, tables)).offer)  # many stays have the same codes
        rows = [(o.status, "|".join(e.code for e in o.fits), o.why) for o in map(offer, told)]
        made = pl.DataFrame(rows, schema=["status", "fits", "why"], orient="row")
        known = pl.when(pl.col("status").is_in(["grouped", "ungrouped"])).then("fits")
        found.append(stays.select(CASE).hstack(made).with_columns(known, pack=pl.lit(name)).select(*DipMatch.columns))
    return pl.concat(found)
