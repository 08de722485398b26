"""长文件分块读：与整个读入一字不差 · Long files in pieces: the same as read whole."""

import csv
from io import BytesIO, StringIO
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from heng.core.errors import FileError
from heng.intake import limits
from heng.intake.delimited import grids, texts
from heng.intake.delivery import Delivery, Place, read_delivery, write_returned
from heng.intake.opened import opened
from heng.tables.fees import FeeLine
from heng.tables.organisation import Department
from tests.intake.long_file import HEADER, fees, line, pieces
from tests.intake.made import only, text

AREA = "科室,面积,备注"


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
