"""案头命令：令牌 · Tokens of machines on the command line: made by the security administrator, listed without what they say, taken back."""

import re

from tests.serve.desk_people import Office, hands, office

__all__ = ["hands", "office"]  # fixtures of this page


def test_a_token_is_made_listed_and_taken_back(office: Office) -> None:
    office.data("people", "add", "jizhang", "--name", "记账系统", "--org", "H01", as_="wang")
    office.data("posts", "give", "jizhang", "accountant", "--org", "H01", as_="li")
    words = ("tokens", "make", "jizhang", "accountant", "--name", "记账系统", "--until", "2026-04-01", "--org", "H01")
    assert "li" not in office.refused(*words, as_="wang").splitlines()[0]
    made = office.data(*words, "--action", "see", "--action", "load", as_="li")
    assert re.fullmatch(r"heng_[\w-]{43}", made["token"])
    (row,) = office.data("tokens", "list", as_="li")["tokens"]
    assert (row["login"], row["actions"], row["orgs"], row["by"]) == ("jizhang", "see load", "H01", "li")
    assert made["token"] not in str(row)
    assert "最近使用" not in office.desk("tokens", "list", as_="li")[1]
    office.data("tokens", "withdraw", made["id"], as_="li")
    assert office.data("tokens", "list", as_="li")["tokens"] == []
    assert len(office.data("tokens", "list", "--all", as_="li")["tokens"]) == 1


def test_a_token_lasts_a_year_at_most(office: Office) -> None:
    office.data("people", "add", "jizhang", "--name", "记账系统", "--org", "H01", as_="wang")
    office.data("posts", "give", "jizhang", "accountant", "--org", "H01", as_="li")
    words = ("tokens", "make", "jizhang", "accountant", "--name", "记账系统", "--until")
    for until in ("2026-03-02", "2027-03-04"):
        assert "366" in office.refused(*words, until, as_="li")
    assert office.data(*words, "2027-03-03", as_="li")["id"]
