"""装入分组方案 · Loading grouping schemes: they belong to the region, not to one of its hospitals."""

from pathlib import Path
from typing import TYPE_CHECKING

from heng.core.errors import FileError, HengError
from heng.serve.cli.console import say, tell
from heng.serve.cli.session import session

if TYPE_CHECKING:
    from heng.app.doing import Doer


def load_packs(doer: "Doer", paths: list[Path], *, withdraw: bool, as_data: bool) -> int:
    """装入或撤回 · Load schemes from their folders or workbooks, or take them out by name; HengError when one is no scheme."""
    from heng.app.load_pack import PackReport, load_pack, withdraw_pack
    from heng.app.load_schemes import must_load_schemes
    from heng.core.table import table
    from heng.serve.cli.output import print_json

    now, region = session(), doer.region
    must_load_schemes(doer)
    told = list[dict[str, object]]()
    for path in paths:
        if not withdraw:
            _must_be_scheme(path)
        done = PackReport(path.name, withdraw_pack(region, path.name)) if withdraw else load_pack(region, path)
        name, rows, notes, unchanged = done.name, done.rows, done.notes, done.unchanged
        told.append({"pack": name, "rows": rows, "unchanged": unchanged, "notes": [{"zh": zh, "en": en} for zh, en in notes]})
        if as_data:
            continue
        say("load.pack", pack=name)
        for each, n in sorted(rows.items()):
            say("load.rows", table=now.pick(table(each).zh, each), rows=f"{n:,}", months="")
        tell(*(f"  {now.pick(zh, en)}" for zh, en in notes))
        if unchanged:
            say("load.unchanged", file=name)
    if as_data:
        print_json({"generation": region.manifest.generation, "packs": told})
    return 0


def _must_be_scheme(path: Path) -> None:
    from heng.intake.kind import is_packed, read_start
    from heng.intake.packs.reading import is_pack

    try:
        scheme = is_pack(path) if path.is_dir() else is_packed(read_start(path))
    except FileError as e:
        e.where = e.where or path.name
        raise
    if not scheme:
        raise HengError(
            "没有说是哪家医院的文件",
            "it is not said whose file this is",
            where=path.name,
            mend=("医院的文件加 --org 医院编码；只有分组方案不用", "add --org for a hospital's file; only a grouping scheme needs none"),
        )
