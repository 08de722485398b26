"""结算清单 4101：JSON 读成各表的行 · Settlement lists of interface 4101: JSON becomes rows of the tables it fills."""
# ruff: noqa: DTZ001 - moments are those of the hospital's clock

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from heng.core.errors import FileError
from heng.intake.delivery import write_returned
from heng.tables.visits import DiagnosisLine, ProcedureLine, Settlement, SettlementFee, WardStay
from tests.intake.made import deliver, errors, only

LIST: dict[str, Any] = {
    "setlinfo": {
        "mdtrt_id": "M1", "setl_id": "J1", "medcasno": "B1", "psn_name": "张某", "gend": "1", "ipt_med_type": "1",
        "adm_time": "2026-02-27 09:30:00",
        "dscg_time": "2026-03-05 10:00:00", "setl_begn_date": "2026-02-27", "setl_end_date": "2026-03-05",
        "hi_paymtd": "3",
        "psn_selfpay": 10.5, "psn_ownpay": 0, "acct_pay": 4.5, "psn_cashpay": 6.0,
    },
    "payinfo": [{"fund_pay_type": "310100", "fund_payamt": 80}, {"fund_pay_type": "330100", "fund_payamt": "9.50"}],
    "opspdiseinfo": [],
    "diseinfo": [
        {"diag_type": "1", "diag_code": "I10.x00", "diag_name": "高血压", "adm_cond_type": "2", "maindiag_flag": "0"},
        {"diag_type": "1", "diag_code": "K80.100", "diag_name": "胆囊结石伴胆囊炎", "adm_cond_type": "1", "maindiag_flag": "1"},
    ],
    "iteminfo": [
        {"med_chrgitm": "06", "amt": 60, "claa_sumfee": 50, "clab_amt": 10, "fulamt_ownpay_amt": 0, "oth_amt": 0},
        {"med_chrgitm": 9, "amt": "40.00", "claa_sumfee": 40, "clab_amt": 0, "fulamt_ownpay_amt": 0, "oth_amt": 0},
    ],
    "oprninfo": [
        {"oprn_oprt_type": "2", "oprn_oprt_code": "87.5301", "oprn_oprt_name": "术中胆管造影", "oprn_oprt_date": "2026-02-28 11:20:00"},
        {"oprn_oprt_type": "1", "oprn_oprt_code": "51.2300", "oprn_oprt_name": "腹腔镜下胆囊切除术", "oprn_oprt_date": "2026-02-28",
         "oper_dr_code": "D07", "anst_way": "01"},
    ],
    "icuinfo": [
        {"scs_cutd_ward_type": "6", "scs_cutd_inpool_time": "2026-02-28 12:00:00", "scs_cutd_exit_time": "2026-03-01 08:00:00",
         "scs_cutd_sum_dura": "0/20/0"},
    ],
}  # fmt: skip


def written(path: Path, told: object, encoding: str = "utf-8") -> Path:
    """A JSON file."""
    path.write_text(json.dumps(told, ensure_ascii=False), encoding=encoding)
    return path


def numbered(n: int) -> dict[str, Any]:
    """The settlement list of visit number n."""
    told = deepcopy(LIST)
    told["setlinfo"] |= {"mdtrt_id": f"M{n}", "setl_id": f"J{n}", "medcasno": f"B{n}"}
    return told


def test_one_list_fills_five_tables(tmp_path: Path) -> None:
    delivery = deliver(written(tmp_path / "4101.json", LIST))
    assert delivery.findings.is_empty()
    tables = {t: f.drop("org", "month", "file", "row") for t, f in delivery.tables.items()}
    assert list(tables) == [Settlement, SettlementFee, DiagnosisLine, ProcedureLine, WardStay]
    assert tables[Settlement].row(0, named=True) == {
        "settlement": "J1", "visit": "M1", "record": "B1", "patient": None, "care": "inpatient", "began": datetime(2026, 2, 27),
        "ended": datetime(2026, 3, 5), "payment": "3", "total": Decimal("100.00"), "fund_pay": Decimal("89.50"),
        "own_pay": Decimal("10.50"), "outside_pay": Decimal("0.00"), "account_pay": Decimal("4.50"), "cash_pay": Decimal("6.00"),
    }  # fmt: skip
    fees = tables[SettlementFee].select("settlement", "visit", "fee_class", "amount", "scheme_a")
    sums = [("06", Decimal("60.00"), Decimal("50.00")), ("09", Decimal("40.00"), Decimal("40.00"))]
    assert fees.rows() == [("J1", "M1", *s) for s in sums]
    assert tables[DiagnosisLine].rows() == [
        ("B1", 1, "K80.100", "胆囊结石伴胆囊炎", "1", "医保版"),
        ("B1", 2, "I10.x00", "高血压", "2", "医保版"),
    ]
    procedures = tables[ProcedureLine].select("rank", "procedure", "done", "surgeon", "anaesthesia")
    assert procedures.rows() == [
        (1, "51.2300", datetime(2026, 2, 28), "D07", "01"),
        (2, "87.5301", datetime(2026, 2, 28, 11, 20), None, None),
    ]
    assert tables[WardStay].rows() == [("B1", "重症监护6", datetime(2026, 2, 28, 12), datetime(2026, 3, 1, 8))]
    assert {m for f in delivery.tables.values() for m in f["month"]} == {"2026-03"}


