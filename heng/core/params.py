"""参数：政府、区域或医院可按日期改动的数 · Params: numbers a government, a region or a hospital may change on a date.

They live in YAML, never in code. Each value says from when, for whom, and by which document.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, ClassVar, get_origin, get_type_hints

from heng.core.errors import PolicyError, did_you_mean
from heng.core.shape import Shape

NATION, REGION, SCENARIO = "国家", "区域", "情景"


@dataclass(frozen=True, eq=False)
class Value:
    """一个带日期和依据的值 · One dated value: whose, from when, what, by which document. Each is itself alone, whatever it holds."""

    key: str
    scope: str
    since: date
    value: Any
    source: str


@dataclass(frozen=True)
class Meaning:
    """一个参数的含义 · What a key means: names, unit, and the only values it may take (none told: any of its type)."""

    key: str
    zh: str
    en: str
    unit: str = ""
    shape: Shape | None = None


class Policy:
    """全部带日期的值 · All dated values; a scenario is just more rows on top."""

    def __init__(self, values: Iterable[Value] = (), meanings: Iterable[Meaning] = ()) -> None:
        """按键归集 · Gather the rows by key."""
        self.meanings = {m.key: m for m in meanings}
        self.values: dict[str, list[Value]] = {}
        self._fitted: dict[tuple[Value, Any], Any] = {}
        for v in values:
            self.values.setdefault(v.key, []).append(v)

    def scenario(self, changes: dict[str, Any]) -> "Policy":
        """假如：在上面加几行 · What if: later rows win; nothing is copied deeply or changed in place."""
        for key in changes:
            self._known(key)
        more = [Value(k, SCENARIO, date.min, v, SCENARIO) for k, v in changes.items()]
        return Policy([*(v for rows in self.values.values() for v in rows), *more], self.meanings.values())

    def value(self, key: str, on: date, org: str = "") -> Value:
        """某日某院适用的值 · The value in force: scenario, then the hospital's own, the region's, the nation's; latest first.

        Raises PolicyError when the key is unknown or nothing is in force on that day.
        """
        self._known(key)
        rank = {NATION: 0, REGION: 1, org: 2, SCENARIO: 3}
        hits = [v for v in self.values[key] if v.since <= on and v.scope in rank]
        if not hits:
            raise PolicyError(
                f"参数 {key} 在 {on} 尚无生效值",
                f"no value of {key} is in force on {on}",
                where=org,
                mend=("请在 policy/ 中补上该日期前生效的值及依据", "add a value with its source, dated before that day, under policy/"),
            )
        return max(hits, key=lambda v: (rank[v.scope], v.since))

    def fitted(self, found: Value, kind: Any) -> Any:
        """核对过的值 · A value as it is to be used, judged once; PolicyError when it is of another type or not of the shape declared."""
        if (found, kind) not in self._fitted:
            value, meaning = _typed(found, kind), self.meanings.get(found.key)
            shape = meaning.shape if meaning else None
            self._fitted[found, kind] = shape.fit(value, found.key, f"{found.scope} {found.since}") if shape else value
        return self._fitted[found, kind]

    def _known(self, key: str) -> None:
        if key not in self.values:
            raise PolicyError(f"没有参数 {key}", f"there is no parameter {key}", mend=did_you_mean(key, self.values))


class Params:
    """某一天若干参数的类型化视图 · Typed view of some keys on one day: `class Rule(Params, at="costing.step_down")`."""

    at: ClassVar[str]

    def __init_subclass__(cls, *, at: str) -> None:
        """记下键的前缀 · Remember the prefix of the keys."""
        cls.at = at

    def __init__(self, policy: Policy, on: date, org: str = "") -> None:
        """取值并核对 · Read the values in force; PolicyError when one is of another type or not of the shape declared."""
        self.used: dict[str, Value] = {}
        for name, kind in self.kinds().items():
            found = policy.value(f"{self.at}.{name}", on, org)
            setattr(self, name, policy.fitted(found, kind))
            self.used[name] = found

    @classmethod
    @cache
    def kinds(cls) -> dict[str, Any]:
        """参数名与类型 · Names and types of the parameters."""
        return {n: k for n, k in get_type_hints(cls).items() if get_origin(k) is not ClassVar and n in cls.__annotations__}

    def values(self) -> dict[str, Any]:
        """名与值 · The values by name, as SQL sees them."""
        return {n: getattr(self, n) for n in self.used}


def _typed(found: Value, kind: Any) -> Any:
    value, wanted = found.value, get_origin(kind) or kind
    if wanted is Decimal and isinstance(value, int | float | str) and not isinstance(value, bool):
        with suppress(InvalidOperation):
            if (number := Decimal(str(value))).is_finite():
                return number
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise PolicyError(
            f"参数 {found.key} 应为 {wanted.__name__}，现为 {value!r}",
            f"{found.key} must be {wanted.__name__}, not {value!r}",
            where=f"{found.scope} {found.since}",
            mend=("请改正该值", "correct this value"),
        )
    return value
