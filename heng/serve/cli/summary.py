"""演示末尾的小结 · The few figures that the demo ends with: totals of the region, one hospital's unit costs, the tie-out."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from heng.words import say

if TYPE_CHECKING:
    import polars as pl

    from heng.app.region import Region


def summary(region: "Region", month: str, org: str, lang: str) -> list[str]:
    """小结的各行 · The lines of the summary in one language."""
    months = sorted({m for _, m in region.cells()})
    head = say(lang, "summary.head", name=region.name, hospitals=len(region.hospitals), first=months[0], last=months[-1])
    return [head, *_hospitals(region, months, lang), *_units(region, month, org, lang), _tied(region, lang)]


def _hospitals(region: "Region", months: list[str], lang: str) -> Iterator[str]:
    from heng.tables.costing import DeptResult

    rows = _seen(region, DeptResult, f"{months[0]}..{months[-1]}", (("scope", "hospital_full"),))
    names = {code: f"{code} {h.name}" for code, h in region.hospitals.items()}
    for code in [*names, ""]:
        mine = rows.filter(rows["org"] == code) if code else rows
        if mine.height:
            income, cost = _sum(mine, "income"), _sum(mine, "cost")
            name = names.get(code, say(lang, "summary.region"))
            yield say(lang, "summary.hospital", name=name, income=f"{income:,}", cost=f"{cost:,}", surplus=f"{income - cost:,}")


def _units(region: "Region", month: str, org: str, lang: str) -> Iterator[str]:
    from heng.tables.costing import DeptResult

    rows = _seen(region, DeptResult, month, (("scope", "medical"),), (org,))
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


def _tied(region: "Region", lang: str) -> str:
    from heng.app.held import held
    from heng.tables.costing import TieOut

    rows = held(region, TieOut, region.cells())
    worst = max((abs(d) for d in rows["difference"] if d is not None), default=Decimal("0.00"))
    return say(lang, "summary.tie", n=rows.select("org", "month").n_unique(), worst=worst)


def _seen(region: "Region", table: Any, when: str, where: tuple[tuple[str, str], ...], orgs: tuple[str, ...] = ()) -> "pl.DataFrame":
    from heng.app.period import View, see
    from heng.core.period import period

    return see(region, table, View(period(when), orgs, where=where))


def _sum(rows: "pl.DataFrame", column: str) -> Decimal:
    return sum((v for v in rows[column] if v is not None), Decimal(0))


def _ratio(cost: Decimal, volume: Decimal) -> str:
    return f"{(cost / volume).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"
