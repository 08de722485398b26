"""新建区域 · Make a region folder."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from heng.core.errors import HengError
from heng.serve.cli.command import command
from heng.serve.cli.console import say


@dataclass(kw_only=True)
class NewOptions:
    """新建区域的选项 · Options of `heng new`."""

    name: Annotated[str, Argument(metavar="NAME", help="区域名称 · the region's name")]
    hospital: Annotated[
        list[str], Option("--hospital", metavar="CODE=NAME[:LEVEL]", help="医院，可多次 · hospital, may be repeated", show_default=False)
    ] = field(default_factory=list)
    path: Annotated[Path | None, Option("--path", help="放在哪里，默认 ./名称 · where, ./NAME by default")] = None


@command("new", NewOptions)
def new(asked: NewOptions) -> None:
    """新建一个区域文件夹 · Make a region folder."""
    from heng.app.region import Hospital, new_region

    name = asked.name.strip()
    if not name:
        raise HengError(
            "区域名称是空的", "the region's name is blank", where="NAME", mend=("写上名称，如 heng new 示范医联体", "give it a name")
        )
    hospitals = [Hospital(*parts) for parts in map(_hospital, asked.hospital)]
    path = asked.path or Path(name)
    region = new_region(path, name, hospitals)
    say("new.made", name=region.name, path=path, n=len(hospitals))
    say("new.next" if hospitals else "new.hospitals", path=path)


def _hospital(text: str) -> tuple[str, str, str]:
    code, _, rest = text.partition("=")
    name, _, level = rest.replace("：", ":").partition(":")
    if not (code.strip() and name.strip()):
        raise HengError(
            f"读不懂医院「{text}」",
            f"cannot read the hospital {text!r}",
            where="--hospital",
            mend=("写成 H01=示范市第一医院:三级", "write H01=示范市第一医院:三级 (code=name:level)"),
        )
    return code.strip(), name.strip(), level.strip()
