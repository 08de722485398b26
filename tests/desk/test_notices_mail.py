"""邮件投递 · Mail: a real SMTP server on this machine; nothing is lost, nothing goes twice, and giving up is told."""

import email
import os
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from email import policy
from email.headerregistry import Address
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heng.desk.channels.letter import Letter
from heng.desk.channels.mail import Mail
from heng.desk.database import Database
from heng.desk.delivery import BACK_OFF, LEASE, Delivered, deliver, deliveries, trial
from heng.desk.notices import Message, notices_of, notify
from heng.desk.schema import Person
from tests.desk.conftest import MORNING, Hands
from tests.desk.loopback import CERTIFICATE, Letters, free_port, mail_server, silent_server
from tests.desk.staff import person

SENDER = Address("衡", addr_spec="heng@example.cn")


@pytest.fixture
def letters() -> Letters:
    return Letters()


@pytest.fixture
def mail(letters: Letters) -> Iterator[Mail]:
    with mail_server(letters) as port:
        yield to(port)


def to(port: int, **more: str | float | Path) -> Mail:
    return replace(Mail("邮件", "127.0.0.1", port, SENDER, tls="none", timeout=5), **more)


def tell(db: Database, *people: int, key: str = "case/1/step/1", subject: str = "心内科 耗材占比 红色") -> None:
    with db.writing() as session:
        notify(session, people, Message(key, subject, "三个工作日内说明原因与措施。"))


def outcomes(db: Database) -> list[str]:
    return [d.outcome for d in reversed(deliveries(db))]


def test_a_letter_arrives_as_it_was_written_and_once(database: Database, letters: Letters, mail: Mail) -> None:
    tell(database, person(database, "zhao", mail="zhao@example.cn"), subject="䶮院区 𠮷田路门诊 耗材占比 红色 · red " + "二" * 90)
    assert deliver(database, [mail]) == Delivered(sent=1)
    assert deliver(database, [mail]) == Delivered()
    (letter,) = letters.arrived
    assert letter["Subject"] == "䶮院区 𠮷田路门诊 耗材占比 红色 · red " + "二" * 90
    assert letter.get_content().strip() == "三个工作日内说明原因与措施。"
    assert (letter["To"].addresses[0].addr_spec, letter["From"].addresses[0].display_name) == ("zhao@example.cn", "衡")
    assert letter["Date"].datetime.isoformat() == "2026-03-02T09:00:00+08:00"
    assert [(d.outcome, d.attempt, d.address) for d in deliveries(database)] == [("sent", 1, "zhao@example.cn")]


ANY = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=120)


@settings(max_examples=60, deadline=None)
@given(name=ANY, subject=ANY.filter(str.strip), body=st.text(st.characters(exclude_categories=("Cs",)), max_size=500))
def test_law_a_letter_is_read_as_it_was_written(name: str, subject: str, body: str) -> None:
    letter = Letter("1.ab", name, "li@example.cn", subject, body, MORNING, MORNING)
    read = email.message_from_bytes(to(25).written(letter).as_bytes(), policy=policy.default)
    assert read["Subject"].split() == subject.split()
    assert read["To"].addresses[0].addr_spec == "li@example.cn"
    assert [*read["Message-ID"].split(), *(read.get_all("Bcc") or [])] == ["<heng.1.ab@example.cn>"]
    assert read.get_content().split() == body.split()  # type: ignore[attr-defined]


def test_each_person_has_her_own_letter(database: Database, letters: Letters, mail: Mail) -> None:
    people = [person(database, n, mail=f"{n}@example.cn") for n in ("zhao", "qian", "sun")]
    tell(database, *people, person(database, "li"))
    assert deliver(database, [mail]) == Delivered(sent=3, nowhere=1)
    assert sorted(str(m["To"].addresses[0].addr_spec) for m in letters.arrived) == ["qian@example.cn", "sun@example.cn", "zhao@example.cn"]
    assert len({m["Message-ID"] for m in letters.arrived}) == 3


def test_a_refused_recipient_is_given_up_and_the_administrators_are_told(database: Database, letters: Letters, mail: Mail) -> None:
    keeper = person(database, "admin", org="", role="system_admin", mail="admin@example.cn")
    gone = [person(database, n, mail=f"{n}@example.cn") for n in ("gone", "left")]
    letters.to = {"gone@example.cn": ["550 5.1.1 no such user"], "left@example.cn": ["550 5.1.1 no such user"]}
    tell(database, *gone, person(database, "zhao", mail="zhao@example.cn"))
    assert deliver(database, [mail]) == Delivered(sent=1, given_up=2)
    assert [n.subject for n in notices_of(database, keeper)] == ["通知送不出去：邮件 · Notices cannot be delivered by 邮件"]
    assert deliver(database, [mail]) == Delivered(sent=1)  # to the administrator
    assert [d.said for d in deliveries(database) if d.outcome == "given_up"] == ["550 5.1.1 no such user"] * 2


