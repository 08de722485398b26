"""案头试验的人 · The people of a little region, put to work by the commands themselves."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from heng.core.params import Policy
from heng.store.policy_files import read_policy
from tests.serve.spoken import Heng, Said

PASSWORD = "correct horse battery"  # noqa: S105 - of people who do not exist


class Office:
    """一个建好的案头 · A desk that is set up: speak to it as anybody."""

    def __init__(self, say: Heng, monkeypatch: pytest.MonkeyPatch) -> None:
        self.say, self.monkeypatch = say, monkeypatch

    def open(self) -> None:
        """Set the desk up, and let its three administrators set their passwords."""
        codes = self.data("setup", "--system", "wang=王系统", "--security", "li=李安全", "--audit", "zhao=赵审计")["administrators"]
        for told in codes:
            self.first_password(told["login"], told["code"])

    def desk(self, *words: object, as_: str = "") -> Said:
        """`heng desk …` as a person (her password in the environment) or as the owner of the folder."""
        with self.password(PASSWORD if as_ else None):
            return self.say("desk", *map(str, words), *(["--as", as_] if as_ else []))

    def data(self, *words: object, as_: str = "") -> Any:
        """What a command says with --json, and nothing else."""
        code, out, err = self.desk(*words, "--json", as_=as_)
        assert (code, err) == (0, ""), err
        return json.loads(out)

    def refused(self, *words: object, as_: str = "") -> str:
        """What is said when a command is refused: in Chinese and in English."""
        code, out, err = self.desk(*words, as_=as_)
        assert (code, out) == (2, ""), out
        lines = err.splitlines()
        assert any("\u4e00" <= c <= "\u9fff" for c in lines[0])
        assert any(c.isascii() and c.isalpha() for c in lines[-1])
        return err

    def first_password(self, login: str, code: str) -> None:
        """Set the first password with the code that was handed over."""
        with self.password(code, PASSWORD):
            assert self.say("desk", "people", "password", login)[0] == 0

    def hire(self, login: str, name: str, role: str, *place: str, mail: str = "") -> None:
        """A person with a post, by those whose business it is."""
        org = [p for p in place[:2] if place]
        self.data("people", "add", login, "--name", name, *org, *(["--mail", mail] if mail else []), as_="wang")
        self.data("posts", "give", login, role, *place, as_="li")
        self.first_password(login, self.data("people", "code", login, as_="li")["code"])

    @contextmanager
    def password(self, proof: str | None, new: str | None = None) -> Iterator[None]:
        """The environment in which a password need not be typed."""
        with self.monkeypatch.context() as m:
            for name, value in (("HENG_PASSWORD", proof), ("HENG_NEW_PASSWORD", new)):
                m.delenv(name, raising=False) if value is None else m.setenv(name, value)
            yield


class Hands:
    """A clock that only a test moves."""

    moment = datetime(2026, 3, 2, 1)  # noqa: DTZ001 - Monday, nine o'clock in China; moments of the desk are UTC without zone

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    """The clock of the desk."""
    clock = Hands()
    monkeypatch.setattr("heng.app.desk.utc", clock)
    return clock


def once(region: Path, made: dict[str, bytes], name: str, build: Callable[[], None]) -> None:
    """Build a desk once, and copy its file from then on."""
    if name in made:
        (region / "desk.db").write_bytes(made[name])
    else:
        build()
        made[name] = (region / "desk.db").read_bytes()


MADE = dict[str, bytes]()
POLICIES = dict[tuple[str, ...], Policy]()


def policy(path: Path, orgs: tuple[str, ...]) -> Policy:
    """The policy of the tiny region, read once: every test has the same."""
    if orgs not in POLICIES:
        POLICIES[orgs] = read_policy(path, orgs)
    return POLICIES[orgs]


@pytest.fixture
def office(say: Heng, region: Path, hands: Hands, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A desk with its three administrators."""
    assert hands
    monkeypatch.setattr("heng.desk.account.hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))  # slow on purpose
    monkeypatch.setattr("heng.app.region.read_policy", policy)
    monkeypatch.setenv("HOME", str(region.parent / "home"))
    monkeypatch.delenv("HENG_CODE", raising=False)
    (region.parent / "home").mkdir()
    made = Office(say, monkeypatch)
    once(region, MADE, "office", made.open)
    return made
