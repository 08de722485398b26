"""以某人的身份看 · `--as LOGIN --role ROLE --purpose WHY`: a command shows what she may see, and the desk keeps that she saw it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.serve.desk_people import PASSWORD, Office, once
from tests.serve.desk_people import hands as hands  # noqa: PLC0414 - the fixtures of this page
from tests.serve.desk_people import office as office  # noqa: PLC0414

MADE = dict[str, bytes]()
LINES = ("show", "CostLine", "--month", "2026-01", "--all")


@pytest.fixture
def people(office: Office, region: Path) -> Office:
    """An accountant, the head of the ward, an accountant who is president too, the supervisors, in the tiny region."""

    def hired() -> None:
        office.hire("qian", "钱会计", "accountant", "--org", "H01")
        office.hire("zhang", "张主任", "head", "--org", "H01", "--dept", "0402")
        office.hire("sun", "孙监督", "supervisor")

    once(region, MADE, "reading", hired)
    return office


def asked(people: Office, login: str, *words: str) -> tuple[int, str, str]:
    with people.password(PASSWORD):
        return people.say(*words, "--as", login)


def shown(people: Office, login: str, *words: str) -> list[dict[str, Any]]:
    code, out, err = asked(people, login, *words, "--json")
    assert code == 0, err
    rows: list[dict[str, Any]] = json.loads(out)["rows"]
    return rows


def test_an_accountant_sees_her_hospital_and_a_head_his_ward(people: Office) -> None:
    assert {r["dept"] for r in shown(people, "qian", *LINES)} == {"0101", "0201", "0301", "0401", "0402"}
    mine = shown(people, "zhang", *LINES)
    assert {r["dept"] for r in mine} == {"0402"}
    assert "staff_no" not in mine[0]
    assert {r["dept"] for r in shown(people, "zhang", "show", "DeptCost", "--month", "2026-01")} == {
        "0401",
        "0402",
    }  # aggregates of his hospital
    code, out, err = asked(people, "sun", *LINES)
    assert (code, out) == (2, "")
    assert "supervisor" in err


def test_why_stops_where_the_scope_stops_and_says_so(people: Office) -> None:
    code, out, _ = asked(people, "zhang", "why", "DeptCost", "--month", "2026-01", "--dept", "0402", "--org", "H01")
    assert code == 0
    assert "来自范围以外的行，追问到此为止" in out
    assert "210,000.05" in out
    assert "98,000.04" not in out
    code, out, _ = asked(people, "qian", "why", "DeptCost", "--month", "2026-01", "--dept", "0402", "--org", "H01")
    assert code == 0
    assert "范围以外" not in out


def test_statutory_tables_are_for_who_may_take_all_of_them_out(people: Office, region: Path) -> None:
    code, out, err = asked(people, "zhang", "export", "2026-01", "--to", "表")
    assert (code, out) == (2, "")
    assert "不在你的范围内" in err
    assert not (region / "表").exists()
    assert asked(people, "qian", "export", "2026-01", "--to", "表")[0] == 0
    assert len(list((region / "表").glob("*.xlsx"))) == 2


def test_a_file_is_taken_out_by_who_may_take_out(people: Office, region: Path) -> None:
    for more in (("--csv", "表.csv"), ("--xlsx", "表.xlsx")):
        code, out, err = asked(people, "zhang", *LINES, *more)
        assert (code, out) == (2, "")
        assert "head" in err
        assert not (region / more[1]).exists()
        assert asked(people, "qian", *LINES, *more)[0] == 0
        assert (region / more[1]).exists()


def test_the_desk_keeps_what_was_seen_and_what_was_refused(people: Office) -> None:
    seen = len(shown(people, "qian", *LINES, "--purpose", "核对"))
    asked(people, "sun", *LINES)
    kept = people.data("audit", "--action", "see", as_="zhao")["audit"]
    mine = next(r for r in kept if (r["login"], r["object"]) == ("qian", "CostLine"))
    assert (mine["role"], mine["purpose"], mine["rows"], mine["allowed"]) == ("accountant", "核对", seen, True)
    assert "H01" in mine["scope"]
    theirs = next(r for r in kept if r["login"] == "sun")
    assert (theirs["object"], theirs["rows"], theirs["allowed"]) == ("CostLine", 0, False)


@pytest.mark.parametrize("more", [("--role", "president"), ("--role", "nobody")])
def test_a_role_that_is_not_held_shows_nothing(people: Office, more: tuple[str, str]) -> None:
    code, out, err = asked(people, "qian", *LINES, *more)
    assert (code, out) == (2, "")
    assert "qian" in err


def test_who_holds_two_roles_says_which(people: Office) -> None:
    people.data("posts", "give", "qian", "finance", "--org", "H01", as_="li")
    code, out, err = asked(people, "qian", *LINES)
    assert (code, out) == (2, "")
    assert "--role" in err
    assert shown(people, "qian", *LINES, "--role", "finance")


def test_a_wrong_password_shows_nothing(people: Office) -> None:
    with people.password("wrong horse battery"):
        code, out, _ = people.say(*LINES, "--as", "qian")
    assert (code, out) == (2, "")


def test_without_a_desk_nobody_can_be_named(say: Any) -> None:
    code, out, err = say(*LINES, "--as", "qian")
    assert (code, out) == (2, "")
    assert "heng desk setup" in err


@pytest.mark.parametrize("line", ["doctor", "backup x.zip", "new 区域"])
def test_commands_of_the_folder_s_owner_take_nobody_s_place(say: Any, line: str) -> None:
    code, _, err = say(*line.split(), "--purpose", "试")
    assert code == 2
    assert "--purpose" in err
