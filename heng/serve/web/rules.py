"""政策参数 · The dated values of policy as people read them: what each means, since when, for whom, by which document, who uses it.

A hospital's own values are shown to those whose scope reaches that hospital.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from heng.app.reader import Reader
from heng.core.capability import CAPABILITIES, Capability
from heng.core.errors import PolicyError, did_you_mean
from heng.core.params import NATION, REGION, Meaning, Value
from heng.core.scope import Level
from heng.serve.web.remembered import REMEMBERED
from heng.store.policy_files import as_yaml

LONG = 400
"""长值 · Characters above which a value is folded away."""


@dataclass(frozen=True)
class Dated:
    """一个值 · One dated value: whose it is, whether it is in force today, the text, the document."""

    scope: str
    since: date
    text: str
    source: str
    now: bool

    @property
    def long(self) -> bool:
        """长不长 · Whether it is folded away."""
        return len(self.text) > LONG


@dataclass(frozen=True)
class Rule:
    """一个参数 · Its meaning, its values (the newest first), the capabilities that use it."""

    meaning: Meaning
    values: tuple[Dated, ...]
    users: tuple[Capability, ...]

    @property
    def key(self) -> str:
        """键 · The key: `costing.step_down.peer`."""
        return self.meaning.key

    @property
    def group(self) -> str:
        """属于谁 · What it belongs to: `costing.step_down`."""
        return self.key.rpartition(".")[0]


def rules(reader: Reader, today: date) -> tuple[Rule, ...]:
    """全部参数 · Every key in the order of its name, with the values that the reader may see; read once a generation and scope."""
    return REMEMBERED.of(reader, ("rules", today), lambda r: tuple(_rules(r, today)))


def _rules(reader: Reader, today: date) -> list[Rule]:
    policy = reader.region.policy
    return [_rule(reader, policy.meanings[key], values, today) for key, values in sorted(policy.values.items())]


def named(found: Iterable[Rule], name: str) -> list[Rule]:
    """按名找 · The rules of `costing.step_down`, or the one of `costing.step_down.peer`; PolicyError with the nearest."""
    every = list(found)
    near = [r for r in every if name in (r.group, r.key)]
    if not near:
        known = dict.fromkeys(n for r in every for n in (r.group, r.key))
        raise PolicyError(f"没有参数 {name}", f"there is no parameter {name}", mend=did_you_mean(name, known))
    return near


def _rule(reader: Reader, meaning: Meaning, values: Iterable[Value], today: date) -> Rule:
    seen = [v for v in values if _open(reader, v.scope)]
    seen.sort(key=lambda v: (v.scope not in (NATION, REGION), v.scope, v.since), reverse=True)
    newest = [max((v.since for v in seen if v.scope == s and v.since <= today), default=None) for s in (v.scope for v in seen)]
    dated = tuple(Dated(v.scope, v.since, _text(v), v.source, v.since == now) for v, now in zip(seen, newest, strict=True))
    return Rule(meaning, dated, users().get(meaning.key, ()))


def _text(found: Value) -> str:
    return found.value if isinstance(found.value, str) else as_yaml(found.value)


def _open(reader: Reader, scope: str) -> bool:
    near = (r for r in reader.scope.reaches if r.level >= Level.HOSPITAL)  # the public reaches every hospital, but none so deep
    return scope in (NATION, REGION) or any(r.orgs is None or scope in r.orgs for r in near)


@cache
def users() -> dict[str, tuple[Capability, ...]]:
    """谁用它 · The capabilities that use a key."""
    found: dict[str, list[Capability]] = {}
    for key, made in _used():
        found.setdefault(key, []).append(made)
    return {key: tuple(some) for key, some in found.items()}


def _used() -> Iterator[tuple[str, Capability]]:
    for made in CAPABILITIES.values():
        for rule in made.rules.values():
            yield from ((f"{rule.at}.{name}", made) for name in rule.kinds())
