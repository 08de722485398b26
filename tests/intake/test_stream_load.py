"""长文件装入：错了整份不装，断了重来 · Long files into a region: all or nothing, and the pieces are one file."""

import errno
import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest

from heng.app.doctor import examine
from heng.app.held import held
from heng.app.load import load, part_name
from heng.app.region import Hospital, Region, new_region
from heng.app.withdraw import withdraw
from heng.intake.delivery import Delivery, Place, read_delivery
from heng.intake.kind import read_start
from heng.store.files import files_below
from heng.tables.fees import FeeLine
from tests.intake.long_file import HEADER, fees, line, pieces
from tests.reading import owner


def region(folder: Path) -> Region:
    """An empty region."""
    return new_region(folder, "试验区域", [Hospital("H01", "试验医院", "二级")])


def taken(region: Region, *paths: Path, overlap: str = "refuse") -> list[str]:
    """Load in pieces; what was refused, in words."""
    with pieces():
        return [str(e) for e in load(region, [("H01", p) for p in paths], Place("H01"), overlap=overlap).refused]


def parts(region: Region) -> list[str]:
    """The parts of the fee lines held."""
    return [p.part for p in region.manifest.of("FeeLine")]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (b'ZY9,2026-03-02,"0001,x,1,5.00,301', "引号不成对"),
        (b"ZY9,2026-03-02,00\x0001,x,1,5.00,301", "NUL"),
        (b"ZY9,2026-03-02,00\xff01,x,1,5.00,301", "编码"),
    ],
    ids=["a quote without end", "a NUL", "a byte of no encoding"],
)
def test_a_late_fault_of_the_file_loads_nothing_of_it(tmp_path: Path, wrong: bytes, said: str) -> None:
    held_before = region(tmp_path / "region")
    assert not taken(held_before, fees(tmp_path / "收费明细.csv", 100))
    before = [(p.place, p.file) for p in held_before.manifest.parts]
    fees(tmp_path / "收费明细.csv", 700)
    path = tmp_path / "收费明细.csv"
    path.write_bytes(path.read_bytes() + wrong + b"\n")
    assert said in taken(held_before, path)[0]
    now = Region(tmp_path / "region")
    assert [(p.place, p.file) for p in now.manifest.parts] == before
    assert files_below(now.path, "data") == {p.file for p in now.manifest.parts}


def test_the_pieces_of_a_file_are_one_file(tmp_path: Path) -> None:
    held_in = region(tmp_path / "region")
    path = fees(tmp_path / "收费明细.csv", 220, lambda i, told: line(i, "2026-04") if i > 180 else told)
    assert not taken(held_in, path)
    assert [(p.month, p.part, p.rows) for p in held_in.manifest.of("FeeLine")] == [
        ("2026-03", "收费明细~0001", 49),
        ("2026-03", "收费明细~0002", 50),
        ("2026-03", "收费明细~0003", 50),
        ("2026-03", "收费明细~0004", 32),
        ("2026-04", "收费明细~0004", 18),
        ("2026-04", "收费明细~0005", 21),
    ]
    found = held(owner(held_in), FeeLine, [("H01", "2026-03"), ("H01", "2026-04")])
    assert sorted(found["row"]) == list(range(2, 222))
    assert held_in.manifest.of("SourceFile")[0].rows == 1
    generation = held_in.manifest.generation
    assert not taken(held_in, path)
    assert held_in.manifest.generation == generation
    assert examine(held_in).sound
    assert withdraw(held_in, "H01", ["收费明细"], "2026-04") == {"FeeLine": 39}
    assert parts(held_in) == [f"收费明细~000{i}" for i in range(1, 5)]
    assert withdraw(held_in, "H01", ["收费明细"]) == {"FeeLine": 181}
    assert not parts(held_in)


def test_a_correction_takes_the_place_of_all_pieces(tmp_path: Path) -> None:
    held_in = region(tmp_path / "region")
    assert not taken(held_in, fees(tmp_path / "收费明细.csv", 220))
    assert not taken(held_in, fees(tmp_path / "收费明细(1).csv", 130))
    assert parts(held_in) == [f"收费明细~000{i}" for i in range(1, 4)]
    assert not taken(held_in, fees(tmp_path / "收费明细_更正.csv", 20))
    assert parts(held_in) == ["收费明细"]
    assert not taken(held_in, fees(tmp_path / "收费明细v2.csv", 131))
    assert parts(held_in) == [f"收费明细~000{i}" for i in range(1, 4)]
    assert "已由文件「收费明细」装入" in taken(held_in, fees(tmp_path / "补录.csv", 120))[0]
    assert not taken(held_in, tmp_path / "补录.csv", overlap="add")
    assert sum(p.rows for p in held_in.manifest.of("FeeLine")) == 251
    assert not taken(held_in, tmp_path / "补录.csv", overlap="replace")
    assert parts(held_in) == [f"补录~000{i}" for i in range(1, 4)]


