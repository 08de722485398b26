"""备份整个区域 · A backup of the whole region: its generation, and the desk as it is at one moment."""

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from heng.app.desk import FILE, Desk, place_of
from heng.app.region import Region
from heng.store.backup import Kept, write_backup


def desk_apart(region: Region) -> bool:
    """案头是否另有服务器 · Whether the desk stands on a server of its own, which a backup of the folder does not hold."""
    return not isinstance(place_of(region), Path)


def back_up(region: Region, target: Path) -> Kept:
    """备份到一个 zip 文件 · Write a region to a zip, its SQLite desk with it; nobody has to stop working."""
    if desk_apart(region) or not (region.path / FILE).exists():
        return write_backup(region.path, target)
    with TemporaryDirectory() as scratch, closing(Desk(region).db) as desk:
        desk.copy(Path(scratch) / FILE)
        return write_backup(region.path, target, {FILE: Path(scratch) / FILE})
