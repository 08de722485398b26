"""随机的案头、随机的问题，与逐格回答的神谕一致 · Desks and questions at random: the scope gives what an oracle of plain Python gives."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from heng.core.errors import AccessError
from heng.core.scope import Scope
from heng.core.table import Table
from heng.desk.database import Database, day_of
from heng.desk.grants import scope_of
from heng.desk.rights import Asking, Rights
from heng.tables.access import Allowed, allowed
from tests.desk.conftest import Hands
from tests.desk.rights_oracle import Question, World
from tests.desk.rights_world import NOW, ORGS, TABLES, a_question, a_row, a_world, clear, rights, write

READS, PER_WORLD, PER_QUESTION, ROWS = 100_000, 5_000, 200, 3


@dataclass
class Count:
    """What was asked and what came of it."""

    asked: int = 0
    rows: int = 0
    seen: int = 0
    leaked: list[object] = field(default_factory=list)
    withheld: list[object] = field(default_factory=list)


def test_a_hundred_thousand_questions_leak_no_row(database: Database, hands: Hands, record_property: Callable[[str, object], None]) -> None:
    hands.moment = NOW
    chance, count = random.Random(20260302), Count()  # noqa: S311 - a seed, no secret
    policy = rights(day_of(NOW))
    while count.asked < READS:
        world, end = a_world(chance), count.asked + PER_WORLD
        clear(database)
        write(database, world)
        while count.asked < end:
            q = a_question(chance, world)
            scope = asked(database, policy, q)
            assert (scope is not None) == world.welcome(q), q
            for _ in range(PER_QUESTION if scope else 1):
                one_read(chance, count, world, q, scope)
    record_property("rights_queries", count.asked)
    record_property("rights_rows_compared", count.rows)
    record_property("rights_rows_seen", count.seen)
    assert count.seen > count.rows / 20, "most questions are answered with nothing: the test is asleep"
    assert (count.leaked[:3], count.withheld[:3]) == ([], [])


def asked(db: Database, policy: Rights, q: Question) -> Scope | None:
    try:
        return scope_of(db, policy, Asking(q.login, q.role, q.purpose, q.action), day_of(q.moment))
    except AccessError:
        return None


def one_read(chance: random.Random, count: Count, world: World, q: Question, scope: Scope | None) -> None:
    """One table, of one hospital or of all: every sampled row and column as the oracle has it."""
    table = chance.choice(list(TABLES))
    orgs = None if chance.random() < 0.4 else frozenset(chance.sample(ORGS, chance.choice((1, 1, 2))))
    found = given(scope, table, orgs)
    count.asked += 1
    for _ in range(ROWS):
        row = a_row(chance, TABLES[table])
        right = world.seen(q, TABLES[table], row) if orgs is None or row.get("org") in (None, *orgs) else set()
        shows = found is not None and met(found, row)
        count.rows, count.seen = count.rows + 1, count.seen + shows
        if shows and found and not set(found.columns) <= right:
            count.leaked.append((q, table.__name__, orgs, row, set(found.columns) - right))
        if right and not shows and found is not None:
            count.withheld.append((q, table.__name__, orgs, row))
        # Where nothing is given although rows could be, two stretches have no column in common: never for one kind of right alone.
        if right and found is None and not any(g.columns != "*" for g in world.grants):
            count.withheld.append((q, table.__name__, orgs, row))


def given(scope: Scope | None, table: type[Table], orgs: frozenset[str] | None) -> Allowed | None:
    try:
        return allowed(scope, table, orgs) if scope else None
    except AccessError:
        return None


def met(found: Allowed, row: dict[str, str | None]) -> bool:
    return any(all(any(row[n] in values for n in names) for names, values in rows) for rows in found.rows)
