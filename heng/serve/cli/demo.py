"""演示：从源文件到法定报表 · The demo: a pretended region from its source files to the statutory tables.

It goes the way everyone goes: files are written, loaded, found faulty in places, corrected, checked, worked out, exported.
"""

import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

from typer import Option

from heng.core.errors import HengError
from heng.core.period import period
from heng.serve.cli.command import command
from heng.serve.cli.console import progress, say, tell
from heng.serve.cli.session import session

if TYPE_CHECKING:
    from heng.app.load import LoadReport
    from heng.app.region import Region
    from heng.demo.region import DemoRegion
    from heng.store.workers import Workers

MARK = ".heng-demo"
SHOWN = "2026-03"
FIRST = "H01"
PATIENTS = ("H02", "2026-09")


@dataclass(kw_only=True)
class DemoOptions:
    """演示的选项 · Options of `heng demo`."""

    to: Annotated[Path, Option("--to", help="放在哪里 · where to put it")] = Path("demo")


@command("demo", DemoOptions)
def demo(asked: DemoOptions) -> int:
    """演示区域：四家医院十二个月，从源文件到报表 · A demo region of four hospitals and twelve months, made anew."""
    from heng.store.workers import workers

    begun = perf_counter()
    _anew(asked.to)
    with workers(patience=0) as others:
        code = _made(asked.to, others)
    say("demo.took", seconds=f"{perf_counter() - begun:.0f}")
    return code


def _made(folder: Path, others: "Workers") -> int:
    from heng.app.region import Hospital, Region, new_region
    from heng.demo.region import write_region

    with progress() as report:
        report(session().say("demo.writing"), 0, 1)
        made = write_region(folder / "source", each=others.each)
    say("demo.written", n=len(made.files), folder=folder / "source")
    region = new_region(folder / "region", made.name, [Hospital(*h) for h in made.hospitals])
    for name, text in made.policy.items():
        (region.path / "policy" / name).parent.mkdir(parents=True, exist_ok=True)
        (region.path / "policy" / name).write_text(text, "utf8")
    region = Region(region.path)
    _load(region, made, folder)
    _packs(region)
    with ThreadPoolExecutor(1) as aside:  # hashing passwords takes long on purpose: it is done while the checks run
        people = aside.submit(_people, Region(region.path))
        _check(region)
    say("demo.people", n=people.result())
    code = _run(region)
    with progress() as report:
        report(session().say("demo.exporting"), 0, 1)
        written = [path for some in others.each(partial(_export, region.path, folder / "out"), region.hospitals) for path in some]
    _summary(region, folder, written)
    return code


def _anew(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise HengError(
            "这个文件夹不是演示留下的，不敢清空",
            "this folder was not left by the demo; it is not emptied",
            where=str(folder),
            mend=("用 --to 另指一处", "name another place with --to"),
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()
    for name in ("source", "region", "out"):
        shutil.rmtree(folder / name, ignore_errors=True)


def _load(region: "Region", made: "DemoRegion", folder: Path) -> None:
    first = _loaded(region, made.files)
    bad = first.findings.filter(first.findings["severity"] == "error").height
    say("demo.loaded", rows=f"{sum(first.rows.values()):,}", findings=first.findings.height, bad=bad)
    say("demo.returned", n=len(first.returned), folder=folder / "region" / "returned")
    for error in first.refused:
        tell(*(f"  {line}" for line in error.told(session().lang)))
    again = _loaded(region, made.corrections)
    say("demo.corrected", n=len(again.loaded), bad=again.findings.filter(again.findings["severity"] == "error").height)


def _loaded(region: "Region", files: list[tuple[str, Path]]) -> "LoadReport":
    from heng.app.load import load
    from heng.intake.delivery import Place

    with progress() as report:
        return load(region, files, Place("", "", {}, ""), progress=report)


def _packs(region: "Region") -> None:
    from heng.app.load_pack import load_pack
    from heng.demo.payment import packs

    say("demo.packs", names=" ".join(load_pack(region, path).name for path in packs()))


def _check(region: "Region") -> None:
    from heng.serve.cli.check import Quality

    found = Quality(session().doer(region=region), [], "")
    outcomes = found.scorecard()["outcome"].to_list()
    say("demo.checked", months=len(found.cells), passed=outcomes.count("pass"), failed=outcomes.count("fail"))


def _people(region: "Region") -> int:
    from heng.serve.demo_desk import PEOPLE, demo_desk

    demo_desk(region).db.close()
    return len(PEOPLE)


def _run(region: "Region") -> int:
    from heng.app.watched import run_watched

    with progress() as report:
        done, *opened = run_watched(region, region.cells(), report, "duckdb")
    say("demo.ran", parts=f"{sum(done.written.values()):,}", hospitals=len(region.hospitals), months=len({m for _, m in region.cells()}))
    say("demo.cases", n=sum(len(report.cases) for report in opened))
    for (org, month), why in done.blocked.items():
        say("run.blocked", org=org or session().say("run.region"), month=month, why=session().pick(*why))
    return 1 if done.blocked else 0


def _export(region: Path, folder: Path, org: str) -> list[Path]:
    from heng.app.region import Region
    from heng.serve.excel.statutory import write_tables

    return write_tables(session().reader(region=Region(region)), org, period(SHOWN), folder / org)


def _summary(region: "Region", folder: Path, written: list[Path]) -> None:
    from heng.serve.cli.summary import summary
    from heng.words import say as phrase

    place = folder / "region"
    for lang in ("zh", "en"):
        told = phrase(lang, "demo.files", n=len(written), out=folder / "out", region=place)
        tell("", *summary(session().reader(region=region), (FIRST, SHOWN), PATIENTS, lang), told)
    heng = "heng" if shutil.which("heng") else sys.argv[0]
    tell(
        "",
        session().say("demo.next"),
        f"  {heng} show costing.unit_cost --region {place} --org {FIRST} --month {SHOWN}",
        f"  {heng} why costing.step_down --region {place} --org {FIRST} --month {SHOWN} --dept 外科住院",
        f"  {heng} show costing.unmatched --region {place} --org {PATIENTS[0]} --month {PATIENTS[1]}",
        f"  {heng} show --region {place}",
    )
    _site(f"{heng} serve --region {place}")


def _site(command: str) -> None:
    from heng.serve.demo_desk import PASSWORD, PEOPLE
    from heng.tables.codes import ROLE

    tell("", session().say("demo.site"), f"  {command}", session().say("demo.logins", password=PASSWORD))
    tell(*(f"  {p.login:<11} {session().pick(p.name, f'{p.org} {ROLE[p.role][1]}'.strip())}" for p in PEOPLE))
