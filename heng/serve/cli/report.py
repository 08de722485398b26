"""月度分析报告 · The monthly report of a hospital or the region, as PDF and as Word."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from heng.serve.cli.command import Asker, Org, command
from heng.serve.cli.console import say, tell
from heng.serve.cli.session import session

if TYPE_CHECKING:
    from heng.app.reader import Reader
    from heng.serve.paper.affairs import Affair


@dataclass(kw_only=True)
class ReportOptions(Asker):
    """报告的选项 · Options of `heng report`."""

    month: Annotated[str, Argument(metavar="MONTH", help="月份，如 2026-03 · month")]
    to: Annotated[Path, Option("--to", help="放到哪个文件夹 · the folder to write to")]
    org: Org = ""


@command("report", ReportOptions)
def report(asked: ReportOptions) -> None:
    """月度分析报告（PDF 与 Word），不写医院就是全区域 · The monthly report as PDF and Word; of the region unless a hospital is named."""
    from heng.serve.paper.report import report as written
    from heng.serve.paper.told import Told
    from heng.serve.paper.typeset import pdf
    from heng.serve.paper.word import docx

    reader = session().reader(asked, action="export")
    org = reader.hospital(asked.org).code if asked.org else ""
    made = written(Told(reader, org, asked.month, session(), _affairs(reader, org, asked.month)))
    asked.to.mkdir(parents=True, exist_ok=True)
    for ending, how in ((".pdf", pdf), (".docx", docx)):
        path = asked.to / f"{made.title}{ending}"
        path.write_bytes(how(made))
        tell(str(path))
    say("export.done", n=2, folder=asked.to)


def _affairs(reader: "Reader", org: str, month: str) -> "list[Affair]":
    from contextlib import closing

    from heng.app.desk import Desk, place_of
    from heng.desk.register import Eyes
    from heng.serve.paper.affairs import affairs

    place = place_of(reader.region)
    if isinstance(place, Path) and not place.exists():
        return []
    desk = Desk(reader.region)
    scope = reader.scope
    with closing(desk.db):
        return affairs(desk, Eyes(desk.db, desk.rights, scope.login, (scope.role,)), scope, org, month)
