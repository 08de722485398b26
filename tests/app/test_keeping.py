"""备份带着案头 · A backup holds the desk as it was at one moment, also while somebody works at it."""

from contextlib import closing
from pathlib import Path

import pytest

from heng.app.desk import Desk
from heng.app.keeping import back_up, desk_apart
from heng.app.region import Hospital, Region, new_region
from heng.desk.migration import upgrade
from heng.desk.people import NewPerson, add, find
from heng.store.backup import restore_backup


@pytest.fixture
def region(tmp_path: Path) -> Region:
    return new_region(tmp_path / "region", "示范", [Hospital("H01", "示范市第一医院")])


def test_who_is_restored_with_a_region_is_who_was_there(region: Region, tmp_path: Path) -> None:
    with closing(Desk(region, new=True).db) as desk:
        upgrade(desk)
        add(desk, NewPerson("wang", "王会计", "H01"), "")
        with desk.writing():  # somebody is at work
            kept = back_up(region, tmp_path / "备份.zip")
    restore_backup(tmp_path / "备份.zip", tmp_path / "again")
    with closing(Desk(Region(tmp_path / "again")).db) as desk:
        assert find(desk, "wang").name == "王会计"
    assert kept.files == len([p for p in (tmp_path / "again").rglob("*") if p.is_file() and p.suffix not in {".db-wal", ".db-shm"}])
    assert (tmp_path / "again/desk.db").stat().st_mode & 0o077 == 0


def test_a_region_without_a_desk_and_one_on_a_server(region: Region, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    restore = back_up(region, tmp_path / "a.zip")
    assert restore.files == 1
    assert not desk_apart(region)
    monkeypatch.setenv("HENG_DESK", "postgresql://desk@127.0.0.1:1/desk")
    settings = region.path / "heng.yaml"
    settings.write_text(settings.read_text("utf8") + "desk: {url: {env: HENG_DESK}}\n", "utf8")
    assert desk_apart(Region(region.path))
    assert back_up(Region(region.path), tmp_path / "b.zip").files == 1
