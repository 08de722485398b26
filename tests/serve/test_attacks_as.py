"""以每个角色试每条命令 · Every role tries every command that shows something: nothing leaks of others, and no name beyond the role.

Each cell of the region says whose it is (`H02.D1.patient`), so what leaks is read off what is said.
"""

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from heng.app.region import Hospital, new_region
from heng.tables.codes import ROLE
from tests.app.places import ORGS, places
from tests.serve.desk_people import PASSWORD, Hands, Office, once
from tests.serve.desk_people import hands as hands  # noqa: PLC0414 - the fixtures of this page
from tests.serve.desk_people import office as office  # noqa: PLC0414

MADE = dict[str, bytes]()
ADMINISTRATORS = {"system_admin": "wang", "security_admin": "li", "audit_admin": "zhao"}
WHO = {r: ADMINISTRATORS.get(r, r) for r in ROLE if r != "public"}
REGIONAL = ("commission", "insurance", "supervisor")
NAMES = re.compile(r"H0\d\.D\d\.(?:visit|record|patient|mother|settlement|staff_no|staff_name)\b")
WHOSE = re.compile(r"\b(H0\d)\.(D\d)\.")
HOSPITAL = {("H01", "D1"), ("H01", "D2")}
# Whose single cases each role may see, and whether by name, as a rule: everybody works in ward D2 of H01, or for the region.
MAY: dict[str, tuple[set[tuple[str, str]], bool]] = {
    **dict.fromkeys(("accountant", "it"), (HOSPITAL, True)),
    **dict.fromkeys(("president", "finance", "medical"), (HOSPITAL, False)),
    "head": ({("H01", "D2")}, False),
    **dict.fromkeys(("commission", "insurance"), ({(org, dept) for org in ORGS for dept in ("D1", "D2")}, False)),
    **dict.fromkeys(("supervisor", *ADMINISTRATORS), (set[tuple[str, str]](), False)),
}
LINES = (
    "show Encounter --month 2026-03 --all",
    "show Encounter --month 2026-03 --group --json",
    "show Encounter --month 2026-03 --columns patient,visit --org H01",
    "show Salary --month 2026-03 --org H02 --json",
    "show CostLine --month 2026-03 --where dept=D1 --json",
    "show Visit --month 2026-03 --where patient=H02.D1.patient --json",
    "show Discharge --month 2026-03 --csv 表.csv",
    "why CostLine --org H01 --month 2026-03 --json",
    "diff {empty} now --table Encounter --table Salary --json",
    "check --month 2026-03 --json --failures 问题.csv",
)
OPEN = (LINES[0], LINES[1])
"""看得到的人都有行可看 · Where whoever sees anything is shown something: nothing is proved by silence alone."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The region of two hospitals."""
    return places(tmp_path_factory.mktemp("attacked")).path


@pytest.fixture
def region(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(made, tmp_path / "region"))


@pytest.fixture
def people(office: Office, region: Path) -> Office:
    """Somebody in every role."""

    def hired() -> None:
        for role, login in WHO.items():
            if role not in ADMINISTRATORS:
                office.hire(login, ROLE[role][0], role, *([] if role in REGIONAL else ["--org", "H01", "--dept", "D2"]))

    once(region, MADE, "attacks", hired)
    return office


@pytest.mark.parametrize("line", LINES)
def test_nothing_is_said_that_the_role_may_not_see(
    people: Office, region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setattr("heng.serve.cli.check.type_faults", lambda *_: ([], 0))
    monkeypatch.setattr("heng.app.compute.run", lambda *_: None)
    new_region(tmp_path / "空", "空", [Hospital(org, org) for org in ORGS])
    words = line.replace("{empty}", str(tmp_path / "空")).split()
    shown = set()
    for role, login in WHO.items():
        with people.password(PASSWORD):
            code, out, err = people.say(*words, "--as", login, "--role", role)
        files = list(region.glob("*.csv"))
        said = "".join([out, err, *(p.read_text("utf-8-sig") for p in files)])
        for p in files:
            p.unlink()
        said = said.replace("patient=H02.D1.patient", "")
        near, named = MAY[role]
        assert set(WHOSE.findall(said)) <= near, role
        assert named or not NAMES.findall(said), role
        assert "unexpected error" not in err, err
        shown |= {role} if code < 2 and WHOSE.findall(said) else set()
    allowed = {r for r, (near, _) in MAY.items() if near}
    assert shown == allowed if line in OPEN else shown <= allowed


def test_a_broken_glass_opens_one_patient_for_its_time_and_what_was_read_is_reviewed(people: Office, hands: Hands) -> None:
    look = ("show", "Encounter", "--org", "H01", "--month", "2026-03", "--json", "--as", "medical")

    def seen(*more: str) -> tuple[int, set[str]]:
        with people.password(PASSWORD):
            code, out, err = people.say(*look, *more)
        return code, set(NAMES.findall(out + err))

    assert seen()[1] == set()
    begun = ("emergency", "begin", "H01", "H01.D2.patient", "--reason", "抢救 031")
    assert people.data(*begun, as_="medical")["id"] == people.data(*begun, as_="medical")["id"] == 1
    assert seen("--purpose", "emergency") == (0, {f"H01.D2.{n}" for n in ("visit", "record", "patient", "mother")})
    assert people.data("emergency", "show", "1", as_="president")["audit"][0]["rows"] == 1
    assert "10:00" in people.refused("emergency", "approve", "1", as_="president")
    hands.moment += timedelta(hours=1)
    assert seen("--purpose", "emergency") == (2, set())
    (read,) = people.data("emergency", "show", "1", as_="president")["audit"]
    assert (read["login"], read["purpose"], read["object"], read["allowed"]) == ("medical", "emergency/1 抢救 031", "Encounter", True)
    people.refused("emergency", "show", "1", as_="finance")
    people.data("emergency", "approve", "1", as_="president")
    assert people.data("audit", "--action", "emergency.approve", as_="zhao")["audit"][0]["rows"] == 1


@pytest.mark.parametrize(
    "line",
    [
        "notices read 9223372036854775808",
        "notices list --limit 99999999999999999999",
        "grants withdraw 9223372036854775808 --reason 试",
        "audit --before 9223372036854775808",
    ],
)
def test_a_number_beyond_what_the_database_holds_is_refused_in_words(people: Office, line: str) -> None:
    with people.password(PASSWORD):
        code, out, err = people.say("desk", *line.split(), "--as", "accountant")
    assert (code, out) == (2, "")
    assert "unexpected error" not in err
    assert "命令行有误" in err
