"""整个区域在两个引擎上 · A whole region on both engines: the same files; and what is said to run on DuckDB only."""

import inspect
from pathlib import Path

import pytest

from heng.app.compute import anew
from heng.app.difference import unequal_files
from heng.app.region import Region
from heng.app.trial import Trial
from heng.core.capability import CAPABILITIES, Capability, order
from heng.core.errors import TableError
from heng.serve.cli.main import main
from heng.store.spark import Spark
from tests.spark.test_golden_spark import in_sql

DEPARTMENTS = ("CostLine", "DirectCost", "Allocation", "DeptCost", "ScopeCost", "DeptResult")
"""从入账到科室结果 · From the books to the result of a department; all other tables are compared at night."""


def refused(cap: Capability, trial: Trial, told: Trial) -> bool:
    """Whether Spark cannot bind a capability's SELECT, or gives a column another scale than DuckDB does."""
    try:
        return trial.faults(cap) != told.faults(cap)
    except TableError:
        return True


@pytest.mark.nightly  # it binds every capability on Spark: a minute
def test_what_is_declared_for_duckdb_only_is_what_does_not_run_on_spark(engine: Spark) -> None:
    trial, told = Trial({}, engine=engine), Trial({})
    sandboxed = {c.name for c in CAPABILITIES.values() if "return [" in inspect.getsource(c.run)}
    found = {c.name for c in CAPABILITIES.values() if in_sql(c) and refused(c, trial, told)}
    assert sandboxed | found == {c.name for c in CAPABILITIES.values() if c.duckdb_only}


@pytest.mark.nightly  # minutes; each capability's golden rows on Spark are in every run
@pytest.mark.parametrize("tables", [DEPARTMENTS, ()], ids=["departments", "every table"])
def test_a_region_is_the_same_bytes_on_both_engines(pattern: Path, capsys: pytest.CaptureFixture[str], tables: tuple[str, ...]) -> None:
    asked = [word for name in tables for word in ("--table", name)]
    assert main(["--region", str(pattern / "region"), "diff", "--engines", "duckdb,spark", "--month", "2026-02", *asked]) == 0
    assert "duckdb, spark" in capsys.readouterr().out


def test_files_that_differ_are_named(pattern: Path) -> None:
    region = Region(pattern / "region")
    tables = [c.writes for c in order()]
    with anew(region, region.cells(months=["2026-01"]), tables[:3], "duckdb") as fewer:
        assert unequal_files(region, fewer, tables)
    assert not list(region.path.glob(".scratch-*"))
