"""检查：接线与类型，数据质量，分摊前错误 · Check: wiring and types without data; in a region, quality and readiness."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Option

from heng.serve.cli.command import Asker, Json, Month, Orgs, command
from heng.serve.cli.console import progress, say, show, tell, warn
from heng.serve.cli.session import session

if TYPE_CHECKING:
    import polars as pl

    from heng.app.doing import Doer
    from heng.app.region import Region
    from heng.core.table import Table

WORST = ("error", "fail", "pass_with_failures", "pass", "not_applicable")


@dataclass(kw_only=True)
class CheckOptions(Asker):
    """检查的选项 · Options of `heng check`."""

    org: Orgs = field(default_factory=list)
    month: Month = ""
    failures: Annotated[Path | None, Option("--failures", metavar="FILE", help="问题行写成 xlsx 或 csv · failing rows as xlsx or csv")] = (
        None
    )
    all: Annotated[bool, Option("--all", help="也列出通过的检查 · list checks that pass, too")] = False
    json: Json = False


@command("check", CheckOptions)
def check(asked: CheckOptions) -> int:
    """检查接线与类型；在区域中再查数据质量 · Check wiring and types; in a region, data quality and readiness."""
    if not (session().path() / "heng.yaml").exists() and not session().folder:
        faults, bound = type_faults()
        _print_types(faults, bound, as_data=asked.json)
        return 1 if faults else 0
    doer = session().doer(asked, "run")
    faults, bound = type_faults(doer.region)
    found = Quality(doer, asked.org, asked.month, "export" if asked.failures else "see")
    if asked.json:
        _print_json(faults, found)
    else:
        _print_types(faults, bound)
        _print_quality(found, every=asked.all)
    if asked.failures:
        found.write_failures(asked.failures)
        if not asked.json:
            say("check.failures", n=f"{found.failures.height:,}", path=asked.failures)
    return 1 if faults or found.stops() else 0


def type_faults(region: "Region | None" = None) -> tuple[list[str], int]:
    """不用数据核对每项能力 · Bind every capability on empty tables, under the region's policy: what is wrong, how many were bound."""
    import heng.app.region  # noqa: F401 - declares all tables and capabilities
    from heng.app.trial import Trial
    from heng.core.capability import CAPABILITIES
    from heng.core.errors import HengError
    from heng.store.policy_files import read_policy

    faults, trial = list[str](), Trial({}, region.policy if region else read_policy())
    for cap in CAPABILITIES.values():
        try:
            faults += trial.faults(cap)
        except HengError as e:
            faults.append(f"{cap.name}: {session().pick(e.zh, e.en)}")
    return faults, len(CAPABILITIES)


class Quality:
    """一个区域的数据质量 · The data quality of a region's months: results, failures, readiness."""

    def __init__(self, doer: "Doer", orgs: list[str], month: str, action: str = "see") -> None:
        """先算出检查结果（没有变化的跳过） · Work the checks out first, where who asks may run; what has not changed is skipped."""
        import heng.tables.quality as kinds
        from heng.app.compute import run
        from heng.app.held import held
        from heng.core.period import period
        from heng.tables.costing import Readiness

        self.reader = reader = doer.reader(action)
        self.cells = reader.cells(kinds.CheckResult, [reader.hospital(o).code for o in orgs], period(month).months if month else ())
        wanted: list[type[Table]] = [kinds.CheckResult, kinds.CheckFailure, Readiness]
        if mine := [c for c in self.cells if doer.may(c[0])]:
            doer.must(org for org, _ in mine)
            with progress() as report:
                run(reader.region, mine, wanted, report)
        if len(mine) < len(self.cells):
            warn("check.as_held")
        self.results, self.readiness = (held(reader, t, self.cells) for t in (kinds.CheckResult, Readiness))

    @cached_property
    def failures(self) -> "pl.DataFrame":
        """问题行 · Every failing row; they are deeper data than what was found, and not for everybody."""
        from heng.app.held import held
        from heng.tables.quality import CheckFailure

        return held(self.reader, CheckFailure, self.cells)

    def scorecard(self) -> "pl.DataFrame":
        """成绩单：每项检查一行，取最差的结论 · One row a check over all months: its worst outcome, rows checked and failed."""
        import polars as pl

        rank = pl.col("outcome").replace_strict({o: n for n, o in enumerate(WORST)}, return_dtype=pl.Int8)
        lead = ["check", "name_zh", "name_en", "family", "table", "owner"]
        return (
            self.results.with_columns(rank.alias("rank"))
            .group_by(lead)
            .agg(
                pl.col("outcome").sort_by("rank").first(),
                pl.col("checked").sum(),
                pl.col("failed").sum(),
                pl.col("due").min(),
                pl.col("rank").min(),
            )
            .sort("rank", "failed", "check", descending=[False, True, False])
            .select("check", "name_zh", "name_en", "family", "table", "outcome", "checked", "failed", "owner", "due")
        )

    def stops(self) -> bool:
        """是否有要改的 · Whether anything fails or stops a month."""
        return bool(self.results.filter(self.results["outcome"].is_in(["fail", "error"])).height) or "error" in set(
            self.readiness["severity"]
        )

    def write_failures(self, path: Path) -> None:
        """导出全部问题行 · Export every failing row; of several hospitals without the columns that never leave one."""
        from heng.serve.labels import Labels
        from heng.serve.saved import save
        from heng.tables.quality import CheckFailure

        labels = Labels(self.reader, session(), sorted({m for _, m in self.cells}))
        save(self.failures, CheckFailure, labels, path)


