"""给病例分组 · Grouping the cases of a file under a grouping scheme, apart from any region."""

import sys
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from typer import Argument, Option

from heng.core.errors import HengError, Say
from heng.methods.dip.pack import DipPack
from heng.methods.grouping.pack import Pack
from heng.serve.cli.command import Json, command
from heng.serve.cli.console import say, tell
from heng.serve.cli.session import session

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable

    from heng.app.group_file import Groups


@dataclass(kw_only=True)
class GroupOptions:
    """分组的选项 · Options of `heng group`."""

    cases: Annotated[Path | None, Argument(metavar="[CASES]", help="病例文件 · file of cases", show_default=False)] = None
    pack: Annotated[Path | None, Option("--pack", metavar="P", help="方案文件夹或工作簿 · folder or workbook of the scheme")] = None
    out: Annotated[Path | None, Option("--out", metavar="FILE", help="写到，.csv 或 .csv.gz · write to")] = None
    trace: Annotated[bool, Option("--trace", help="加一列说明 · add a column that tells every step in words")] = False
    coding: Annotated[str, Option("--coding", metavar="国临|医保", help="病例的编码体系 · code set of the cases")] = "医保"
    qy: Annotated[
        bool, Option("--qy", help="方案没列歧义组时按全国 21 个 · QY groups of the 21 national MDC where the pack lists none")
    ] = False
    reach: Annotated[bool, Option("--reach", help="列出没有病例能进的组 · list the groups that no case can reach")] = False
    ms_drg: Annotated[str, Option("--ms-drg", metavar="VERSION", help="按 MS-DRG，如 v43.1 · under MS-DRG", show_default=False)] = ""
    json: Json = False


@command("group", GroupOptions)
def group(asked: GroupOptions) -> int:
    """给病例分组，写明原因 · Group cases under a DRG scheme or a DIP catalogue, with the reason for each."""
    if asked.ms_drg:
        from heng.app.ms_drg import MsDrg

        return _group(asked, MsDrg(asked.ms_drg), lambda why: [(why, why)])
    pack = _pack(asked)
    for zh, en in pack.notes:
        sys.stderr.write(f"{session().pick(zh, en)}\n")
    if isinstance(pack, DipPack):
        from heng.methods.dip.matcher import DipMatcher
        from heng.methods.dip.words import words

        return _group(asked, DipMatcher(pack), words)
    if asked.reach:
        return _reach(pack, asked)
    from heng.methods.grouping.engine import Grouper
    from heng.methods.grouping.words import named, trace

    names = named(pack)
    return _group(asked, Grouper(pack, _code_set(asked.coding, pack)), lambda why: trace(names, why))


def _pack(asked: GroupOptions) -> Pack | DipPack:
    from heng.intake.packs.chs_csv import NO_QY
    from heng.intake.packs.reading import read_any
    from heng.methods.grouping.pack import national_qy

    if not asked.pack:
        raise _lacking("--pack")
    pack = read_any(asked.pack)
    if isinstance(pack, DipPack):
        if asked.reach or asked.qy or asked.coding != "医保":
            raise _not_for_dip()
        return pack
    if asked.qy and not pack.qy:
        return replace(pack, qy=national_qy(pack), notes=tuple(n for n in pack.notes if n != NO_QY))
    return pack


def _code_set(named: str, pack: Pack) -> Literal["医保", "国临"]:
    if named == "医保":
        return "医保"
    if named != "国临":
        raise HengError(
            f"没有编码体系「{named}」", f"there is no code set {named!r}", where="--coding", mend=("写 医保 或 国临", "write 医保 or 国临")
        )
    if not (pack.dx_map or pack.op_map):
        raise HengError(
            "方案没有国临到医保的对照表",
            "the pack has no table from clinical (国临) to insurance (医保) codes",
            where="--coding",
            mend=(
                "在方案文件夹里放 dx_map.csv 与 op_map.csv（code,to）",
                "put dx_map.csv and op_map.csv (code,to) into the folder of the pack",
            ),
        )
    return "国临"


def _group(asked: GroupOptions, grouper: "Groups", words: "Callable[[str], Iterable[Say]]") -> int:
    from heng.app.group_file import group_file, whole_file

    if not asked.cases:
        raise _lacking("CASES")
    if asked.out and asked.out.exists() and asked.cases.exists() and asked.out.samefile(asked.cases):
        raise _same(asked.out)
    now = session()

    def explain(why: str) -> str:
        return now.pick("；", "; ").join(now.pick(zh, en) for zh, en in words(why))

    with whole_file(asked.out) if asked.out else nullcontext(sys.stdout.buffer) as out:
        counted = group_file(asked.cases, out, grouper, explain if asked.trace else None)
    if asked.out:
        _told(counted, asked)
    return 0


def _told(counted: "Counter[str]", asked: GroupOptions) -> None:
    from heng.tables.codes import GROUPING

    if asked.json:
        from heng.serve.cli.output import print_json

        print_json({"cases": counted.total(), **{status: counted[status] for status in GROUPING}})
        return
    now = session()
    parts = [f"{now.pick(*GROUPING[status])} {counted[status]:,}" for status in GROUPING if counted[status]]
    say("group.done", cases=f"{counted.total():,}", parts=now.pick("，", ", ").join(parts), path=asked.out)


def _reach(pack: Pack, asked: GroupOptions) -> int:
    from heng.methods.grouping.reach import unreachable

    found = unreachable(pack)
    total = len(pack.level("drg"))
    if asked.json:
        from heng.serve.cli.output import print_json

        print_json({"pack": pack.name, "groups": total, "unreachable": found})
        return 1 if found else 0
    names = {g.code: g.name for g in pack.groups}
    tell(*(f"{code}  {names[code]}" for code in found))
    say("group.reach", groups=f"{total:,}", unreachable=f"{len(found):,}")
    return 1 if found else 0


def _not_for_dip() -> HengError:
    return HengError(
        "--reach、--qy、--coding 国临 只用于 DRG 方案",
        "--reach, --qy and --coding 国临 are for DRG schemes only",
        where="--pack",
        mend=("去掉这个选项", "leave this option out"),
    )


def _same(path: Path) -> HengError:
    return HengError(
        "结果会盖掉病例文件",
        "the result would overwrite the file of cases",
        where=path.name,
        mend=("--out 写另一个文件名", "give another name to --out"),
    )


def _lacking(name: str) -> HengError:
    return HengError(
        f"缺少 {name}",
        f"{name} is missing",
        where="heng group",
        mend=("heng group 病例.csv --pack 方案文件夹 --out 结果.csv", "heng group CASES.csv --pack FOLDER --out RESULT.csv"),
    )