def test_a_recipient_who_is_busy_is_tried_again_and_the_others_do_not_wait(
    database: Database, hands: Hands, letters: Letters, mail: Mail
) -> None:
    letters.to = {"zhao@example.cn": ["450 greylisted"]}
    tell(database, person(database, "zhao", mail="zhao@example.cn"), person(database, "qian", mail="qian@example.cn"))
    assert deliver(database, [mail]) == Delivered(sent=1, failed=1)
    assert deliver(database, [mail]) == Delivered()
    hands.pass_by(minutes=1)
    assert deliver(database, [mail]) == Delivered(sent=1)
    assert outcomes(database) == ["failed", "sent", "sent"]


@pytest.mark.parametrize("trouble", ["down", "silent", "refuses"])
def test_a_server_in_trouble_is_left_alone_and_nothing_is_lost(database: Database, hands: Hands, letters: Letters, trouble: str) -> None:
    tell(database, *(person(database, f"p{n}", mail=f"p{n}@example.cn") for n in range(5)))
    if trouble == "silent":
        with silent_server() as port:
            assert deliver(database, [to(port, timeout=0.05)]) == Delivered(failed=1, down=("邮件",))
    elif trouble == "down":
        assert deliver(database, [to(free_port())]) == Delivered(failed=1, down=("邮件",))
    else:
        letters.to = {"p0@example.cn": ["421 closing"]}
        with mail_server(letters) as port:
            assert deliver(database, [to(port)]) == Delivered(failed=1, down=("邮件",))
    hands.pass_by(minutes=1)
    with mail_server(letters) as port:
        assert deliver(database, [to(port)]) == Delivered(sent=5)
        assert deliver(database, [to(port)]) == Delivered()
    assert sorted(str(m["To"]) for m in letters.arrived) == [f"p{n} <p{n}@example.cn>" for n in range(5)]


def test_after_nine_attempts_over_a_weekend_it_is_given_up_aloud(database: Database, hands: Hands, letters: Letters) -> None:
    keeper = person(database, "admin", org="", role="system_admin")
    tell(database, person(database, "zhao", mail="zhao@example.cn"))
    nobody = to(free_port())
    for wait in BACK_OFF:
        assert deliver(database, [nobody]) == Delivered(failed=1, down=("邮件",))
        hands.moment += wait / 2
        assert deliver(database, [nobody]) == Delivered()
        hands.moment += wait / 2
    assert hands.moment - MORNING > LEASE * 6 * 60
    assert deliver(database, [nobody]) == Delivered(given_up=1, down=("邮件",))
    assert len(notices_of(database, keeper)) == 1
    hands.pass_by(days=1)
    with mail_server(letters) as port:
        assert deliver(database, [to(port)]) == Delivered(nowhere=1)  # the administrator's own notice stands in the page
    assert letters.arrived == []


def test_a_text_that_is_refused_is_tried_again_and_a_wrong_address_is_not(
    database: Database, hands: Hands, letters: Letters, mail: Mail
) -> None:
    letters.text = ["552 5.2.2 mailbox full", "554 信件被拒绝".encode("gb18030").decode("latin1")[:3] + " refused"]
    tell(database, person(database, "zhao", mail="zhao@example.cn"), person(database, "bad", mail="no address"))
    assert deliver(database, [mail]) == Delivered(failed=1, given_up=1)
    hands.pass_by(minutes=1)
    assert deliver(database, [mail]) == Delivered(failed=1)
    hands.pass_by(minutes=5)
    assert deliver(database, [mail]) == Delivered(sent=1)


def test_tls_and_a_password_are_kept_to(database: Database, letters: Letters, hands: Hands) -> None:
    tell(database, person(database, "zhao", mail="zhao@example.cn"))
    with mail_server(letters, starttls=True, password="shh-日".encode().hex()) as port:
        good = to(port, tls="starttls", user="heng", password="shh-日".encode().hex(), ca=CERTIFICATE)
        for wrong, said in [
            (replace(good, tls="none", user=""), "STARTTLS"),
            (replace(good, ca=None), "CERTIFICATE_VERIFY_FAILED"),
            (replace(good, user="hang"), "535"),
        ]:
            assert deliver(database, [wrong]).down == ("邮件",)
            assert said in deliveries(database)[0].said
            hands.pass_by(hours=1)
        assert deliver(database, [good]) == Delivered(sent=1)
    with mail_server(letters) as port:  # a server that offers no TLS gets no letter: the way is not made less safe in silence
        tell(database, person(database, "qian", mail="qian@example.cn"))
        assert deliver(database, [replace(good, port=port)]).down == ("邮件",)
    assert good.password not in repr(good)
    assert all(good.password not in d.said for d in deliveries(database))


