"""通知 · Notices: told once to each person, part of what they tell of, read by whom they are for, and never private."""

from datetime import datetime
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heng.core.errors import AccessError, DeskError
from heng.core.table import TABLES
from heng.desk.database import Database
from heng.desk.notices import Message, mark_read, notices_of, notify, private_columns
from heng.desk.schema import Case
from tests.desk.staff import person

ALERT = Message("case/7/step/1", "心内科 耗材占比 红色 · red", "三个工作日内说明原因与措施。")


def told(db: Database, people: list[int], message: Message = ALERT, case: int | None = None) -> int:
    with db.writing() as session:
        return len(notify(session, people, message, case))


def test_what_is_told_twice_is_there_once_for_each_person(database: Database) -> None:
    head, finance, late = person(database, "zhao"), person(database, "qian"), person(database, "sun")
    assert told(database, [head, finance, head]) == 2
    assert told(database, [head, finance, late]) == 1
    assert [len(notices_of(database, p)) for p in (head, finance, late)] == [1, 1, 1]


def test_a_notice_is_part_of_what_it_tells_of(database: Database) -> None:
    head = person(database, "zhao")

    def told_and_undone() -> None:
        with database.writing() as session:
            notify(session, [head], ALERT)
            raise KeyError

    with pytest.raises(KeyError):
        told_and_undone()
    assert notices_of(database, head) == []


def test_reading_is_marked_once_and_only_by_whom_it_is_for(database: Database) -> None:
    head, finance = person(database, "zhao"), person(database, "qian")
    told(database, [head, finance])
    mine, theirs = notices_of(database, head)[0].id, notices_of(database, finance)[0].id
    assert mark_read(database, head, [mine]) == 1
    assert mark_read(database, head, [mine]) == 0
    assert (notices_of(database, head, unread=True), len(notices_of(database, finance, unread=True))) == ([], 1)
    for wrong in (theirs, 10_000):
        with pytest.raises(AccessError, match="不是您的"):
            mark_read(database, head, [mine, wrong])


def test_the_newest_stands_first(database: Database) -> None:
    head = person(database, "zhao")
    for n in range(5):
        told(database, [head], Message(f"case/{n}", f"事项 {n}", ""))
    assert [n.subject for n in notices_of(database, head, limit=3)] == ["事项 4", "事项 3", "事项 2"]


@pytest.mark.parametrize(
    ("subject", "body"),
    [("", "x"), (" ", "x"), ("二" * 201, ""), ("标题", "文" * 4001), ("标题\r\nBcc: a@b.cn", ""), ("标题\x00", "")],
)
def test_a_notice_has_a_subject_of_one_line_and_a_body_of_a_page(database: Database, subject: str, body: str) -> None:
    with pytest.raises(DeskError, match="通知须有键与标题"):
        told(database, [person(database, "zhao")], Message("k", subject, body))


@pytest.mark.parametrize(
    ("text", "kept"),
    [("证件 11010519491231002X 再入院", "证件 ＊＊ 再入院"), ("请致电 13800138000。", "请致电 ＊＊。"), ("号11010519491231002x", "号＊＊")],
)
def test_a_citizens_number_and_a_mobile_number_are_struck_out(database: Database, text: str, kept: str) -> None:
    head = person(database, "zhao")
    assert told(database, [head], Message("a", text, text)) == 1
    assert [(n.subject, n.body) for n in notices_of(database, head)] == [(kept, kept)]


def test_money_and_codes_are_no_numbers_of_a_person(database: Database) -> None:
    assert (
        told(
            database, [person(database, "zhao")], Message("a", "耗材 13,800,138,000.00 元", "机构 12110000400000000012 比 5.13800138000123")
        )
        == 1
    )


def opened(db: Database, key: str, data: dict[str, object]) -> int:
    with db.writing() as session:
        case = Case(key=key, type="alert", org="H01", dept="0301", month="2026-03", title_zh="预警", title_en="alert")
        case.state, case.step, case.opened, case.closed, case.data = "open", "self_check", datetime(2026, 3, 2), None, data  # noqa: DTZ001
        session.add(case)
        session.flush()
        return case.id


def test_what_tables_call_private_is_private_here() -> None:
    assert {"patient", "visit", "staff_no", "staff_name", "settlement"} <= private_columns()
    public = {n for t in TABLES.values() for n, c in t.columns.items() if not c.private}
    assert not private_columns() & public


NAME = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=4)
NUMBER = count(1)
CODE = st.from_regex(r"[A-Z]{0,2}[0-9]{3,10}", fullmatch=True)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(column=st.sampled_from(["patient", "visit", "staff_name", "staff_no"]), value=NAME | CODE, deep=st.booleans())
def test_law_no_notice_holds_what_its_case_keeps_of_one_person(*, database: Database, column: str, value: str, deep: bool) -> None:
    n = next(NUMBER)
    head = person(database, f"head{n}")
    case = opened(database, f"case/{n}", {"rows": [{column: value, "amount": "1.00"}]} if deep else {column: value})
    assert told(database, [head], Message(f"k/{n}", f"预警 {value} 再入院", f"见：{value}。"), case) == 1
    assert [(kept.subject, kept.body) for kept in notices_of(database, head)] == [("预警 ＊＊ 再入院", "见：＊＊。")]


def test_a_code_counts_where_it_stands_alone_and_a_public_value_always_may_be_said(database: Database) -> None:
    case = opened(database, "case/x", {"visit": "2026", "value": "31.2", "dept": "0301"})
    head = person(database, "zhao")
    assert told(database, [head], Message("a", "0301 耗材占比 31.2，自 12026 起", "就诊 2026"), case) == 1
    assert [(n.subject, n.body) for n in notices_of(database, head)] == [("0301 耗材占比 31.2，自 12026 起", "就诊 ＊＊")]
