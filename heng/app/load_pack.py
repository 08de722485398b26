"""把分组方案装入区域 · Load a scheme of DRG or DIP into a region: its rows take the place of what was held of the same edition."""

from dataclasses import dataclass
from pathlib import Path

from heng.app.region import Region
from heng.core.errors import FileError, Say, did_you_mean
from heng.intake.packs.reading import read_any
from heng.methods.dip.pack import DipPack
from heng.rooms.payment import dip_packs
from heng.rooms.payment.packs import rows
from heng.store.parts import write_part
from heng.tables import packs


@dataclass(frozen=True)
class PackReport:
    """装入的结果 · What was loaded: the pack's name, its rows by table, the notes of its import; whether it was held already."""

    name: str
    rows: dict[str, int]
    notes: tuple[Say, ...] = ()
    unchanged: bool = False


def load_pack(region: Region, path: Path) -> PackReport:
    """装入并发布一代 · Load a pack and publish one generation; FileError when it cannot be used, and nothing is loaded then."""
    pack = read_any(path)
    with region.writing("heng load"):
        whole = dip_packs.rows(pack) if isinstance(pack, DipPack) else rows(pack)
        found = {table: frame for table, frame in whole.items() if frame.height}
        made = [write_part(region.path, table, frame, ("", "", pack.name)) for table, frame in found.items()]
        held = [p for p in region.manifest.parts if p.part == pack.name and not p.org and p.table in TABLES]
        unchanged = {(p.table, p.file) for p in held} == {(p.table, p.file) for p in made}
        if not unchanged:
            region.publish("load", made, [p.place for p in held])
    return PackReport(pack.name, {p.table: p.rows for p in made}, pack.notes, unchanged)


def withdraw_pack(region: Region, name: str) -> dict[str, int]:
    """撤回一个方案 · Take a pack out again; the rows taken. FileError with the nearest name when it is not held."""
    with region.writing("heng load --withdraw"):
        held = [p for p in region.manifest.parts if not p.org and p.table in TABLES]
        gone = [p for p in held if p.part == name]
        if not gone:
            near = did_you_mean(name, {p.part for p in held})
            raise FileError(f"没有装入过方案「{name}」", f"no scheme {name!r} is held", mend=near)
        region.publish("withdraw", drop=[p.place for p in gone])
    return {p.table: p.rows for p in gone}


TABLES = frozenset(
    t.__name__
    for t in (
        packs.Pack,
        packs.PackGroup,
        packs.PackMember,
        packs.PackSeverity,
        packs.PackExclusion,
        packs.PackConversion,
        packs.PackWeight,
        packs.DipEdition,
        packs.DipEntry,
        packs.DipCode,
    )
)
