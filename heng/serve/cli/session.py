"""一次命令的场合：哪个区域、哪种语言 · The setting of one command: which region, which language, how much detail.

These three may stand anywhere on the command line, so they are taken out of it before Typer reads the rest.
"""

import os
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from heng.core.errors import HengError
from heng.serve.voice import Voice
from heng.words import LANGUAGES

if TYPE_CHECKING:
    from heng.app.doing import Doer
    from heng.app.reader import Reader
    from heng.app.region import Region
    from heng.serve.cli.command import Asker


@dataclass(frozen=True, kw_only=True)
class Session(Voice):
    """场合 · `folder`: the region as named by the user; `lang`: zh or en; `debug`: show tracebacks."""

    folder: str = ""
    debug: bool = False

    def region(self, generation: int | None = None) -> "Region":
        """打开区域 · Open the region: as named, else the nearest folder upwards with heng.yaml; HengError when there is none."""
        from heng.app.region import Region

        return Region(self.path(), generation)

    def reader(self, asked: "Asker | None" = None, region: "Region | None" = None, action: str = "see") -> "Reader":
        """谁在看 · Who reads the region: with `--as`, a person in her role; else whoever can read the folder, who sees all of it."""
        if asked and asked.login:
            from heng.serve.cli.desk_open import reader_of

            return reader_of(asked, region or self.region(), action)
        from heng.app.reader import Reader
        from heng.core.scope import OWNER

        return Reader(region or self.region(), OWNER)

    def doer(self, asked: "Asker | None" = None, action: str = "run", region: "Region | None" = None) -> "Doer":
        """谁在做 · Who changes the region: with `--as`, a person where her role may; else whoever can write to the folder."""
        if asked and asked.login:
            from heng.serve.cli.desk_open import doer_of

            return doer_of(asked, region or self.region(), action)
        from heng.app.doing import Doer

        return Doer(region or self.region())

    def path(self) -> Path:
        """区域文件夹 · The region's folder."""
        here = Path.cwd()
        return Path(self.folder) if self.folder else next((p for p in (here, *here.parents) if (p / "heng.yaml").exists()), here)


CURRENT: ContextVar[Session] = ContextVar("session", default=Session())  # noqa: B039 - frozen


def session() -> Session:
    """当前场合 · The setting of the running command."""
    return CURRENT.get()


def begin(arguments: list[str]) -> tuple[Session, list[str]]:
    """取出全局选项 · Take the global options out of the command line; gives the session and the rest.

    Wrong options are left in place, so that Typer says what is wrong with them; HengError for a language we do not speak.
    """
    found = {"--region": os.environ.get("HENG_REGION", ""), "--lang": os.environ.get("HENG_LANG", "")[:2]}
    rest, todo, debug = list[str](), list(arguments), False
    while todo:
        word = todo.pop(0)
        name, equals, value = word.partition("=")
        if word == "--debug":
            debug = True
        elif name in found and (equals or todo):
            found[name] = value if equals else todo.pop(0)
            _spoken(found["--lang"], said=name == "--lang")
        else:
            rest.append(word)
            if word == "--":
                rest, todo = rest + todo, []
    lang = found["--lang"] if found["--lang"] in LANGUAGES else "zh"
    made = Session(folder=found["--region"], lang=lang, debug=debug)
    CURRENT.set(made)
    return made, rest


def _spoken(lang: str, *, said: bool) -> None:
    if said and lang not in LANGUAGES:
        raise HengError(
            f"没有语言「{lang}」",
            f"there is no language {lang!r}",
            where="--lang",
            mend=("写 zh（中文）或 en（英文）", "write zh (Chinese) or en (English)"),
        )
