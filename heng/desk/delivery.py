"""投递：把通知送出去，记下每一次 · Delivery: bring notices out by the channels, and log every attempt.

An attempt is claimed in the log before anything is sent, so two that deliver at once never make the same one (the desk has one
writer at a time). Whoever is
killed between sending and logging leaves a claim that nobody can judge; after a while another attempt follows. So a notice
is sent at least once: twice only after such a crash, and then a letter has the same Message-ID, by which receivers drop doubles.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from heng.core.errors import DeskError
from heng.desk.channels.letter import Channel, Letter, UnsentError
from heng.desk.database import Database
from heng.desk.notices import Message, notify
from heng.desk.schema import Delivery, Notice, Person, Post
from heng.desk.standing import SYSTEM, lasting

BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440, 1440))
"""失败后等多久 · How long to wait after the first, second, … failure: two and a half days with the ninth attempt, over a weekend."""
LEASE = timedelta(minutes=10)
"""多久没有下文就算中断 · After how long a claim without an outcome was surely interrupted."""
WINDOW = timedelta(days=7)
"""再早的通知不再送 · Older notices are read in the page: a channel that is set up late does not send last year's."""
SAID = 1000
GIVEN_UP = "given_up/"


@dataclass(frozen=True)
class Delivered:
    """一次投递的结果 · What one delivery brought: attempts by outcome, people without an address, channels in trouble."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0
    nowhere: int = 0
    down: tuple[str, ...] = ()


def deliver(db: Database, channels: Iterable[Channel]) -> Delivered:
    """投递 · Send what is due now; what fails is tried again later, and given up aloud after nine attempts.

    A channel that is in trouble is left alone until the next delivery.
    """
    count, nowhere, down = {"sent": 0, "failed": 0, "given_up": 0}, 0, list[str]()
    for channel in channels:
        for notice in _waiting(db, channel):
            claimed = _claim(db, channel, notice)
            if claimed is None:
                continue
            attempt, letter = claimed
            if not attempt.address:
                nowhere += 1
                continue
            outcome, said, trouble = _tried(channel, letter, last=attempt.attempt > len(BACK_OFF))
            _log(db, attempt.id, outcome, said)
            count[outcome] += 1
            if trouble:
                down.append(channel.name)
                break
    return Delivered(**count, nowhere=nowhere, down=tuple(down))


def trial(db: Database, channel: Channel, mail: str) -> Delivery:
    """试发 · Send a trial letter and log it; gives the line of the log, whether it went or not. `mail`: for channels of letters."""
    now, address = db.clock(), channel.address(mail)
    if not address:
        raise DeskError("没有收件地址", "there is no address to send to", where=channel.name, mend=("写 --to 地址", "give --to ADDRESS"))
    digest = hashlib.sha256(f"{channel.name} {address} {now.isoformat()}".encode()).hexdigest()[:16]
    body = "收到这条，说明通道已设好。\nYou can read this: the channel is set up."
    letter = Letter(f"trial.{digest}", "", mail, "试发 · Trial", body, now, now)
    outcome, said, _ = _tried(channel, letter, last=False)
    made = Delivery(notice=None, channel=channel.name, attempt=1, address=address[:400], tried=now, outcome=outcome, said=said[:SAID])
    with db.writing() as session:
        session.add(made)
    return made


def deliveries(db: Database, *, limit: int = 50) -> list[Delivery]:
    """投递记录，新的在前 · The log of attempts, the newest first."""
    with db.reading() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.id.desc()).limit(limit)))


def _waiting(db: Database, channel: Channel) -> list[int]:
    with db.reading() as session:
        return [n.id for n, last in _candidates(session, channel, db.clock()) if _due(last, db.clock())]


def _candidates(session: Session, channel: Channel, now: datetime) -> Iterator[tuple[Notice, Delivery | None]]:
    told = select(Notice).join(Person, Person.id == Notice.person)
    told = told if channel.orgs is None else told.where(Person.org.in_(channel.orgs))
    if channel.shared:  # one copy for the group: that of the first who was told, wherever she is now
        wanted = select(Notice).where(Notice.id.in_(told.with_only_columns(func.min(Notice.id)).group_by(Notice.key)))
    else:
        wanted = told.where(Person.ended.is_(None))
    wanted = wanted.where(Notice.made > now - WINDOW)
    tried = select(Delivery).where(Delivery.channel == channel.name, Delivery.notice.is_not(None), Delivery.tried > now - 2 * WINDOW)
    last = {d.notice: d for d in session.scalars(tried.order_by(Delivery.attempt))}
    yield from ((n, last.get(n.id)) for n in session.scalars(wanted.order_by(Notice.id)))


def _due(last: Delivery | None, now: datetime) -> bool:
    if last is None:
        return True
    match last.outcome:
        case "failed":
            return last.tried + BACK_OFF[min(last.attempt, len(BACK_OFF)) - 1] <= now
        case "sending":
            return last.tried + LEASE <= now
        case _:
            return False


def _claim(db: Database, channel: Channel, notice: int) -> tuple[Delivery, Letter] | None:
    """The attempt that is now ours, with its letter; None when another has it, or it is not due any more."""
    with db.writing() as session:  # one writer at a time: nobody can claim it in between
        now = db.clock()
        told = session.get_one(Notice, notice)
        person = session.get_one(Person, told.person)
        past = select(Delivery).where(Delivery.notice == notice, Delivery.channel == channel.name)
        last = session.scalars(past.order_by(Delivery.attempt.desc()).limit(1)).first()
        if not _due(last, now):
            return None
        if last and last.outcome == "sending":
            last.outcome, last.said = "failed", "中断，不知是否送到 · interrupted: nobody knows whether it arrived"
        address = channel.address(person.mail or "")
        made = Delivery(notice=notice, channel=channel.name, attempt=last.attempt + 1 if last else 1, tried=now, said="")
        made.address, made.outcome = address[:400], "sending"
        if address:
            session.add(made)
        return made, _letter(told, person, now)


def _letter(told: Notice, person: Person, now: datetime) -> Letter:
    digest = hashlib.sha256(f"{told.key}\n{told.person}\n{told.made.isoformat()}".encode()).hexdigest()[:16]
    return Letter(f"{told.id}.{digest}", person.name, person.mail or "", told.subject, told.body, told.made, now)


def _tried(channel: Channel, letter: Letter, *, last: bool) -> tuple[str, str, bool]:
    try:
        return "sent", channel.send(letter), False
    except UnsentError as e:
        return "given_up" if e.hopeless or last else "failed", e.said, e.down


def _log(db: Database, attempt: int, outcome: str, said: str) -> None:
    with db.writing() as session:
        row = session.get_one(Delivery, attempt)
        row.outcome, row.said = outcome, said[:SAID]
        notice = session.get_one(Notice, row.notice)
        if outcome == "given_up" and not notice.key.startswith(GIVEN_UP):
            _tell_administrators(session, row.channel, db.today)


def _tell_administrators(session: Session, channel: str, day: date) -> None:
    held = select(Post.person).where(Post.role == SYSTEM, *lasting(Post, day)).order_by(Post.id)
    administrators = list(session.scalars(held))
    subject = f"通知送不出去：{channel} · Notices cannot be delivered by {channel}"
    body = (
        f"有通知未能经「{channel}」送到，已放弃；原因见 heng desk notices log。\n"
        f"Notices could not be delivered by {channel!r} and are given up; heng desk notices log tells why."
    )
    notify(session, administrators, Message(f"{GIVEN_UP}{channel}/{day}", subject[:200], body))
