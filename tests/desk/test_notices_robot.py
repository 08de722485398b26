"""群机器人 · Robots of groups: one message for the group, signed where it must be, and an errcode is a refusal."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heng.desk.channels.robot import MORE, Robot, cut
from heng.desk.database import Database
from heng.desk.delivery import Delivered, deliver, deliveries, trial
from heng.desk.notices import Message, notify
from heng.desk.schema import Person
from tests.desk.conftest import Hands
from tests.desk.loopback import Posts, free_port, robot_server, silent_server
from tests.desk.staff import person

KEY = "693a91f6-7xxx-4bc4-97a0"


@pytest.fixture
def posts() -> Posts:
    return Posts()


@pytest.fixture
def place(place: object, monkeypatch: pytest.MonkeyPatch) -> object:
    """The desk's place; this machine is reached without a proxy."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return place


@pytest.fixture
def url(posts: Posts) -> Iterator[str]:
    with robot_server(posts) as address:
        yield f"{address}/cgi-bin/webhook/send?key={KEY}"


def tell(db: Database, key: str, *people: int, body: str = "三个工作日内说明原因。") -> None:
    with db.writing() as session:
        notify(session, people, Message(key, "心内科 耗材占比 红色", body))


def test_a_group_reads_a_message_once_however_many_are_told(database: Database, posts: Posts, url: str) -> None:
    tell(database, "case/1", *(person(database, n) for n in ("zhao", "qian", "sun")))
    assert deliver(database, [Robot("群", "wecom", url)]) == Delivered(sent=1)
    assert deliver(database, [Robot("群", "wecom", url)]) == Delivered()
    tell(database, "case/1", person(database, "li"))  # told later of the same
    assert deliver(database, [Robot("群", "wecom", url)]) == Delivered()
    assert posts.arrived == [
        (
            f"/cgi-bin/webhook/send?key={KEY}",
            {"msgtype": "text", "text": {"content": "【衡】心内科 耗材占比 红色\n三个工作日内说明原因。"}},
        )
    ]


def test_a_group_is_told_once_also_when_the_first_who_was_told_has_left(database: Database, hands: Hands, posts: Posts, url: str) -> None:
    first, second = person(database, "zhao"), person(database, "qian")
    tell(database, "case/1", first, second)

    def leaves(who: int) -> None:
        with database.writing() as session:
            session.get_one(Person, who).ended = hands()

    leaves(first)
    assert deliver(database, [Robot("群", "wecom", url)]) == Delivered(sent=1)
    leaves(second)
    assert deliver(database, [Robot("群", "wecom", url)]) == Delivered()
    assert len(posts.texts) == 1


def test_a_group_of_one_hospital_reads_what_concerns_its_people(database: Database, posts: Posts, url: str) -> None:
    first, second, bureau = person(database, "zhao"), person(database, "qian", org="H02"), person(database, "sun", org="")
    tell(database, "case/1", first)
    tell(database, "case/2", bureau, second)
    robots = [Robot("二院", "wecom", url, orgs=frozenset({"H02"})), Robot("全区", "wecom", url)]
    assert deliver(database, robots) == Delivered(sent=3)
    assert len(posts.texts) == 3


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [
        (200, '{"errcode":93000,"errmsg":"invalid webhook url"}', "errcode 93000 invalid webhook url"),
        (200, '{"errcode":45009,"errmsg":"api freq out of limit"}', "errcode 45009 api freq out of limit"),
        (200, "<html>登录</html>", "答非所问 · not a robot's answer: <html>登录</html>"),
        (200, "[]", "答非所问 · not a robot's answer: []"),
        (404, f"no such page: /cgi-bin/webhook/send?key={KEY}", "HTTP 404 no such page: /***?key=***"),
        (502, "", "HTTP 502"),
        (302, "http://127.0.0.1:9/elsewhere", "HTTP 302 http://127.0.0.1:9/elsewhere"),
    ],
)
def test_what_a_robot_does_not_take_is_tried_again(  # noqa: PLR0913, PLR0917
    database: Database, hands: Hands, posts: Posts, url: str, status: int, answer: str, said: str
) -> None:
    people = [person(database, n) for n in ("zhao", "qian")]
    tell(database, "case/1", *people)
    tell(database, "case/2", *people)
    posts.answers = [(status, answer)]
    robot = Robot("群", "wecom", url)
    assert deliver(database, [robot]) == Delivered(failed=1, down=("群",))
    told, _, mend = deliveries(database)[0].said.partition(" → ")
    assert told == said
    assert (" · " in mend) == said.startswith("HTTP")
    hands.pass_by(minutes=1)
    assert deliver(database, [robot]) == Delivered(sent=2)
    assert len(posts.arrived) == 3


def test_a_robot_that_is_not_there_or_says_nothing_is_left_alone(database: Database) -> None:
    tell(database, "case/1", person(database, "zhao"))
    with silent_server() as port:
        for channel in (
            Robot("无", "wecom", f"http://127.0.0.1:{free_port()}/send?key={KEY}"),
            Robot("默", "wecom", f"http://127.0.0.1:{port}/send?key={KEY}", timeout=0.05),
        ):
            assert deliver(database, [channel]) == Delivered(failed=1, down=(channel.name,))
            assert KEY not in f"{deliveries(database)[0].said}{deliveries(database)[0].address}{channel}"
            said = deliveries(database)[0].said
            assert channel.address("") in said
            assert "防火墙" in said
            assert "firewall" in said


def test_dingtalk_is_signed_with_the_moment_of_sending(database: Database, hands: Hands, posts: Posts, url: str) -> None:
    tell(database, "case/1", person(database, "zhao"))
    hands.pass_by(days=2)  # a signature is good for an hour
    robot = Robot("钉", "dingtalk", url, "SEC0123")
    assert deliver(database, [robot]) == Delivered(sent=1)
    query = parse_qs(urlsplit(posts.arrived[0][0]).query)
    (at,) = query["timestamp"]
    assert at == "1772586000000"  # 2026-03-04 09:00 in China
    digest = hmac.digest(b"SEC0123", f"{at}\nSEC0123".encode(), hashlib.sha256)
    assert query["sign"] == [base64.b64encode(digest).decode()]
    assert query["key"] == [KEY]
    assert "SEC0123" not in repr(robot)


def test_a_plain_hook_has_the_whole_notice_under_an_id_that_stays(database: Database, hands: Hands, posts: Posts, url: str) -> None:
    tell(database, "case/1", person(database, "zhao"), body="文" * 3000)
    hook = Robot("钩", "webhook", url)
    posts.answers = [(500, "")]
    assert deliver(database, [hook]).failed == 1
    hands.pass_by(minutes=1)
    assert deliver(database, [hook]) == Delivered(sent=1)
    (_, first), (_, second) = posts.arrived
    assert first == second
    assert first == {"id": first["id"], "subject": "心内科 耗材占比 红色", "body": "文" * 3000, "made": "2026-03-02T01:00:00+00:00"}


def test_a_trial_reaches_the_group(database: Database, posts: Posts, url: str) -> None:
    made = trial(database, Robot("群", "wecom", url), "")
    assert (made.outcome, made.address, made.said) == ("sent", urlsplit(url).netloc, "errcode 0")
    assert posts.texts[0].startswith("【衡】试发")


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=400), st.integers(64, 600))
def test_law_a_long_text_is_cut_to_the_bytes_and_between_characters(text: str, size: int) -> None:
    short = cut(text, size)
    assert len(short.encode()) <= size
    assert short == text or (short.endswith(MORE) and text.startswith(short.removesuffix(MORE)))
    assert short == text or len(text.encode()) > size
