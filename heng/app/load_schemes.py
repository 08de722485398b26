"""交来的文件里的分组方案 · Grouping schemes among the files that were handed in: a scheme is the region's, not one hospital's."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from heng.app.doing import Doer
from heng.app.load import LoadReport
from heng.app.load_pack import load_pack, withdraw_pack
from heng.app.region import Region
from heng.core.errors import FileError, HengError
from heng.core.scope import Level
from heng.intake.packs.zipped import scheme_in, unpacked
from heng.tables.packs import DipEdition


def parted(paths: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """哪些是方案 · The files that are schemes, and the others."""
    every = list(paths)
    found = [p for p in every if scheme_in(p)]
    return found, [p for p in every if p not in found]


def everywhere(region: Region) -> list[str]:
    """要在哪些医院准做 · Where she must be allowed to load who loads or withdraws a scheme: it decides the payment of every hospital."""
    return list(region.hospitals) or [""]


def may_load_schemes(doer: Doer) -> bool:
    """准不准装方案 · Whether she may load schemes: the right to load what is the region's, at every hospital."""
    return all(doer.may(org, Level.REGION) for org in everywhere(doer.region))


def must_load_schemes(doer: Doer) -> None:
    """须准装方案 · AccessError unless she may load schemes."""
    doer.must(everywhere(doer.region), Level.REGION)


def withdraw_scheme(doer: Doer, name: str) -> dict[str, int]:
    """撤回方案 · Take a scheme out again; the rows that went, by table."""
    must_load_schemes(doer)
    return withdraw_pack(doer.region, name)


def load_schemes(doer: Doer, paths: Iterable[Path], report: LoadReport) -> list[dict[str, Any]]:
    """装入方案 · Load each scheme and put it into the report; the name of each, and the notes of its import."""
    told = list[dict[str, Any]]()
    for path in paths:
        try:
            must_load_schemes(doer)
            with _folders(path) as folders:
                told += [_loaded(doer, folder, report) for folder in folders]
            report.loaded.append(path.name)
        except HengError as e:
            e.where = e.where if path.name in e.where else f"{path.name} {e.where}".strip()
            report.refused.append(e)
    return told


def no_scheme(path: Path) -> FileError:
    """不是方案 · The refusal of a file among schemes that is none: it is said of no hospital."""
    return FileError(
        "这不是分组方案",
        "this is no grouping scheme",
        where=path.name,
        mend=(
            "交官方工作簿，或方案文件夹的 zip；医院的文件由该院的人来交",
            "hand in the official workbook, or the folder of a scheme as a zip; a hospital's files are handed in there",
        ),
    )


@contextmanager
def _folders(path: Path) -> Iterator[list[Path]]:
    if scheme_in(path) == "workbook":
        yield [path]
        return
    with TemporaryDirectory() as room:
        yield unpacked(path, Path(room))


def _loaded(doer: Doer, folder: Path, report: LoadReport) -> dict[str, Any]:
    found = load_pack(doer.region, folder)
    if found.unchanged:
        report.unchanged.append(found.name)
    for table, n in found.rows.items():
        report.rows[table] = report.rows.get(table, 0) + n
    return {"name": found.name, "dip": DipEdition.__name__ in found.rows, "notes": [{"zh": zh, "en": en} for zh, en in found.notes]}
