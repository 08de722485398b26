"""并排的行变成竖排 · Rows of another table that lie side by side in the columns of a sheet: 40 diagnoses in the 40 columns of a stay."""

import polars as pl

from heng.core.table import TABLES, Table
from heng.intake.belongs import Owner
from heng.intake.columns import read_plain
from heng.intake.findings import Findings
from heng.intake.vocabulary import header

Way = dict[str, list[str]]


def beside(owner: Owner, values: dict[str, pl.Series], findings: Findings) -> dict[type[Table], pl.DataFrame]:
    """各行并排的内容 · By table the rows that lie side by side, ranked as their headers stand in the template.

    Of the ways that a template knows the one counts that most columns of the sheet follow. `values`: the sheet's own columns as read.
    """
    positions = {header(h): p for p, h in sorted(owner.match.headers.items(), reverse=True)}
    told: dict[type[Table], pl.DataFrame] = {}
    for name, ways in owner.match.template.rows.items():
        found = max((_places(way, positions, owner.match.places) for way in ways), key=lambda ranked: sum(map(len, ranked)))
        if found:
            told[TABLES[name]] = _long(TABLES[name], owner, (found, values), findings)
    return told


def _places(way: Way, positions: dict[str, int], own: dict[str, int]) -> list[dict[str, int]]:
    """每一序号的各列在哪里 · For each rank whose code has a column: where its columns are, the code first.

    `own`: where the sheet's own columns are. They hold the principal one however it is headed, unless the way knows it otherwise.
    """
    code = next(iter(way))
    ranked = [{n: positions[headers[i]] for n, headers in way.items() if headers[i] in positions} for i in range(len(way[code]))]
    used = {p for places in ranked for p in places.values()}
    principal = {n: own[c] for n, c in ((code, code), ("name", f"{code}_name")) if c in own and own[c] not in used}
    ranked[0] = {**principal, **ranked[0]} if code in {**principal, **ranked[0]} else {}
    return [places for places in ranked if code in places]


def _long(table: type[Table], owner: Owner, read: tuple[list[dict[str, int]], dict[str, pl.Series]], findings: Findings) -> pl.DataFrame:
    found, values = read
    code = next(iter(found[0]))
    own = {n: values[n] for n in ("org", "month", "visit")} | {"at": owner.at["row"]}
    named = {n for places in found for n in places}
    ranks = [
        pl.DataFrame(
            {**own, **{n: owner.at[f"c{places[n]}"] if n in places else None for n in named}},
            schema_overrides=dict.fromkeys(named, pl.String),
        ).with_columns(rank=pl.lit(rank), head=pl.lit(owner.match.headers[places[code]]))
        for rank, places in enumerate(found, 1)
    ]
    rows = pl.concat(ranks).filter(pl.any_horizontal(pl.col(n).is_not_null() for n in named & {code, "name"}))
    for (head,), some in rows.filter(pl.col(code).is_null()).group_by("head", maintain_order=True):
        findings.rows("no_code", str(head), some.select(row="at", value="name"))
    rows = rows.filter(pl.col(code).is_not_null())
    for n in sorted(named):
        parsed = read_plain(table.columns[n], rows[n])
        findings.cells(parsed, table.columns[n].zh, rows.select(row="at", value=n))
        rows = rows.with_columns(parsed.values.alias(n))
    return rows.drop("head").rename({"at": "row"})
