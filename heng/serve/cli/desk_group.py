"""`heng desk …` 的各组命令 · The groups of commands of `heng desk`: one for each subject."""

from typing import Annotated

import typer

from heng.serve.cli.command import app

desk = typer.Typer(help="案头：人员、权限、事项、信号、通知 · The desk: people, rights, cases, signals, notices", no_args_is_help=True)
app.add_typer(desk, name="desk")

Day = Annotated[str, typer.Option("--day", metavar="2026-03-02", help="哪一天，默认今天 · which day, today by default", show_default=False)]
Since = Annotated[str, typer.Option("--since", metavar="2026-03-02", help="从哪天起，默认今天 · from this day on", show_default=False)]
Until = Annotated[str, typer.Option("--until", metavar="2026-03-02", help="哪天起不再有效 · the first day no more", show_default=False)]
Who = Annotated[str, typer.Argument(metavar="LOGIN", help="账号 · login")]
LARGEST = 2**63 - 1
"""号码至多到这么大 · The largest number that either database holds."""
Number = Annotated[int, typer.Argument(min=0, max=LARGEST, metavar="NUMBER", help="号码，见 list · its number, see list")]


def group(name: str, about: str) -> typer.Typer:
    """一组命令 · A group of commands: `heng desk people …`."""
    made = typer.Typer(help=about, no_args_is_help=True)
    desk.add_typer(made, name=name)
    return made
