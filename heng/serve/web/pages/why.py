"""为什么 · Why a figure is what it is: formula, query, parameters with documents, leg by leg, to the rows of files."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Depends, Request, Response

from heng.app.why import Why, charged
from heng.core.indicator import Indicator
from heng.core.period import Period
from heng.core.table import Column, Table, money, rate
from heng.serve.caution import Caution
from heng.serve.excel.rows import write_rows
from heng.serve.excel.shown import Words
from heng.serve.labels import Labels
from heng.serve.question import subject
from heng.serve.reasons import as_data, source_columns
from heng.serve.receipt import receipt
from heng.serve.saved import save
from heng.serve.web.asked import why as ask
from heng.serve.web.definition import definition
from heng.serve.web.downloads import as_file, as_json, parted
from heng.serve.web.drill import Place, Placing, Step, address, looked_at, source_row, table_of, trail
from heng.serve.web.figures import figure
from heng.serve.web.naming import cautions, labels_of
from heng.serve.web.sheets import Sheet, sheet
from heng.serve.web.shown import page
from heng.serve.web.visit import Visit, Visiting
from heng.tables.costing import CostLine
from heng.tables.fees import FeeLine

router = APIRouter()


@dataclass(frozen=True)
class Turn:
    """看哪一部分、第几页 · The part of the source rows that is looked at, and the page of them."""

    part: str = ""
    number: int = 1


def turn(part: str = "", page: int = 1) -> Turn:
    """从地址读出 · Read off the address."""
    return Turn(part, page)


class Reasons:
    """一个数的来历 · Where a figure comes from, for one visitor."""

    def __init__(self, visit: Visit, name: str, at: Place, action: str = "see") -> None:
        """问什么 · What is asked; the month is the last of the period."""
        self.reader, self.found, self.voice = visit.reader(action), subject(name), visit.voice
        self.table: type[Table] = self.found.of if isinstance(self.found, Indicator) else self.found
        seen = looked_at(self.reader, self.table, at)
        (org,), month = seen.orgs, seen.period.months[-1]
        self.seen = replace(seen, period=Period(month, (month,)))
        self.at = replace(at, org=org, period=month)
        self.answer: Why = ask(self.reader, (org, month), self.table.__name__, dict(seen.where))
        self.labels: Labels = labels_of(self.reader, self.voice, [month])

    @property
    def side(self) -> str:
        """按什么分 · What source rows are parted by on their way down: cost items, or who performed."""
        return "dept" if charged(self.table) else "item"

    @cached_property
    def parts(self) -> pl.DataFrame:
        """各部分 · What each part contributes, the largest first; together they are what is counted here."""
        rows = self.answer.sources
        if self.side not in rows.columns:
            return pl.DataFrame()
        sums = (
            rows.group_by(self.side)
            .agg(pl.len().alias("rows"), pl.col("contribution").sum())
            .sort("contribution", self.side, descending=[True, False])
        )
        whole = sums["contribution"].sum()
        shares = [None if not whole else (v / whole).quantize(Decimal("0.000001")) for v in sums["contribution"]]
        return sums.with_columns(pl.Series("share", shares, dtype=pl.Decimal(18, 6)))

    def part_sheet(self) -> Sheet:
        """各部分的小表 · The parts as a table; each leads to its own rows."""
        side = CostLine.columns[self.side]
        columns = {
            self.side: side,
            "rows": Column(zh="来源行数", en="source rows", type="bigint", unit="行"),
            "contribution": money("其中计入", "counted here"),
            "share": rate("占比", "share", "1"),
        }
        return sheet(self.parts.with_columns(org=pl.lit(self.at.org)), columns, self.labels, self._inside)

    def _inside(self, row: Mapping[str, Any]) -> str:
        return f"{self.here}&part={row[self.side]}#sources" if row[self.side] is not None else ""

    @property
    def here(self) -> str:
        """本页 · The address of this answer."""
        name = self.found.key if isinstance(self.found, Indicator) else self.table.__name__
        return f"/why/{name}{self.at.query}"

    def source_sheet(self, turned: Turn) -> Sheet:
        """来源行 · Rows of files, of one part or of all, the one page; each leads to the row as it was loaded."""
        rows = self.sources(turned.part).with_columns(org=pl.lit(self.at.org))
        return sheet(rows, _first(source_columns(self.answer.sources.columns), "name", "row"), self.labels, self._file_row, turned.number)

    def sources(self, part: str = "") -> pl.DataFrame:
        """来源行 · The rows of files behind the figure, those of a part where one is named."""
        rows = self.answer.sources
        return rows.filter(pl.col(self.side) == part) if part and self.side in rows.columns else rows

    def _file_row(self, row: Mapping[str, Any]) -> str:
        feed = table_of(row["feed"]) if row.get("feed") else FeeLine
        return source_row(feed, self.at, row["file"], row["row"]) if self.reader.sees(feed, self.at.org) and row["file"] else ""

    def trail(self, part: str) -> list[Step]:
        """来路 · The levels above: the place, then this answer, then the part of it."""
        steps = [*trail(self.found, self.at, self.labels)]
        steps[-1] = replace(steps[-1], href=f"{address(self.found)}{self.at.query}")
        steps.append(Step(self.voice.pick("来历", "where it comes from"), self.here if part else ""))
        if part:
            steps.append(Step(self.labels.text(CostLine.columns[self.side], part, self.at.org)))
        return steps

    def caution(self) -> Caution:
        """当心 · What to know of the figure."""
        return cautions(self.reader, self.seen, self.table)


@router.get("/why/{name}")
def why(request: Request, visit: Visiting, name: str, at: Placing, turned: Annotated[Turn, Depends(turn)]) -> Response:
    """为什么 · The answer as a page, or as a file of its source rows; without a hospital, the hospitals to choose from."""
    key, ending = parted(name)
    found = subject(key)
    table = found.of if isinstance(found, Indicator) else found
    if not at.org:
        orgs = visit.reader().orgs(table)
        if len(orgs) != 1:
            labels = labels_of(visit.reader(), visit.voice)
            choices = [Step(labels.org(o), f"/why/{key}{replace(at, org=o).query}") for o in orgs]
            return page(request, "why_where.html", visit, name=visit.voice.pick(found.zh, found.en), choices=choices)
        at = replace(at, org=orgs[0])
    told = Reasons(visit, key, at, "export" if ending in (".csv", ".xlsx") else "see")
    if ending == ".json":
        return as_json(as_data(told.answer, told.caution()))
    if ending:
        return as_file(f"{found.zh} {told.at.period} 来历", ending, lambda path: _saved(told, turned.part, path))
    return page(request, "why.html", visit, **_values(told, turned))


def _first(columns: dict[str, Column], *names: str) -> dict[str, Column]:
    # What tells rows apart stands first: a phone shows the first two columns.
    return {n: columns[n] for n in dict.fromkeys((*names, *columns)) if n in columns}


def _saved(told: Reasons, part: str, path: Path) -> None:
    rows = told.sources(part)
    if not rows.height:  # no cost of departments or patients: the rows of the table are all there is
        save(told.answer.rows, told.table, told.labels, path)
        return
    columns = source_columns(rows.columns)
    text = [pl.Series(n, [told.labels.text(c, v, told.at.org) for v in rows[n]]) for n, c in columns.items() if c.codes or c.of]
    headers = {n: (c.zh, c.en) for n, c in columns.items()}
    write_rows(rows.select(*columns).with_columns(text), None, path, Words(told.voice.lang, {}, headers))


def _values(told: Reasons, turned: Turn) -> dict[str, Any]:
    answer, voice, labels = told.answer, told.voice, told.labels
    cap, yuan = answer.capability, money("成本", "cost")
    legs, leg_columns = receipt(answer.legs) if answer.legs.height else (answer.legs, {})
    zh, _, en = answer.formula.partition(" · ")
    found = told.found
    return {
        "found": found,
        "indicator": found if isinstance(found, Indicator) else None,
        "at": told.at,
        "here": told.here,
        "trail": told.trail(turned.part),
        "figure": figure(answer.figure, yuan, voice) if answer.figure is not None else None,
        "beyond": figure(answer.beyond, yuan, voice) if answer.beyond else None,
        "words": definition(told.reader.region, told.table.__name__, told.at, voice).words,
        "formula": (voice.pick(zh, en.partition("\n")[0]), en.partition("\n")[2].strip()),
        "capability": cap,
        "sql": answer.sql,
        "params": answer.params.to_dicts(),
        "parts": told.part_sheet() if told.parts.height else None,
        "legs": sheet(legs, _first(leg_columns, "giver", "driver"), labels) if legs.height else None,
        "rows": sheet(answer.rows, cap.writes.columns, labels),
        "table": cap.writes,
        "table_page": address(cap.writes) + told.at.query,
        "sources": told.source_sheet(turned) if answer.sources.height else None,
        "part": turned.part,
        "cautions": [voice.say(key, **values) for key, values in told.caution().phrases()],
    }
