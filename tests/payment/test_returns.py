"""医保返回 · The insurer's return: files as they come, nothing lost, nothing private told, and months that do not depend on each other."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import heng.app.region  # noqa: F401 - registers tables and capabilities
from heng.app.trial import Trial
from heng.core.table import Table
from heng.intake.place import Place
from heng.intake.recognise import recognise
from heng.intake.sheet import Sheet, grid
from heng.intake.vocabulary import templates
from heng.rooms.payment.appeals import quota_of
from heng.tables.patients import Encounter
from heng.tables.payment import PayCase
from heng.tables.returns import AppealItem, ReturnCheck, ReturnMatch, ReturnTrace, SettlementReturn
from heng.tables.signs import GamingSign
from tests.intake.made import deliver, errors, only, text, workbook

MONTHS = ["2025-12", "2026-01", "2026-02", "2026-03"]


def words(text: str) -> list[str]:
    """The cells of a line."""
    return text.split()


def test_a_return_as_bureaus_send_it_is_read(tmp_path: Path) -> None:
    head = words("清算年月 结算ID 住院号 个人编号 姓名 险种类型 出院日期 结算时间 DRG编码 DRG名称 权重 支付标准 倍率类型")
    line = words("202603 S1 Z7 P9 张某 职工 2026-02-27 2026-03-05 BR21 脑梗死 1.2345 9,876.50 高倍率病例")
    head, line = head + words("医疗费总额 统筹基金支付 个人自付"), line + words("30000 20000.01 9999.99")
    file = workbook(tmp_path / "3月DRG结算返回.xlsx", {"明细": [head, line]})
    delivery = deliver(file)
    assert errors(delivery) == []
    (row,) = only(delivery, SettlementReturn).to_dicts()
    told = {n: row[n] for n in ("month", "settlement", "visit", "patient", "group", "weight", "standard", "outlier", "total", "fund_pay")}
    assert {n: str(v) for n, v in told.items()} == {
        "month": "2026-03",
        "settlement": "S1",
        "visit": "Z7",
        "patient": "P9",
        "group": "BR21",
        "weight": "1.234500",
        "standard": "9876.50",
        "outlier": "high",
        "total": "30000.00",
        "fund_pay": "20000.01",
    }


def test_a_return_in_text_takes_its_month_from_the_day_of_settlement(tmp_path: Path) -> None:
    lines = [words("结算单据号 就诊号 结算日期 DIP病种编码 病种分值 应付金额"), words("S1 M1 2026-03-05 I21.9:36.07 812.5 5000")]
    row = only(deliver(text(tmp_path / "dip.csv", lines, encoding="gb18030")), SettlementReturn).row(0, named=True)
    assert (row["month"], row["group"], str(row["weight"]), str(row["fund_pay"])) == ("2026-03", "I21.9:36.07", "812.500000", "5000.00")


def test_an_unknown_class_is_sent_back_with_its_row(tmp_path: Path) -> None:
    lines = [["结算编号", "就诊号", "年月", "病组", "结算类别"], ["S1", "M1", "2026-03", "BR21", "外科"]]
    assert errors(deliver(text(tmp_path / "结算返回.csv", lines))) == [(2, "结算类别", "不在编码表内")]


@pytest.mark.parametrize("name", ["SettlementReturn", "Settlement"])
def test_a_return_and_a_settlement_list_are_told_apart(name: str) -> None:
    template = templates()[name]
    names = [c.zh for n, c in template.table.columns.items() if n not in ("org", "month", "file", "row")]
    match, _ = recognise(Sheet("a", 1, grid([["年月", *names], ["x"] * (len(names) + 1)], "a")), Place("H01"), "a")
    assert match
    assert match.template is template
    assert match.unknown == []


@pytest.mark.parametrize("table", [SettlementReturn, ReturnMatch, ReturnCheck, ReturnTrace, AppealItem, GamingSign])
def test_no_number_of_a_visit_or_patient_leaves_its_hospital(table: type[Table]) -> None:
    named = {"visit", "patient", "settlement", "named", "related"}
    assert {n for n, c in table.columns.items() if c.private} == named & set(table.columns)


LINES = st.lists(
    st.fixed_dictionaries(
        {
            "file": st.sampled_from(["a", "b"]),
            "month": st.sampled_from(MONTHS),
            "visit": st.sampled_from(["V1", "V2", "V3", "V9", None]),
            "settlement": st.sampled_from(["S1", "S2", "S3"]),
            "group": st.sampled_from(["BR21", "BR23", "0000", None]),
            "fund_pay": st.integers(-500_00, 900_00).map(lambda fen: str(Decimal(fen).scaleb(-2))),
        }
    ),
    max_size=8,
)
STAY = {"care": "inpatient", "status": "finished", "dept": "A"}
PAID = {
    "care": "inpatient",
    "insurance": "employee",
    "pack": "p-1",
    "status": "grouped",
    "primary": False,
    "outlier": "normal",
    "over_cap": False,
}


def computed(lines: Sequence[dict[str, Any]], wanted: type[Table], months: Sequence[str] = MONTHS) -> pl.DataFrame:
    """Three stays of four months, and a return; the rows of a table."""
    seen = [("2025-12", 1, "V1"), ("2026-02", 1, "V2"), ("2026-02", 2, "V3"), ("2026-03", 1, "V1")]
    given: dict[type[Table], Any] = {
        SettlementReturn: [{"row": n, **line} for n, line in enumerate(lines, 1)],
        Encounter: [STAY | {"month": m, "encounter": e, "visit": v} for m, e, v in seen],
        PayCase: [PAID | {"month": m, "encounter": e, "group": "BR21", "fund_pay": 100 * e} for m, e, _ in seen],
    }
    cells = [("H01", m) for m in months]
    return Trial({t: [r for r in rows if r["month"] in months] for t, rows in given.items()}, cells=cells).compute(wanted)


def counted(lines: Sequence[dict[str, Any]]) -> Iterator[Decimal]:
    """A slow reading: of every settlement one file's charges and one file's reversals; what is repeated word for word, once."""
    known = [(ln["month"], ln["visit"] or ln["settlement"], ln["settlement"]) for ln in lines]
    for key in sorted(set(known)):
        own = [(ln["file"], Decimal(ln["fund_pay"]), ln["group"] or "") for ln, of in zip(lines, known, strict=True) if of == key]
        for sign in (True, False):
            side = [line for line in own if (line[1] < 0) == sign]
            newest = [line for line in side if line[0] == max(side)[0]]
            yield from (pay for _, pay, _ in (newest if any(pay < 0 for _, pay, _ in own) else set(newest)))


@settings(max_examples=8, deadline=None)
@given(LINES)
def test_no_line_of_a_return_is_lost_none_counts_twice_and_every_case_is_told_once(lines: list[dict[str, Any]]) -> None:
    matched = computed(lines, ReturnMatch)
    assert matched["lines"].sum() == len(lines)
    assert matched["lines"].sum() - matched["repeated"].sum() == len(list(counted(lines)))
    assert matched["fund_pay"].sum() == sum(counted(lines))
    checked = computed(lines, ReturnCheck)
    assert not checked.select("month", "case_month", "encounter", "visit").is_duplicated().any()
    assert all(abs(x) <= Decimal("0.01") for x in checked.filter(pl.col("difference") == "equal")["shortfall"].drop_nulls())


@settings(max_examples=6, deadline=None)
@given(LINES)
def test_a_month_is_the_same_worked_out_alone_or_with_others(lines: list[dict[str, Any]]) -> None:
    """February needs the months before it, and nothing after it."""
    whole, alone = (computed(lines, ReturnCheck, months).filter(pl.col("month") == "2026-02") for months in (MONTHS, MONTHS[:3]))
    assert whole.equals(alone)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9)), max_size=24), st.fractions(0, 1))
def test_what_is_put_forward_never_exceeds_the_quota_of_the_year(months: list[tuple[int, int]], share: Fraction) -> None:
    named = [(f"{2025 + n // 12}-{n % 12 + 1:02}", cases, candidates) for n, (cases, candidates) in enumerate(months)]
    total = put = 0
    for (month, cases, candidates), (same, quota, used) in zip(named, quota_of(named, share), strict=True):
        if month.endswith("-01"):
            total = put = 0
        total += cases
        assert (same, quota, used) == (month, int(share * total), put)
        put += max(0, min(candidates, quota - used))
        assert put <= share * total
