"""来源文件：同样的字节、典型的错误、更正后相符 · The files: the same bytes each time, typical mistakes, right once corrected."""

import csv
import re
from pathlib import Path

import polars as pl
import pytest
import python_calamine

from heng.demo.catalogue import catalogue
from heng.demo.region import DemoRegion, write_region

TWO = ("2026-02", "2026-03")


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DemoRegion]:
    folder = tmp_path_factory.mktemp("demo")
    return folder, write_region(folder, months=TWO)


def grid(path: Path, encoding: str, delimiter: str = ",") -> list[list[str]]:
    with path.open(encoding=encoding, newline="") as text:
        return list(csv.reader(text, delimiter=delimiter))


def fen(text: object) -> int:
    plain = str(text).translate(str.maketrans("０１２３４５６７８９．", "0123456789.")).replace(",", "")
    return -fen(plain[1:-1]) if plain.startswith("(") else round(float(plain) * 100)


def corrected(region: DemoRegion, org: str, name: str) -> Path:
    paths = [p for o, p in [*region.corrections, *region.files] if (o, p.name) == (org, name)]
    return paths[0]


def total(path: Path, column: str) -> int:
    """The sum of a column of a CSV of the second hospital, in fen."""
    head, *rows = grid(path, "gb18030")
    return sum(fen(r[head.index(column)]) for r in rows)


def test_the_same_seed_writes_the_same_bytes(delivered: tuple[Path, DemoRegion], tmp_path: Path) -> None:
    folder, first = delivered
    again = write_region(tmp_path, months=TWO)
    names = [p.relative_to(folder) for _, p in [*first.files, *first.corrections]]
    assert names == [p.relative_to(tmp_path) for _, p in [*again.files, *again.corrections]]
    assert [n for n in names if (folder / n).read_bytes() != (tmp_path / n).read_bytes()] == []


def test_another_seed_writes_another_region(delivered: tuple[Path, DemoRegion], tmp_path: Path) -> None:
    folder, _ = delivered
    other = write_region(tmp_path, months=("2026-03",), seed=7)
    income = [p for o, p in other.files if o == "H02" and p.name == "收入明细.csv"]
    assert total(income[0], "金额") != 0
    assert income[0].read_bytes() != (folder / income[0].relative_to(tmp_path)).read_bytes()


def test_a_year_of_months_is_few_files_in_the_habits_of_four_hospitals(delivered: tuple[Path, DemoRegion]) -> None:
    _, region = delivered
    assert region.name == "示范医联体"
    assert [(c, level) for c, _, level in region.hospitals] == [("H01", "三级"), ("H02", "二级"), ("H03", "二级"), ("H04", "二级")]
    starts = {p: p.read_bytes()[:16] for _, p in region.files}
    assert all(b.startswith(b"PK") for p, b in starts.items() if p.suffix == ".xlsx")
    assert {b[:5] for p, b in starts.items() if p.suffix == ".xls"} > {b"<html"}
    assert any(b.startswith(b"\xef\xbb\xbf") for p, b in starts.items() if p.suffix == ".csv")
    assert [p.name for _, p in region.files if p.suffix == ".parquet"] == ["收入明细.parquet"]


def test_the_corrected_csv_files_tie_to_their_ledger(delivered: tuple[Path, DemoRegion]) -> None:
    _, region = delivered
    feeds = {"工资表.csv": "应发合计", "材料消耗.csv": "费用", "药品消耗.csv": "金额", "折旧摊销明细.csv": "折旧额", "其他费用.csv": "金额"}
    booked = sum(total(corrected(region, "H02", name), column) for name, column in feeds.items())
    assert booked == total(corrected(region, "H02", "总账科目发生额.csv"), "本期发生额")


@pytest.mark.parametrize(
    ("org", "name", "ledger"),
    [("H01", "2026年3月成本数据.xlsx", "本期借方发生额（元）"), ("H04", "2026年第一季度成本报送.xlsx", "本期发生额")],
)
def test_the_corrected_workbooks_tie_to_their_ledger(delivered: tuple[Path, DemoRegion], org: str, name: str, ledger: str) -> None:
    _, region = delivered
    book = python_calamine.CalamineWorkbook.from_path(corrected(region, org, name))
    feeds = {"工资表": "应发合计", "材料消耗": "金额", "药品消耗": "金额", "折旧摊销明细": "折旧额", "其他费用": "金额"}
    booked = sum(_sum_of(book, sheet, column) for sheet, column in feeds.items())
    assert booked == _sum_of(book, "总账科目发生额", ledger.removesuffix("（元）"))


def _sum_of(book: python_calamine.CalamineWorkbook, sheet: str, column: str) -> int:
    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    (at,) = {i for r in rows[2:4] for i, c in enumerate(r) if column in str(c)}
    start = next(n for n, r in enumerate(rows) if n > 2 and isinstance(r[at], float))
    body = [r for r in rows[start:] if r[at] != "" and r[0] != "合计"]
    amounts = sum(fen(r[at]) for r in body)
    (shown,) = [fen(r[at]) for r in rows if r[0] == "合计"]
    assert amounts == shown, sheet  # the total row adds up
    return amounts


