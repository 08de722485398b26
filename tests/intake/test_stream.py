"""长文件分块读：与整个读入一字不差，错了整份不装 · Long files in pieces: the same as read whole, and all or nothing."""

import csv
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO, StringIO
from pathlib import Path
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from heng.app.doctor import examine
from heng.app.held import held
from heng.app.load import load, part_name
from heng.app.region import Hospital, Region, new_region
from heng.app.withdraw import withdraw
from heng.core.errors import FileError
from heng.intake import limits
from heng.intake.delimited import grids, texts
from heng.intake.delivery import Delivery, Place, read_delivery, write_returned
from heng.intake.opened import opened
from heng.store.files import files_below
from heng.tables.fees import FeeLine
from heng.tables.organisation import Department
from tests.intake.made import only, text

HEADER = "就诊号,收费时间,项目编码,收费类别,数量,金额,执行科室编码"
AREA = "科室,面积,备注"


@contextmanager
def pieces(rows: int = 50, block: int = 300) -> Iterator[None]:
    """Read in small pieces, so that a small file is a long one."""
    with patch.object(limits, "PIECE_ROWS", rows), patch.object(limits, "BLOCK", block):
        yield


def line(i: int, month: str = "2026-03", amount: str = "") -> str:
    """One fee line."""
    return f"ZY{i // 7:05},{month}-{i % 28 + 1:02} 08:{i % 60:02}:00,{i % 40:04},检查费,{i % 5 + 1},{amount or f'{i}.50'},30{i % 9}"


def fees(path: Path, n: int, change: Callable[[int, str], str] = lambda _, told: told) -> Path:
    """A file of `n` fee lines, each of them changed as told; line i stands in row i + 2."""
    path.write_text("\n".join([HEADER, *(change(i, line(i)) for i in range(n))]) + "\n", "utf8")
    return path


def alike(path: Path, folder: Path, rows: int = 50, block: int = 300, **more: str) -> Delivery:
    """Read whole and in pieces: rows, findings, files and what goes back are the same."""
    place = Place("H01", **more)
    whole = read_delivery(path, place)
    with pieces(rows, block):
        assert opened(path).again
        long = read_delivery(path, place)
    assert {t: rows.rows() for t, rows in long.tables.items()} == {t: rows.rows() for t, rows in whole.tables.items() if rows.height}
    assert long.findings.rows() == whole.findings.rows()
    assert long.files.rows() == whole.files.rows()
    back = [[write_returned(r, folder / n).read_bytes() for r in d.returned] for n, d in (("a", whole), ("b", long))]
    assert back[0] == back[1]
    return long


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


CELLS = ["101", "5", "12.5", "", "见附件", "-", "　", "合计", "1,200", '"', "a\nb", "a\r\nb", "0101", "x" * 400, "NULL", "面积"]


@settings(
    max_examples=25,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    lines=st.lists(st.lists(st.sampled_from(CELLS), max_size=5), min_size=60, max_size=90),
    plain=st.lists(
        st.sampled_from(
            ["101,5,y", "101,5", "102,x,,,", "", "合计,10,", '"内\n科",7,z', '5",3,', "备注：无,,", '"外,科","5",""', '"儿科""二",5,']
        ),
        max_size=30,
    ),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    block=st.integers(12, 900),
)
def test_any_file_in_pieces_gives_what_it_gives_as_a_whole(
    tmp_path: Path, lines: list[list[str]], plain: list[str], end: str, block: int
) -> None:
    quoted = [",".join(f'"{c.replace(chr(34), chr(34) * 2)}"' if set(c) & set(',"\r\n') else c for c in row) for row in lines]
    path = tmp_path / "面积2026年3月.csv"
    path.write_bytes((end.join([AREA, *plain, *quoted, *plain]) + end).encode())
    alike(path, tmp_path, rows=50, block=block)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("block", [7, 64, 1001])
def test_a_character_across_an_edge_is_one_character(tmp_path: Path, encoding: str, block: int) -> None:
    lines = [AREA.split(","), *([f"内科{i}", str(i), "甲，乙𠮷"] for i in range(200))]
    found = alike(text(tmp_path / "面积202603.csv", lines, encoding=encoding), tmp_path, block=block)
    assert next(iter(found.tables.values()))["dept"].to_list() == [f"内科{i}" for i in range(200)]


def test_a_row_of_another_width_in_the_third_piece_is_told_with_its_row(tmp_path: Path) -> None:
    wrong = {120: "ZY1,2026-03-02,0001,检查费,1,1,234.50,301", 140: "ZY1,2026-03-02,0001,检查费,1,5.00"}
    found = alike(fees(tmp_path / "收费明细.csv", 200, wrong.get), tmp_path)
    told = found.findings.filter(pl.col("severity") == "error").select("row", "column", "value").rows()
    assert (122, "整行", "301") in told
    assert (142, "执行科室编码", None) in told
    assert only(found, FeeLine).height == 198


