"""看似能读、其实会错的文件 · Files that can be read and would be read wrong: said aloud, or refused."""

from decimal import Decimal
from pathlib import Path

import pytest

from heng.core.errors import FileError
from heng.tables.activity import Area
from heng.tables.booked import CostBooking
from heng.tables.organisation import Department
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


def test_a_blank_cell_asks_for_what_belongs_there(tmp_path: Path) -> None:
    blanks = [["2026-03", "", "5001", "自有", "1"], ["2026-03", "0101", "5001", "", "1"], ["2026-03", "0101", "5001", "自有", ""]]
    found = deliver(text(tmp_path / "成本归集.csv", [HEAD, *blanks, ["", "0101", "5001", "自有", "1"]])).findings
    mends = dict(found.select("row", "mend_zh").rows())
    assert mends[2] == "请填写科室编码"
    assert mends[3].startswith("请填写编码或名称，可填：自有资金、")
    assert mends[4] == "请填写；没有就填 0，不要留空"
    assert mends[5] == "请填写月份，如 2026-03"


def test_a_total_is_told_to_the_fen_and_a_quantity_with_its_decimals(tmp_path: Path) -> None:
    total = ["合计", "", "", "", "40708692.149999999"]
    delivery = deliver(text(tmp_path / "成本归集.csv", [HEAD, *ROWS, total]))
    assert said(delivery, "warning") == [(4, "金额", "合计行与明细之和不符：合计 40708692.15，明细之和 30.00")]
    area = [["年月", "科室", "面积"], ["2026-03", "1", "12.346"], ["合计", "", "12.354"]]
    assert said(deliver(text(tmp_path / "面积.csv", area)), "warning") == [
        (3, "面积", "合计行与明细之和不符：合计 12.354，明细之和 12.346")
    ]


@pytest.mark.parametrize("unseen", ["\u200b", "\u200e", "\u202a", "\u202e", "\u2060", "\ufeff", "\u2067", "\u00ad"])
def test_unseen_characters_make_no_other_code(tmp_path: Path, unseen: str) -> None:
    head = [f"{h[0]}{unseen}{h[1:]}" for h in HEAD]
    rows = [[f"{c[:2]}{unseen}{c[2:]}{unseen}" for c in row] for row in ROWS]
    for path in (text(tmp_path / "成本归集.csv", [head, *rows]), workbook(tmp_path / "成本归集.xlsx", {"a": [head, *rows]})):
        delivery = deliver(path)
        assert errors(delivery) == []
        found = only(delivery, CostBooking).select("month", "dept", "subject", "fund", "amount").rows()
        assert found[0] == ("2026-03", "0101", "5001", "own", Decimal("10.00"))


def test_a_blank_that_does_not_break_is_a_blank(tmp_path: Path) -> None:
    names = [["年月", "科室名称", "面积"], ["2026-03", "ICU\u00a0二区\u00a0", "\u00a05"], ["2026-03", "ICU 三区", "5"]]
    assert only(deliver(text(tmp_path / "面积.csv", names)), Area)["dept"].to_list() == ["ICU 二区", "ICU 三区"]


@pytest.mark.parametrize(
    ("written", "reason"),
    [("50%", "百分数不能作金额或个数"), ("５０％", "百分数不能作金额或个数"), ("5²", "不是数字"), ("1①", "不是数字"), ("½", "不是数字")],
)
def test_a_share_and_a_footnote_are_no_amount(tmp_path: Path, written: str, reason: str) -> None:
    row = [*ROWS[0][:-1], written]
    assert errors(deliver(text(tmp_path / "成本归集.csv", [HEAD, row, ROWS[1]]))) == [(2, "金额", reason)]


def test_a_footnote_is_no_digit_of_a_code(tmp_path: Path) -> None:
    lines = [["部门编码", "部门名称"], ["１０１²", "甲"], ["１０１", "乙"]]
    assert only(deliver(text(tmp_path / "a.csv", lines)), Department)["dept"].to_list() == ["１０１²", "101"]


def test_square_metres_are_a_unit(tmp_path: Path) -> None:
    lines = [["年月", "科室", "面积"], ["2026-03", "1", "12.5m²"], ["2026-03", "2", "12.5㎡"]]
    assert only(deliver(text(tmp_path / "面积.csv", lines)), Area)["area"].to_list() == [Decimal("12.5")] * 2


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_told_apart_from_damage(tmp_path: Path, encoding: str) -> None:
    path = text(tmp_path / "成本归集.csv", [HEAD, *ROWS, ["合计", "一", "一", "一", "30"]], encoding=encoding)
    with pytest.raises(FileError, match="UTF-16 编码，但开头没有字节序标记") as told:
        deliver(path)
    assert "UTF-8" in told.value.mend[0]
    path.write_bytes(b"\xff\xfe" * (encoding == "utf-16-le") + b"\xfe\xff" * (encoding == "utf-16-be") + path.read_bytes())
    assert only(deliver(path), CostBooking).height == 2


def test_a_cell_merged_over_three_rows_moves_no_other(tmp_path: Path) -> None:
    page = """<table><tr><td>年月</td><td>科室</td><td>面积</td></tr>
    <tr><td>2026-03</td><td rowspan=3>内科</td><td>1</td></tr><tr><td>2026-03</td><td>2</td></tr><tr><td>2026-03</td><td>3</td></tr>
    <tr><td>2026-03</td><td>外科</td><td>4</td></tr></table>"""
    (tmp_path / "面积.xls").write_text(page, "utf8")
    delivery = deliver(tmp_path / "面积.xls")
    assert errors(delivery) == [(3, "科室", "必填项为空"), (4, "科室", "必填项为空")]
    assert only(delivery, Area).select("dept", "area").rows() == [("内科", Decimal(1)), ("外科", Decimal(4))]
