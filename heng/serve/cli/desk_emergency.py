"""紧急查看 · `heng desk emergency`: break the glass before one patient's data, approve of it, list what was broken."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from heng.serve.cli.command import Role, command
from heng.serve.cli.desk_group import Number, group
from heng.serve.cli.desk_open import At, DeskOptions, one_role, opened
from heng.serve.cli.desk_show import done, give

if TYPE_CHECKING:
    from heng.desk.rights import Asking

emergency = group("emergency", "紧急查看：一名患者、一小时、须第二人核准 · break-glass: one patient, an hour, approved by a second person")


@dataclass(kw_only=True)
class BeginOptions(DeskOptions):
    """紧急查看的选项 · Options of `heng desk emergency begin`."""

    org: Annotated[str, Argument(metavar="ORG", help="哪家医院 · which hospital")]
    subject: Annotated[str, Argument(metavar="PATIENT", help="患者编号 · number of the patient")]
    reason: Annotated[str, Option("--reason", help="理由与事件编号 · reason, and number of the occurrence")]
    minutes: Annotated[int, Option("--minutes", min=1, max=60, help="几分钟 · for how long")] = 60
    role: Role = ""


@dataclass(kw_only=True)
class ApproveOptions(DeskOptions):
    """核准的选项 · Options of `heng desk emergency approve`."""

    number: Number
    role: Role = ""


@command("begin", BeginOptions, emergency)
def begin_emergency(asked: BeginOptions) -> None:
    """打破玻璃：立即可看，所有方即时知悉 · Break the glass: it opens at once, and the owner of the data is told at once."""
    from heng.desk.emergency import Glass, begin

    with opened(asked) as at:
        glass = Glass(at.org(asked.org), asked.subject, asked.reason, asked.minutes)
        made = begin(at.db, at.desk.rights, _asking(at, asked.role), glass)
        done("emergency_begin", as_data=asked.json, id=made.id, org=made.org, until=made.until)


@command("approve", ApproveOptions, emergency)
def approve_emergency(asked: ApproveOptions) -> None:
    """第二人核准：结束后、一天之内 · A second person approves, when it has ended and within a day."""
    from heng.desk.emergency import approve

    with opened(asked) as at:
        made = approve(at.db, at.desk.rights, _asking(at, asked.role), asked.number)
        done("emergency_approve", as_data=asked.json, id=made.id, by=made.approved_by)


@command("show", ApproveOptions, emergency)
def show_emergency(asked: ApproveOptions) -> None:
    """看了什么，供核准的人看 · What was read under it, for who may approve."""
    from heng.desk.emergency import reads

    with opened(asked) as at:
        found = reads(at.db, at.desk.rights, _asking(at, asked.role), asked.number)
        names = ("id", "at", "login", "role", "purpose", "object", "rows", "allowed")
        give([{n: getattr(row, n) for n in names} for row in found], as_data=asked.json, name="audit")


@command("list", DeskOptions, emergency)
def list_emergencies(asked: DeskOptions) -> None:
    """紧急查看名册，新的在前（管理员） · What was broken, the newest first, for administrators."""
    from heng.desk.register import emergencies

    with opened(asked) as at:
        give(emergencies(at.db, at.by), as_data=asked.json, name="emergencies")


def _asking(at: At, role: str) -> "Asking":
    from heng.desk.rights import Asking

    return Asking(at.me.login, one_role(at.me.login, at.roles, role))
