"""清单：一代数据由哪些文件组成 · The manifest: which files make up one generation of a region.

`CURRENT` names one file under `generations/`; it is the only pointer. Readers take one generation and never glob,
so a page or a run sees one consistent snapshot and a crash leaves the old generation or the new one.
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from heng.core.errors import StoreError
from heng.store.files import write_whole

FORMAT = 1
PIECE = re.compile(r"~\d{4,}$")
"""块号 · The end of the `part` of one piece of a long file: 收费明细~0001."""
Key = TypeVar("Key")
Place = tuple[str, str, str, str]
"""表、医院、月、份 · Where a data file belongs: table, hospital, month, part; one file a place."""


@dataclass(frozen=True, order=True)
class Part:
    """一个分区文件 · One data file: a table's rows of one hospital and month, from one feed (`part`) or one run."""

    table: str
    org: str
    month: str
    part: str
    version: int
    file: str
    rows: int
    fingerprint: str

    @property
    def place(self) -> Place:
        """分区的位置 · The place it takes."""
        return (self.table, self.org, self.month, self.part)

    @property
    def feed(self) -> str:
        """来自哪个文件 · The file it came from: `part` without the number of the piece and without the mark of the content."""
        return PIECE.sub("", self.part.partition("#")[0])


@dataclass(frozen=True)
class Closing:
    """一次结账或反结账 · One closing (or reopening, with its reason) of a month: by whom, when, at which generation."""

    org: str
    month: str
    by: str
    at: str
    generation: int
    reason: str = ""


@dataclass(frozen=True)
class Manifest:
    """一代数据 · One generation: its parts, its closed months, and what made it."""

    generation: int = 0
    at: str = ""
    by: str = ""
    note: str = ""
    parts: tuple[Part, ...] = ()
    closed: tuple[Closing, ...] = ()
    reopened: tuple[Closing, ...] = ()

    @cached_property
    def _places(self) -> dict[Place, Part]:
        return {p.place: p for p in self.parts}

    @cached_property
    def _tables(self) -> dict[str, list[Part]]:
        return gathered(self.parts, lambda p: p.table)

    @cached_property
    def _months(self) -> dict[tuple[str, str, str], list[Part]]:
        return gathered(self.parts, lambda p: (p.table, p.org, p.month))

    @cached_property
    def _held(self) -> dict[str, frozenset[tuple[str, str]]]:
        return {table: frozenset((p.org, p.month) for p in parts) for table, parts in self._tables.items()}

    def part(self, table: str, org: str, month: str, part: str = "") -> Part | None:
        """某个位置的分区 · The part at a place."""
        return self._places.get((table, org, month, part))

    def of(self, table: str) -> list[Part]:
        """一张表的全部分区 · All parts of a table."""
        return self._tables.get(table, [])

    def of_month(self, table: str, org: str, month: str) -> list[Part]:
        """一张表某院某月的分区 · The parts of a table of one hospital and month."""
        return self._months.get((table, org, month), [])

    @cached_property
    def cells(self) -> frozenset[tuple[str, str]]:
        """有数据的（医院, 月） · The (hospital, month) pairs of which it has parts."""
        return frozenset((p.org, p.month) for p in self.parts if p.org and p.month)

    @cached_property
    def orgs(self) -> tuple[str, ...]:
        """有数据的医院 · The hospitals of which it has parts of months, in order."""
        return tuple(sorted({org for org, _ in self.cells}))

    def held(self, table: str) -> frozenset[tuple[str, str]]:
        """一张表存着哪些（医院, 月） · The (hospital, month) pairs of which rows of a table are stored."""
        return self._held.get(table, frozenset())

    def is_closed(self, org: str, month: str) -> Closing | None:
        """该院该月是否已结账 · The closing of a hospital's month, if it is closed."""
        return next((c for c in self.closed if (c.org, c.month) == (org, month)), None)

    def next(self, *, at: str, by: str, note: str, add: Iterable[Part] = (), drop: Iterable[Place] = ()) -> "Manifest":
        """下一代：去掉一些、换上一些 · The next generation with some places dropped and some parts put in."""
        held = dict(self._places)
        for place in drop:
            held.pop(place, None)
        held |= {p.place: p for p in add}
        parts = tuple(held[place] for place in sorted(held))
        return Manifest(self.generation + 1, at, by, note, parts, self.closed, self.reopened)

    def with_closings(self, closed: Iterable[Closing], reopened: Iterable[Closing]) -> "Manifest":
        """改动结账状态 · The same generation with other closed and reopened months."""
        return replace(self, closed=tuple(closed), reopened=tuple(reopened))


