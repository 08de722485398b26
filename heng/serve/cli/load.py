"""装入文件 · Load files: what came in, what is wrong row by row, what was sent back."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from heng.core.errors import FileError
from heng.serve.cli.command import Asker, Json, Month, Org, command
from heng.serve.cli.console import progress, say, show, tell, warn
from heng.serve.cli.load_pack import load_packs
from heng.serve.cli.proposal import Proposals, print_proposals, proposals
from heng.serve.cli.session import session
from heng.serve.months import spans, unlikely

if TYPE_CHECKING:
    from heng.app.load import LoadReport
    from heng.app.region import Region


@dataclass(kw_only=True)
class LoadOptions(Asker):
    """装入的选项 · Options of `heng load`."""

    files: Annotated[list[Path], Argument(metavar="FILES…", help="文件或文件夹 · files or folders")]
    org: Org = ""
    month: Month = ""
    as_table: Annotated[str, Option("--table", metavar="TABLE", help="按哪张表读 · read as this table", show_default=False)] = ""
    headers: Annotated[
        list[str], Option("--map", metavar="HEADER=COLUMN", help="表头=列，记住 · a header's column, remembered", show_default=False)
    ] = field(default_factory=list)
    add: Annotated[bool, Option("--add", help="是另一部分 · another part of months held already")] = False
    replace: Annotated[bool, Option("--replace", help="取代已装入的 · take the place of what is held")] = False
    withdraw: Annotated[bool, Option("--withdraw", help="撤回装错的文件 · take files out that were loaded by mistake")] = False
    limit: Annotated[int, Option("--limit", min=1, help="最多列出的问题数 · findings shown at most")] = 30
    json: Json = False


@command("load", LoadOptions)
def load(asked: LoadOptions) -> int:
    """装入医院的文件或分组方案 · Load a hospital's files (a folder loads all of its files), or grouping schemes, which need no --org."""
    from heng.app.load import load as load_files
    from heng.app.load_schemes import parted
    from heng.intake.delivery import Place

    doer = session().doer(asked, "load")
    if not asked.org:
        return load_packs(doer, asked.files, withdraw=asked.withdraw, as_data=asked.json)
    region, org = doer.region, doer.region.hospital(asked.org).code
    doer.must([org])
    if asked.withdraw:
        return _withdraw(region, org, asked)
    _remember(region, org, asked)
    overlap, place = _overlap(asked), Place(org, asked.month, {}, asked.as_table)
    files = list(every_file(asked.files))
    with progress() as report:
        done = load_files(region, [(org, p) for p in files], place, overlap=overlap, progress=report)
    print_report(region, done, proposals(region, place, files, done.refused), asked)
    if schemes := parted(p for p in files if p.name in {e.where for e in done.refused})[0]:
        warn("load.is_scheme", files="、".join(p.name for p in schemes))
    if odd := unlikely(m for some in done.months.values() for m in some):
        warn("load.unlikely", months=spans(odd))
    return 1 if done.refused or done.returned or _errors(done) else 0


def _withdraw(region: "Region", org: str, asked: LoadOptions) -> int:
    from heng.app.load import part_name
    from heng.app.withdraw import withdraw
    from heng.core.table import table
    from heng.serve.cli.output import print_json

    now, gone = session(), withdraw(region, org, map(part_name, asked.files), asked.month)
    if asked.json:
        print_json({"generation": region.manifest.generation, "withdrawn": gone})
        return 0
    for name, rows in sorted(gone.items()):
        say("load.rows", table=now.pick(table(name).zh, name), rows=f"{rows:,}", months="")
    say("load.withdrawn", n=len(asked.files), generation=region.manifest.generation)
    return 0


def every_file(paths: list[Path]) -> Iterator[Path]:
    """文件夹换成其中的文件 · Folders become their files, sorted, but hidden ones and Excel's locks; FileError for an empty one."""
    for path in paths:
        if path.is_dir():
            found = sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith((".", "~$")))
            yield from found or _empty(path)
        else:
            yield path


