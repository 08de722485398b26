"""监测设置 · What is watched, as policy says it: the indicator, its lines, and the roles that own what it signals."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from heng.core.errors import PolicyError, Say, did_you_mean
from heng.core.indicator import INDICATORS, Indicator
from heng.tables.codes import ROLE

AT = "steering.signals.watches"
SHARES, FUNNELS = ("p", "p_funnel"), ("p_funnel", "u_funnel")
COUNTS = ("p", "u", *FUNNELS)
"""计数的规则 · Rules that need an indicator of counted events; a share also needs the cases counted that they are among."""


@dataclass(frozen=True, kw_only=True)
class Watch:
    """一项监测 · `lines`: static lines with their levels; `worse`: +1 higher, −1 lower, 0 both; amounts in yuan, or in pieces.

    `against`: what the growth is held against; `rule`: p, u, p_funnel, u_funnel, ewma or none; `case_mix`: consumption is
    expected by the cases of the month, where they are known.
    """

    watch: str
    indicator: Indicator
    against: Indicator | None
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
    rule: str
    cusum: Fraction | None
    case_mix: bool
    explains: str
    least: Fraction
    owners: tuple[str, ...]


def watches(rows: Iterable[dict[str, Any]]) -> list[Watch]:
    """读监测设置 · The watches of policy; PolicyError for an indicator, a role, lines or rules that cannot be."""
    return [_watch(row) for row in rows]


def _watch(row: dict[str, Any]) -> Watch:
    numbers = {
        n: None if row[n] is None else Fraction(row[n]) for n in ("target", "yellow", "red", "growth", "running", "over", "cusum", "least")
    }
    made = Watch(
        watch=row["watch"],
        indicator=_indicator(row["watch"], row["indicator"]),
        against=_indicator(row["watch"], row["against"]) if row.get("against") else None,
        hospital=row["by"] == "hospital",
        worse={"higher": 1, "lower": -1, "both": 0}[row["worse"]],
        relative=row["relative"],
        seasonal=bool(row.get("seasonal")),
        target=numbers["target"],
        lines=tuple((line, level) for level in ("yellow", "red") if (line := numbers[level]) is not None),
        growth=numbers["growth"],
        running=int(numbers["running"] or 0),
        over=numbers["over"] or Fraction(),
        chart=row["chart"],
        rule=row.get("rule") or "",
        cusum=numbers["cusum"],
        case_mix=bool(row.get("case_mix")),
        explains=row["explains"],
        least=numbers["least"] or Fraction(),
        owners=tuple(row["owners"].split()),
    )
    _owned(made)
    for wrong, said, mend in OFFENCES:
        if wrong(made):
            raise PolicyError(f"监测 {made.watch}：{said[0]}", f"{made.watch}: {said[1]}", where=AT, mend=mend)
    return made


def _indicator(name: str, key: str) -> Indicator:
    if key not in INDICATORS:
        raise PolicyError(
            f"监测 {name}：没有指标 {key}", f"{name}: there is no indicator {key}", where=AT, mend=did_you_mean(key, INDICATORS)
        )
    return INDICATORS[key]


def _counted(w: Watch) -> bool:
    """Whether the indicator counts events, and for a share the cases that they are among, too."""
    return w.indicator.numerator.startswith("count(") and (w.rule not in SHARES or w.indicator.denominator.startswith("count("))


OFFENCES: tuple[tuple[Callable[[Watch], bool], Say, Say], ...] = (
    (
        lambda w: list(w.lines) != sorted(w.lines),
        ("红线低于黄线", "the red line lies below the yellow one"),
        ("先黄后红", "yellow comes first"),
    ),
    (
        lambda w: w.relative and w.hospital,
        (
            "全院的指标不能除去本院各科室共同的变动（relative）",
            "the whole hospital cannot be rid of what moves all of its departments (relative)",
        ),
        ("写 relative: false，或按科室监测（by: dept）", "write relative: false, or watch departments (by: dept)"),
    ),
    (
        lambda w: w.against is not None and (w.growth is None or w.relative or w.against == w.indicator),
        (
            "与另一指标比增幅（against），要写 growth，不能同时 relative，也不能与自己比",
            "growth against another indicator needs growth, goes without relative, and not against itself",
        ),
        ("补 growth、写 relative: false、换一个 against，或去掉 against", "set growth, relative: false, another against, or none"),
    ),
    (
        lambda w: w.rule in COUNTS and (not _counted(w) or w.relative or w.seasonal or w.against is not None),
        (
            "规则 p、u、p_funnel、u_funnel 只看计数的指标，照原值判断",
            "the rules p, u, p_funnel and u_funnel judge counted events as they stand",
        ),
        (
            "换成计数的指标（如 loss_share），去掉 relative、seasonal、against",
            "choose an indicator of counts (such as loss_share), without relative, seasonal and against",
        ),
    ),
    (
        lambda w: w.rule in FUNNELS and w.hospital,
        ("漏斗图比的是同月各科室", "a funnel holds the departments of a month side by side"),
        ("写 by: dept", "write by: dept"),
    ),
    (
        lambda w: w.case_mix and w.cusum is None,
        ("按病例组合调整（case_mix）的是累积和", "case mix adjusts the cumulative sum"),
        ("写 cusum，或去掉 case_mix", "set cusum, or take case_mix away"),
    ),
)
"""自相矛盾的设置 · Settings that contradict each other: how to tell, what is wrong, how to mend it."""


def _owned(w: Watch) -> None:
    name, owners = w.watch, w.owners
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
