"""监测设置 · What is watched, as policy says it: the indicator, its lines, and the roles that own what it signals."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from heng.core.errors import PolicyError, did_you_mean
from heng.core.indicator import INDICATORS, Indicator
from heng.tables.codes import ROLE

AT = "steering.signals.watches"


@dataclass(frozen=True, kw_only=True)
class Watch:
    """一项监测 · `lines`: static lines with their levels; `worse`: +1 higher, −1 lower, 0 both; amounts in yuan."""

    watch: str
    indicator: Indicator
    hospital: bool
    worse: int
    relative: bool
    seasonal: bool
    target: Fraction | None
    lines: tuple[tuple[Fraction, str], ...]
    growth: Fraction | None
    running: int
    over: Fraction
    chart: str
    cusum: Fraction | None
    explains: str
    least: Fraction
    owners: tuple[str, ...]


def watches(rows: Iterable[dict[str, Any]]) -> list[Watch]:
    """读监测设置 · The watches of policy; PolicyError for an indicator, a role or lines that cannot be."""
    return [_watch(row) for row in rows]


def _watch(row: dict[str, Any]) -> Watch:
    name, key, owners = row["watch"], row["indicator"], tuple(row["owners"].split())
    if key not in INDICATORS:
        raise PolicyError(
            f"监测 {name}：没有指标 {key}", f"{name}: there is no indicator {key}", where=AT, mend=did_you_mean(key, INDICATORS)
        )
    _owned(name, owners)
    numbers = {
        n: None if row[n] is None else Fraction(row[n]) for n in ("target", "yellow", "red", "growth", "running", "over", "cusum", "least")
    }
    found = tuple((line, level) for level in ("yellow", "red") if (line := numbers[level]) is not None)
    if list(found) != sorted(found):
        raise PolicyError(
            f"监测 {name}：红线低于黄线",
            f"{name}: the red line lies below the yellow one",
            where=AT,
            mend=("先黄后红", "yellow comes first"),
        )
    return Watch(
        watch=name,
        indicator=INDICATORS[key],
        hospital=row["by"] == "hospital",
        worse={"higher": 1, "lower": -1, "both": 0}[row["worse"]],
        relative=row["relative"],
        seasonal=bool(row.get("seasonal")),
        target=numbers["target"],
        lines=found,
        growth=numbers["growth"],
        running=int(numbers["running"] or 0),
        over=numbers["over"] or Fraction(),
        chart=row["chart"],
        cusum=numbers["cusum"],
        explains=row["explains"],
        least=numbers["least"] or Fraction(),
        owners=owners,
    )


def _owned(name: str, owners: tuple[str, ...]) -> None:
    if not owners:
        raise PolicyError(
            f"监测 {name}：没有责任角色",
            f"{name}: no role owns it",
            where=AT,
            mend=("在 owners 写至少一个角色，第一个答复", "write at least one role under owners; the first one answers"),
        )
    if strange := [o for o in owners if o not in ROLE]:
        raise PolicyError(
            f"监测 {name}：没有角色 {strange[0]}", f"{name}: there is no role {strange[0]}", where=AT, mend=did_you_mean(strange[0], ROLE)
        )
