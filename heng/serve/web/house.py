"""所服务的区域 · The region that is served: its newest generation, its desk, and what requests share."""

import threading
from pathlib import Path

from heng.app.desk import Desk, place_of
from heng.app.region import Region
from heng.desk.account import spoken_code
from heng.desk.founding import begun


class House:
    """一个区域的网站 · One region as it is served; safe to ask from many threads.

    `code` opens the first-run wizard, for as long as nobody can log in; whoever started the server is told it, and nobody else.
    """

    def __init__(self, folder: Path) -> None:
        """打开区域 · Open it; an empty folder becomes a region by the wizard, HengError for one that holds anything else."""
        self.folder, self.code, self._lock = folder, spoken_code(), threading.Lock()
        self._seen: tuple[object, Region] | None = None
        self._desk: Desk | None = None
        self._begun = False
        if self.founded or not _empty(folder):
            self.region()

    @property
    def founded(self) -> bool:
        """有区域了 · Whether the folder is a region."""
        return (self.folder / "heng.yaml").exists()

    @property
    def begun(self) -> bool:
        """可以登录了 · Whether the desk is in use: somebody can log in."""
        if not self._begun:
            desk = self.desk()
            self._begun = desk is not None and begun(desk.db)
        return self._begun

    def region(self) -> Region:
        """最新一代 · The newest generation; the same object as long as no data, policy or setting has changed."""
        mark = self._mark()
        with self._lock:
            if self._seen is None or self._seen[0] != mark:
                self._seen = (mark, Region(self.folder))
            return self._seen[1]

    def desk(self) -> Desk | None:
        """案头 · The desk before the newest generation; None while the region has none."""
        if not self.founded:
            return None
        region = self.region()
        with self._lock:
            if self._desk is None:
                place = place_of(region)
                if isinstance(place, Path) and not place.exists():
                    return None
                self._desk = Desk(region)
            elif self._desk.region is not region:
                self._desk = self._desk.at(region)
            return self._desk

    def close(self) -> None:
        """关门 · Close the desk's database."""
        with self._lock:
            if self._desk is not None:
                self._desk.db.close()
                self._desk = None

    def _mark(self) -> object:
        # What a region is read from: the pointer, heng.yaml, and its policy files.
        files = [self.folder / "CURRENT", self.folder / "heng.yaml", *sorted((self.folder / "policy").rglob("*.yaml"))]
        return [(p, s.st_mtime_ns, s.st_size, s.st_ino) for p in files if p.exists() and (s := p.stat())]


def _empty(folder: Path) -> bool:
    # Folders without a file are what a beginning leaves that was cut off.
    return not any(p.is_file() for p in folder.rglob("*"))