@pytest.mark.parametrize(
    "wrap",
    [
        lambda lists: lists,
        lambda lists: {"data": lists},
        lambda lists: {"infno": "4101", "input": lists},
        lambda lists: [{"input": one} for one in lists],
        lambda lists: [{**one["setlinfo"], **{k: v for k, v in one.items() if k != "setlinfo"}} for one in lists],
        lambda lists: [{k.upper(): v for k, v in one.items()} for one in lists],
    ],
)
def test_many_lists_in_whatever_wrapper(tmp_path: Path, wrap: Callable[[list[Any]], object]) -> None:
    delivery = deliver(written(tmp_path / "a.txt", wrap([numbered(1), numbered(2)]), "gb18030"))
    assert delivery.tables[Settlement].select("settlement", "row").rows() == [("J1", 1), ("J2", 2)]
    assert delivery.tables[SettlementFee].select("settlement", "row").rows() == [("J1", 1), ("J1", 1), ("J2", 2), ("J2", 2)]


def test_a_finding_names_the_place_of_the_list_and_its_rows_go_back(tmp_path: Path) -> None:
    lists = [numbered(n) for n in (1, 2, 3)]
    lists[1]["iteminfo"][1]["amt"] = "四十"
    lists[2]["diseinfo"][0]["diag_code"] = ""
    delivery = deliver(written(tmp_path / "四月.json", lists))
    assert errors(delivery) == [(2, "medfee_sumamt", "不是数字"), (2, "amt", "不是数字"), (3, "diag_code", "必填项为空")]
    assert delivery.findings.filter(pl.col("severity") == "error")["reason_en"].to_list()[0] == "this is not a number"
    assert delivery.tables[Settlement]["settlement"].to_list() == ["J1", "J3"]
    assert delivery.tables[SettlementFee]["settlement"].unique().sort().to_list() == ["J1", "J3"]
    assert delivery.tables[DiagnosisLine]["visit"].unique().sort().to_list() == ["B1", "B2"]
    back = [write_returned(r, tmp_path / "back") for r in delivery.returned]
    again = deliver(back[1])
    assert errors(again) == [(3, "amt", "不是数字")]
    assert only(again, SettlementFee)["amount"].to_list() == [Decimal("60.00")]


def test_all_fees_as_the_list_says_them_count_before_their_sum(tmp_path: Path) -> None:
    told = numbered(1)
    told["setlinfo"] |= {"medfee_sumamt": "100.01", "fund_pay_sumamt": "89.51"}
    found = deliver(written(tmp_path / "a.json", told)).tables[Settlement]
    assert found.select("total", "fund_pay").row(0) == (Decimal("100.01"), Decimal("89.51"))


def test_a_list_without_fees_has_no_total(tmp_path: Path) -> None:
    told = numbered(1) | {"iteminfo": [], "payinfo": [], "icuinfo": None}
    delivery = deliver(written(tmp_path / "a.json", told))
    assert delivery.tables[Settlement].select("total", "fund_pay").row(0) == (None, None)
    assert WardStay not in delivery.tables


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"setlinfo": {"setl_id": "J1"', "JSON"),
        ('{"setlinfo": {"psn_selfpay": NaN}}', "NaN"),
        ('{"setl_id": "J1", "SETL_ID": "J2"}', "重复的字段"),
        ('{"data": []}', "没有结算清单"),
        ('[{"setl_id": "J1"}, {"name": "x"}]', "第 2 项：没有结算清单"),
        ("[" * 900 + "]" * 900, "第 1 项：没有结算清单"),
        ("[" * 100_000, "JSON"),
    ],
)
def test_what_is_no_settlement_list_is_refused_in_both_languages(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(content, "utf8")
    with pytest.raises(FileError) as told:
        deliver(path)
    assert said in told.value.zh
    assert told.value.en


def test_a_text_that_starts_with_a_bracket_is_no_json(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("[收费]结算编号,就诊号,年月,收费类别,金额\nJ1,M1,2026-03,化验费,60\n", "utf8")
    assert list(deliver(path).tables) == [SettlementFee]
