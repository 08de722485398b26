"""损坏的编码、离谱的数量、空白的执行科室 · Codes that a spreadsheet has spoiled, quantities that cannot be, and blank departments."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

import polars as pl
import pytest

from heng.intake import limits
from heng.intake.delivery import Place, read_delivery
from heng.tables.fees import FeeLine
from heng.tables.visits import Visit
from tests.intake.made import deliver, errors, only, said, text, workbook
from tests.intake.test_fee_lines import INTERFACE, LINE, his, his_line

SHORTENED = "科学计数法，编码已损坏"
LOST = "编码存成了数字，Excel 只保留前 15 位，后面的已经丢失"
Made = Callable[[Path, list[list[object]]], Path]


def csv_file(folder: Path, lines: list[list[object]]) -> Path:
    """As text."""
    return text(folder / "5204.csv", lines)


def xlsx_file(folder: Path, lines: list[list[object]]) -> Path:
    """As a workbook, each text a text."""
    return workbook(folder / "5204.xlsx", {"a": lines})


def interface(*lines: dict[str, object]) -> list[list[object]]:
    """A sheet of 5204, with some cells of each line written otherwise."""
    return [list(INTERFACE), *([(LINE | other).get(f, "") for f in INTERFACE] for other in lines)]


@pytest.mark.parametrize("made", [csv_file, xlsx_file])
def test_codes_in_scientific_notation_go_back(tmp_path: Path, made: Made) -> None:
    wrong = ["mdtrt_id", "setl_id", "medins_list_codg", "med_list_codg", "bilg_dept_codg", "bilg_dr_codg", "acord_dept_codg"]
    shortened = ["3.30106E+14", "1.2E+05", "1.2E+05", "3E+14", "1.02e+02", "1E+1", "２.０１Ｅ＋０２"]
    lines = interface(*({f: c} for f, c in zip(wrong, shortened, strict=True)), {"medins_list_codg": "1E5", "mdtrt_id": "E+05"})
    delivery = deliver(made(tmp_path, lines))
    assert errors(delivery) == [(n, f, SHORTENED) for n, f in enumerate(wrong, 2)]
    assert only(delivery, FeeLine).select("visit", "item").rows() == [("E+05", "1E5")]
    assert "导出为文本" in delivery.findings["mend_zh"][0]
    assert delivery.findings["reason_en"][0] == "the code is in scientific notation, which has lost digits"
    assert delivery.returned[0].bad.height == len(wrong)


def test_a_shortened_code_beside_others_and_of_a_patient_goes_back(tmp_path: Path) -> None:
    record = {"BAH": "B1", "RYSJ": "2026-02-27", "CYSJ": "2026-03-05", "CYKB": "102", "ZFY": "9.00", "JBDM": "I10.x00", "JBDM1": "1E+10"}
    delivery = deliver(text(tmp_path / "首页.csv", [list(record), list(record.values())]))
    assert errors(delivery) == [(2, "诊断编码", SHORTENED)]
    assert delivery.tables == {}
    visits = [["就诊号", "患者编号", "就诊科室", "就诊时间"], ["M1", "3.30106E+14", "101", "2026-03-02 08:00"]]
    assert errors(deliver(text(tmp_path / "门诊.csv", visits))) == [(2, "患者编号", SHORTENED)]


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        (330106199001011, []),
        (999999999999999, []),
        (1234567890123456, [(2, "就诊号", LOST)]),
        (33010619900101123, [(2, "就诊号", LOST)]),
        ("330106199001011234", []),
    ],
)
def test_a_number_of_15_digits_is_whole_and_a_longer_one_is_not(tmp_path: Path, written: object, wrong: list[object]) -> None:
    sheet = [["就诊号", "就诊科室", "就诊时间"], *([visit, "101", "2026-03-02 08:00"] for visit in (written, "M2"))]
    delivery = deliver(workbook(tmp_path / "门诊.xlsx", {"门诊就诊": sheet}))
    assert errors(delivery) == wrong
    assert only(delivery, Visit)["visit"].to_list() == [*([] if wrong else [str(written)]), "M2"]


def test_a_bar_code_in_the_column_of_quantities_goes_back(tmp_path: Path) -> None:
    lines = his(*(his_line(数量=q) for q in (6901234567892, 1_000_000_000, "999999999.9999")), his_line(数量=-6901234567892, 金额=-1))
    delivery = deliver(text(tmp_path / "明细.csv", lines))
    assert errors(delivery) == [(n, "数量", "数值大得离谱，应小于 1,000,000,000") for n in (2, 3, 5)]
    assert only(delivery, FeeLine)["quantity"].to_list() == [Decimal("999999999.9999")]


def test_a_quantity_that_does_not_go_with_its_amount_is_told_and_loaded(tmp_path: Path) -> None:
    pairs = [(0, 10), (1, -10), (-1, 10), (-1, -10), (0, 0), (2, 0), (1, 10)]
    delivery = deliver(text(tmp_path / "明细.csv", his(*(his_line(数量=q, 金额=a) for q, a in pairs))))
    assert said(delivery, "warning") == [
        (2, "数量", "数量为 0 而金额不为 0，仍已装入"),
        (3, "数量", "数量与金额一正一负，仍已装入"),
        (4, "数量", "数量与金额一正一负，仍已装入"),
    ]
    assert only(delivery, FeeLine).height == len(pairs)


def test_blank_performing_departments_take_the_ordering_one_and_are_counted_once(tmp_path: Path) -> None:
    drug, nowhere = {"acord_dept_codg": ""}, {"acord_dept_codg": "", "bilg_dept_codg": ""}
    path = csv_file(tmp_path, interface({}, *({**drug, "setl_id": f"J{n}"} for n in range(60)), nowhere))
    whole = deliver(path)
    with patch.object(limits, "PIECE_ROWS", 25), patch.object(limits, "BLOCK", 300):
        pieces = read_delivery(path, Place("H01"))
    for delivery in (whole, pieces):
        notes = delivery.findings.filter(pl.col("severity") == "note")
        assert notes.select("row", "column", "value").rows() == [(0, "acord_dept_codg", "60")]
        assert notes["reason_zh"][0] == "空白处一律取开单科室编码，行数见值"
        assert errors(delivery) == [(63, "acord_dept_codg", "必填项为空")]
    assert only(whole, FeeLine)["performing"].to_list() == ["201", *["102"] * 60]
