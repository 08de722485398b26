"""命令的登记：一个数据类就是一条命令的选项 · Registering commands: a dataclass is the options of a command.

A command is `@command("show", ShowOptions) def show(asked: ShowOptions) -> int | None`: it gives its exit code.
"""

import inspect
from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, fields
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Options = TypeVar("Options", bound="DataclassInstance")
Command = Callable[[Options], int | None]

HELP = "衡：医院与医联体的成本与质量 · Heng weighs cost against quality for a hospital or a region of hospitals"
app = typer.Typer(add_completion=False, rich_markup_mode="rich", help=HELP, pretty_exceptions_enable=False)
GLOBAL = "全局选项，写在哪里都行 · Global options, anywhere on the line"

Org = Annotated[str, typer.Option("--org", help="医院编码或名称 · hospital code or name", show_default=False)]
Login = Annotated[str, typer.Option("--as", metavar="LOGIN", help="以谁的身份 · as whom", show_default=False)]
Role = Annotated[str, typer.Option("--role", help="以哪个角色 · in which role", show_default=False)]
Purpose = Annotated[str, typer.Option("--purpose", help="为了什么 · what for", show_default=False)]
Orgs = Annotated[list[str], typer.Option("--org", help="医院，可多次 · hospital, may be repeated", show_default=False)]
Month = Annotated[str, typer.Option("--month", help="月份，如 2026-03 · month", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", help="原因 · reason", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")]
Where = Annotated[list[str], typer.Option("--where", help="列=值，可多次 · column=value, may be repeated", show_default=False)]
Dept = Annotated[str, typer.Option("--dept", help="科室编码或名称 · department code or name", show_default=False)]


@dataclass(kw_only=True)
class Asker:
    """谁在看、谁在做 · Options of every command on data: as whom, in which role, what for. Without `--as`, the owner of the folder."""

    login: Login = ""
    role: Role = ""
    purpose: Purpose = ""


def command(name: str, options: type[Options], within: typer.Typer = app) -> Callable[[Command[Options]], Command[Options]]:
    """登记一条命令 · Register a command under its name (`within` a group of commands), its options read off the dataclass."""

    def register(run: Command[Options]) -> Command[Options]:
        def entry(**given: Any) -> int | None:
            return run(options(**{k: v for k, v in given.items() if v is not None}))

        entry.__signature__ = inspect.Signature([_parameter(f) for f in fields(options)])  # type: ignore[attr-defined]
        entry.__doc__ = run.__doc__
        within.command(name)(entry)
        return run

    return register


def _parameter(f: Field[Any]) -> inspect.Parameter:
    # A list starts empty: None tells `entry` to let the dataclass make its own.
    required = f.default is MISSING and f.default_factory is MISSING
    default = inspect.Parameter.empty if required else None if f.default is MISSING else f.default
    return inspect.Parameter(f.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=f.type)


@app.callback()
def every_command(
    version: Annotated[bool, typer.Option("--version", help="版本 · version")] = False,
    region: Annotated[str, typer.Option("--region", help="区域文件夹 · region folder [HENG_REGION]", rich_help_panel=GLOBAL)] = "",
    lang: Annotated[str, typer.Option("--lang", help="zh | en [HENG_LANG]", rich_help_panel=GLOBAL)] = "zh",
    debug: Annotated[bool, typer.Option("--debug", help="出错时显示细节 · show details of errors", rich_help_panel=GLOBAL)] = False,
) -> None:
    """衡：医院与医联体的成本与质量 · Heng weighs cost against quality for a hospital or a region of hospitals."""
    # `begin` has taken region, language and debug already; what is left of them here is a value that it could not take.
    if version or region or debug or lang != "zh":
        raise typer.BadParameter("--region, --lang, --debug, --version")