def test_the_old_files_tie_to_a_ledger_in_ten_thousands(delivered: tuple[Path, DemoRegion]) -> None:
    _, region = delivered
    text = {"工资表.xls": "应发合计", "药品消耗.xls": "药品费"}
    pages = {"材料消耗.xls": "材料费", "折旧摊销明细.xls": "折旧额", "成本归集.xls": "发生额"}
    booked = [grid(corrected(region, "H03", name), "gb18030", "\t") for name in text]
    booked += [cells_of(corrected(region, "H03", name)) for name in pages]
    columns = [*text.values(), *pages.values()]
    ledger = cells_of(corrected(region, "H03", "总账科目发生额.xls"))
    assert ledger[1] == ["编制单位：示山县中医医院    单位：万元"]
    assert sum(map(summed, booked, columns)) == summed(ledger, "本期发生额", 1_000_000)


def cells_of(path: Path) -> list[list[str]]:
    rows = re.findall("<tr>(.*?)</tr>", path.read_text(encoding="gb18030"))
    return [re.findall("<t[dh][^>]*>(.*?)</t[dh]>", r) for r in rows]


def summed(rows: list[list[str]], column: str, scale: int = 100) -> int:
    head = next(r for r in rows if column in r)
    body = [r for r in rows[rows.index(head) + 1 :] if len(r) == len(head) and r[0] != "合计"]
    return sum(round(float(r[head.index(column)]) * scale) for r in body)


def test_the_mistakes_are_there_and_only_there(delivered: tuple[Path, DemoRegion]) -> None:
    folder, region = delivered
    written = {(o, p.name) for o, p in region.files}
    wrong = {(m["org"], m["file"]) for m in catalogue("mistakes")} & written
    assert len(wrong) == 7  # those of the patients come with the months that have patients
    assert {(o, p.name) for o, p in region.corrections} == wrong
    assert 20 <= region.wrong <= 40
    for org, path in region.corrections:
        first = path.parents[1] / path.name
        assert (org, first) in region.files
        assert first.read_bytes() != path.read_bytes()
    assert folder in region.corrections[0][1].parents


def test_the_wrong_rows_of_a_text_file_are_exactly_those_named(delivered: tuple[Path, DemoRegion]) -> None:
    _, region = delivered
    path = next(p for o, p in region.corrections if (o, p.name) == ("H02", "收入明细.csv"))
    right, first = grid(path, "gb18030"), grid(path.parents[1] / path.name, "gb18030")
    differ = {n - 1: (a, b) for n, (a, b) in enumerate(zip(right, first, strict=True)) if a != b}
    assert set(differ) == {100, 101, 300, 301}
    assert [b[2] for n, (_, b) in differ.items() if n < 300] == ["13", "13"]
    assert [b[0] for n, (_, b) in differ.items() if n >= 300] == ["H03", "H03"]


def test_a_code_typed_as_a_number_has_lost_its_zero(delivered: tuple[Path, DemoRegion]) -> None:
    _, region = delivered
    path = next(p for o, p in region.corrections if o == "H01")
    right, first = (
        python_calamine.CalamineWorkbook.from_path(p).get_sheet_by_name("科室面积").to_python() for p in (path, path.parents[1] / path.name)
    )
    damaged = [(a[0], b[0]) for a, b in zip(right, first, strict=True) if a != b]
    assert damaged == [(code, float(code)) for code, _ in damaged]
    assert len(damaged) == 2


def test_numbers_typed_by_hand_are_still_right(delivered: tuple[Path, DemoRegion]) -> None:
    _, region = delivered
    book = python_calamine.CalamineWorkbook.from_path(corrected(region, "H01", "2026年3月成本数据.xlsx"))
    cells = [str(r[3]) for r in book.get_sheet_by_name("收入明细").to_python()]
    assert any(c.startswith("(") for c in cells)  # red ink
    assert any("，" not in c and "," in c and not c.startswith("(") for c in cells)
    assert any("０" <= c[0] <= "９" for c in cells if c)


def test_the_parquet_file_keeps_money_exact(delivered: tuple[Path, DemoRegion]) -> None:
    _, region = delivered
    frame = pl.read_parquet(corrected(region, "H04", "收入明细.parquet"))
    assert frame.columns == ["月份", "开单科室编码", "执行科室编码", "收费类别", "金额"]
    assert frame.schema["金额"] == pl.Decimal(18, 2)
    assert set(frame["月份"]) == set(TWO)


def test_the_hospital_on_the_old_chart_says_so_in_its_policy(delivered: tuple[Path, DemoRegion]) -> None:
    _, region = delivered
    assert "H03/standards/subject_standard.yaml" in region.policy
    assert "value: legacy" in region.policy["H03/standards/subject_standard.yaml"]