def gathered(parts: Iterable[Part], by: Callable[[Part], Key]) -> dict[Key, list[Part]]:
    """归在一起 · Parts with the same key together, in the order in which they come."""
    found = dict[Key, list[Part]]()
    for p in parts:
        found.setdefault(by(p), []).append(p)
    return found


def read_manifest(folder: Path, generation: int | None = None) -> Manifest:
    """读当前（或指定）的一代 · Read the current generation, or a given one; StoreError when there is none."""
    pointer = folder / "CURRENT"
    name = _name(generation or 0)
    if generation is None and pointer.exists():
        name = pointer.read_text("utf8", errors="replace").strip()
        if not re.fullmatch(r"\d{8}\.json", name):
            raise _damaged("CURRENT")
    path = folder / "generations" / name
    if not path.exists():
        if generation is None and not pointer.exists():
            return Manifest()
        raise StoreError(
            f"没有第 {generation} 代数据" if generation is not None else f"CURRENT 所指的 {name} 不在",
            f"there is no generation {generation}" if generation is not None else f"{name}, which CURRENT names, is not there",
            where=folder.name,
            mend=("用 heng doctor 查看保留的各代", "see heng doctor for the generations kept"),
        )
    try:
        return _decode(json.loads(path.read_text("utf8")))
    except (ValueError, KeyError, TypeError, AttributeError) as e:
        raise _damaged(f"generations/{name}") from e


def _damaged(name: str) -> StoreError:
    return StoreError(
        "清单已坏",
        "the manifest is damaged",
        where=name,
        mend=(
            "从备份恢复；或把 CURRENT 改为 generations/ 里较早一代的文件名",
            "restore a backup, or let CURRENT name an earlier file of generations/",
        ),
    )


def publish(folder: Path, manifest: Manifest) -> None:
    """发布新的一代：先写清单，再换指针 · Publish a generation: the manifest first, then the pointer."""
    name = _name(manifest.generation)
    write_whole(folder / "generations" / name, _encode(manifest))
    write_whole(folder / "CURRENT", name.encode())


def generations(folder: Path) -> list[int]:
    """保留的各代 · The generations kept, oldest first."""
    return sorted(int(p.stem) for p in (folder / "generations").glob("[0-9]*.json"))


def _name(generation: int) -> str:
    return f"{generation:08}.json"


def _encode(m: Manifest) -> bytes:
    head = {"format": FORMAT, "generation": m.generation, "at": m.at, "by": m.by, "note": m.note}
    body = {
        "closed": [asdict(c) for c in m.closed],
        "reopened": [asdict(c) for c in m.reopened],
        "parts": [list(asdict(p).values()) for p in m.parts],
    }
    return json.dumps({**head, **body}, ensure_ascii=False, separators=(",", ":")).encode()


def _decode(raw: dict[str, Any]) -> Manifest:
    if raw.get("format") != FORMAT:
        raise StoreError(
            f"清单格式 {raw.get('format')} 读不了",
            f"cannot read manifest format {raw.get('format')}",
            mend=("请升级 heng", "upgrade heng"),
        )
    rows: dict[str, list[Any]] = {k: list(raw[k]) for k in ("parts", "closed", "reopened")}
    return Manifest(
        int(raw["generation"]),
        raw["at"],
        raw["by"],
        raw["note"],
        tuple(Part(*p) for p in rows["parts"]),
        tuple(Closing(**c) for c in rows["closed"]),
        tuple(Closing(**c) for c in rows["reopened"]),
    )
