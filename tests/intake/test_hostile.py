"""来者不善：一律说清拒绝，内存有界 · Hostile files meet a clear refusal within bounded memory and time."""

import time
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
import xlsxwriter
import xlwt

from heng.core.errors import FileError
from heng.intake import limits
from heng.intake.delivery import write_returned
from heng.intake.returned import neutral, safe_name
from tests.intake.made import deliver, errors, text, workbook

LINES = [["年月", "科室", "面积"], ["2026-03", "101", "x"]]
SHEET = "xl/worksheets/sheet1.xml"
CELL = '<row r="{r}"><c r="{c}{r}"><v>1</v></c></row>'


def changed(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """A workbook with its members changed."""
    made = workbook(path.with_name("made.xlsx"), {"a": LINES})
    with ZipFile(made) as old, ZipFile(path, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return path


def sheet(path: Path, rows: str) -> Path:
    """A workbook whose sheet holds these raw rows and declares the dimension A1."""
    body = f'<worksheet><dimension ref="A1"/><sheetData>{rows}</sheetData></worksheet>'.encode()
    return changed(path, lambda name, old: body if name == SHEET else old)


def refused(path: Path) -> FileError:
    """The refusal, which took little time and memory."""
    tracemalloc.start()
    begun = time.monotonic()
    try:
        with pytest.raises(FileError) as told:
            deliver(path)
        assert tracemalloc.get_traced_memory()[1] < 300 * 2**20
    finally:
        tracemalloc.stop()
    assert time.monotonic() - begun < 20
    assert told.value.zh
    assert told.value.en
    assert all(told.value.mend)
    return told.value


def test_a_lone_far_cell_does_not_make_an_endless_rectangle(tmp_path: Path) -> None:
    far = CELL.format(r=1, c="A") + CELL.format(r=1_048_576, c="XFD")
    assert "1000" in refused(sheet(tmp_path / "a.xlsx", far)).zh
    low = CELL.format(r=1, c="A") + CELL.format(r=1_048_576, c="ALK")
    assert "过大" in refused(sheet(tmp_path / "b.xlsx", low)).zh


@pytest.mark.parametrize(
    "rows",
    [
        "<row r='1'><c r='A1'/></row><row r='1048576'><c r='ALK1048576'/></row>",
        '<row r = "1048576"><c r\t=\n"ALK1048576"/></row>',
        '<row r="1"/>' * 50_000 + '<row r="1048576">' + "<c/>" * 999 + "</row>",
        '<row r="1048576">' + '<c xr="A1" x=" r="/>' * 999 + "</row>",
        CELL.format(r=1_048_576, c="alk"),
        '<row r="1"><c r="A1"/><c r="A99999999"/></row>',
        '<row r="1"><c r="A1"/><c r="ALK1048576"/></row>',
        '<x:row r="1048576">' + "<x:c><x:v>1</x:v></x:c>" * 999 + "</x:row>",
    ],
    ids=[
        "other quotes",
        "blanks",
        "cells without place",
        "false places",
        "small letters",
        "row that lies",
        "row that lies, wide",
        "prefixed names",
    ],
)
def test_a_far_cell_cannot_hide_in_unusual_xml(tmp_path: Path, rows: str) -> None:
    assert "过大" in refused(sheet(tmp_path / "a.xlsx", rows)).zh


def test_rows_that_leave_their_place_to_be_counted_are_counted(tmp_path: Path) -> None:
    rows = "<row><c><v>1</v></c></row>" * 60_000 + "<row>" + "<c/>" * 990 + "</row>"
    assert "过大" in refused(sheet(tmp_path / "a.xlsx", rows)).zh


def test_a_stray_far_cell_beside_few_rows_is_no_bomb(tmp_path: Path) -> None:
    rows = [["年月", "科室", "面积", *[None] * 70, "x"], *[["2026-03", str(i), "5"] for i in range(30_000)]]
    assert next(iter(deliver(workbook(tmp_path / "a.xlsx", {"a": rows})).tables.values())).height == 30_000


def test_a_million_columns(tmp_path: Path) -> None:
    row = '<row r="1">' + "<c><v>1</v></c>" * 16_000 + "</row>"
    assert "列" in refused(sheet(tmp_path / "a.xlsx", row)).zh
    assert "列" in refused(text(tmp_path / "a.csv", [[str(i) for i in range(100_000)]])).zh


def test_a_bomb_is_told_by_its_ratio_and_by_what_really_comes_out(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    piece = b"<row><c><v>1</v></c></row>" * 40_000
    with ZipFile(changed(path, lambda _, old: old), "a", ZIP_DEFLATED) as book, book.open("xl/bomb.xml", "w") as member:
        for _ in range(90):
            member.write(piece)
    assert "1:250" in refused(path).zh


def test_a_declared_size_that_lies_is_found_out(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", CELL.format(r=1, c="A") * 50_000)
    raw = path.read_bytes()
    size = next(m.file_size for m in ZipFile(path).infolist() if m.filename == SHEET)
    path.write_bytes(raw.replace(size.to_bytes(4, "little"), (500).to_bytes(4, "little")))
    assert "损坏" in refused(path).zh


def test_a_workbook_inside_a_zip_is_not_opened(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "a.xlsx", "w") as outer:
        outer.writestr("inner.xlsx", workbook(tmp_path / "b.xlsx", {"a": LINES}).read_bytes())
    assert "ZIP" in refused(tmp_path / "a.xlsx").zh


@pytest.mark.parametrize("name", ["../../evil.xml", "/etc/evil", "C:\\evil"])
def test_path_tricks_in_member_names(tmp_path: Path, name: str) -> None:
    path = changed(tmp_path / "a.xlsx", lambda _, old: old)
    with ZipFile(path, "a") as book:
        book.writestr(name, "x")
    assert "指向外部" in refused(path).zh


def test_a_symlink_in_the_zip(tmp_path: Path) -> None:
    path = changed(tmp_path / "a.xlsx", lambda _, old: old)
    link = ZipInfo("xl/link")
    link.external_attr = 0o120777 << 16
    with ZipFile(path, "a") as book:
        book.writestr(link, "elsewhere")
    assert "指向外部" in refused(path).zh


@pytest.mark.parametrize("keep", [100, 1_000, 3_000])
def test_a_torn_workbook(tmp_path: Path, keep: int) -> None:
    whole = workbook(tmp_path / "made.xlsx", {"a": LINES}).read_bytes()
    (tmp_path / "a.xlsx").write_bytes(whole[:keep])
    assert "损坏" in refused(tmp_path / "a.xlsx").zh


def test_a_workbook_whose_xml_is_nonsense(tmp_path: Path) -> None:
    assert refused(changed(tmp_path / "a.xlsx", lambda name, old: b"<<<>" if name.endswith(".xml") else old))
    assert refused(changed(tmp_path / "b.xlsx", lambda name, old: b"\0\xff" if name == SHEET else old))


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"MZ\x90\0", "EXE"),
        (b"\x89PNG\r\n", "PNG"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"Rar!\x1a", "RAR"),
    ],
)
def test_another_kind_of_file_under_a_false_name(tmp_path: Path, start: bytes, said: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(start + b"\0" * 500)
    assert said in refused(tmp_path / "a.xlsx").zh


def test_an_empty_file_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    for content in (b"", b"\xef\xbb\xbf", b"\0" * 4096, b" \r\n"):
        (tmp_path / "a.csv").write_bytes(content)
        assert "空" in refused(tmp_path / "a.csv").zh
    assert "没有" in refused(tmp_path / "b.csv").zh
    assert refused(workbook(tmp_path / "c.xlsx", {"a": []}))


@pytest.mark.parametrize(("stream", "said"), [("EncryptedPackage", "密码"), ("WordDocument", "Word"), ("Nothing", "OLE")])
def test_a_compound_file_that_is_locked_or_no_workbook(tmp_path: Path, stream: str, said: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000 + stream.encode("utf-16-le") + b"\0" * 3000)
    assert said in refused(tmp_path / "a.xlsx").zh


class Locked(xlwt.Workbook):
    """An old workbook whose stream begins with the record of a password."""

    def get_biff_data(self) -> bytes:
        data: bytes = super().get_biff_data()
        begun = 4 + int.from_bytes(data[2:4], "little")
        return data[:begun] + b"\x2f\x00\x06\x00\x00\x00" + b"\x11" * 4 + data[begun:]


def test_an_old_workbook_with_a_password(tmp_path: Path) -> None:
    book = Locked()
    book.add_sheet("a").write(0, 0, "面积")
    book.save(str(tmp_path / "a.xls"))
    assert "密码" in refused(tmp_path / "a.xls").zh


def test_an_old_workbook_that_is_torn(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\1" * 600 + "Workbook".encode("utf-16-le") + b"\2" * 3000)
    assert "损坏" in refused(tmp_path / "a.xls").zh


def test_nul_bytes_and_endless_lines(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("年月,科室,面积\n2026-03,1\0,5\n".encode())
    assert "NUL" in refused(tmp_path / "a.csv").zh
    (tmp_path / "b.csv").write_text("年月,科室,面积\n" + "9" * (limits.LINE + 1), encoding="utf-8")
    assert "字符" in refused(tmp_path / "b.csv").zh
    (tmp_path / "c.csv").write_text('年月,科室,面积\n"' + "9\n" * 100_000, encoding="utf-8")
    assert "损坏" in refused(tmp_path / "c.csv").zh


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr>" + "<td colspan=999999999 rowspan=999999999>x</td>" * 60_000,
        "<table>" * 100_000,
        "<!" * 2_000_000,
        "<!--" * 1_000_000,
        "<td" * 2_000_000,
        "<" * 5_000_000,
        "<table><tr><td>" + "&#" * 500_000,
    ],
    ids=["spans", "tables", "declarations", "comments", "open tags", "brackets", "entities"],
)
def test_a_page_made_to_explode(tmp_path: Path, page: str) -> None:
    (tmp_path / "a.xls").write_text(page, encoding="utf-8")
    refused(tmp_path / "a.xls")


def test_macros_are_not_run_and_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsm"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("a")
        for i, line in enumerate(LINES):
            page.write_row(i, 0, line)
    with ZipFile(path, "a") as book:
        book.writestr("xl/vbaProject.bin", b"\0" * 100)
    delivery = deliver(path)
    back = write_returned(delivery.returned[0], tmp_path / "back")
    assert "xl/vbaProject.bin" not in ZipFile(BytesIO(back.read_bytes())).namelist()


def test_a_sheet_name_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    path = changed(tmp_path / "a.xlsx", lambda n, old: old.replace(b'name="a"', b'name="../../x"') if n == "xl/workbook.xml" else old)
    delivery = deliver(path)
    assert errors(delivery) == [(2, "面积", "不是数字")]
    back = write_returned(delivery.returned[0], tmp_path / "back")
    assert back.parent == tmp_path / "back"
    assert back.exists()
    assert safe_name("../..") == "_"


@pytest.mark.parametrize(
    ("text", "written"), [("=1+1", "'=1+1"), ("@x", "'@x"), ("-5", "-5"), ("-5+cmd", "'-5+cmd"), ("+1", "'+1"), ("a=1", "a=1")]
)
def test_text_that_a_spreadsheet_would_run_is_made_harmless(text: str, written: str) -> None:
    assert neutral(text) == written
