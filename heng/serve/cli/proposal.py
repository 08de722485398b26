"""认不出的表头像什么 · What the headers of a refused file look like, with the options that would say so."""

import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heng.core.errors import FileError, HengError
from heng.serve.cli.console import tell
from heng.serve.cli.session import session

if TYPE_CHECKING:
    from heng.app.region import Region
    from heng.intake.place import Place

Proposals = dict[str, dict[str, Any]]
"""工作表 → 猜测 · By sheet, what `heng.intake.learn.propose` gives."""


def proposals(region: "Region", place: "Place", files: Iterable[Path], refused: Iterable[HengError]) -> dict[str, Proposals]:
    """未收的文件各像什么 · By file name, the guesses for every file that was refused because no template fits it."""
    from dataclasses import replace

    from heng.app.load import read_headers

    where = replace(place, headers=read_headers(region, place.org))
    names = {e.where for e in refused if isinstance(e, FileError)}
    guessed = {p.name: _guessed(p, where) for p in files if p.name in names}
    return {name: told for name, told in guessed.items() if told}


def _guessed(path: Path, where: "Place") -> Proposals:
    from heng.intake.learn import propose

    try:
        told = propose(path, where)
    except (HengError, OSError):  # the refusal has said already what is wrong with the file
        return {}
    return {sheet: guess for sheet, guess in told.items() if _wanted(guess)} if all(g["missing"] for g in told.values()) else {}


def _wanted(guess: dict[str, Any]) -> dict[str, str]:
    """Header → column, for the columns that must be there: the likeliest header of each."""
    ranked = sorted(guess["proposed"].items(), key=lambda g: (g[1]["similarity"], g[0]))
    best = {g["column"]: header for header, g in ranked if g["column"] in guess["missing"]}
    return {header: column for column, header in sorted(best.items())}


def options(guess: dict[str, Any]) -> str:
    """现成的选项 · The options that would say it: `--table Income --map 钱=amount`, as a shell reads them."""
    pairs = (shlex.join(["--map", f"{header}={column}"]) for header, column in _wanted(guess).items())
    return " ".join([f"--table {guess['table']}", *pairs])


def print_proposals(told: Proposals) -> None:
    """列出猜测 · List the guesses of one file, and the options to copy when they are right."""
    now = session()
    for sheet, guess in told.items():
        for header, column in _wanted(guess).items():
            found = guess["proposed"][header]
            alike, name = f"{100 * found['similarity']:.0f}%", now.pick(found["zh"], column)
            tell(now.say("load.guess", sheet=sheet, header=header, column=name, alike=alike))
        tell(now.say("load.teach", options=options(guess)))
