"""出表要用的数 · The figures of one hospital and period that the statutory tables are made of, read once.

Costs of several months are added up; income and volumes of a department are known only when every month of the period
in which the department had costs knows them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from heng.app.period import View, see
from heng.app.reader import Reader, beyond
from heng.app.region import Hospital
from heng.core.errors import HengError
from heng.core.period import Period
from heng.core.table import Table
from heng.serve.excel.sheet import whole
from heng.serve.excel.wording import STEPS, Wording
from heng.tables.costing import Allocation, DeptCost, DeptResult, DirectCost, ScopeCost
from heng.tables.organisation import Department

Amounts = dict[tuple[str, ...], Decimal]
ZERO = Decimal(0)
VIEWS = ("direct", "indirect", "amount")
USED = (ScopeCost, DirectCost, DeptCost, Allocation, DeptResult, Department)
"""报表由这些表得出 · The tables that the statutory tables are made of."""
SETTINGS = ("outpatient", "inpatient", "none")


@dataclass(frozen=True)
class Result:
    """一个临床科室的收入与业务量 · Income, medical cost and volume of a clinical department; None where not known."""

    measure: str
    cost: Decimal | None
    income: Decimal | None
    volume: Decimal | None


@dataclass(frozen=True)
class Figures:
    """一院一期的数 · Amounts by the columns that their names say; a step is medical, fiscal or research (`STEPS`)."""

    period: Period
    missing: tuple[str, ...]
    names: dict[str, str]
    clinical: dict[str, str]
    """科室 → 门诊住院，按门诊、住院的次序 · Clinical departments with their setting, outpatient before inpatient."""
    direct: Amounts
    """category, dept, step, item"""
    full: dict[str, Amounts]
    """直接、间接、全成本各自的 · For each of VIEWS: dept, step, item"""
    origin: Amounts
    """dept, step, item, bucket"""
    legs: pl.DataFrame
    results: dict[str, Result]

    def name(self, dept: str) -> str:
        """科室名称 · The department's name; its code when the dictionary does not know it."""
        return self.names.get(dept, dept)


def read_figures(reader: Reader, hospital: Hospital, period: Period, wording: Wording) -> Figures:
    """读出各数 · Read all figures; HengError when no month of the period has been worked out."""
    _must_see_all(reader, hospital)
    held = {month for org, month in reader.held(ScopeCost) if org == hospital.code}
    months = tuple(m for m in period.months if m in held)
    if not months:
        raise HengError(
            f"{hospital.name} {period.name} 还没有算完",
            f"{hospital.name} {period.name} has not been worked out",
            mend=("请重新计算（网页「计算」，或 heng run）", "work it out again (the page Run, or heng run)"),
        )
    asked = _Asked(reader, View(period, (hospital.code,)), wording.step_of)
    scope = asked.rows(ScopeCost)
    settings = {str(r["dept"]): str(r["setting"]) for r in scope.iter_rows(named=True)}
    return Figures(
        period=period,
        missing=tuple(m for m in period.months if m not in held),
        names=_names(asked.rows(Department)),
        clinical=dict(sorted(settings.items(), key=lambda s: (SETTINGS.index(s[1]), s[0]))),
        direct=tally(asked.stepped(DirectCost), ("category", "dept", "step", "item")),
        full={view: _by_step(tally(scope, ("dept", "scope", "item"), view)) for view in VIEWS},
        origin=tally(asked.stepped(DeptCost), ("dept", "step", "item", "bucket")),
        legs=_legs(asked.stepped(Allocation), settings),
        results=_results(reader, hospital.code, months),
    )


def _must_see_all(reader: Reader, hospital: Hospital) -> None:
    for table in USED:
        sight = reader.sight(table, [hospital.code])
        if sight.narrow or not sight.full:
            raise beyond(f"{hospital.name} 的部分{table.zh}", f"part of {table.__name__} of {hospital.code}")


def tally(frame: pl.DataFrame, by: tuple[str, ...], value: str = "amount") -> Amounts:
    """按列汇总 · Sums by some columns; exact."""
    found: Amounts = defaultdict(lambda: ZERO)
    for *key, amount in frame.select(*by, value).iter_rows():
        found[tuple(key)] += amount
    return dict(found)


@dataclass(frozen=True)
class _Asked:
    reader: Reader
    view: View
    step_of: dict[str, str]

    def rows(self, table: type[Table]) -> pl.DataFrame:
        return see(self.reader, table, self.view)

    def stepped(self, table: type[Table]) -> pl.DataFrame:
        # A fund that no scope counts is in no statutory table.
        found = self.rows(table).filter(pl.col("fund").is_in(list(self.step_of)))
        return found.with_columns(pl.col("fund").replace_strict(self.step_of, return_dtype=pl.String).alias("step"))


def _by_step(scoped: Amounts) -> Amounts:
    # Each scope holds the one before it: the step between two is what the wider one adds.
    found: Amounts = {}
    for dept, item in sorted({(k[0], k[2]) for k in scoped}):
        before = ZERO
        for scope, step in STEPS.items():
            now = scoped.get((dept, scope, item), ZERO)
            found[dept, step, item] = now - before
            before = now
    return found


def _names(departments: pl.DataFrame) -> dict[str, str]:
    latest = {str(r["dept"]): str(r["name"]) for r in departments.sort("since", "dept").iter_rows(named=True)}
    often = list(latest.values())
    return {d: n if often.count(n) == 1 else f"{n}（{d}）" for d, n in latest.items()}


def _legs(legs: pl.DataFrame, clinical: Iterable[str]) -> pl.DataFrame:
    return (
        legs.filter(pl.col("receiver").is_in(list(clinical)))
        .group_by("receiver", "stage", "giver", "item", "driver", "step")
        .agg(pl.col("amount").sum(), pl.col("base").max(), pl.col("base_total").max())
        .sort("receiver", "stage", "giver", "item", "driver", "step")
    )


def _results(reader: Reader, org: str, months: tuple[str, ...]) -> dict[str, Result]:
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for month in months:
        view = View(Period(month, (month,)), (org,), where=(("scope", "medical"),))
        for row in see(reader, DeptResult, view).iter_rows(named=True):
            rows[str(row["dept"])].append(row)
    return {
        dept: Result(found[-1]["measure"], *(whole(r[k] for r in found) for k in ("cost", "income", "volume")))
        for dept, found in rows.items()
    }
