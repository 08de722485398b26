"""同样的活，别人来做 · The same work done with Polars, and with pandas in floats, from the same files to a file each.

For each month: the cost of a unit from the matched cost, lines joined to it, summed for each encounter and cost item,
rounded to the fen with the remainder carried on, sorted, written. Polars does it in its own decimals, as anyone would write
it, and once more in 128-bit integers scaled by hand, the fastest way found for it.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from heng.app.region import Region
from heng.tables.codes import ITEM
from heng.tables.patients import Charge
from heng.tables.services import MatchedCost

COSTS = tuple(ITEM)


def polars_like(path: Path) -> dict[str, Any]:
    """用 Polars · In decimals month by month and all at once, of which the faster counts; and in integers scaled by hand."""
    region = Region(path)
    months = [m for _, m in region.cells()]
    charges, matched = _files(region, Charge.__name__), _files(region, MatchedCost.__name__)
    out = path / "polars"
    out.mkdir()

    def by_month(work: Callable[[pl.LazyFrame, pl.LazyFrame], pl.DataFrame]) -> None:
        for m, c, r in zip(months, charges, matched, strict=True):
            work(pl.scan_parquet(c), pl.scan_parquet(r)).write_parquet(out / f"{m}.parquet", compression="zstd", statistics=False)

    def at_once() -> None:
        rows = _decimals(pl.scan_parquet(charges), pl.scan_parquet(matched), ["org", "month"])
        for (_, m), part in rows.partition_by("org", "month", as_dict=True, maintain_order=True).items():
            part.write_parquet(out / f"{m}.parquet", compression="zstd", statistics=False)

    ways: dict[str, Callable[[], None]] = {
        "decimals": lambda: by_month(lambda c, r: _decimals(c, r, [])),
        "integers": lambda: by_month(_integers),
        "at once": at_once,
    }
    spent = {name: took(way) for name, way in ways.items()}
    best = min(spent["decimals"], spent["at once"])
    return {
        "patient_polars_s": round(best.wall, 2),
        "patient_polars_cpu_s": round(best.cpu, 2),
        "patient_polars_integers_s": round(spent["integers"].wall, 2),
        "patient_polars_integers_cpu_s": round(spent["integers"].cpu, 2),
    }


def _decimals(charges: pl.LazyFrame, matched: pl.LazyFrame, place: list[str]) -> pl.DataFrame:
    rates = matched.select(*place, "service", *(_unit(c).alias(f"{c}_rate") for c in COSTS))
    lines = charges.filter(pl.col("encounter") > 0).join(rates, on=[*place, "service"])
    sums = lines.group_by(*place, "encounter").agg((pl.col("quantity") * pl.col(f"{c}_rate")).sum().alias(c) for c in COSTS)
    return _rounded(sums.sort(*place, "encounter").collect(engine="streaming"), place)


def _unit(cost: str) -> pl.Expr:
    return pl.col(cost).cast(pl.Decimal(38, 12)) / pl.col("patient_quantity")


def _integers(charges: pl.LazyFrame, matched: pl.LazyFrame) -> pl.DataFrame:
    ticks = (pl.col("patient_quantity").cast(pl.Decimal(38, 4)) * 10_000).cast(pl.Int128)
    exact = ((pl.col(c).cast(pl.Decimal(38, 2)) * 100).cast(pl.Int128) * 10**14 // ticks for c in COSTS)
    rates = matched.select("service", *(e.alias(f"{c}_rate") for c, e in zip(COSTS, exact, strict=True)))
    lines = charges.filter(pl.col("encounter") > 0).join(rates, on="service")
    quantity = (pl.col("quantity") * 10_000).cast(pl.Int64)
    sums = lines.with_columns(quantity).group_by("encounter").agg((pl.col("quantity") * pl.col(f"{c}_rate")).sum().alias(c) for c in COSTS)
    found = sums.sort("encounter").collect(engine="streaming")
    return _rounded(found.with_columns((pl.col(c) // 10**4).cast(pl.Decimal(38, 12)) / 10**12 for c in COSTS), [])


def _rounded(rows: pl.DataFrame, place: list[str]) -> pl.DataFrame:
    running = rows.with_columns((pl.col(c).cum_sum().over(place) if place else pl.col(c).cum_sum()).round(2) for c in COSTS)
    before = [(pl.col(c).shift(1, fill_value=0).over(place) if place else pl.col(c).shift(1, fill_value=0)) for c in COSTS]
    fen = running.with_columns((pl.col(c) - b).cast(pl.Decimal(18, 2)).alias(c) for c, b in zip(COSTS, before, strict=True))
    return fen.with_columns(amount=pl.sum_horizontal(COSTS))


def pandas_like(path: Path) -> dict[str, Any]:
    """用 pandas（浮点数，不精确） · With pandas, in floats, which is not exact; a word in place of the figure where it is not installed."""
    try:
        import pandas as pd  # noqa: PLC0415 - not everyone has it
    except ImportError:
        return {"pandas_s": "pandas is not installed"}
    region = Region(path)

    def work() -> None:
        for c, r in zip(_files(region, Charge.__name__), _files(region, MatchedCost.__name__), strict=True):
            lines = _floats(pd, pl.read_parquet(c, columns=["encounter", "service", "quantity"]))
            rates = _floats(pd, pl.read_parquet(r, columns=["service", "patient_quantity", *COSTS])).set_index("service")
            unit = rates[list(COSTS)].div(rates["patient_quantity"], axis=0)
            joined = lines[lines["encounter"] > 0].join(unit, on="service", how="inner")
            costs = joined[list(COSTS)].mul(joined["quantity"], axis=0).groupby(joined["encounter"]).sum().round(2)
            pl.DataFrame({c: costs[c].to_numpy() for c in COSTS}).write_parquet(path / "pandas.parquet")

    return {"pandas_s": round(took(work).wall, 2)}


def _floats(pandas: Any, rows: pl.DataFrame) -> Any:
    decimals = [n for n, t in rows.schema.items() if isinstance(t, pl.Decimal)]
    return pandas.DataFrame({n: c.to_numpy() for n, c in rows.with_columns(pl.col(decimals).cast(pl.Float64)).to_dict().items()})


def _files(region: Region, table: str) -> list[Path]:
    return [region.path / p.file for p in sorted(region.manifest.of(table))]


class Took(NamedTuple):
    """用了多久 · Seconds by the clock, and of the processors; on a busy machine the second says more."""

    wall: float
    cpu: float


def took(work: Callable[[], object]) -> Took:
    """计时 · Time a piece of work."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - wall, time.process_time() - cpu)
