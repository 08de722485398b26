"""导出法定成本报表 · Export the statutory cost tables as Excel workbooks."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from heng.core.period import period
from heng.serve.cli.command import Asker, Orgs, command
from heng.serve.cli.console import say, tell
from heng.serve.cli.session import session


@dataclass(kw_only=True)
class ExportOptions(Asker):
    """导出的选项 · Options of `heng export`."""

    period: Annotated[str, Argument(metavar="PERIOD", help="月份或期间，如 2026-03 · month or period")]
    to: Annotated[Path, Option("--to", help="放到哪个文件夹 · the folder to write to")]
    org: Orgs = field(default_factory=list)


@command("export", ExportOptions)
def export(asked: ExportOptions) -> int:
    """导出法定成本报表（Excel） · Export the statutory tables, all hospitals by default; exit code 1 when figures are out of date."""
    from heng.app.period import View
    from heng.serve.caution import caution
    from heng.serve.cli.caution import caution_told
    from heng.serve.cli.run import cells
    from heng.serve.excel.statutory import write_tables
    from heng.tables.costing import Allocation, DeptResult, DirectCost, ScopeCost

    reader = session().reader(asked, action="export")
    named = [reader.hospital(o).code for o in asked.org]
    orgs = dict.fromkeys(org for org, _ in cells(reader.region, named or reader.orgs(ScopeCost), [asked.period]))
    written = [path for org in orgs for path in write_tables(reader, org, period(asked.period), asked.to)]
    tell(*(str(path) for path in written))
    say("export.done", n=len(written), folder=asked.to)
    seen = View(period(asked.period), tuple(named))
    known = caution(reader, seen, ScopeCost, DirectCost, Allocation, DeptResult)
    caution_told(known)
    return 1 if known.stale else 0
