"""DIP 病情信息 · What the auxiliary catalogue of DIP asks of every finished stay, from its record, diagnoses and wards.

The comorbidity index adds the weights of the conditions found among the other diagnoses, of each family the heaviest once.
Intensive care: days begun in wards whose department's name says so; not known where no ward of the stay is. Source: DIP 3.0 技术规范第四章;
Charlson 1987 与 Quan 2005 的合并症分值, 编码范围待本地文件确认.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from heng.core.capability import capability
from heng.core.params import Params
from heng.rooms.payment.dip_stays import ENDS, finished
from heng.rooms.payment.exact import CASE, CELL
from heng.tables.dip import DipSeverity
from heng.tables.organisation import Department
from heng.tables.patients import Encounter
from heng.tables.visits import DiagnosisLine, Discharge, WardStay


class Rule(Params, at="payment.dip_severity"):
    """病情的编码 · Prefixes of codes: comorbid conditions, organ failure, lesions, tumours; and what a death is written as."""

    conditions: list[Any]
    failure: list[Any]
    lesion: list[Any]
    tumour: list[Any]
    spread: list[Any]
    died: list[Any]


class Ward(Params, at="costing.services"):
    """重症监护 · Words in a department's name that make it intensive care."""

    intensive_care: str


@capability("DIP 病情信息", "severity as DIP sees it", months=3)  # a ward left in an earlier month stands there
def dip_severity(
    encounters: Encounter,
    discharges: Discharge,
    lines: DiagnosisLine,
    wards: WardStay,
    departments: Department,
    rule: Rule,
    ward: Ward,
) -> DipSeverity:
    """列出病情 · One row per finished stay or day case."""
    stays = finished(encounters.frame())
    told = discharges.frame().with_columns(number="visit", admitted=pl.col("admitted").dt.date(), discharged=pl.col("discharged").dt.date())
    told = told.sort("file", "row").unique(ENDS, keep="last", maintain_order=True).select(*ENDS, "age", "age_days", "way_out")
    named = departments.frame().select(*CELL, "dept", intensive=pl.col("name").str.to_uppercase().str.contains(ward.intensive_care))
    beds = wards.frame().join(named, on=[*CELL, "dept"], how="left").with_columns(pl.col("intensive").fill_null(value=False))
    known = stays.join(told, on=ENDS, how="left").join(_intensive(stays, beds), on=CASE, how="left")
    found = known.join(_others(stays, lines.frame()), on=CASE, how="left").sort(CASE)
    seen = cache(lambda principal, others: _seen(principal, others, rule))  # many stays have the same codes
    rows = [{**r, **seen(r["diagnosis"] or "", tuple(sorted(r["others"] or ())))} for r in found.to_dicts()]
    columns = {n: t for n, t in DipSeverity.schema().items() if n != "died"}
    way = pl.Series([str(r["way_out"] or "").strip() in rule.died for r in rows], dtype=pl.Boolean)
    return pl.DataFrame([{n: r[n] for n in columns} for r in rows], schema=columns).with_columns(died=way)


def _others(stays: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """The other diagnoses of each stay. Diagnoses carry no day: stays that share a number share them."""
    coded = lines.filter(pl.col("rank") > 1).select(*CELL, number="visit", others=pl.col("diagnosis").str.strip_chars().str.to_uppercase())
    return stays.select(*CASE, "number").join(coded, on=[*CELL, "number"]).group_by(CASE).agg(pl.col("others").unique())


def _intensive(stays: pl.DataFrame, beds: pl.DataFrame) -> pl.DataFrame:
    """Days in intensive care of each stay of which any ward is known."""
    spent = beds.select("org", "intensive", number="visit", began=pl.col("began").dt.date(), ended=pl.col("ended").dt.date()).unique()
    own = stays.select(*CASE, "number", "admitted", "discharged").join(spent, on=["org", "number"])
    own = own.filter(pl.col("began").is_between("admitted", "discharged"))
    ended = pl.min_horizontal(pl.coalesce("ended", "discharged"), "discharged")
    grouped = own.group_by(CASE).agg(span=pl.struct("began", ended=ended).filter("intensive"))
    days = pl.Series([_days((s["began"], s["ended"]) for s in spans) for spans in grouped["span"]], dtype=pl.Int64)
    return grouped.select(*CASE, intensive_days=days)


def _days(spans: Iterable[tuple[date, date]]) -> int:
    """Days that any of the spans touches."""
    return len({n for began, ended in spans for n in range(began.toordinal(), ended.toordinal() + 1)})


def _seen(principal: str, others: Sequence[str], rule: Rule) -> dict[str, Any]:
    weights: dict[str, int] = {}
    for condition in rule.conditions:
        if _any(others, condition["codes"].split()):
            weights[condition["family"]] = max(int(condition["weight"]), weights.get(condition["family"], 0))
    head = principal.strip().upper()
    return {
        "comorbidity": sum(weights.values()),
        "organ": "failure" if _any(others, rule.failure) else "lesion" if _any(others, rule.lesion) else "",
        "tumour": _any([head], rule.tumour),
        "spread": _any([c for c in others if c[:3] != head[:3]], rule.spread),
    }


def _any(codes: Iterable[str], prefixes: Iterable[str]) -> bool:
    return any(code.startswith(tuple(prefixes)) for code in codes)
