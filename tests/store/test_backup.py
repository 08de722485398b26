"""备份与恢复：逐字节核对，不收坏的 · Backups are verified to the byte; what is damaged or sly is refused."""

import json
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from heng.app.closing import close, reopen
from heng.app.region import Region
from heng.core.errors import StoreError
from heng.store.backup import LIST, restore_backup, write_backup
from heng.store.files import digest
from tests.store.tiny import contents, sound


@pytest.fixture
def packed(region: Region, tmp_path: Path) -> Path:
    (region.path / "policy/costing").mkdir(parents=True)
    (region.path / "policy/costing/own.yaml").write_text("{}\n", "utf8")
    write_backup(region.path, tmp_path / "备份.zip")
    return tmp_path / "备份.zip"


def test_a_restored_region_is_the_region(region: Region, packed: Path, tmp_path: Path) -> None:
    kept = restore_backup(packed, tmp_path / "new/again")
    again = Region(tmp_path / "new/again")
    assert kept.generation == again.manifest.generation == region.manifest.generation
    assert contents(again) == contents(region)
    assert again.settings == region.settings
    assert (again.path / "policy/costing/own.yaml").read_text("utf8") == "{}\n"
    assert {p.name for p in (again.path / "files").iterdir()} == {p.name for p in (region.path / "files").iterdir()}
    sound(again)


def test_two_backups_of_a_region_are_the_same_bytes(region: Region, packed: Path, tmp_path: Path) -> None:
    write_backup(region.path, tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_bytes() == packed.read_bytes()


def test_what_was_reported_goes_along(region: Region, tmp_path: Path) -> None:
    closed = close(region, "H01", "2026-01", "张三")
    reopen(region, "H01", "2026-01", "李四", "补录")
    write_backup(region.path, tmp_path / "b.zip")
    restore_backup(tmp_path / "b.zip", tmp_path / "again")
    assert contents(Region(tmp_path / "again", closed.generation)) == contents(Region(region.path, closed.generation))


def test_nothing_is_overwritten(region: Region, packed: Path) -> None:
    before = contents(region)
    with pytest.raises(StoreError, match="不覆盖"):
        restore_backup(packed, region.path)
    assert contents(Region(region.path)) == before


@pytest.mark.parametrize("how", ["missing", "damaged"])
def test_a_region_with_a_bad_file_is_not_backed_up(region: Region, tmp_path: Path, how: str) -> None:
    path = region.path / region.manifest.parts[0].file
    path.unlink() if how == "missing" else path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(StoreError, match="缺失或已坏") as said:
        write_backup(region.path, tmp_path / "b.zip")
    assert said.value.where == region.manifest.parts[0].file
    assert list(tmp_path.glob("*.zip*")) == []
    assert list(tmp_path.glob(".*")) == []


Change = Callable[[dict[str, bytes]], None]


def rewritten(packed: Path, change: Change, *, relist: bool = True) -> Path:
    """The backup with other members; with `relist` its list is made to agree."""
    with zipfile.ZipFile(packed) as source:
        members = {n: source.read(n) for n in source.namelist()}
    change(members)
    if relist:
        hashes = {n: digest(c) for n, c in members.items() if n != LIST}
        members[LIST] = json.dumps({"format": 1, "files": hashes}).encode()
    target = packed.with_name("changed.zip")
    with zipfile.ZipFile(target, "w") as out:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFLNK if name.endswith(".link") else stat.S_IFREG | 0o644) << 16
            out.writestr(info, content)
    return target


def turned(members: dict[str, bytes]) -> None:
    """One byte of one data file is another."""
    name = next(n for n in members if n.startswith("data/"))
    members[name] = members[name][:-1] + bytes([members[name][-1] ^ 1])


@pytest.mark.parametrize("forged", ["with a forged list", ""])
def test_a_turned_byte_is_found(packed: Path, tmp_path: Path, forged: str) -> None:
    with pytest.raises(StoreError, match="指纹不符"):
        restore_backup(rewritten(packed, turned, relist=bool(forged)), tmp_path / "again")
    assert not (tmp_path / "again").exists()
    assert list(tmp_path.glob(".again*")) == []


SLY = [
    "../out.yaml",
    "/etc/out.yaml",
    "data/../../out",
    "policy\\..\\out",
    "C:/out",
    "data/x.link",
    "elsewhere/out",
    "policy//out",
    "heng.yaml/x",
]


@pytest.mark.parametrize("name", SLY)
def test_a_sly_name_is_refused(packed: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(StoreError, match="不收的文件名"):
        restore_backup(rewritten(packed, lambda members: members.update({name: b"x"})), tmp_path / "deep/again")
    assert not (tmp_path / "deep/again").exists()
    assert not (tmp_path / "out.yaml").exists()


@pytest.mark.parametrize("wrong", ["no list", "a member too many"])
def test_a_list_that_does_not_match_is_refused(packed: Path, tmp_path: Path, wrong: str) -> None:
    if wrong == "no list":
        changed = rewritten(packed, lambda members: members.pop(LIST), relist=False)
    else:
        changed = rewritten(packed, lambda members: members.update({"policy/more.yaml": b"{}"}), relist=False)
    with pytest.raises(StoreError, match="读不了这份备份"):
        restore_backup(changed, tmp_path / "again")


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 torn"])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(StoreError, match="读不了这份备份"):
        restore_backup(tmp_path / "x.zip", tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_torn_backup_is_refused(packed: Path, tmp_path: Path) -> None:
    shutil.copy(packed, tmp_path / "torn.zip")
    (tmp_path / "torn.zip").write_bytes(packed.read_bytes()[:-200])
    with pytest.raises(StoreError, match="读不了这份备份"):
        restore_backup(tmp_path / "torn.zip", tmp_path / "again")
