"""清扫：保留若干代，删掉无人引用的数据文件 · Sweep: keep some generations, remove data files that none of them names.

Kept: the newest ones, and every generation at which a month was closed or reopened, so that restated figures can
always be compared with what was reported.
"""

import shutil
import time
from pathlib import Path

from heng.store.files import files_below
from heng.store.manifest import Manifest, generations, read_manifest

KEEP = 10
A_DAY = 24 * 3600


def sweep(folder: Path, current: Manifest) -> int:
    """删掉旧代与孤儿文件 · Remove old generations and orphan files; returns how many data files went. Writer only."""
    marked = {c.generation for c in (*current.closed, *current.reopened)}
    there = generations(folder)
    kept = {g for g in there if g <= current.generation and (g > current.generation - KEEP or g in marked)}
    for g in set(there) - kept:
        (folder / "generations" / f"{g:08}.json").unlink()
    named = {p.file for g in kept for p in read_manifest(folder, g).parts}
    lost = files_below(folder, "data") - named
    for name in lost:
        (folder / name).unlink()
    _leftovers(folder)
    return len(lost)


def _leftovers(folder: Path) -> None:
    # What a killed process left: half a manifest or raw file (only a writer makes them, and that is us), a scenario of another day.
    for half in (*(folder / "generations").glob(".*.part"), *(folder / "files").glob(".*.part")):
        half.unlink()
    for scratch in folder.glob(".scratch-*"):
        if time.time() - scratch.stat().st_mtime > A_DAY:
            shutil.rmtree(scratch)
