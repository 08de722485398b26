"""案头命令：代理 · The desk on the command line for deputies: they see and answer what the absent owner may, while she is away."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.serve.desk_people import MADE, PASSWORD, Hands, Office, hands, office, once
from tests.serve.test_desk_cases import EXPLAINED, signals, ward

__all__ = ["hands", "office", "signals", "ward"]  # fixtures of this page
AWAY = ("deputies", "add", "ZHANG", "sun", "--until", "2026-03-09", "--reason", "进修")


@pytest.fixture
def house(signals: Office, region: Path) -> Office:
    """The ward's office, and somebody without any post, who stands in for the head of the ward this week."""

    def staffed() -> None:
        signals.data("people", "add", "sun", "--name", "孙副主任", "--org", "H01", as_="wang")
        signals.first_password("sun", signals.data("people", "code", "sun", as_="li")["code"])

    once(region, MADE, "deputy", staffed)
    return signals


def test_a_deputy_sees_the_signals_the_cases_and_the_work_of_who_is_away(house: Office) -> None:
    seen = (("signals", "list"), ("cases", "list"), ("work",))
    assert [list(house.data(*words, as_="sun").values()) for words in seen] == [[[]], [[]], [[]]]
    house.data(*AWAY, as_="zhang")
    for words in seen:
        assert house.data(*words, as_="sun") == house.data(*words, as_="zhang") != {words[0]: []}, words
    assert house.data("cases", "show", 1, as_="sun")["step"] == "self_check"
    decided = ("signals", "real", "material_share", "--org", "H01", "--dept", "0402", "--reason", "属实")
    assert house.data(*decided, as_="sun")["kind"] == "real"
    assert house.data("cases", "answer", 1, *EXPLAINED, as_="sun")["step"] == "review"


def test_who_stands_in_is_told_so_and_reads_in_the_role_of_who_is_away(house: Office) -> None:
    house.data(*AWAY, as_="zhang")
    assert [(p["role"], p["dept"], p["deputy"]) for p in house.data("whoami", as_="sun")["posts"]] == [("head", "0402", True)]
    assert [p["deputy"] for p in house.data("whoami", as_="zhang")["posts"]] == [False]
    with house.password(PASSWORD):
        assert house.say("show", "DeptCost", "--month", "2026-01", "--as", "sun")[0] == 0
        assert house.say("show", "DeptCost", "--month", "2026-01", "--as", "sun", "--role", "president")[0] == 2


def test_on_the_day_of_return_a_deputy_is_nobody_again(house: Office, hands: Hands) -> None:
    house.data(*AWAY, as_="zhang")
    for moment, works in ((datetime(2026, 3, 8, 15, 59), True), (datetime(2026, 3, 8, 16), False)):  # noqa: DTZ001 - midnight in China
        hands.moment = moment
        assert bool(house.data("work", as_="sun")["work"]) == works
        assert bool(house.data("cases", "list", as_="sun")["cases"]) == works
    assert "不归您答复" in house.refused("cases", "answer", 1, *EXPLAINED, as_="sun")
