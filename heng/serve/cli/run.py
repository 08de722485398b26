"""运行：算出要算的月份 · Run: work out the months that need it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from heng.core.errors import HengError
from heng.core.period import period
from heng.serve.cli.command import Asker, Json, Orgs, command
from heng.serve.cli.console import progress, say
from heng.serve.cli.session import session

if TYPE_CHECKING:
    from heng.app.compute import RunReport
    from heng.app.region import Region
    from heng.app.watched import Watched


@dataclass(kw_only=True)
class RunOptions(Asker):
    """运行的选项 · Options of `heng run`."""

    months: Annotated[list[str], Argument(metavar="[MONTH]…", help="月份或期间，默认全部 · months or periods, all by default")] = field(
        default_factory=list
    )
    month: Annotated[list[str], Option("--month", help="同上 · the same", show_default=False)] = field(default_factory=list)
    org: Orgs = field(default_factory=list)
    engine: Annotated[str, Option("--engine", metavar="NAME", help="引擎：duckdb 或 spark · engine: duckdb or spark")] = "duckdb"
    json: Json = False


@command("run", RunOptions)
def run(asked: RunOptions) -> int:
    """算出各月的成本 · Work out the cost of the months; what has not changed is skipped."""
    from heng.app.watched import run_watched

    doer = session().doer(asked, "run")
    region = doer.region
    wanted = doer.let(cells(region, asked.org, [*asked.months, *asked.month]), named=bool(asked.org))
    with progress() as report:
        found = run_watched(region, wanted, report, asked.engine)
    print_report(region, found.done, as_data=asked.json, cases=found)
    return 1 if found.done.blocked else 0


def cells(region: "Region", orgs: list[str], periods: list[str]) -> list[tuple[str, str]]:
    """要处理的（医院, 月） · The (hospital, month) pairs asked for; HengError when nothing is held for them."""
    codes = [region.hospital(o).code for o in orgs]
    found = region.cells(codes, [m for text in periods for m in period(text).months])
    if not found:
        raise HengError(
            "这些医院与月份没有数据",
            "nothing is held for these hospitals and months",
            where=" ".join([*codes, *periods]) or region.name,
            mend=("先用 heng load 装入文件", "load files first: heng load"),
        )
    return found


def print_report(region: "Region", done: "RunReport", *, as_data: bool = False, cases: "Watched | None" = None) -> None:
    """运行的结果 · What a run did, and the cases that came of it."""
    if as_data:
        from heng.serve.cli.output import print_json

        print_json(_data(region, done) | (_cases(cases) if cases else {}))
        return
    from heng.core.capability import CAPABILITIES

    now = session()
    for name, n in done.written.items():
        say("run.written", name=name, title=now.pick(CAPABILITIES[name].zh, CAPABILITIES[name].en), n=n)
    for org, month in done.closed:
        say("run.closed", org=org, month=month)
    for (org, month), why in done.blocked.items():
        say("run.blocked", org=org or session().say("run.region"), month=month, why=now.pick(*why))
    if done.blocked:
        say("run.mend")
    say(
        "run.done",
        written=sum(done.written.values()),
        skipped=done.skipped,
        blocked=len(done.blocked),
        generation=region.manifest.generation,
    )
    if cases:
        _tell(cases)


def _tell(found: "Watched") -> None:
    for key, report in (("run.cases", found.alerts), ("run.corrections", found.corrections), ("run.returns", found.returns)):
        if report.cases:
            say(key, n=len(report.cases))
        for case, why in report.without_owner.items():
            say("run.without_owner", case=case, why=session().pick(*why))


def _cases(found: "Watched") -> dict[str, Any]:
    without = found.alerts.without_owner | found.corrections.without_owner | found.returns.without_owner
    return {
        "alerts": [c.key for c in found.alerts.cases],
        "corrections": [c.key for c in found.corrections.cases],
        "returns": [c.key for c in found.returns.cases],
        "without_owner": [{"case": key, "reason_zh": zh, "reason_en": en} for key, (zh, en) in without.items()],
    }


def _data(region: "Region", done: "RunReport") -> dict[str, Any]:
    return {
        "generation": region.manifest.generation,
        "written": done.written,
        "skipped": done.skipped,
        "blocked": [{"org": o, "month": m, "reason_zh": zh, "reason_en": en} for (o, m), (zh, en) in done.blocked.items()],
        "closed": [{"org": o, "month": m} for o, m in done.closed],
    }
