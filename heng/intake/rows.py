"""一张工作表 → 声明的表 · One recognised sheet becomes rows of its table; what cannot be taken becomes findings."""

from dataclasses import dataclass, field

import polars as pl

from heng.core.table import Table
from heng.intake.belongs import Owner, is_of_another, months, orgs
from heng.intake.beside import beside
from heng.intake.body import Body, body
from heng.intake.columns import Columns
from heng.intake.findings import Findings
from heng.intake.place import Place
from heng.intake.plausible import plausible, told_instead
from heng.intake.recognise import Match
from heng.intake.sheet import Sheet, Source
from heng.intake.so_far import Seen, SoFar
from heng.intake.totals import Columns as Summed
from heng.intake.totals import check_totals
from heng.intake.vocabulary import header

COUNTERS = frozenset({"序号", "行号", "排序", "顺序号"})


@dataclass(frozen=True)
class Rows:
    """读出的行 · What a sheet gave: `good` rows in its table's columns, `findings`, the numbers of the `bad` rows to send back.

    `rejected`: how many rows were not taken; those of a sheet that is another hospital's are not sent back.
    `beside`: by table the rows that lie side by side in the columns of the good rows.
    """

    match: Match
    sheet: Sheet
    good: pl.DataFrame
    findings: pl.DataFrame
    bad: list[int]
    rejected: int
    beside: dict[type[Table], pl.DataFrame] = field(default_factory=dict)


def read_rows(source: Source, sheet: Sheet, match: Match, place: Place, so_far: SoFar) -> Rows:
    """读一张表或它的一块 · All rows of a recognised sheet, or of a piece of it, checked cell by cell.

    `so_far` carries what must be known of the sheet's other pieces. FileError when its month or hospital is unknown.
    """
    found = body(sheet, match)
    if so_far.survey:
        so_far.survey.look(found.data)
    owner = Owner(match, place, sheet, source.name, found.data, so_far.survey)
    findings = Findings(place.org, source.file(sheet))
    if is_of_another(owner, findings):
        nothing = pl.DataFrame(schema=match.template.table.schema())
        return Rows(match, sheet, nothing, findings.frame(), [], found.data.height)
    columns = Columns(owner, source, findings)
    lead = _lead(owner, findings)
    values = {**lead, **columns.read()}
    _sum_up(match, values, found, findings)
    plausible(owner, values, findings)
    told_instead(owner, so_far.instead, findings)
    check_totals(found, match, Summed(values, columns.scales, so_far.sums), findings)
    _repeats(match, found, so_far.seen, findings)
    _overflow(source, match, found, findings)
    _twice(match, found, findings)
    if match.unknown:
        said = "、".join(match.unknown), ", ".join(match.unknown)
        findings.whole("unused", "表头", None, said)
    more = beside(owner, values, findings)
    return _finish(source, owner, (values, more), findings)


def _lead(owner: Owner, findings: Findings) -> dict[str, pl.Series]:
    grain = owner.match.template.table.grain
    lead = {} if grain == "region" else {"org": orgs(owner, findings)}
    return {**lead, "month": months(owner, findings)} if grain == "month" else lead


def _finish(source: Source, owner: Owner, read: tuple[dict[str, pl.Series], dict[type[Table], pl.DataFrame]], findings: Findings) -> Rows:
    values, more = read
    bad = findings.bad_rows().to_list()

    def good(table: type[Table], frame: pl.DataFrame) -> pl.DataFrame:
        told = frame.with_columns(file=pl.lit(source.file(owner.sheet)))
        told = told.with_columns(pl.lit(None).alias(n) for n in table.columns if n not in told.columns)
        return told.select(list(table.columns)).cast(table.schema()).filter(~pl.col("row").is_in(bad))

    rows = good(owner.match.template.table, pl.DataFrame({**values, "row": owner.at["row"]}))
    return Rows(owner.match, owner.sheet, rows, findings.frame(), bad, len(bad), {t: good(t, f) for t, f in more.items()})


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


def _repeats(match: Match, found: Body, seen: Seen, findings: Findings) -> None:
    width = max(match.headers) + 1
    counters = {p for p, h in match.headers.items() if header(h) in COUNTERS}
    beyond = [c for c in found.data.columns if c != "row" and int(c[1:]) >= width]
    # Pieces may be of different widths: what lies beyond the header is compared as one cell.
    rest = pl.concat_str(beyond, separator="\x1f", ignore_nulls=True) if beyond else pl.lit("")
    cells = found.data.select(*(f"c{p}" for p in range(width) if p not in counters), beyond=rest)
    again = found.data.filter(seen.again(cells)).select("row", value=pl.lit(None, pl.String))
    findings.rows("duplicate" if match.template.once else "repeated", "整行", again)


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
