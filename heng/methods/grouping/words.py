"""原因码说成话 · Reason codes told in sentences: which gate, which list, which code was found in it, which diagnosis was excluded.

Reason codes are the steps of a case, parted by `;`. `GB2:ZYSS~GB2.P1=45.7300` says that GB2 took it because the principal
procedure 45.7300 is in the set GB2.P1; `MDCA-` that no group of the gate did; `PS1?XSRTZ` that the weight is lacking;
`EX=…` names the diagnoses whose severity the principal one excludes. The sentences are made when somebody asks.
"""

from collections.abc import Callable, Mapping

from heng.core.errors import Say
from heng.methods.grouping.pack import VALID_OP, Pack

FIELD: dict[str, Say] = {
    "ZYZD": ("主要诊断", "principal diagnosis"),
    "QTZD": ("其他诊断", "other diagnosis"),
    "ZYSS": ("主要手术操作", "principal procedure"),
    "QTSS": ("其他手术操作", "other procedure"),
}
SCALAR: dict[str, Say] = {
    "NL": ("年龄（岁）", "age in years"),
    "XB": ("性别", "sex"),
    "XSRTL": ("天龄（天）", "age in days"),
    "XSRTZ": ("体重（克）", "weight in grams"),
}
CELL: dict[str, Say] = {
    "gender": ("性别", "sex"),
    "age": ("年龄", "age"),
    "age_days": ("天龄", "age in days"),
    "weight": ("体重", "weight"),
}
SET: dict[str, Say] = {
    VALID_OP: ("全部有效手术操作", "all valid procedures"),
    "MCC": ("严重合并症并发症（MCC）", "major complications and comorbidities (MCC)"),
    "CC": ("合并症并发症（CC）", "complications and comorbidities (CC)"),
}
NONE: Say = ("没有一个组的条件成立，未入组", "the condition of no group holds: not grouped")


def named(pack: Pack) -> dict[str, str]:
    """组的名称 · The names of a pack's groups by code."""
    return {g.code: g.name for g in pack.groups}


def trace(names: Mapping[str, str], why: str) -> list[Say]:
    """逐步的说明 · The sentences of a reason, step by step; `names`: of groups, by code."""
    return [_step(step, names) for step in why.split(";")]


def _step(step: str, names: Mapping[str, str]) -> Say:
    if step in PLAIN:
        return PLAIN[step]
    head, equals, rest = step.partition("=")
    if equals and head in TOLD:
        return TOLD[head](rest)
    code, colon, held = step.partition(":")
    if colon:
        return _taken(code, held, names)
    code, asks, scalar = step.partition("?")
    if asks:
        zh, en = SCALAR.get(scalar, (scalar, scalar))
        return (f"{_named(code, names)}：要看{zh}，病例没有给出", f"{_named(code, names)}: needs the {en}, which the case does not tell")
    if step.endswith("-"):
        code = step[:-1]
        return (
            f"先看 {_named(code, names)}：其中没有一个组的条件成立，继续",
            f"{_named(code, names)} comes first: no group in it holds, so on",
        )
    return (step, step)


def _taken(code: str, held: str, names: Mapping[str, str]) -> Say:
    said = [_condition(part) for part in held.split("&") if part]
    zh = "，".join(z for z, _ in said) or "没有别的条件"
    en = " and ".join(e for _, e in said) or "no further condition"
    return (f"进入 {_named(code, names)}：{zh}", f"enters {_named(code, names)}: {en}")


def _condition(part: str) -> Say:
    asked, _, found = part.partition("=")
    fields, listed, name = asked.partition("~")
    if not listed:
        zh, en = SCALAR.get(asked, (asked, asked))
        return (f"{zh} {found}", f"{en} {found}")
    codes_zh, codes_en = _codes(found)
    zh = "、".join(FIELD.get(f, (f, f))[0] for f in fields.split("+"))
    en = " or ".join(FIELD.get(f, (f, f))[1] for f in fields.split("+"))
    set_zh, set_en = SET.get(name, (name, name))
    return (f"{zh} {codes_zh} 在 {set_zh} 中", f"{en} {codes_en} is in {set_en}")


def _named(code: str, names: Mapping[str, str]) -> str:
    return f"{code} {names[code]}" if names.get(code) else code


def _codes(joined: str) -> Say:
    codes = joined.split("/")
    return "、".join(codes), ", ".join(codes)


def _excluded(codes: str) -> Say:
    zh, en = _codes(codes)
    return (f"{zh} 与主要诊断同属一张排除表，不计严重程度", f"{en} is excluded by the principal diagnosis and adds no severity")


def _grey(codes: str) -> Say:
    zh, en = _codes(codes)
    return (f"{zh} 不参与分组", f"{en} does not group")


def _bad(cells: str) -> Say:
    named = [CELL.get(c, (c, c)) for c in cells.split("/")]
    zh, en = "、".join(z for z, _ in named), ", ".join(e for _, e in named)
    return (f"{zh}读不懂，改成整数", f"the {en} cannot be read: write a whole number")


PLAIN: dict[str, Say] = {
    "NONE": NONE,
    "NODX": ("没有主要诊断，无法分组", "there is no principal diagnosis: it cannot be grouped"),
    "CELLS": ("这一行比表头多出内容，分不清哪一格是哪一列", "the row has more cells than the header: which is which cannot be told"),
}
TOLD: dict[str, Callable[[str], Say]] = {
    "UNKNOWN": lambda code: (f"方案里没有主要诊断 {code}", f"the pack does not know the principal diagnosis {code}"),
    "BARRED": lambda code: (f"{code} 不可作为主要诊断入组", f"{code} does not group as a principal diagnosis"),
    "QY": lambda op: (
        f"主要手术操作 {op} 有效，但不属于本 MDC 的任何手术操作组：歧义组",
        f"the principal procedure {op} is a valid one, but no procedure group of this MDC has it: an ambiguous (QY) case",
    ),
    "EX": _excluded,
    "GREY": _grey,
    "BAD": _bad,
}