def test_two_long_files_of_one_name_in_one_load(tmp_path: Path) -> None:
    held_in = region(tmp_path / "region")
    (tmp_path / "b").mkdir()
    paths = fees(tmp_path / "收费明细.csv", 120), fees(tmp_path / "b" / "收费明细.csv", 150)
    assert "两个都算作「收费明细」的文件" in taken(held_in, *paths)[0]
    assert sum(p.rows for p in held_in.manifest.of("FeeLine")) == 120


def test_a_file_that_is_understood_anew_half_way_is_counted_once(tmp_path: Path) -> None:
    held_in = region(tmp_path / "region")
    names = [f"{'甲' if i < 130 else '乙'}医院,{line(i)}" for i in range(200)]
    (tmp_path / "收费明细.csv").write_text("\n".join([f"医院名称,{HEADER}", *names]) + "\n", "utf8")
    assert not taken(held_in, tmp_path / "收费明细.csv")
    assert sum(p.rows for p in held_in.manifest.of("FeeLine")) == 130
    assert parts(held_in) == [f"收费明细~000{i}" for i in range(1, 4)]


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held_in, path = region(tmp_path / "region"), fees(tmp_path / "收费明细.csv", 120)

    def changing(*told: object) -> Delivery:
        found = read_delivery(*told)  # type: ignore[arg-type]
        fees(path, 121)
        return found

    monkeypatch.setattr("heng.app.read_ahead.read_delivery", changing)
    assert "装入时文件被改动了" in taken(held_in, path)[0]
    assert not parts(held_in)


def test_a_file_that_goes_away_while_it_is_read_does_not_stop_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held_in, path, gone = region(tmp_path / "region"), fees(tmp_path / "收费明细.csv", 120), fees(tmp_path / "住院收费明细.csv", 120)

    def going(asked: Path, *told: object) -> Delivery:
        found = read_delivery(asked, *told)  # type: ignore[arg-type]
        gone.unlink(missing_ok=True)
        return found

    monkeypatch.setattr("heng.app.read_ahead.read_delivery", going)
    (refused,) = taken(held_in, gone, path)
    assert "住院收费明细.csv: 读不到这个文件" in refused
    assert parts(held_in)


def test_a_file_that_may_not_be_read_does_not_stop_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held_in, path, shut = region(tmp_path / "region"), fees(tmp_path / "收费明细.csv", 120), fees(tmp_path / "住院收费明细.csv", 120)

    def denied(asked: Path) -> bytes:
        if asked == shut:
            raise PermissionError(errno.EACCES, "Permission denied", str(asked))
        return read_start(asked)

    monkeypatch.setattr("heng.app.read_ahead.read_start", denied)
    (refused,) = taken(held_in, shut, path)
    assert "没有权限" in refused
    assert parts(held_in)


def test_a_full_disk_stops_the_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held_in, path = region(tmp_path / "region"), fees(tmp_path / "收费明细.csv", 120)
    full = OSError(errno.ENOSPC, "No space left on device", str(tmp_path / "region" / "files" / path.name))
    monkeypatch.setattr("heng.app.read_ahead.copy_whole", Mock(side_effect=full))
    with pytest.raises(OSError, match="No space left"):
        taken(held_in, path)


def test_a_name_that_looks_like_a_piece() -> None:
    assert part_name(Path("收费~0001.csv")) == "收费-0001"
    assert part_name(Path("SHOUFE~1.CSV")) == "SHOUFE~1"


KILLED = """
import os, signal, sys
from pathlib import Path
from heng.app import load as loading
from heng.app.region import Region
from heng.intake import limits
from heng.intake.delimited import grids, texts
from heng.intake.delivery import Place
limits.PIECE_ROWS, written = 50, []
def write(*told):
    written.append(told)
    if len(written) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return keep(*told)
keep, loading.write_part = loading.write_part, write
loading.load(Region(Path(sys.argv[1])), [("H01", Path(sys.argv[2]))], Place("H01"))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_killed_between_two_pieces(tmp_path: Path) -> None:
    held_in = region(tmp_path / "region")
    assert not taken(held_in, fees(tmp_path / "收费明细.csv", 20))
    before = [(p.place, p.file) for p in held_in.manifest.parts]
    fees(tmp_path / "收费明细.csv", 200)
    run = subprocess.run([sys.executable, "-c", KILLED, str(held_in.path), str(tmp_path / "收费明细.csv")], check=False, timeout=60)
    assert run.returncode == -9
    now = Region(held_in.path)
    assert [(p.place, p.file) for p in now.manifest.parts] == before
    assert len(files_below(now.path, "data")) == len(before) + 2
    assert examine(now).sound
    assert not taken(now, tmp_path / "收费明细.csv")
    assert parts(now) == [f"收费明细~000{i}" for i in range(1, 6)]
    assert not examine(now).orphans
