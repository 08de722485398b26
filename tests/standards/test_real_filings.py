"""真实成本报表 · 300 real cost reports keep their identities; of 200 seeded changes nearly all are found, with report and cell."""

import csv
import gzip
import json
import random
from collections.abc import Callable
from decimal import ROUND_UP, Decimal
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest

import heng.app.region  # noqa: F401 - registers tables and capabilities
from heng.app.trial import Trial
from heng.store.policy_files import read_policy
from heng.tables.forms import FormCell
from heng.tables.quality import FormFinding

pytestmark = pytest.mark.shared

SUM = {"along": "line", "kind": "sum", "less": [], "tolerance": "1", "blank": "zero"}
RATIO = SUM | {"kind": "ratio", "tolerance": "0.0000015", "blank": "absent"}
IDENTITIES = [
    {"id": name, "zh": zh, "en": en, "sheet": f"{name[0]}000000", "add": add, "result": result, **kind}
    for name, zh, en, add, result, kind in (
        ("A1+A2=A3", "工资加其他等于合计", "salaries + other = total", ["00100", "00200"], "00300", SUM),
        ("A3+A4=A5", "合计加重分类等于重分类后", "total + reclassification = reclassified", ["00300", "00400"], "00500", SUM),
        ("A5+A6=A7", "重分类后加调整等于净费用", "reclassified + adjustment = net expense", ["00500", "00600"], "00700", SUM),
        ("C1/C2=C3", "成本除以收费等于比率", "cost / charges = ratio", ["00100", "00200"], "00300", RATIO),
    )
]
Place = tuple[str, str, str]


class Filings(NamedTuple):
    """The cells of sheets A and C by (report, sheet, line) and column; how many reports; what their source expects."""

    cells: dict[Place, dict[str, Decimal]]
    reports: int
    expected: dict[str, dict[str, int]]


@pytest.fixture(scope="module")
def filings(shared: Path) -> Filings:
    cells: dict[Place, dict[str, Decimal]] = {}
    with gzip.open(shared / "snf-cost-reports/snf2011_first300.csv.gz", "rt", encoding="utf8") as text:
        rows = list(csv.DictReader(text))
    for row in rows:
        for name, value in row.items():
            if name.startswith(("A000000_", "C000000_")) and value:
                sheet, line, column, _ = name.split("_")
                cells.setdefault((row["RPT_REC_NUM"], sheet, line), {})[column] = Decimal(value)
    expected = json.loads((shared / "snf-cost-reports/expected.json").read_text("utf8"))
    return Filings(cells, len(rows), expected["identities"])


def findings(cells: dict[Place, dict[str, Decimal]]) -> pl.DataFrame:
    """What the capability says of these cells."""
    rows = [(*place, column, value) for place, columns in cells.items() for column, value in columns.items()]
    names = ["report", "sheet", "line", "column", "value"]
    frame = pl.DataFrame(rows, schema={**dict.fromkeys(names[:4], pl.String), "value": pl.Decimal(18, 6)}, orient="row")
    whole = frame.with_row_index("row", 1).select(
        pl.lit("H01").alias("org"), pl.lit("2011-12").alias("month"), *names, pl.lit("snf").alias("file"), pl.col("row").cast(pl.Int32)
    )
    policy = read_policy().scenario({"standards.check_forms.identities": IDENTITIES})
    return Trial({FormCell: whole}, policy, [("H01", "2011-12")]).compute(FormFinding)


def taking_part(cells: dict[Place, dict[str, Decimal]]) -> list[tuple[Place, str]]:
    """Filled cells of identities whose result cell is filled."""
    found = {
        (place, column)
        for place, columns in cells.items()
        for i in IDENTITIES
        if place[1] == i["sheet"] and i["result"] in columns
        for column in [*i["add"], i["result"]]
        if column in columns and (i["kind"] == "sum" or all(a in columns for a in i["add"]))
    }
    return sorted(found)


def changed(value: Decimal, chance: random.Random) -> Decimal:
    """Another value, at least 1 % and at least 1 unit away, to the precision of the form."""
    step = max(abs(value) * Decimal(chance.randint(100, 5000)) / 10000, Decimal(1))
    places = Decimal(1) if value == value.to_integral_value() else value
    return value + chance.choice((-1, 1)) * step.quantize(places, rounding=ROUND_UP)


def test_no_identity_of_the_real_reports_raises_a_false_alarm(filings: Filings) -> None:
    assert filings.reports == 300
    lines = sum(1 for (_, sheet, _), c in filings.cells.items() if sheet == "C000000" and {"00100", "00200", "00300"} <= set(c))
    assert lines == next(i["lines"] for i in filings.expected.values() if "lines" in i)
    assert findings(filings.cells).height == sum(i["violations"] for i in filings.expected.values()) == 0


def test_of_200_changes_at_least_95_of_100_are_found_with_report_and_cell(
    filings: Filings, record_property: Callable[[str, object], None], capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(20260331)  # noqa: S311 - a seeded draw that repeats itself
    of_report: dict[str, list[Place]] = {}
    for place in filings.cells:
        of_report.setdefault(place[0], []).append(place)
    drawn = chance.sample(taking_part(filings.cells), 200)
    copies: dict[Place, dict[str, Decimal]] = {}  # every change in a copy of its report, named by its number
    for n, (place, column) in enumerate(drawn):
        copies |= {(str(n), *p[1:]): dict(filings.cells[p]) for p in of_report[place[0]]}
        copies[str(n), *place[1:]][column] = changed(filings.cells[place][column], chance)
    named = findings(copies)
    found = sum(
        bool(
            named.filter(
                (pl.col("report") == str(n))
                & (pl.col("line") == place[2])
                & pl.col("cells").str.contains(f"{place[1]}/{place[2]}/{column} = ", literal=True)
            ).height
        )
        for n, (place, column) in enumerate(drawn)
    )
    record_property("share_found", found / 200)
    with capsys.disabled():
        print(f" [{found}/200] ", end="")  # noqa: T201 - the measured share is part of the answer
    assert found >= 190
