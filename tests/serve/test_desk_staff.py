"""案头命令：科室与人员表 · Departments by code or name wherever a person is placed, and the staff file that says which cell is wrong."""

from pathlib import Path

import polars as pl
import pytest
from xlsxwriter import Workbook

from heng.app.region import Region
from heng.store.parts import write_part
from heng.tables.organisation import DepartmentMap
from tests.serve.desk_people import Office, hands, office

__all__ = ["hands", "office"]  # fixtures of this page
GIVE = ("posts", "give", "zhang", "head", "--org", "H01", "--dept")


@pytest.fixture
def zhang(office: Office) -> Office:
    """Somebody to be given a post."""
    office.data("people", "add", "zhang", "--name", "张", "--org", "H01", as_="wang")
    return office


@pytest.mark.parametrize(("written", "kept"), [("0402", "0402"), ("内科住院", "0402"), (" 内科门诊 ", "0401"), ("检验科", "0301")])
def test_a_department_is_given_by_code_or_name(zhang: Office, written: str, kept: str) -> None:
    assert zhang.data(*GIVE, written, as_="li")["dept"] == kept
    made = zhang.data("people", "add", "qian", "--name", "钱", "--org", "试验医院", "--dept", written, as_="wang")
    assert made["dept"] == kept


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("0420", "是否想写 0402"),
        ("内科住完", "是否想写 内科住院"),
        ("内科", "科室有：0401 内科门诊、0402 内科住院"),
        ("X" * 50, "科室有：0101 院办公室"),
        ("内科\n住院", "没有科室"),
    ],
)
def test_a_department_that_is_none_is_told_with_the_nearest(zhang: Office, written: str, said: str) -> None:
    for words, as_ in ((GIVE, "li"), (("people", "add", "qian", "--name", "钱", "--org", "H01", "--dept"), "wang")):
        assert said in zhang.refused(*words, written, as_=as_)
    assert zhang.data("posts", "list", "zhang", as_="li")["posts"] == []


def test_a_department_is_one_of_a_hospital(zhang: Office) -> None:
    assert "哪家医院" in zhang.refused("posts", "give", "zhang", "head", "--dept", "0402", as_="li")


def test_a_hospital_without_a_dictionary_keeps_what_is_written(zhang: Office, region: Path) -> None:
    text = (region / "heng.yaml").read_text("utf8").replace("hospitals:", "hospitals:\n- {code: H02, name: 二院}")
    (region / "heng.yaml").write_text(text, "utf8")
    assert zhang.data("posts", "give", "zhang", "head", "--org", "二院", "--dept", "心内", as_="li")["dept"] == "心内"


def test_a_department_of_a_personnel_system_is_the_one_that_the_hospital_maps_it_to(zhang: Office, region: Path) -> None:
    held, row = Region(region), dict.fromkeys(DepartmentMap.columns, None)
    with held.writing("test"):
        days = {"since": pl.Series(["2020-01-01"]).str.to_date()[0]}
        frame = pl.DataFrame([row | days | {"org": "H01", "local": "NK2", "dept": "0402"}], schema=DepartmentMap.schema())
        held.publish("test", [write_part(held.path, DepartmentMap, frame, ("H01", "", ""))])
    assert zhang.data(*GIVE, "NK2", as_="li")["dept"] == "0402"


def test_the_staff_file_may_name_departments(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "人员.csv"
    file.write_text("工号,姓名,科室\n001,甲,内科门诊\n002,乙,0402\n003,丙,\n", "utf8")
    office.data("people", "import", file, "--org", "H01", as_="wang")
    found = office.data("people", "list", "--org", "H01", as_="wang")["people"]
    assert [(p["staff_no"], p["dept"]) for p in found] == [("001", "0401"), ("002", "0402"), ("003", None)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("工号,姓名,科室\n001,甲,0401\n002,乙,内课门诊\n", "人员.csv 第 3 行 C 列（科室） row 3 column C: H01 没有科室「内课门诊」"),
        ("某医院,,\n工号,姓名,科室\n001,,0401\n", "人员.csv 第 3 行 B 列（姓名） row 3 column B: 没有姓名"),
        ("姓名,工号\n甲,001\n乙,\n", "人员.csv 第 3 行 B 列（工号） row 3 column B: 没有工号"),
        ("姓名,工号\n甲,001\n乙,0 02\n", "人员.csv 第 3 行 B 列（工号） row 3 column B: 账号「H01-0 02」不能用"),
        ("工号,姓名\n001,甲\n002,乙\n001,丙\n", "人员.csv 第 4 行 A 列（工号） row 4 column A: H01 的工号 001 有两行"),
        (f"工号,姓名\n001,{'甲' * 300}\n", "人员.csv 第 2 行 A 列（工号） row 2 column A: h01-001 的姓名「甲甲"),
        ("工号,姓名,科室\n" + "".join(f"{n:03},甲,无\n" for n in range(9)), "另有 4 处"),
    ],
)
def test_the_staff_file_says_which_cell_is_wrong(office: Office, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "人员.csv").write_text(text, "utf8")
    told = office.refused("people", "import", tmp_path / "人员.csv", "--org", "H01", as_="wang")
    assert said in told
    assert "→" in told
    assert "'" not in told.replace("person's", "")  # nothing as a program writes it
    assert office.data("people", "list", "--org", "H01", as_="wang")["people"] == []


def test_of_several_sheets_the_sheet_is_named(office: Office, tmp_path: Path) -> None:
    with Workbook(tmp_path / "人员.xlsx") as book:
        for name, dept in (("一部", "0401"), ("二部", "没有的科")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ("工号", "姓名", "科室"))
            sheet.write_row(1, 0, (name, "甲", dept))
    told = office.refused("people", "import", tmp_path / "人员.xlsx", "--org", "H01", as_="wang")
    assert "人员.xlsx · 二部 第 2 行 C 列（科室）" in told


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", bytes(range(256)) * 40, b"PK\x03\x04" + b"\x00" * 99])
def test_a_file_that_holds_no_text_is_refused_in_words(office: Office, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "人员.csv").write_bytes(content)
    assert "人员.csv" in office.refused("people", "import", tmp_path / "人员.csv", "--org", "H01", as_="wang")