def _print_types(faults: list[str], bound: int, *, as_data: bool = False) -> None:
    if as_data:
        from heng.serve.cli.output import print_json

        print_json({"types": faults, "duckdb_only": _duckdb_only()})
        return
    say("check.types", n=bound, faults=len(faults))
    tell(*(f"  {f}" for f in faults))
    for name, why in _duckdb_only().items():
        say("check.engine", name=name, why=session().pick(why["zh"], why["en"]))


def _duckdb_only() -> dict[str, dict[str, str]]:
    """只在 DuckDB 上运行的能力 · Capabilities that run on DuckDB only, and why."""
    from heng.core.capability import CAPABILITIES

    return {c.name: {"zh": c.duckdb_only[0], "en": c.duckdb_only[1]} for c in CAPABILITIES.values() if c.duckdb_only}


def _print_json(faults: list[str], found: Quality) -> None:
    from heng.serve.cli.output import print_json
    from heng.serve.columns import as_json
    from heng.tables.costing import Readiness
    from heng.tables.quality import CheckFailure, CheckResult

    print_json(
        {
            "types": faults,
            "duckdb_only": _duckdb_only(),
            "generation": found.reader.region.manifest.generation,
            "results": as_json(found.results, CheckResult.columns),
            "readiness": as_json(found.readiness, Readiness.columns),
            "failures": found.failures.height if all(found.reader.sees(CheckFailure, org) for org, _ in found.cells) else None,
        }
    )


def _print_quality(found: Quality, *, every: bool) -> None:
    import polars as pl

    from heng.serve.labels import Labels
    from heng.tables.costing import Readiness
    from heng.tables.quality import CheckResult

    now = session()
    if not found.cells:
        say("check.none")
        return
    labels, card = Labels(found.reader, now, sorted({m for _, m in found.cells})), found.scorecard()
    shown = card if every else card.filter(~pl.col("outcome").is_in(["pass", "not_applicable"]))
    if shown.height:
        _draw(shown, CheckResult, labels)
    counts: dict[str, int] = dict(card["outcome"].value_counts().iter_rows())
    passed, some, failed, na, error = (counts.get(o, 0) for o in ("pass", "pass_with_failures", "fail", "not_applicable", "error"))
    say("check.score", n=card.height, passed=passed, some=some, failed=failed, na=na, error=error)
    if found.readiness.height:
        ranked = found.readiness.sort(pl.col("severity").replace_strict({"error": 0, "warning": 1}, default=2), maintain_order=True)
        _draw(ranked, Readiness, labels)
    else:
        say("check.ready")


def _draw(rows: "pl.DataFrame", table: "type[Table]", labels: Any, limit: int = 30) -> None:
    from heng.core.table import TABLES
    from heng.serve.cli.output import draw

    columns = {n: table.columns[n] for n in rows.columns}
    if "table" in columns:
        columns["table"] = replace(columns["table"], codes={n: (t.zh, t.en) for n, t in TABLES.items()})
    for part in draw(rows, columns, labels, title=session().pick(table.zh, table.en), limit=limit):
        show(part)
