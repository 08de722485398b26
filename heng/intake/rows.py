"""一张工作表 → 声明的表 · One recognised sheet becomes rows of its table; what cannot be taken becomes findings."""

from dataclasses import dataclass

import polars as pl

from heng.intake.belongs import Owner, is_of_another, months, orgs
from heng.intake.body import Body, body
from heng.intake.columns import Columns
from heng.intake.findings import Findings
from heng.intake.place import Place
from heng.intake.recognise import Match
from heng.intake.sheet import Sheet, Source
from heng.intake.totals import check_totals
from heng.intake.vocabulary import header

COUNTERS = frozenset({"序号", "行号", "排序", "顺序号"})
REPEATS_SHOWN = 100
"""逐行列出的重复行 · Beyond this, repeated rows of a money feed are told as one finding with their number."""


@dataclass(frozen=True)
class Rows:
    """读出的行 · What a sheet gave: `good` rows in its table's columns, `findings`, the numbers of the `bad` rows to send back.

    `rejected`: how many rows were not taken; those of a sheet that is another hospital's are not sent back.
    """

    match: Match
    sheet: Sheet
    good: pl.DataFrame
    findings: pl.DataFrame
    bad: list[int]
    rejected: int


def read_rows(source: Source, sheet: Sheet, match: Match, place: Place) -> Rows:
    """读一张表 · All rows of a recognised sheet, checked cell by cell; FileError when its month or hospital is unknown."""
    found = body(sheet, match)
    owner = Owner(match, place, sheet, source.name, found.data)
    findings = Findings(place.org, source.file(sheet))
    if is_of_another(owner, findings):
        nothing = pl.DataFrame(schema=match.template.table.schema())
        return Rows(match, sheet, nothing, findings.frame(), [], found.data.height)
    columns = Columns(owner, source, findings)
    lead = _lead(owner, findings)
    values = {**lead, **columns.read()}
    _sum_up(match, values, found, findings)
    check_totals(found, match, values, columns.scales, findings)
    _repeats(match, found, findings)
    _overflow(source, match, found, findings)
    _twice(match, found, findings)
    if match.unknown:
        said = "、".join(match.unknown), ", ".join(match.unknown)
        findings.whole("unused", "表头", None, said)
    return _finish(source, owner, values, findings)


def _lead(owner: Owner, findings: Findings) -> dict[str, pl.Series]:
    grain = owner.match.template.table.grain
    lead = {} if grain == "region" else {"org": orgs(owner, findings)}
    return {**lead, "month": months(owner, findings)} if grain == "month" else lead


def _finish(source: Source, owner: Owner, values: dict[str, pl.Series], findings: Findings) -> Rows:
    table = owner.match.template.table
    bad = findings.bad_rows()
    rows = owner.at["row"]
    frame = pl.DataFrame({**values, "file": [source.file(owner.sheet)] * len(rows), "row": rows}, schema_overrides={"file": pl.String})
    good = frame.select(list(table.columns)).cast(table.schema()).filter(~rows.is_in(bad.to_list()))
    return Rows(owner.match, owner.sheet, good, findings.frame(), bad.to_list(), len(bad))


def _sum_up(match: Match, values: dict[str, pl.Series], found: Body, findings: Findings) -> None:
    """合计与各项 · A missing total is the sum of its parts, said aloud; one that differs from them is a warning."""
    for total, parts in match.template.sums.items():
        head = match.headers[match.places[total]] if total in match.places else match.template.table.columns[total].zh
        mapped = [p for p in parts if p in match.places]
        at = found.data.select("row", value=values[total].cast(pl.String))
        together = pl.DataFrame({p: values[p] for p in mapped})
        added = together.select(pl.sum_horizontal(pl.all())).to_series() if mapped else values[total]
        none = together.select(pl.all_horizontal(pl.all().is_null())).to_series() if mapped else values[total].is_null()
        blank = values[total].is_null() & ~_refused(findings, head, found)
        if (blank & ~none).any():
            findings.whole("summed", head, None)
        if match.template.compared and mapped:
            findings.rows("parts", head, at.filter((values[total] != added).fill_null(value=False) & ~none))
        findings.rows("missing_number", head, at.filter(blank & none))
        values[total] = pl.select(pl.when(blank & ~none).then(added).otherwise(values[total])).to_series().cast(values[total].dtype)


def _refused(findings: Findings, head: str, found: Body) -> pl.Series:
    """已说有错的格 · The cells of a column that are known to be wrong: they are not absent."""
    told = findings.frame().filter((pl.col("column") == head) & (pl.col("severity") == "error"))["row"]
    return found.data["row"].is_in(told.to_list())


def _repeats(match: Match, found: Body, findings: Findings) -> None:
    counters = {f"c{p}" for p, h in match.headers.items() if header(h) in COUNTERS}
    cells = [c for c in found.data.columns if c != "row" and c not in counters]
    again = found.data.filter(~pl.struct(cells).is_first_distinct()).select("row", value=pl.lit(None, pl.String))
    if match.template.once:
        findings.rows("duplicate", "整行", again)
    elif again.height > REPEATS_SHOWN:
        findings.whole("repeated", "整行", f"{again.height} 行 rows")
    else:
        findings.rows("repeated", "整行", again)


def _twice(match: Match, found: Body, findings: Findings) -> None:
    """同名的两列 · Two columns of one header that differ: only one was read, and nobody can tell whether it is the right one."""
    for position in sorted(set(match.places.values())):
        alike = [p for p, h in match.headers.items() if p not in match.places.values() and header(h) == header(match.headers[position])]
        if any(not found.data[f"c{p}"].equals(found.data[f"c{position}"], null_equal=True, check_names=False) for p in alike):
            findings.whole("twice", match.headers[position], None)


def _overflow(source: Source, match: Match, found: Body, findings: Findings) -> None:
    if source.form != "text":
        return
    beyond = [c for c in found.data.columns if c != "row" and int(c[1:]) > max(match.headers)]
    if beyond:
        over = found.data.filter(pl.any_horizontal(pl.col(beyond).is_not_null()))
        findings.rows("overflow", "整行", over.select("row", value=pl.concat_str(beyond, separator=source.delimiter, ignore_nulls=True)))