def print_report(region: "Region", done: "LoadReport", guesses: "dict[str, Proposals]", asked: LoadOptions) -> None:
    """装入的结果 · What a load did; `guesses`: what the headers of refused files look like."""
    if asked.json:
        _print_data(region, done, guesses)
        return
    from heng.core.table import table

    now = session()
    for name, rows in sorted(done.rows.items()):
        months = spans(done.months.get(name, ()))
        when = now.pick(f"（{months}）", f" ({months})") if months else ""
        say("load.rows", table=now.pick(table(name).zh, name), rows=f"{rows:,}", months=when)
    for name in done.unchanged:
        say("load.unchanged", file=name)
    _print_findings(region, done, asked.limit)
    for path in done.returned:
        say("load.returned", path=_near(path))
    for error in done.refused:
        say("load.refused")
        tell(*(f"  {line}" for line in error.told(session().lang)))
        print_proposals(guesses.get(error.where, {}))
    say(
        "load.done",
        loaded=len(done.loaded),
        unchanged=len(done.unchanged),
        refused=len(done.refused),
        generation=region.manifest.generation,
    )


def _print_findings(region: "Region", done: "LoadReport", limit: int) -> None:
    from rich import box
    from rich.table import Table

    from heng.serve.labels import Labels

    now, names = session(), Labels(session().reader(region=region), session())
    if not done.findings.height:
        return
    drawn = Table(*(now.say(f"load.head.{c}") for c in ("file", "row", "column", "value", "reason")), box=box.SIMPLE_HEAD, pad_edge=False)
    ranked = done.findings.sort(
        done.findings["severity"].replace_strict({"error": 0, "warning": 1, "note": 2}, default=3), maintain_order=True
    )
    for row in ranked.head(limit).iter_rows(named=True):
        reason, mend = (row[f"{k}_{now.lang}"] for k in ("reason", "mend"))
        style = "" if row["severity"] == "error" else "dim"
        drawn.add_row(
            names.files.get(row["file"], row["file"]),
            str(row["row"] or ""),
            row["column"],
            row["value"] or "",
            f"{reason} → {mend}" if mend else reason,
            style=style,
        )
    show(drawn)
    if ranked.height > limit:
        say("show.more", shown=limit, all=ranked.height)


def _print_data(region: "Region", done: "LoadReport", guesses: "dict[str, Proposals]") -> None:
    from heng.serve.cli.output import print_json

    data: dict[str, Any] = {
        "generation": region.manifest.generation,
        "rows": done.rows,
        "months": {name: sorted(some) for name, some in done.months.items() if some},
        "loaded": done.loaded,
        "unchanged": done.unchanged,
        "returned": [str(p) for p in done.returned],
        "refused": [{"zh": e.zh, "en": e.en, "where": e.where, "mend_zh": e.mend[0], "mend_en": e.mend[1]} for e in done.refused],
        "proposed": guesses,
        "findings": done.findings.to_dicts(),
    }
    print_json(data)


def _remember(region: "Region", org: str, asked: LoadOptions) -> None:
    from heng.app.load import remember_headers
    from heng.serve.taught import taught

    if told := taught(asked.as_table, asked.headers, "--map"):
        remember_headers(region, org, asked.as_table, told)


def _overlap(asked: LoadOptions) -> str:
    if asked.add and asked.replace:
        raise FileError("--add 与 --replace 只能选一个", "--add and --replace exclude each other", where="heng load")
    return "add" if asked.add else "replace" if asked.replace else "refuse"


def _empty(folder: Path) -> list[Path]:
    raise FileError(
        "文件夹里没有可装入的文件",
        "the folder holds no file to load",
        where=str(folder),
        mend=("把医院的文件放进去，或检查路径", "put the hospital's files there, or check the path"),
    )


def _errors(done: "LoadReport") -> bool:
    return bool(done.findings.height) and "error" in set(done.findings["severity"])


def _near(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