def test_totals_repeats_and_what_the_header_says_hold_over_all_pieces(tmp_path: Path) -> None:
    amounts = [f"{i}.25" for i in range(150)]
    sub, whole = sum(range(70)) + 70 * 0.25, sum(range(150)) + 150 * 0.25
    lines = ["收入明细,,,", "开单科室,执行科室,收费类别,金额（万元）", *(f"101,201,检查,{a}" for a in amounts)]
    lines[72:72] = [f"小计,,,{sub:.2f}"]
    lines += [f"合计,,,{whole:.2f}", f"合计,,,{whole + 1:.2f}", "101,201,检查,3.25"]
    path = tmp_path / "收入明细2026年3月.csv"
    path.write_text("\n".join(lines) + "\n", "utf8")
    said = alike(path, tmp_path).findings.select("row", "reason_zh").rows()
    assert [r for r, why in said if why.startswith("合计行与明细之和不符")] == [155]
    assert (156, "与上面一行完全相同，仍已装入") in said
    assert (0, "单位换算成元：万元 × 10,000") in said


QUOTED = ["a", "", '"b"', '"c,d"', '""', '"e""f"', 'g"h', '"k\nl"', '"k\r\nl"', "中", '"甲"', '"x" ', '"\n"']


@settings(max_examples=150, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(
    rows=st.lists(st.lists(st.sampled_from(QUOTED), min_size=1, max_size=3), min_size=1, max_size=8),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    block=st.integers(3, 40),
)
def test_blocks_have_the_cells_that_the_line_by_line_reader_sees(rows: list[list[str]], end: str, block: int) -> None:
    written = "".join(",".join(row) + end for row in rows)
    with pieces(block=block):
        grid = pl.concat(grids(texts(BytesIO(written.encode()), "utf-8", "a"), ",", "a"), how="diagonal")
    width = grid.width
    assert grid.rows() == [
        tuple([cell or None for cell in row] + [None] * (width - len(row))) for row in csv.reader(StringIO(written, newline=""))
    ]


LATE = {
    "a numbering": ("科室编码,科室名称,科室类别", [f"A{i},内科{i}门诊,4" for i in range(120)], ["B1,办公室,1", "B2,检验科,3"]),
    "a numbering told by the last": ("科室编码,科室名称,科室类别", [f"A{i},甲{i},1" for i in range(120)], ["B1,内科门诊,4", "B2,办公室,1"]),
    "ticks that are not all": (
        "科室编码,科室名称,停用",
        [f"A{i},甲{i},{'√' if i % 2 else ''}" for i in range(120)],
        ["B1,乙,否", "B2,丙,"],
    ),
    "names of the hospital": (
        "医院名称,科室编码,科室名称",
        [f"甲医院,A{i},甲{i}" for i in range(60)],
        [f"乙医院,B{i},乙{i}" for i in range(70)],
    ),
}


@pytest.mark.parametrize("told", LATE.values(), ids=LATE.keys())
def test_what_a_later_piece_tells_counts_for_the_first(tmp_path: Path, told: tuple[str, list[str], list[str]]) -> None:
    head, first, late = told
    path = tmp_path / "科室字典.csv"
    path.write_text("\n".join([head, *first, *late]) + "\n", "utf8")
    alike(path, tmp_path, as_table=Department.__name__)


def test_a_month_that_stands_in_a_later_piece_only(tmp_path: Path) -> None:
    lines = ["年月,科室,面积", *(f",A{i},5" for i in range(120)), "2026-03,B1,5", "2026-04,B2,5"]
    (tmp_path / "面积.csv").write_text("\n".join(lines) + "\n", "utf8")
    assert alike(tmp_path / "面积.csv", tmp_path, month="2026-03").files["loaded"].to_list() == [1]


def test_of_one_problem_the_first_rows_are_listed_and_the_rest_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FINDINGS", 20)
    path = fees(tmp_path / "收费明细.csv", 300, lambda i, told: line(i, amount="见附件") if i % 2 else told)
    found = alike(path, tmp_path)
    wrong = found.findings.filter(pl.col("reason_zh") == "不是数字")
    assert wrong["row"].to_list() == [0, *range(3, 43, 2)]
    assert wrong["value"][0].startswith("共 150 行，列出前 20 行")
    assert found.files["rejected"].to_list() == [150]
    assert found.returned[0].bad.height == 150
    monkeypatch.setattr(limits, "BAD_ROWS", 100)
    with pieces(), pytest.raises(FileError, match="有问题的行超过 100，最多的在「金额」"):
        read_delivery(path, Place("H01"))


def test_parquet_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = HEADER.split(",")
    rows = pl.DataFrame([dict(zip(names, line(i).split(","), strict=True)) for i in range(230)])
    rows.with_columns(pl.col("金额").cast(pl.Float64)).write_parquet(tmp_path / "收费明细.parquet")
    assert only(alike(tmp_path / "收费明细.parquet", tmp_path), FeeLine)["row"].to_list() == list(range(2, 232))
    monkeypatch.setattr(limits, "STREAM_ROWS", 200)
    with pytest.raises(FileError, match="200 行"):
        read_delivery(tmp_path / "收费明细.parquet", Place("H01"))
    pl.DataFrame({"a": ["x" * 900] * 2_000}).write_parquet(tmp_path / "炸弹.parquet")
    monkeypatch.setattr(limits, "PIECE_BYTES", 2**20)
    monkeypatch.setattr(limits, "STREAM_ROWS", 10_000)
    with pytest.raises(FileError, match="1 MiB"):
        read_delivery(tmp_path / "炸弹.parquet", Place("H01"))


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
    found = held(held_in, FeeLine, [("H01", "2026-03"), ("H01", "2026-04")])
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

    monkeypatch.setattr("heng.app.load.read_delivery", changing)
    assert "装入时文件被改动了" in taken(held_in, path)[0]
    assert not parts(held_in)


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
