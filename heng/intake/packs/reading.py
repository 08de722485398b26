"""读入一个方案 · Reads a grouping scheme as people hand it in: a folder in one of two layouts, or an official workbook."""

from dataclasses import replace
from hashlib import file_digest
from pathlib import Path

from heng.core.errors import FileError
from heng.intake.opened import opened
from heng.intake.packs.chs_csv import is_chs_csv, read_chs_csv
from heng.intake.packs.dip_workbook import dip_workbook, is_dip
from heng.intake.packs.folder import LEVELS, read_folder, weights, weights_fit
from heng.intake.packs.local import overlaid
from heng.intake.packs.manifest import NAME, Manifest, compared, read_manifest
from heng.intake.packs.official import is_official, official
from heng.intake.packs.table import Folder
from heng.methods.dip.pack import DipPack
from heng.methods.grouping.check import rules, unexcluded
from heng.methods.grouping.pack import Pack


def is_pack(path: Path) -> bool:
    """是不是方案文件夹 · Whether a folder holds a pack: it has a manifest, or the lists of groups."""
    folder = Folder(path)
    return path.is_dir() and ((path / NAME).is_file() or all(folder.has(f"{level}.csv") for level in LEVELS))


def read_pack(path: Path) -> Pack:
    """读入并核对 · The pack of a folder or workbook, checked; FileError with file and row when it cannot be used.

    A folder of local changes is laid over the pack that its manifest names, which lies beside it.
    """
    return _drg(read_any(path), path.name)


def _drg(found: Pack | DipPack, name: str) -> Pack:
    if isinstance(found, DipPack):
        raise FileError(
            "这是 DIP 病种目录，不是 DRG 分组方案",
            "this is a catalogue of DIP diseases, not a DRG scheme",
            where=name,
            mend=("heng group 可以直接用它给病例入组", "heng group takes it to group cases"),
        )
    return found


def read_any(path: Path, above: tuple[str, ...] = ()) -> Pack | DipPack:
    """读入 DRG 方案或 DIP 目录 · As read_pack, of a DIP workbook, too. `above`: the local packs that are laid over this one."""
    if not path.is_dir():
        return _workbook(path)
    if not is_pack(path):
        raise FileError(
            "文件夹里没有病组方案",
            "the folder holds no grouping scheme",
            where=path.name,
            mend=("应有 mdc.csv、adrg.csv、drg.csv 等文件", "it should have mdc.csv, adrg.csv, drg.csv and so on"),
        )
    manifest, folder = read_manifest(path), Folder(path)
    return overlaid(_below(path, manifest, above), folder, manifest) if manifest.over else _whole(folder, manifest)


def _whole(folder: Folder, manifest: Manifest) -> Pack:
    pack, places = read_chs_csv(folder) if is_chs_csv(folder) else read_folder(folder)
    found = weights(folder, places)
    compared(manifest, folder.read)
    made = replace(
        pack,
        weights=found,
        scheme=manifest.scheme,
        edition=manifest.edition,
        since=manifest.since,
        until=manifest.until,
        source=manifest.source,
        any_op=manifest.any_op,
        sha256=folder.digest(),
        notes=(*manifest.notes, *folder.notes, *pack.notes, *unexcluded(pack)),
    )
    rules(made, places)
    weights_fit(made, places)
    return made


def _below(path: Path, manifest: Manifest, above: tuple[str, ...]) -> Pack:
    """所铺的方案 · The pack that a local one is laid over: a folder or workbook of its name beside the local folder."""
    beside, used = path.resolve().parent, (*above, path.resolve().name)
    for name in (manifest.over, f"{manifest.over}.xlsx"):
        if (beside / name).exists() and name not in used:
            return _drg(read_any(beside / name, used), name)
    raise FileError(
        f"旁边没有它所铺的方案 {manifest.over}",
        f"the pack {manifest.over} that it is laid over does not lie beside it",
        where=path.name,
        mend=(
            f"把文件夹 {manifest.over} 或 {manifest.over}.xlsx 放在同一处",
            f"put the folder {manifest.over} or {manifest.over}.xlsx in the same place",
        ),
    )


def _workbook(path: Path) -> Pack | DipPack:
    source = opened(path)
    if not (is_official(source) or is_dip(source)):
        raise FileError(
            "这个工作簿不是官方分组方案，没有 MDC、ADRG、DRG 三张表",
            "this workbook is no official scheme: it lacks the sheets MDC, ADRG and DRG",
            where=path.name,
            mend=("用官方发布的分组方案工作簿", "use the workbook of the scheme as it was published"),
        )
    with path.open("rb") as file:
        mark = file_digest(file, "sha256").hexdigest()
    return dip_workbook(source, mark) if is_dip(source) else official(source, mark)
