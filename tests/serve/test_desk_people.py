"""案头命令：人 · The desk on the command line: setting up, people, passwords, sessions, posts, deputies, partners, grants, audit."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from heng.serve.cli.main import registered
from tests.serve.desk_people import PASSWORD, Hands, Office, hands, office
from tests.serve.spoken import Heng

__all__ = ["hands", "office"]  # fixtures of this page


def test_without_a_desk_the_first_step_is_told_and_it_is_set_up_once(say: Heng, region: Path, office: Office) -> None:
    assert "已经建立" in office.refused("setup", "--system", "a1=甲", "--security", "b1=乙", "--audit", "c1=丙")
    (region / "desk.db").rename(region / "away.db")
    code, _, err = say("desk", "people", "list")
    assert code == 2
    assert "heng desk setup" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--system", "wang=王", "--security", "WANG=王", "--audit", "zhao=赵"), "三个不同的人"),
        (("--system", "wang", "--security", "li=李", "--audit", "zhao=赵"), "账号=姓名"),
        (("--system", "w w=王", "--security", "li=李", "--audit", "zhao=赵"), "不能用"),
    ],
)
def test_three_administrators_are_three_people(say: Heng, region: Path, words: tuple[str, ...], said: str) -> None:
    code, _, err = say("desk", "setup", *words)
    assert code == 2
    assert said in err
    assert (region / "heng.yaml").exists()


def test_people_come_and_go(office: Office) -> None:
    office.hire("zhang", "张主任", "head", "--org", "H01", "--dept", "0402")
    (row,) = office.data("people", "list", "--org", "H01", as_="wang")["people"]
    assert (row["name"], row["org"], row["password"], row["totp"]) == ("张主任", "H01", True, False)
    assert "张主任" in office.desk("people", "list", as_="zhao")[1]
    office.data("people", "end", "zhang", as_="wang")
    assert office.data("people", "list", "--org", "H01", as_="wang")["people"] == []
    assert office.data("people", "list", "--org", "试验医院", "--all", as_="wang")["people"][0]["ended"]
    assert "不对" in office.refused("whoami", as_="zhang")


def test_who_may_not_is_told_so_and_it_is_written_down(office: Office) -> None:
    office.hire("zhang", "张主任", "head", "--org", "H01", "--dept", "0402")
    for words in (
        ("people", "add", "qian", "--name", "钱"),
        ("people", "list"),
        ("people", "end", "wang"),
        ("people", "code", "wang"),
        ("posts", "give", "zhang", "president", "--org", "H01"),
        ("posts", "list"),
        ("partners", "list"),
        ("grants", "list"),
        ("grants", "give", "accountant", "see", "own", "--level", "4", "--reason", "x"),
        ("notices", "deliver"),
        ("notices", "log"),
        ("cases", "escalate"),
        ("audit",),
    ):
        assert "不担任" in office.refused(*words, as_="zhang"), words
    rows = office.data("audit", "--who", "zhang", "--refused", as_="zhao")["audit"]
    assert {"people.list", "grants.list", "cases.escalate", "audit.trail"} <= {r["action"] for r in rows}
    assert "张主任" not in office.desk("audit", "--refused", "--since", "2020-01-01", "--limit", "5", as_="zhao")[1]
    assert "不担任" in office.refused("audit", as_="wang")


def test_the_staff_file_of_a_hospital(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "人员.csv"
    file.write_text("某医院人员表,,\n工号,姓名,科室编码\n001,甲,0401\n002,𠮷田,0402\n", "utf8")
    first = office.data("people", "import", file, "--org", "H01", as_="wang")
    assert (first["added"], first["unchanged"]) == (["001 甲", "002 𠮷田"], 0)
    assert office.data("people", "import", file, "--org", "H01", as_="wang")["unchanged"] == 2
    file.write_text("工号,姓名,科室编码\n001,甲,0402\n", "gb18030")
    code, out, _ = office.desk("people", "import", file, "--org", "H01", as_="wang")
    assert code == 0
    assert "001 甲 0401 → 甲 0402" in out
    assert "002 𠮷田" in out
    file.write_text("科室,人数\n0401,3\n", "utf8")
    assert "工号" in office.refused("people", "import", file, "--org", "H01", as_="wang")
    assert "没有医院" in office.refused("people", "import", file, "--org", "H09", as_="wang")


@pytest.mark.parametrize("number", ["-1", "0", "2147483648", "9223372036854775807", "9223372036854775808", "9" * 40, "1e3", "１", ""])
def test_a_number_that_nothing_has_is_refused_in_words(office: Office, number: str) -> None:
    for words in (("posts", "take"), ("partners", "end")):
        told = office.refused(*words, "--", number, as_="") if number.startswith("-") else office.refused(*words, number, as_="li")
        assert "Error" not in told.replace("error", "")
        assert "unexpected" not in told


@pytest.mark.parametrize(
    "words",
    [
        ("people", "list", "--org", "H09"),
        ("posts", "give", "wang", "head", "--since", "0001-01-01", "--until", "0001-01-01"),
        ("posts", "give", "wang", "head", "--until", "2026-02-30"),
        ("posts", "give", "wang", "head", "--since", "10000-01-01"),
        ("posts", "give", "wang", "head", "--reason", "理" * 201),
        ("posts", "take", "1", "--day", "x"),
        ("deputies", "add", "wang", "zhao", "--until", "2026-03-02"),
        ("deputies", "add", "wang", "zhao", "--until", "2020-01-01"),
        ("deputies", "add", "wang", "nobody", "--until", "2099-01-01"),
        ("notices", "list", "--limit", "0"),
        ("notices", "list", "--limit", "9" * 40),
        ("notices", "log", "--limit", "9" * 40),
    ],
)
def test_what_cannot_be_is_refused_in_words(office: Office, words: tuple[str, ...]) -> None:
    for as_ in ("li", ""):
        told = office.refused(*words, as_=as_)
        assert "unexpected" not in told
        assert "→" in told


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_every_day_has_its_registers(office: Office, day: str) -> None:
    for words in (("posts", "list"), ("deputies", "list"), ("partners", "list")):
        assert office.desk(*words, "--day", day, as_="li")[0] == 0
    office.data("posts", "give", "li", "finance", "--org", "H01", "--since", "0001-01-01", "--until", "9999-12-31")
    assert office.desk("posts", "take", "1", "--day", day)[0] == 0


def test_a_post_that_has_ended_opens_nothing(office: Office, hands: Hands) -> None:
    office.hire("qian", "钱会计", "accountant", "--org", "H01")
    (post,) = office.data("posts", "list", "qian", as_="li")["posts"]
    office.data("posts", "take", post["id"], "--day", "2026-03-05", as_="li")
    show = ("show", "CostLine", "--month", "2026-01", "--as", "qian")
    for day, opens in ((4, 0), (5, 2)):
        hands.moment = hands.moment.replace(day=day)
        with office.password(PASSWORD):
            assert office.say(*show)[0] == opens
    assert office.data("whoami", as_="qian")["posts"] == []


def test_posts_deputies_and_partners(office: Office, region: Path) -> None:
    office.hire("zhang", "张主任", "head", "--org", "H01", "--dept", "0402")
    office.hire("qian", "钱副主任", "accountant", "--org", "H01")
    (post,) = office.data("posts", "list", "zhang", as_="zhao")["posts"]
    assert (post["role"], post["dept"], post["by"]) == ("head", "0402", "li")
    office.data("deputies", "add", "zhang", "qian", "--until", "2099-01-01", "--reason", "进修", as_="zhang")
    (row,) = office.data("deputies", "list", as_="li")["deputies"]
    assert (row["login"], row["deputy"]) == ("zhang", "qian")
    assert "进修" in office.desk("deputies", "list", as_="li")[1]
    office.data("posts", "take", post["id"], as_="li")
    assert office.data("posts", "list", "zhang", as_="li")["posts"] == []
    assert "没有角色" in office.refused("posts", "give", "zhang", "haed", as_="li")
    assert "三员分立" in office.refused("posts", "give", "wang", "audit_admin", as_="li")
    assert "不是日期" in office.refused("posts", "give", "zhang", "head", "--since", "明天", as_="li")
    text = (region / "heng.yaml").read_text("utf8").replace("hospitals:", "hospitals:\n- {code: H02, name: 二院}")
    (region / "heng.yaml").write_text(text, "utf8")
    made = office.data("partners", "add", "H01", "二院", "--reason", "医联体", as_="li")
    assert [p["partner"] for p in office.data("partners", "list", as_="li")["partners"]] == ["H02"]
    assert "医联体" in office.desk("partners", "list", as_="li")[1]
    office.data("partners", "end", made["id"], as_="li")
    assert office.data("partners", "list", as_="li")["partners"] == []


def test_the_register_of_grants(office: Office) -> None:
    words = ("grants", "give", "accountant", "see", "own", "--level", "4", "--reason", "核对病案", "--until", "2099-01-01")
    made = office.data(*words, "--purpose", "核对", "--table", "DeptCost", as_="li")
    (row,) = office.data("grants", "list", as_="zhao")["grants"]
    assert (row["role"], row["tables"], row["reason"], row["by"]) == ("accountant", "DeptCost", "核对病案", "li")
    assert "核对病案" in office.desk("grants", "list", as_="li")[1]
    assert "是否想写 DeptCost" in office.refused(*words, "--table", "DeptCots", as_="li")
    assert "模板不许" in office.refused("grants", "give", "public", "see", "region", "--level", "4", "--reason", "x", as_="li")
    office.data("grants", "withdraw", made["id"], "--reason", "核对完", as_="li")
    assert office.data("grants", "list", as_="li")["grants"] == []
    assert len(office.data("grants", "list", "--all", as_="li")["grants"]) == 1


def test_the_audit_tells_who_did_what(office: Office) -> None:
    office.hire("zhang", "张主任", "head", "--org", "H01", "--dept", "0402")
    rows = office.data("audit", "--action", "people.", "--limit", "3", as_="zhao")["audit"]
    assert [(r["login"], r["action"], r["allowed"]) for r in rows][:2] == [("li", "people.give", True), ("wang", "people.add", True)]
    assert all(r["at"].endswith("+00:00") for r in rows)
    older = office.data("audit", "--action", "people.", "--before", rows[-1]["id"], as_="zhao")["audit"]
    assert all(r["id"] < rows[-1]["id"] for r in older)
    assert office.data("audit", "--since", "2099-01-01", as_="zhao")["audit"] == []


def test_every_column_has_a_heading_in_both_languages(office: Office) -> None:
    for words in (("people", "list"), ("posts", "list"), ("audit",)):
        for lang in ("zh", "en"):
            code, out, err = office.desk(*words, "--lang", lang)
            assert (code, err) == (0, ""), words
            assert out.strip()


def commands(group: Any, *names: str) -> Iterator[tuple[str, ...]]:
    """The words of every command below a group."""
    for name, one in group.commands.items():
        yield from commands(one, *names, name) if hasattr(one, "commands") else [(*names, name)]


def test_every_command_explains_itself_in_both_languages_and_can_speak_json(say: Heng) -> None:
    found = [("desk", *words) for words in commands(get_command(registered()).commands["desk"])]  # type: ignore[attr-defined]
    assert len(found) > 35
    for words in found:
        code, out, _ = say(*words, "--help")
        assert code == 0
        assert re.search(r"[\u4e00-\u9fff].* · [A-Z]", out), words
        assert "--json" in out, words


def test_the_tables_are_brought_up_to_date(office: Office) -> None:
    told = office.data("upgrade")
    assert told["before"] == told["now"]


def test_a_desk_elsewhere_is_named_by_a_variable(office: Office, region: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (region / "heng.yaml").read_text("utf8")
    (region / "heng.yaml").write_text(f"{text}desk: {{url: {{env: HENG_DESK}}}}\n", "utf8")
    assert "HENG_DESK" in office.refused("people", "list")
    monkeypatch.setenv("HENG_DESK", f"sqlite:///{region / 'desk.db'}")
    assert len(office.data("people", "list")["people"]) == 3
    (region / "heng.yaml").write_text(f"{text}desk: desk.db\n", "utf8")
    assert "看不懂" in office.refused("people", "list")
    assert json.loads("[]") == []


def test_a_broken_glass_is_told_at_once_and_approved_by_another(office: Office, hands: Hands) -> None:
    office.hire("yi", "易医务", "medical", "--org", "H01")
    office.hire("yuan", "袁院长", "president", "--org", "H01")
    made = office.data("emergency", "begin", "H01", "P0001", "--reason", "抢救 2026-31", "--minutes", "30", as_="yi")
    (notice,) = office.data("notices", "list", as_="yuan")["notices"]
    assert "P0001" not in notice["subject"] + notice["body"]
    hands.moment += timedelta(minutes=30)
    assert office.data("emergency", "approve", made["id"], as_="yuan")["by"] == "yuan"
    (row,) = office.data("emergency", "list", as_="zhao")["emergencies"]
    assert (row["login"], row["approved_by"]) == ("yi", "yuan")
    assert "P0001" not in office.desk("emergency", "list", as_="zhao")[1]
    assert "登录" in office.refused("emergency", "begin", "H01", "P0001", "--reason", "x")
    assert "没有在 H01 紧急查看的权限" in office.refused("emergency", "begin", "H01", "P0001", "--reason", "x", as_="yuan")


def test_of_several_roles_one_is_said(office: Office) -> None:
    office.hire("yi", "易医务", "medical", "--org", "H01")
    office.data("posts", "give", "yi", "head", "--org", "H01", "--dept", "0402", as_="li")
    words = ("emergency", "begin", "H01", "P0001", "--reason", "抢救")
    assert "2 个角色" in office.refused(*words, as_="yi")
    assert office.data(*words, "--role", "medical", as_="yi")["org"] == "H01"
