"""事项跟着月份走 · A case follows its episode on either database: it moves, takes another in, and says so once to each."""

from sqlalchemy import select

from heng.desk.cases import cases_of, history, open_case
from heng.desk.database import Database
from heng.desk.episodes import Followed, Span, follow
from heng.desk.notices import notices_of
from heng.desk.schema import Audit, Case
from heng.rooms.steering.alert_case import ALERT
from tests.desk.conftest import someone
from tests.desk.test_cases import CALENDAR, about

SUBJECT = "alert/a_b/H01/D01"


def opened(database: Database, month: str, subject: str = SUBJECT) -> Case:
    return open_case(database, ALERT, about(f"{subject}/{month}", since=month, seen=month), CALENDAR)


def followed(database: Database, *spans: tuple[str, str]) -> Followed:
    return follow(database, ALERT, SUBJECT, [Span(*s) for s in spans])


def test_each_episode_finds_its_case_and_no_other_subject_is_touched(database: Database) -> None:
    someone(database, "wang", "head", dept="D01")
    first, second = opened(database, "2026-02"), opened(database, "2026-05")
    opened(database, "2026-02", "alert/a-b/H01/D01")  # `_` is no wildcard
    found = followed(database, ("2026-02", "2026-03"), ("2026-05", "2026-05"), ("2026-08", "2026-08"))
    assert [c.id if c else None for c in found.cases] == [first.id, second.id, None]
    assert found.keys == [first.key, second.key]


def test_a_case_moves_takes_another_in_and_says_so_once(database: Database) -> None:
    wang = someone(database, "wang", "head", dept="D01").id
    kept, other = opened(database, "2026-02"), opened(database, "2026-05")
    for _ in range(2):
        (case,) = followed(database, ("2026-01", "2026-05")).cases
        assert case
        assert (case.id, case.data["since"], case.data["seen"]) == (kept.id, "2026-01", "2026-05")
    (left,) = [c for c, _ in cases_of(database, ALERT) if c.state == "open"]
    assert left.id == kept.id
    assert history(database, other.id)[-1].outcome == "merged"
    told = [n.subject.partition(" · ")[0] for n in notices_of(database, wang)]
    assert sorted(told) == ["与事项 1 是同一次，并入", "请答复", "请答复", "起始月份改为 2026-01"]
    with database.reading() as session:
        acts = session.scalars(select(Audit.action).where(Audit.action != "case.open").order_by(Audit.id)).all()
    assert [a for a in acts if a.startswith("case.")] == ["case.merged", "case.moved"]
