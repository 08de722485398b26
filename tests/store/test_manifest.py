"""清单：旧的一代或新的一代，没有一半 · A manifest is the old generation or the new one, never half."""

import json
from pathlib import Path

import pytest

from heng.core.errors import StoreError
from heng.store import manifest as module
from heng.store.manifest import Manifest, Part, generations, publish, read_manifest

PART = Part("Income", "H01", "2026-03", "收入", 1, "data/Income/H01/2026-03/x.parquet", 3, "")
OTHER = Part("Income", "H01", "2026-04", "收入", 1, "data/Income/H01/2026-04/y.parquet", 4, "")


def first(folder: Path) -> Manifest:
    """Generation 1, published."""
    one = Manifest().next(at="t", by="p", note="load", add=[PART])
    publish(folder, one)
    return one


@pytest.mark.parametrize("survives", [0, 1], ids=["before the manifest is written", "before the pointer moves"])
def test_a_publication_cut_short_leaves_the_old_generation(tmp_path: Path, survives: int, monkeypatch: pytest.MonkeyPatch) -> None:
    one, real, written = first(tmp_path), module.write_whole, []

    def stops(path: Path, content: bytes) -> None:
        if len(written) == survives:
            raise OSError("no power")
        written.append(path)
        real(path, content)

    monkeypatch.setattr(module, "write_whole", stops)
    with pytest.raises(OSError, match="no power"):
        publish(tmp_path, one.next(at="t", by="p", note="load", add=[OTHER]))
    assert read_manifest(tmp_path) == one
    monkeypatch.undo()
    publish(tmp_path, again := one.next(at="t", by="p", note="other", drop=[PART.place]))
    assert read_manifest(tmp_path) == again


def test_a_reader_of_one_generation_sees_it_whatever_is_published_later(tmp_path: Path) -> None:
    one = first(tmp_path)
    publish(tmp_path, one.next(at="t", by="p", note="run", add=[OTHER], drop=[PART.place]))
    assert read_manifest(tmp_path, 1) == one
    assert [p.file for p in read_manifest(tmp_path).parts] == [OTHER.file]
    assert generations(tmp_path) == [1, 2]


def test_a_place_holds_one_part(tmp_path: Path) -> None:
    newer = Part(*{**vars(PART), "file": "data/Income/H01/2026-03/z.parquet"}.values())
    assert first(tmp_path).next(at="t", by="p", note="load", add=[newer]).parts == (newer,)


def test_parts_are_found_by_table_by_place_and_by_month() -> None:
    made = Part("Income", "H01", "2026-03", "补充", 1, "data/Income/H01/2026-03/w.parquet", 1, "")
    one = Manifest().next(at="t", by="p", note="load", add=[OTHER, PART, made])
    assert one.parts == (PART, made, OTHER)
    assert one.of("Income") == [PART, made, OTHER]
    assert one.of_month("Income", "H01", "2026-03") == [PART, made]
    assert one.part("Income", "H01", "2026-03", "补充") == made
    assert (one.of_month("Income", "H02", "2026-03"), one.of("Cost"), one.part("Income", "H01", "2026-03")) == ([], [], None)
    assert one.held("Income") == {("H01", "2026-03"), ("H01", "2026-04")} == one.cells
    assert one.with_closings((), ()).of("Income") == one.of("Income")


def test_a_generation_that_is_not_there_is_an_error_and_not_an_empty_region(tmp_path: Path) -> None:
    first(tmp_path)
    with pytest.raises(StoreError) as said:
        read_manifest(tmp_path, 7)
    assert "没有第 7 代数据" in str(said.value)
    (tmp_path / "generations/00000001.json").unlink()
    with pytest.raises(StoreError):
        read_manifest(tmp_path)


def test_a_manifest_of_a_newer_format_is_refused(tmp_path: Path) -> None:
    first(tmp_path)
    path = tmp_path / "generations/00000001.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf8")) | {"format": 99}), "utf8")
    with pytest.raises(StoreError) as said:
        read_manifest(tmp_path)
    assert "upgrade heng" in str(said.value)


@pytest.mark.parametrize("said", ["{bad", "[]", "\ufffd"])
def test_a_damaged_manifest_is_named(tmp_path: Path, said: str) -> None:
    publish(tmp_path, Manifest().next(at="", by="", note=""))
    (tmp_path / "generations" / "00000001.json").write_text(said, "utf8")
    with pytest.raises(StoreError, match=r"generations/00000001\.json: 清单已坏"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("said", ["", "../../x", "00000001.json\n../x"])
def test_a_damaged_pointer_leads_nowhere(tmp_path: Path, said: str) -> None:
    publish(tmp_path, Manifest().next(at="", by="", note=""))
    (tmp_path / "CURRENT").write_text(said, "utf8")
    with pytest.raises(StoreError, match="CURRENT: 清单已坏"):
        read_manifest(tmp_path)
