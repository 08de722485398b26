"""文件：按内容认出，写法各异的都能读 · Files are known by their content, however they were written."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import polars as pl
import pytest
import xlwt

from heng.core.errors import FileError
from heng.intake.delimited import delimiter, encoding, texts
from heng.tables.activity import Area
from tests.intake.made import deliver, only, text, workbook

LINES = [["年月", "科室编码", "科室名称", "面积"], ["2026-03", "0101", "内科门诊", "12.5"], ["2026-03", "0102", "外科、骨科", "1,200"]]
ROWS = [("0101", "内科门诊", "12.5000", 2), ("0102", "外科、骨科", "1200.0000", 3)]


def rows(path: Path) -> list[tuple[object, ...]]:
    """What the area sheet of LINES should give."""
    return only(deliver(path), Area).select("dept", "dept_name", pl.col("area").cast(pl.String), "row").rows()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_text_in_any_encoding_with_any_delimiter_under_any_suffix(tmp_path: Path, encoding: str, mark: str) -> None:
    assert rows(text(tmp_path / "a.xls", LINES, encoding=encoding, mark=mark)) == ROWS


def test_old_excel(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    page = book.add_sheet("面积")
    for i, line in enumerate(LINES):
        for j, cell in enumerate(line):
            page.write(i, j, 12.5 if cell == "12.5" else cell)
    book.save(str(tmp_path / "a.xls"))
    assert rows(tmp_path / "a.xls") == ROWS


@pytest.mark.parametrize("name", ["a.xlsx", "a.xlsm", "a.xls", "a.csv"])
def test_a_workbook_under_any_suffix(tmp_path: Path, name: str) -> None:
    made = workbook(tmp_path / "made.xlsx", {"a": LINES})
    assert rows(made.rename(tmp_path / name)) == ROWS


def test_parquet(tmp_path: Path) -> None:
    frame = pl.DataFrame(LINES[1:], schema=LINES[0], orient="row").with_columns(面积=pl.Series([12.5, 1200.0]))
    frame.write_parquet(tmp_path / "a.parquet")
    assert rows(tmp_path / "a.parquet") == ROWS


PAGE = """<html><head><meta charset="{0}"><style>td {{mso-number-format:"\\@"}}</style><!-- <table><tr><td>x --></head><body>
<table border=1><tr><td colspan=4>面积表</td></tr>
<tr><th rowspan="2">年月</th><th colspan='2'>科室</th><th rowspan=2>面积</th></tr><tr><th>科室编码</th><th>科室名称</th></tr>
<tr><td>2026-03</td><td>0101</td><td>内科<b>门诊</b></td><td>12.5</td></tr>
<TR><TD>2026-03<TD>0102<TD>外科&#12289;骨科<TD>1,200&nbsp;</TR></table></body></html>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_page_saved_as_xls(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(PAGE.format(encoding).encode(encoding))
    assert [r[:3] for r in rows(path)] == [r[:3] for r in ROWS]
    assert [r[3] for r in rows(path)] == [4, 5]


def test_a_workbook_with_a_faulty_date_is_read(tmp_path: Path) -> None:
    made, path = workbook(tmp_path / "made.xlsx", {"a": LINES}), tmp_path / "a.xlsx"
    with ZipFile(made) as old, ZipFile(path, "w") as new:
        for member in old.namelist():
            body = old.read(member)
            new.writestr(member, body.replace(b'dcterms:W3CDTF">2', b'dcterms:W3CDTF">yesterday2'))
    assert b"yesterday" in ZipFile(path).read("docProps/core.xml")
    assert rows(path) == ROWS


def test_the_delimiter_is_the_one_most_lines_agree_on() -> None:
    assert delimiter("标题，共1,2,3\n甲\t乙\t丙\n1,5\t2\t3\n") == "\t"
    assert delimiter("甲\n乙\n") == ","


def test_gb18030_is_tried_only_when_utf8_does_not_fit() -> None:
    assert encoding(BytesIO("编码".encode()), "a") == "utf-8"
    assert encoding(BytesIO("编码".encode("gb18030")), "a") == "gb18030"
    with pytest.raises(FileError, match="编码"):
        list(texts(BytesIO(b"\x81\xff\xff"), "gb18030", "a"))


@pytest.mark.shared
def test_real_exports_are_read_or_refused_with_a_reason(shared: Path) -> None:
    known = [*sorted(shared.glob("**/*.csv"))[:40], *sorted(shared.glob("**/*.parquet"))[:5], *sorted(shared.glob("**/*.gz"))[:3]]
    assert len(known) > 10
    for path in known:
        with pytest.raises(FileError) as told:
            deliver(path)
        assert told.value.zh
        assert told.value.mend[0]
