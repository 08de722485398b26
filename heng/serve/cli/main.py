"""命令入口与出错时的话 · The entry point, and what is said when something goes wrong. No traceback unless --debug asks."""

import importlib
import sys
from threading import Event

import typer

from heng import __version__
from heng.core.errors import HengError
from heng.serve.cli.command import app
from heng.serve.cli.interrupt import CODE, interruptible
from heng.serve.cli.session import Session, begin
from heng.serve.cli.system import explained

COMMANDS = (
    "new",
    "load",
    "check",
    "run",
    "group",
    "show",
    "why",
    "whatif",
    "export",
    "report",
    "diff",
    "close",
    "migrate",
    "backup",
    "doctor",
    "demo",
    "bench",
    "desk",
    "serve",
)
"""命令所在的模块 · The modules of the commands, in the order in which help lists them."""


def registered(wanted: str = "") -> typer.Typer:
    """登记好命令的程序 · The program with one command, which starts sooner, or with all where the word names no module of its own."""
    for name in (wanted,) if wanted in COMMANDS else COMMANDS:
        importlib.import_module(f"heng.serve.cli.{name}")
    return app


def main(arguments: list[str] | None = None) -> int:
    """运行一条命令 · Run one command; the exit code: 0 well, 1 done with something to mend, 2 refused, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that cannot write Chinese shows question marks, and lives
            stream.reconfigure(errors="replace")
    try:
        now, rest = begin(sys.argv[1:] if arguments is None else arguments)
    except HengError as e:
        sys.stderr.write(f"{e}\n")
        return 2
    if "--version" in rest[:1]:
        sys.stdout.write(f"heng {__version__}\n")
        return 0
    with interruptible(now.say("error.interrupted") if rest and "--help" not in rest else "") as pressed:
        code = _guarded(now, rest or ["--help"], pressed)
        code = CODE if pressed.is_set() and code else code
    if code == CODE:
        sys.stderr.write(f"\n{now.say('error.interrupted')}\n")
    return code


def _guarded(now: Session, rest: list[str], pressed: Event) -> int:
    try:
        return int(registered(rest[0])(rest, prog_name="heng", standalone_mode=False) or 0)
    except (KeyboardInterrupt, typer.Abort):
        return CODE
    except Exception as e:
        if now.debug:
            raise
        if not pressed.is_set():  # what breaks because Ctrl-C cut it off is no news
            sys.stderr.write("\n".join(told(e, now)) + "\n")
        return 2


def told(e: Exception, now: Session) -> list[str]:
    """一个错误怎么说 · The lines that tell a person of an error: what, and what to do."""
    if isinstance(e, HengError):
        return error_lines(e, now.lang)
    if isinstance(e, typer.TyperException):
        path = getattr(getattr(e, "ctx", None), "command_path", "heng")
        return [now.say("error.usage", message=e.format_message()), f"→ {path} --help"]
    if isinstance(e, OSError):
        return error_lines(explained(e), now.lang)
    if isinstance(e, UnicodeEncodeError) and e.reason == "surrogates not allowed":
        return error_lines(UNREADABLE, now.lang)
    return [now.say("error.unexpected", what=f"{type(e).__name__}: {e}"), now.say("error.report")]


UNREADABLE = HengError(
    "命令行或环境变量里有不是 UTF-8 的文字",
    "the command line or an environment variable holds text that is not UTF-8",
    mend=("把终端的编码设为 UTF-8 再输入", "set the terminal to UTF-8 and type it again"),
)
"""终端给的字节读不成文字 · What is said when the terminal gave bytes that are no text."""


def error_lines(e: HengError, lang: str) -> list[str]:
    """所选语言在前 · The lines of an error, the chosen language first."""
    return e.told(lang) + e.told("en" if lang == "zh" else "zh")


if __name__ == "__main__":
    sys.exit(main())
