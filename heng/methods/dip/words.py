"""入组的理由成为句子 · Turns the reason codes of a DIP match into sentences, when somebody asks."""

import re

from heng.core.errors import Say
from heng.methods.dip.pack import PART
from heng.methods.grouping.words import trace

DECIDED: dict[str, Say] = {
    "ops": ("对上的手术操作最多", "it accounts for the most procedures"),
    "kind": ("核心病种先于基层病种", "core comes before primary"),
    "order": ("目录次序在前", "it comes first in the catalogue"),
}
LACKING: dict[str, Say] = {"age_days": ("日龄", "the age in days"), "weight": ("出生体重", "the birth weight")}
UNREAD = ("CELLS", "BAD")
"""读不懂的行 · Reasons of rows that could not be read, which are those of every grouping."""
FOUND = re.compile(r"(?P<part>\w+):(?P<code>[^/]+)(?:/(?P<decided>\w+)>(?P<others>.+))?")


def words(why: str) -> list[Say]:
    """逐步的说明 · Every step that the reason codes of a match stand for, in Chinese and English."""
    return [_step(code) for code in why.split(";")]


def _step(code: str) -> Say:
    name, _, what = code.partition("=")
    fixed: dict[str, Say] = {
        "NODX": ("没有主要诊断", "there is no principal diagnosis"),
        "NONE": ("目录里没有合适的病种", "no disease of the catalogue fits"),
        "BARRED": (f"主要诊断 {what} 不纳入分组", f"the principal diagnosis {what} does not group"),
        "CONSERVATIVE": (
            f"主要手术操作 {what} 不纳入分组，按保守治疗入组",
            f"{what} does not group: the case counts as treated without a procedure",
        ),
        "MANY": (
            f"{what.replace('+', '、')} 都符合，对上的手术操作一样多，次均费用最接近的入组",
            f"{what.replace('+', ', ')} fit with as many procedures each: the one whose mean fee is nearest counts",
        ),
        "NOT_PRINCIPAL": (f"{what} 不可作为主要手术操作", f"{what} cannot be the principal procedure"),
    }
    if name in fixed:
        return fixed[name]
    if name in UNREAD:
        return trace({}, code)[0]
    if code.endswith("-"):
        zh, en = PART[code[:-1]]
        return f"{zh}：没有命中", f"{en}: nothing fits"
    if "?" in code:
        part, _, lacking = code.partition("?")
        return f"{PART[part][0]}：缺少{LACKING[lacking][0]}，无法判断", f"{PART[part][1]}: {LACKING[lacking][1]} is needed"
    return _hit(code)


def _hit(code: str) -> Say:
    found = FOUND.fullmatch(code)
    part, group = (found["part"], found["code"]) if found else ("", code)
    (zh, en), decided = PART.get(part, ("", "")), DECIDED.get(found["decided"] or "") if found else None
    if not found or not decided:
        return f"{zh}：命中 {group}", f"{en}: {group} fits"
    others = found["others"].replace("+", "、")
    return (
        f"{zh}：命中 {group}（{decided[0]}；{others} 也符合）",
        f"{en}: {group} fits ({decided[1]}; so do {found['others'].replace('+', ', ')})",
    )
