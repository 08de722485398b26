"""看似能读、其实会错的文件 · Files that can be read and would be read wrong: said aloud, or refused."""

from pathlib import Path

import pytest

from heng.core.errors import FileError
from heng.tables.booked import CostBooking
from tests.intake.made import deliver, errors, only, said, text, workbook

HEAD = ["统计年月", "科室编码", "成本项目编码", "资金来源", "金额"]
ROWS = [["2026-03", "0101", "5001", "自有", "10.00"], ["2026-03", "0102", "5001", "自有", "20.00"]]


def test_two_amounts_under_one_header_are_an_error(tmp_path: Path) -> None:
    lines = [[*HEAD, "金额"], *([*row, "7.00"] for row in ROWS)]
    assert errors(deliver(text(tmp_path / "成本归集.csv", lines))) == [(0, "金额", "有两列都是这个表头，内容不同，只读了其中一列")]
    same = [[*HEAD, "金额"], *([*row, row[-1]] for row in ROWS)]
    assert not errors(deliver(text(tmp_path / "成本归集.csv", same)))


def test_a_copied_sheet_is_said_aloud(tmp_path: Path) -> None:
    path = workbook(tmp_path / "成本归集.xlsx", {"三月": [HEAD, *ROWS], "三月(2)": [HEAD, *ROWS]})
    assert said(deliver(path), "warning") == [(0, "工作表", "与工作表「三月」完全相同，两张都已装入")]


def test_a_quote_that_is_never_closed_swallows_no_rows(tmp_path: Path) -> None:
    path = text(tmp_path / "成本归集.csv", [HEAD, *ROWS])
    path.write_text(path.read_text("utf8").replace("0101", '"0101'), "utf8")
    with pytest.raises(FileError, match="第 2 行起引号不成对"):
        deliver(path)


def test_a_second_byte_order_mark_hides_no_header(tmp_path: Path) -> None:
    path = text(tmp_path / "成本归集.csv", [HEAD, *ROWS], encoding="utf-8-sig")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert only(deliver(path), CostBooking).height == 2


@pytest.mark.parametrize("header", ["BM", "MZ"])
def test_a_header_of_two_letters_is_no_picture(tmp_path: Path, header: str) -> None:
    lines = [[header, *HEAD], *(["x", *row] for row in ROWS)]
    assert only(deliver(text(tmp_path / "成本归集.csv", lines)), CostBooking).height == 2
