"""接口说到做到 · The interface keeps its own documentation: requests drawn from it, right ones and wrong ones, all checks."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.schemas import BaseSchema

from heng.app.desk import Desk
from heng.app.region import Region
from heng.core.scope import OWNER
from heng.desk.people import NewPerson, NewPost, add, find, give
from heng.desk.tokens import NewToken, make
from heng.serve.api.answers import AT
from heng.serve.api.interface import documented
from heng.serve.api.limits import Limits
from heng.serve.web.application import application

WAYS = sorted((way, how.upper()) for way, hows in documented()["paths"].items() for how in hows)
"""全部的路 · Every way of the interface, as its documentation tells it."""
# A request that is well formed and cannot be done (a period without data, a column that is not there) is told with 422,
# one that is not well formed with 400: so the two can be held apart.
CONFIG = {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "401", "403", "404", "409", "422"]}}}
KINDS = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@pytest.fixture(scope="module")
def asked(peopled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BaseSchema]:
    """The documentation of a served region, asked by a machine with every right that a hospital's machine can have."""
    folder = tmp_path_factory.mktemp("asked") / "region"
    shutil.copytree(peopled, folder)
    app = application(folder)
    inner(app).state.limits = Limits(10**9)
    schema = schemathesis.openapi.from_asgi(f"{AT}/openapi.json", app, config=SchemathesisConfig.from_dict(CONFIG))
    told = a_token(folder)

    @schema.auth()
    class Bearer:
        def get(self, _case: Case, _context: object) -> str:
            return told

        def set(self, case: Case, data: str, _context: object) -> None:
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}

    yield schema
    app.state.house.close()


def inner(app: FastAPI) -> FastAPI:
    """The interface inside the application of the pages."""
    return next(r.app for r in app.routes if getattr(r, "path", "") == AT)  # type: ignore[attr-defined,no-any-return]


def a_token(folder: Path) -> str:
    desk = Desk(Region(folder))
    add(desk.db, NewPerson("jiekou", "接口", "H01"), OWNER.login)
    give(desk.db, find(desk.db, "jiekou"), NewPost("accountant", "H01", None, desk.db.today, None, "接口"), OWNER.login)
    actions = ("see", "export", "answer", "load", "run", "close")
    _, told = make(desk.db, "anquan", NewToken("jiekou", "接口", "accountant", actions, desk.db.today + timedelta(days=2)))
    desk.db.close()
    return told


def about_what_is_there(case: Case) -> Case:
    """Of requests drawn for a hospital, half ask for the one that is served: a name drawn at random is nobody's."""
    if case.query and case.query.get("org") and len(str(case.query["org"])) % 2:
        case.query["org"] = "H01"
    return case


def ask(schema: BaseSchema, way: tuple[str, str], kind: GenerationMode, many: int) -> Counter[int]:
    """Draw requests of a way, send them, and check what comes back; how often each status came."""
    found: Counter[int] = Counter()
    operation = schema[way[0]][way[1]]

    @settings(max_examples=many, deadline=None, suppress_health_check=list(HealthCheck), derandomize=many < 100, database=None)
    @given(operation.as_strategy(generation_mode=kind))
    def holds(case: Case) -> None:
        found[about_what_is_there(case).call_and_validate().status_code] += 1

    holds()
    return found


@pytest.mark.parametrize("way", WAYS, ids=lambda w: f"{w[1]} {w[0]}")
def test_the_interface_does_what_it_says(asked: BaseSchema, way: tuple[str, str]) -> None:
    found = sum((ask(asked, way, kind, 6) for kind in KINDS), Counter())
    assert not any(status >= 500 for status in found)


@pytest.mark.nightly
@pytest.mark.parametrize("way", WAYS, ids=lambda w: f"{w[1]} {w[0]}")
def test_the_interface_does_what_it_says_a_thousand_times(
    asked: BaseSchema, way: tuple[str, str], record_property: Callable[[str, object], None]
) -> None:
    found = sum((ask(asked, way, kind, 600) for kind in KINDS), Counter())
    record_property("api_requests", sum(found.values()))
    assert not any(status >= 500 for status in found)