TROUBLE = [
    (socket.gaierror(-2, "Name or service not known"), "核对主机名", "check its name"),
    (ConnectionRefusedError(111, "Connection refused"), "端口是否正确", "the port"),
    (TimeoutError("timed out"), "防火墙", "the firewall"),
    (ssl.SSLError(1, "wrong version number"), "核对 tls", "check tls"),
    (ConnectionResetError(104, "Connection reset by peer"), "加密方式", "encryption"),
    (OSError(113, "No route to host"), "网关", "gateway"),
    (smtplib.SMTPServerDisconnected("Connection unexpectedly closed"), "中途断开", "hung up"),
]


@pytest.mark.parametrize(("error", "zh", "en"), TROUBLE, ids=lambda e: type(e).__name__ if isinstance(e, Exception) else "")
def test_trouble_with_a_server_is_told_in_words_with_the_host_and_what_to_check(
    database: Database, monkeypatch: pytest.MonkeyPatch, error: Exception, zh: str, en: str
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("smtplib.SMTP", broken)
    made = trial(database, replace(to(25), host="smtp.example.cn"), "it@example.cn")
    assert made.outcome == "failed"
    assert all(word in made.said for word in ("smtp.example.cn:25", zh, en, str(error)))


def test_who_has_left_and_what_is_old_is_not_sent(database: Database, hands: Hands, letters: Letters, mail: Mail) -> None:
    left = person(database, "zhao", mail="zhao@example.cn")
    tell(database, left, person(database, "qian", mail="qian@example.cn"))
    with database.writing() as session:
        session.get_one(Person, left).ended = hands()
    hands.pass_by(days=8)
    assert deliver(database, [mail]) == Delivered()
    tell(database, left, person(database, "sun", mail="sun@example.cn"), key="later")
    assert deliver(database, [mail]) == Delivered(sent=1)
    assert len(letters.arrived) == 1


def test_two_that_deliver_at_once_never_make_the_same_attempt(database: Database, letters: Letters, mail: Mail) -> None:
    tell(database, *(person(database, f"p{n}", mail=f"p{n}@example.cn") for n in range(4)))
    other = Database(database.engine.url.render_as_string(hide_password=False), database.clock)
    done = list[Delivered]()

    class Nested:
        """A channel that lets another process deliver while it is about to send."""

        name, shared, orgs = mail.name, False, None
        address = mail.address

        def send(self, letter: Letter) -> str:
            done.append(deliver(other, [mail]))
            return mail.send(letter)

    assert deliver(database, [Nested()]) == Delivered(sent=1)
    assert done == [Delivered(sent=3)]
    assert len({m["Message-ID"] for m in letters.arrived}) == len(letters.arrived) == 4
    other.close()


KILLED = """
import os, signal, sys
from datetime import datetime
from email.headerregistry import Address
from heng.desk.channels.mail import Mail
from heng.desk.database import Database
from heng.desk.delivery import deliver

class Killed(Mail):
    def send(self, letter):
        if sys.argv[3] == "after":
            super().send(letter)
        os.kill(os.getpid(), signal.SIGKILL)

place, port = sys.argv[1], int(sys.argv[2])
killed = Killed("邮件", "127.0.0.1", port, Address("衡", addr_spec="heng@example.cn"), tls="none")
deliver(Database(place, lambda: datetime(2026, 3, 2, 1)), [killed])
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_around_sending_a_letter_is_not_lost_and_a_double_is_known_by_its_id(
    database: Database, hands: Hands, letters: Letters, mail: Mail, when: str
) -> None:
    tell(database, person(database, "zhao", mail="zhao@example.cn"))
    place = database.engine.url.render_as_string(hide_password=False)
    ended = subprocess.run([sys.executable, "-c", KILLED, place, str(mail.port), when], check=False, env=dict(os.environ))
    assert ended.returncode == -signal.SIGKILL
    assert len(letters.arrived) == (when == "after")
    assert outcomes(database) == ["sending"]
    assert deliver(database, [mail]) == Delivered()  # somebody may be at it still
    hands.moment += LEASE
    assert deliver(database, [mail]) == Delivered(sent=1)
    assert outcomes(database) == ["failed", "sent"]
    assert len(letters.arrived) == 1 + (when == "after")
    assert len({m["Message-ID"] for m in letters.arrived}) == 1


def test_a_trial_is_sent_and_logged(database: Database, letters: Letters, mail: Mail) -> None:
    assert trial(database, mail, "it@example.cn").outcome == "sent"
    assert trial(database, to(free_port()), "it@example.cn").outcome == "failed"
    assert letters.subjects == ["试发 · Trial"]
    assert [(d.notice, d.outcome) for d in deliveries(database)] == [(None, "failed"), (None, "sent")]
