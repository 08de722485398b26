"""备份与恢复：一个文件装下一代数据 · Backup and restore: one file that holds a generation, verified to the byte.

In it: heng.yaml, policy, headers, the raw files, the desk's database, the current generation with its data files, and
every generation at which a month was closed or reopened. `backup.json` names all of them with their hashes. The same region gives the
same bytes. Readers need no lock: a generation never changes.
"""

import json
import os
import shutil
import stat
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from heng.core.errors import StoreError
from heng.store.files import BLOCK, hasher, sync_folder
from heng.store.manifest import read_manifest

LIST = "backup.json"
FOLDERS = ("policy", "headers", "files", "generations", "data")
ALONE = ("heng.yaml", "CURRENT", "desk.db")
EPOCH = (1980, 1, 1, 0, 0, 0)
LARGEST = 64 * 1024**3
"""一个成员的上限（字节） · The most that one member may take when unpacked, in bytes."""


@dataclass(frozen=True)
class Kept:
    """备份了什么、恢复了什么 · What a backup holds: its generation, how many files, how many bytes."""

    generation: int
    files: int
    size: int


def write_backup(folder: Path, target: Path, copied: Mapping[str, Path] | None = None) -> Kept:
    """备份到一个 zip 文件 · Write one consistent generation to a zip; StoreError when a data file is missing or damaged.

    `copied`: members of which a copy stands in for what may change meanwhile, by name.
    """
    paths = {name: folder / name for name in _members(folder)} | dict(copied or {})
    hashes, size = dict[str, str](), 0
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as packed:
            for name in sorted(paths):
                hashes[name], more = _put(packed, paths[name], name)
                size += more
            packed.writestr(_info(LIST, 0), json.dumps({"format": 1, "files": hashes}, ensure_ascii=False, indent=0).encode())
        with temporary.open("rb") as done:
            os.fsync(done.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(target.parent)
    return Kept(read_manifest(folder).generation, len(paths), size)


def restore_backup(source: Path, target: Path) -> Kept:
    """恢复到一个新文件夹 · Restore into a new folder, every file verified; StoreError when anything is wrong, and nothing is left."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise StoreError(
            "目标已存在，不覆盖",
            "the target exists and is not overwritten",
            where=str(target),
            mend=("用 --to 另指一个新文件夹", "name a new folder with --to"),
        )
    place = target.with_name(f".{target.name}.restoring.{os.getpid()}")
    try:
        with zipfile.ZipFile(source) as packed:
            hashes = _listed(packed, source)
            size = sum(_take(packed, name, mark, place) for name, mark in hashes.items())
        generation = read_manifest(place).generation
        if target.exists():
            target.rmdir()
        target.parent.mkdir(parents=True, exist_ok=True)
        place.replace(target)
    except (zipfile.BadZipFile, OSError) as e:
        raise _unreadable(source, str(e)) from e
    finally:
        shutil.rmtree(place, ignore_errors=True)
    sync_folder(target.parent)
    return Kept(generation, len(hashes), size)


def _members(folder: Path) -> Iterator[str]:
    manifest = read_manifest(folder)
    marked = {c.generation for c in (*manifest.closed, *manifest.reopened)}
    for generation in sorted({*marked, manifest.generation} - {0}):
        yield f"generations/{generation:08}.json"
        yield from (p.file for p in read_manifest(folder, generation).parts)
    yield from (name for name in ("heng.yaml", "CURRENT") if (folder / name).exists())
    for part in ("policy", "headers", "files"):
        for path in (folder / part).rglob("*"):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(folder).as_posix()


def _put(packed: zipfile.ZipFile, path: Path, name: str) -> tuple[str, int]:
    """放入一个文件 · Put a file in, block after block; its hash and size. StoreError when it is not what its name says."""
    mark, size = hasher(), 0
    if not path.is_file():
        raise _unsound(name)
    with path.open("rb") as file, packed.open(_info(name, path.stat().st_size), "w") as member:
        while block := file.read(BLOCK):
            mark.update(block)
            size += member.write(block)
    if name.startswith(("data/", "files/")) and mark.hexdigest() != path.stem:
        raise _unsound(name)
    return mark.hexdigest(), size


def _info(name: str, size: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, EPOCH)
    info.external_attr, info.file_size = (stat.S_IFREG | 0o644) << 16, size
    info.compress_type = zipfile.ZIP_STORED if name.startswith("data/") else zipfile.ZIP_DEFLATED
    return info


def _unsound(name: str) -> StoreError:
    return StoreError(
        "数据文件缺失或已坏，未备份",
        "a data file is missing or damaged; no backup was made",
        where=name,
        mend=("用 heng doctor 查看", "see heng doctor"),
    )


def _listed(packed: zipfile.ZipFile, source: Path) -> dict[str, str]:
    there = packed.namelist()
    if LIST not in there:
        raise _unreadable(source, "backup.json")
    said = json.loads(packed.read(LIST))
    hashes = {str(k): str(v) for k, v in said["files"].items()}
    if len(there) != len(set(there)) or set(there) != {*hashes, LIST}:
        raise _unreadable(source, "文件清单与内容不符 · the list does not match the contents")
    if bad := [n for n in hashes if not _harmless(n, packed.getinfo(n))]:
        raise _unreadable(source, f"不收的文件名 · a name that is not accepted: {bad[0]!r}")
    return hashes


def _harmless(name: str, info: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(name)
    known = name in ALONE or (len(path.parts) > 1 and path.parts[0] in FOLDERS)
    plain = str(path) == name and not path.is_absolute() and ".." not in path.parts and not set("\\:\0") & set(name)
    return known and plain and stat.S_IFMT(info.external_attr >> 16) in (0, stat.S_IFREG) and info.file_size <= LARGEST


def _take(packed: zipfile.ZipFile, name: str, mark: str, place: Path) -> int:
    path, found, size = place / name, hasher(), 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with packed.open(name) as member, path.open("wb") as out:
        while block := member.read(BLOCK):
            found.update(block)
            size += out.write(block)
        out.flush()
        os.fsync(out.fileno())
    if name == "desk.db":
        path.chmod(0o600)  # it holds hashes of passwords
    if found.hexdigest() != mark or (name.startswith(("data/", "files/")) and PurePosixPath(name).stem != mark):
        raise StoreError(
            "内容与备份时的指纹不符，未恢复",
            "the content does not match the hash of the backup; nothing was restored",
            where=name,
            mend=("换一份备份", "use another backup"),
        )
    return size


def _unreadable(source: Path, why: str) -> StoreError:
    return StoreError(
        f"读不了这份备份：{why}",
        f"cannot read this backup: {why}",
        where=source.name,
        mend=("用 heng backup 写出的文件", "use a file that heng backup wrote"),
    )
