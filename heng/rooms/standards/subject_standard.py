"""科目标准对照 · Subject standard: which of the seven cost items every booked subject is, by what, and what its name says.

The hospital's own dictionary first, then the chart of accounts it uses (the longest prefix), then the name. A name that
points at another item than the one booked (training booked as depreciation) is flagged for a person; nothing is moved.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范.
"""

from decimal import Decimal
from typing import Any

import polars as pl

from heng.core.capability import capability
from heng.core.indicator import Indicator
from heng.core.params import Params
from heng.rooms.standards.alike import nearest
from heng.tables.booked import CostBooking, LedgerBalance, OtherCost
from heng.tables.organisation import Subject
from heng.tables.quality import SubjectStandard


class Rule(Params, at="standards.subject_standard"):
    """科目对照、所用科目表、名称用词、相似度 · Charts, the chart in use, words and the items they suggest, least likeness."""

    charts: list[Any]
    chart: str
    keywords: list[Any]
    similarity: Decimal


@capability("科目标准对照", "subject standard")
def subject_standard(booking: CostBooking, other: OtherCost, ledger: LedgerBalance, subject: Subject, rule: Rule) -> SubjectStandard:
    """每个出现过的科目与名称一行 · One row for each subject and name met in the month's bookings, ledger or dictionary."""
    known = _Known(rule)
    own = _by_name_or_code(subject.frame().to_dicts())
    told = [known.row(r, own) for r in _met(booking.frame(), other.frame(), ledger.frame(), subject.frame()).to_dicts()]
    return pl.DataFrame(told, schema=SubjectStandard.schema(), orient="row")


def _by_name_or_code(rows: list[dict[str, Any]]) -> dict[tuple[str, str, str], dict[str, Any]]:
    """本院字典，按编码或名称查 · The hospital's dictionary by code, or by a name whose rows all mean the same item."""
    means: dict[tuple[str, str, str], set[str | None]] = {}
    for r in rows:
        means.setdefault((r["org"], r["month"], r["name"]), set()).add(r["item"])
    named = {(r["org"], r["month"], r["name"]): r for r in rows if len(means[r["org"], r["month"], r["name"]]) == 1}
    return named | {(r["org"], r["month"], r["subject"]): r for r in rows}


def _met(booking: pl.DataFrame, other: pl.DataFrame, ledger: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """本月出现的科目 · Subjects of the month with lines and amount booked by department; ledger and dictionary add names only."""
    name = pl.col("subject_name").fill_null("").alias("name")
    key = ["org", "month", "subject", "name"]
    booked = pl.concat([f.select("org", "month", "subject", name, "amount", pl.lit(1).alias("lines")) for f in (booking, other)])
    nothing = [pl.lit(0).cast(pl.Decimal(18, 2)).alias("amount"), pl.lit(0).alias("lines")]
    seen = pl.concat([booked, ledger.select("org", "month", "subject", name, *nothing)])
    unseen = own.filter("leaf").join(seen, on=["org", "month", "subject"], how="anti").select(*key, *nothing)
    return pl.concat([seen, unseen]).group_by(key).agg(pl.col("amount", "lines").sum()).sort(key)


class _Known:
    """科目表与用词，长者在前 · Chart and words, the longest first, ready to be looked up."""

    def __init__(self, rule: Rule) -> None:
        chart = [c for c in rule.charts if c["chart"] == rule.chart and c["prefix"]]
        self.prefixes = sorted(chart, key=lambda c: -len(c["prefix"]))
        self.names = {c["name"]: c for c in rule.charts if not c["prefix"]}
        self.words = sorted(rule.keywords, key=lambda k: (-len(k["word"]), k["word"]))
        self.similarity = rule.similarity

    def row(self, r: dict[str, Any], own: dict[tuple[str, str, str], dict[str, Any]]) -> dict[str, Any]:
        mine = own.get((r["org"], r["month"], r["subject"])) or own.get((r["org"], r["month"], r["name"]))
        name = r["name"] or (mine["name"] if mine else "")
        found, method = self.standard(r["subject"], name, mine)
        item = found.get("item") or None
        said = next((k["item"] for k in self.words if k["word"] in (name or r["subject"])), None)
        near = nearest(name or r["subject"], [(n, n) for n in self.names], self.similarity) if method == "none" else None
        return {
            **r,
            "item": item,
            "behaviour": found.get("behaviour") or None,
            "excluded": found.get("excluded") or "",
            "method": method,
            "suggestion": said or (self.names[near.name]["item"] if near else None),
            "nearest": near and near.name,
            "similarity": near and near.similarity,
            "is_misposted": bool(item and said and item != said and not found.get("excluded")),
        }

    def standard(self, subject: str, name: str, mine: dict[str, Any] | None) -> tuple[dict[str, Any], str]:
        """对照与方式 · The mapping and how it was found; empty when there is none."""
        if mine and (mine["item"] or mine["excluded"]):
            return mine, "own"
        digits = "".join(c for c in subject if c.isalnum())
        if found := next((c for c in self.prefixes if digits.startswith(c["prefix"])), None):
            return found, "chart"
        if found := self.names.get(name) or self.names.get(subject):
            return found, "name"
        return {}, "none"


Indicator(
    key="subjects_mapped_share",
    zh="科目标准对照率",
    en="share of subjects mapped",
    unit="1",
    better="higher",
    of=SubjectStandard,
    value="ratio(count(*) filter (where method <> 'none'), count(*))",
    formula=("已对照科目 ÷ 科目数", "subjects mapped ÷ subjects"),
)
Indicator(
    key="amount_mapped_share",
    zh="金额对照率",
    en="share of the amount mapped",
    unit="1",
    better="higher",
    of=SubjectStandard,
    value="ratio(sum(abs(amount)) filter (where method <> 'none'), sum(abs(amount)))",
    formula=("已对照科目的金额 ÷ 全部金额（绝对值）", "amount on subjects mapped ÷ amount (absolute)"),
)
Indicator(
    key="subjects_misposted",
    zh="疑似记错的科目数",
    en="subjects whose name suggests another item",
    unit="个",
    better="lower",
    of=SubjectStandard,
    value="count(*) filter (where is_misposted)",
    formula=("名称所指与所记成本项目不同的科目数", "subjects whose name and item differ"),
)
