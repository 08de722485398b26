"""立案 · `heng desk cases correct` and `heng desk cases project`: failed data checks to set right, and improvement projects."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from heng.serve.cli.command import command
from heng.serve.cli.console import say
from heng.serve.cli.desk_cases import cases
from heng.serve.cli.desk_open import DeskOptions, opened
from heng.serve.cli.desk_show import give
from heng.serve.cli.session import session

if TYPE_CHECKING:
    from heng.desk.schema import Case


@dataclass(kw_only=True)
class CorrectOptions(DeskOptions):
    """整改的选项 · Options of `heng desk cases correct`."""

    month: Annotated[str, Argument(metavar="MONTH", help="哪个月的检查 · the month of the checks")]
    org: Annotated[str, Option("--org", help="医院编码或名称 · hospital code or name", show_default=False)] = ""


@dataclass(kw_only=True)
class ProjectOptions(DeskOptions):
    """立项的选项 · Options of `heng desk cases project`."""

    title: Annotated[str, Argument(metavar="TITLE", help="项目名称 · its title")]
    org: Annotated[str, Option("--org", help="医院编码或名称 · hospital code or name")]
    dept: Annotated[str, Option("--dept", help="科室编码 · department code", show_default=False)] = ""
    responsible: Annotated[str, Option("--responsible", metavar="ROLE", help="R：谁做 · who does it")] = "head"
    accountable: Annotated[str, Option("--accountable", metavar="ROLE", help="A：谁验收 · who accepts it")] = "president"


@command("correct", CorrectOptions, cases)
def correct(asked: CorrectOptions) -> int:
    """为不通过的数据检查立案 · Open a case for every data check that fails in a month."""
    from heng.app.corrections import open_corrections
    from heng.serve.cli.run import cells

    with opened(asked) as at:
        at.keeper("cases.correct")
        report = open_corrections(at.desk.region, at.desk, cells(at.desk.region, [asked.org] if asked.org else [], [asked.month]))
        give((_row(c) for c in report.cases), as_data=asked.json, name="cases")
        for key, why in {} if asked.json else report.without_owner.items():
            say("desk.without_owner", case=key, why=session().pick(*why))
        return 1 if report.without_owner else 0


@command("project", ProjectOptions, cases)
def project(asked: ProjectOptions) -> None:
    """立一个改进项目 · Open an improvement project: charter, weekly reports, acceptance."""
    from heng.app.projects import NewProject, open_project

    with opened(asked) as at:
        month = at.db.today.isoformat()[:7]
        new = NewProject(asked.title, at.org(asked.org), asked.dept or None, month, asked.responsible, asked.accountable)
        give([_row(open_project(at.desk, new, at.by))], as_data=asked.json, name="cases")


def _row(case: "Case") -> dict[str, Any]:
    return {n: getattr(case, n) for n in ("id", "type", "title_zh", "title_en", "org", "dept", "month", "step", "state")}
