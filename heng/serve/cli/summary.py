"""演示末尾的小结 · The few figures that the demo ends with: totals of the region, unit costs, patients' costs, the tie-outs."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from heng.words import say

if TYPE_CHECKING:
    import polars as pl

    from heng.app.reader import Reader

Cell = tuple[str, str]
LAST_STEP = 9
"""项目成本勾稽的差额一步 · The step of the item tie-out that is the gap."""


def summary(reader: "Reader", shown: Cell, patients: Cell, lang: str) -> list[str]:
    """小结的各行 · The lines of the summary: unit costs of one (hospital, month), patients' costs of another."""
    org, month = shown
    months = sorted({m for _, m in reader.region.cells()})
    head = say(lang, "summary.head", name=reader.region.name, hospitals=len(reader.region.hospitals), first=months[0], last=months[-1])
    return [
        head,
        *_hospitals(reader, months, lang),
        *_units(reader, month, org, lang),
        _tied(reader, lang),
        *_patients(reader, patients, lang),
        *_payment(reader, patients, lang),
    ]


def _hospitals(reader: "Reader", months: list[str], lang: str) -> Iterator[str]:
    from heng.tables.costing import DeptResult

    rows = _seen(reader, DeptResult, f"{months[0]}..{months[-1]}", (("scope", "hospital_full"),))
    names = {code: f"{code} {h.name}" for code, h in reader.region.hospitals.items()}
    for code in [*names, ""]:
        mine = rows.filter(rows["org"] == code) if code else rows
        if mine.height:
            income, cost = _sum(mine, "income"), _sum(mine, "cost")
            name = names.get(code, say(lang, "summary.region"))
            yield say(lang, "summary.hospital", name=name, income=f"{income:,}", cost=f"{cost:,}", surplus=f"{income - cost:,}")


def _units(reader: "Reader", month: str, org: str, lang: str) -> Iterator[str]:
    from heng.tables.costing import DeptResult

    rows = _seen(reader, DeptResult, month, (("scope", "medical"),), (org,))
    for measure in ("visit", "bed_day"):
        mine = rows.filter((rows["measure"] == measure) & rows["volume"].is_not_null())
        cost, volume = _sum(mine, "cost"), _sum(mine, "volume")
        if volume:
            unit = _ratio(cost, volume)
            yield say(
                lang,
                f"summary.{measure}",
                org=org,
                month=month,
                unit=unit,
                cost=f"{mine['cost'].sum():,}",
                volume=f"{int(mine['volume'].sum()):,}",
            )


def _tied(reader: "Reader", lang: str) -> str:
    from heng.app.held import held
    from heng.tables.costing import TieOut

    rows = held(reader, TieOut, reader.region.cells())
    worst = max((abs(d) for d in rows["difference"] if d is not None), default=Decimal("0.00"))
    return say(lang, "summary.tie", n=rows.select("org", "month").n_unique(), worst=worst)


def _patients(reader: "Reader", cell: Cell, lang: str) -> Iterator[str]:
    from heng.app.held import held
    from heng.tables.patients import Charge, EncounterCost, PatientTieOut
    from heng.tables.services import CapacityCost, ServiceCost

    counts = {n: held(reader, t, [cell]).height for n, t in (("lines", Charge), ("services", ServiceCost), ("encounters", EncounterCost))}
    yield say(lang, "summary.patients", org=cell[0], month=cell[1], **{n: f"{c:,}" for n, c in counts.items()})
    tied = held(reader, PatientTieOut, [cell])
    sums = {c: _sum(tied, c) for c in ("cost", "patients", "unmatched")}
    share = _percent(sums["patients"], sums["cost"])
    yield say(lang, "summary.matched", share=share, **{c: f"{v:,}" for c, v in sums.items()})
    for row in held(reader, CapacityCost, [cell]).iter_rows(named=True):
        use = _percent(row["used"], row["practical"])
        yield say(lang, "summary.unused", dept=_named(reader, row["dept"], cell), unused=f"{row['unused']:,}", use=use)
    yield from _group(reader, cell, lang)
    yield _patients_tied(reader, lang)


def _group(reader: "Reader", cell: Cell, lang: str) -> Iterator[str]:
    """The DRG that costs most, and the regional standard of it."""
    from heng.app.held import held
    from heng.tables.cases import DiseaseStandard, GroupCost

    rows = held(reader, GroupCost, [cell])
    drgs = rows.filter((rows["scheme"] == "drg") & (rows["care"] == "inpatient")).sort("amount", "group", descending=True)
    standards = held(reader, DiseaseStandard, [cell])
    for row in drgs[:1].iter_rows(named=True):
        mine = standards.filter((standards["scheme"] == "drg") & (standards["group"] == row["group"]))["standard"]
        shown = {"mean": row["mean"], "income": row["mean_income"], "standard": mine[0] if len(mine) else None}
        yield say(lang, "summary.group", group=row["group"], cases=row["cases"], **{n: _yuan(v) for n, v in shown.items()})


def _payment(reader: "Reader", cell: Cell, lang: str) -> Iterator[str]:
    from heng.app.held import held
    from heng.tables.margin import MarginBoard

    rows = held(reader, MarginBoard, [cell])
    for row in rows.filter(rows["by"] == "hospital").iter_rows(named=True):
        shown = {"payment": row["payment"], "official": row["profit_official"], "margin": row["margin"], "cmi": row["cmi"]}
        counts = {n: f"{row[n]:,}" for n in ("cases", "costed")}
        yield say(lang, "summary.payment", org=cell[0], month=cell[1], **counts, **{n: _yuan(v) for n, v in shown.items()})


def _patients_tied(reader: "Reader", lang: str) -> str:
    from heng.app.held import held
    from heng.tables.patients import PatientTieOut
    from heng.tables.services import ItemTieOut

    tied, items = held(reader, PatientTieOut, reader.region.cells()), held(reader, ItemTieOut, reader.region.cells())
    gaps = [*tied["difference"], *items.filter(items["step"] == LAST_STEP)["amount"]]
    worst = max((abs(d) for d in gaps), default=Decimal("0.00"))
    return say(lang, "summary.patient_tie", n=f"{tied.height:,}", months=items.select("org", "month").n_unique(), worst=worst)


def _named(reader: "Reader", dept: str, cell: Cell) -> str:
    from heng.app.held import held
    from heng.tables.organisation import Department

    rows = held(reader, Department, [cell])
    return f"{dept} {rows.filter(rows['dept'] == dept)['name'][0]}"


def _percent(part: Decimal, whole: Decimal) -> str:
    return f"{part * 100 / whole:.1f}%" if whole else "—"


def _yuan(value: Decimal | None) -> str:
    return "—" if value is None else f"{value:,.2f}"


def _seen(reader: "Reader", table: Any, when: str, where: tuple[tuple[str, str], ...], orgs: tuple[str, ...] = ()) -> "pl.DataFrame":
    from heng.app.period import View, see
    from heng.core.period import period

    return see(reader, table, View(period(when), orgs, where=where))


def _sum(rows: "pl.DataFrame", column: str) -> Decimal:
    return sum((v for v in rows[column] if v is not None), Decimal(0))


def _ratio(cost: Decimal, volume: Decimal) -> str:
    return f"{(cost / volume).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"
