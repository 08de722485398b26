"""以某人的身份做 · `--as` on the commands that change a region: each role does what is its own, and no more, and it is written down."""

import json
from pathlib import Path

import pytest

import heng.serve.whatif
from heng.app.region import Region
from heng.tables.codes import ROLE
from tests.serve.desk_people import PASSWORD, Office, once
from tests.serve.desk_people import hands as hands  # noqa: PLC0414 - the fixtures of this page
from tests.serve.desk_people import office as office  # noqa: PLC0414
from tests.serve.spoken import Said

MADE = dict[str, bytes]()
REGIONAL = ("commission", "insurance", "supervisor", "public")
ADMINISTRATORS = {"system_admin": "wang", "security_admin": "li", "audit_admin": "zhao"}
WHO = {r: ADMINISTRATORS.get(r, r.replace("_", "")) for r in ROLE if r != "public"}
MONTH = "2026-01"
# What changes the region, or works it out anew, and the roles that may. What it does is tried elsewhere: here, who gets to it.
DEEDS = {
    f"run {MONTH} --org H01": {"accountant", "it", "commission"},
    f"load 收入.csv --org H01 --month {MONTH}": {"accountant", "it"},
    f"load 收入.csv --org H01 --month {MONTH} --withdraw": {"accountant", "it"},
    f"close {MONTH} --org H01": {"accountant", "finance"},
    f"close {MONTH} --org H01 --reopen --reason 试": {"accountant", "finance"},
    "migrate": {"system_admin"},
    f"whatif costing.step_down.peer={{}} --show DeptCost --month {MONTH}": {"accountant", "it", "commission"},
    f"whatif standards.check_quality.own=[] --show CheckResult --month {MONTH}": {"accountant", "it"},
    f"whatif costing.publish_cases.least=2 --show PublicCase --month {MONTH}": {"commission"},
}
DOORS = (
    "watched.run_watched",
    "load.load",
    "withdraw.withdraw",
    "closing.close",
    "closing.reopen",
    "migration.migrate",
    "compute.scenario",
)
"""做这些事的函数 · What these commands come to."""


@pytest.fixture
def people(office: Office, region: Path) -> Office:
    """Somebody in every role, at H01 or of the region; an accountant of nowhere near."""

    def hired() -> None:
        for role, login in WHO.items():
            if role not in ADMINISTRATORS:
                office.hire(login, ROLE[role][0], role, *([] if role in REGIONAL else ["--org", "H01"]))

    once(region, MADE, "acting", hired)
    return office


@pytest.fixture
def nothing_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """The deeds themselves are left out."""

    class DoneError(Exception):
        """Whoever comes here was let through."""

    def done(*_: object, **__: object) -> None:
        raise DoneError

    for deed in DOORS:
        monkeypatch.setattr(f"heng.app.{deed}", done)
    monkeypatch.setattr(heng.serve.whatif, "scenario", done)


def asked(people: Office, role: str, line: str) -> Said:
    with people.password(PASSWORD):
        return people.say(*line.split(), "--as", WHO[role], "--role", role)


@pytest.mark.usefixtures("nothing_done")
@pytest.mark.parametrize("line", DEEDS)
def test_each_role_does_what_is_its_own(people: Office, region: Path, line: str) -> None:
    before = Region(region).manifest.generation
    let = {}
    for role in WHO:
        code, out, err = asked(people, role, line)
        assert (code, out) == (2, "")
        let[role] = "DoneError" in err
        if not let[role]:
            assert "权限" in err or "看不到" in err, err
    assert {role for role, may in let.items() if may} == DEEDS[line]
    assert Region(region).manifest.generation == before


def test_a_refusal_says_which_right_is_missing_and_who_gives_it_and_is_kept(people: Office) -> None:
    code, out, err = asked(people, "head", f"run {MONTH} --org H01")
    assert (code, out) == (2, "")
    assert "head 以科主任的身份没有在 H01 运行的权限（run）" in err
    assert "成本会计、信息科、卫健委" in err
    assert "has no right to run at H01 (run)" in err
    assert "heng desk posts give" in err
    row = people.data("audit", "--action", "run", as_="zhao")["audit"][0]
    assert (row["login"], row["role"], row["object"], row["allowed"]) == ("head", "head", "H01", False)


def test_what_is_done_bears_the_name_of_who_did_it(people: Office, region: Path) -> None:
    assert asked(people, "accountant", f"run {MONTH}")[0] == 0
    code, out, _ = asked(people, "accountant", f"close {MONTH} --org H01")
    assert (code, "已由 accountant 结账" in out) == (0, True)
    held = Region(region).manifest
    assert (held.by, held.closed[-1].by) == ("accountant", "accountant")
    assert asked(people, "accountant", f"close {MONTH} --org H01 --reopen --reason 自己改")[0] == 2  # another person must
    assert asked(people, "finance", f"close {MONTH} --org H01 --reopen --reason 补单")[0] == 0
    kept = people.data("audit", "--action", "close", as_="zhao")["audit"]
    assert [(r["login"], r["object"], r["allowed"]) for r in kept] == [
        ("finance", "H01", True),
        ("accountant", "H01", True),
        ("accountant", "H01", True),
    ]


def test_nobody_closes_in_another_s_name(people: Office) -> None:
    code, _, err = asked(people, "accountant", f"close {MONTH} --org H01 --by 别人")
    assert (code, "--by" in err) == (2, True)


def test_what_is_closed_is_listed_to_who_reaches_the_hospital(people: Office) -> None:
    asked(people, "accountant", f"run {MONTH}")
    asked(people, "accountant", f"close {MONTH} --org H01")
    assert "H01" in asked(people, "president", "close --list")[1]
    assert "H01" not in asked(people, "system_admin", "close --list")[1]


def test_a_check_by_who_may_not_run_shows_what_is_held_and_publishes_nothing(
    people: Office, region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("heng.serve.cli.check.type_faults", lambda *_: ([], 0))
    assert people.say("check", "--month", MONTH)[0] < 2  # the owner works them out
    assert told(people, "president")["results"]
    held = Region(region)
    with held.writing("试"):
        held.publish("试", drop=[p.place for p in held.manifest.of("CheckResult")])
    before = held.manifest.generation
    _, out, err = asked(people, "president", f"check --month {MONTH} --json")
    assert json.loads(out)["results"] == []
    assert "没有运行的权限" in err
    assert Region(region).manifest.generation == before
    assert told(people, "accountant")["results"]
    assert Region(region).manifest.generation == before + 1


def told(people: Office, role: str) -> dict[str, list[object]]:
    """What a check says to somebody in a role."""
    found: dict[str, list[object]] = json.loads(asked(people, role, f"check --month {MONTH} --json")[1])
    return found
