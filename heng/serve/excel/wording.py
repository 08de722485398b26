"""报表的编号、名称与称呼 · The numbers, titles and words of the statutory tables, as dated policy gives them."""

from datetime import date
from typing import Any

from heng.app.region import Region
from heng.core.errors import PolicyError, did_you_mean
from heng.core.params import Params
from heng.core.period import Period, ordinal
from heng.tables.codes import FUND

# A fund belongs to the narrowest scope that counts it; the steps between scopes are what the tables show side by side.
STEPS = {"medical": "medical", "medical_full": "fiscal", "hospital_full": "research"}


class Rule(Params, at="serve.statutory"):
    """出表规则 · Which numbering, the forms and words of each, and who signs."""

    numbering: str
    forms: dict[str, dict[str, dict[str, str]]]
    words: dict[str, dict[str, str]]
    signatures: list[str]


class Scopes(Params, at="costing.scopes"):
    """口径 · The same rule that costing follows: which funds each scope counts."""

    scopes: list[dict[str, Any]]


class Wording:
    """本期适用的一套 · The set in force: forms, words, and the step at which each fund is counted."""

    def __init__(self, region: Region, org: str, on: date) -> None:
        """取出生效的一套 · Read the set in force; PolicyError when policy names a set that it does not hold."""
        rule = Rule(region.policy, on, org)
        if rule.numbering not in rule.forms or rule.numbering not in rule.words:
            raise PolicyError(
                f"没有名为 {rule.numbering} 的报表编号",
                f"there is no set of tables named {rule.numbering}",
                where="serve.statutory.numbering",
                mend=did_you_mean(rule.numbering, rule.forms),
            )
        self.forms = rule.forms[rule.numbering]
        self.words = rule.words[rule.numbering]
        self.signatures = tuple(rule.signatures)
        self.step_of = _steps(Scopes(region.policy, on, org).scopes)

    def funds(self, upto: str) -> str:
        """到某一步为止计入的资金来源 · The funds counted up to a step, in words."""
        order = list(STEPS.values())
        counted = order[: order.index(upto) + 1]
        return "、".join(FUND[f][0] for f, step in self.step_of.items() if step in counted)


def _steps(scopes: list[dict[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for scope, step in STEPS.items():
        for line in scopes:
            if line["scope"] == scope:
                found.setdefault(str(line["fund"]), step)
    return found


def period_words(period: Period) -> tuple[str, str]:
    """期间的写法与总计的叫法 · How a period is written and what its grand total is called: 2026年3月, 本月总计."""
    first, last, many = period.months[0], period.months[-1], len(period.months)
    year, start = first[:4], ordinal(first) % 12
    if many == 1:
        return f"{_month(first)}", "本月总计"
    if many == 12 and start == 0:
        return f"{year}年度", "本年总计"
    if many == 3 and start % 3 == 0:
        return f"{year}年第{'一二三四'[start // 3]}季度", "本季总计"
    if year == last[:4]:
        return f"{year}年{int(first[5:])}—{int(last[5:])}月", "本期总计"
    return f"{_month(first)}—{_month(last)}", "本期总计"


def _month(month: str) -> str:
    return f"{month[:4]}年{int(month[5:])}月"
