"""参数值的形状 · What a policy value may be: one of some, a number within bounds, a pattern, text; or records of these.

It is declared in the policy YAML beside the value. A list or a mapping is judged entry by entry: no entry of a list may
stand twice, nor may two records of it have the same key. Numbers in records become text, and 10 is "10" where that is a code.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from heng.core.errors import PolicyError, Say

BOUNDS: dict[str, Say] = {
    "min": ("不小于", "at least"),
    "above": ("大于", "above"),
    "max": ("不大于", "at most"),
    "below": ("小于", "below"),
}
FORMS: dict[str, Say] = {
    "text": ("应为文字；数字请加引号", "write text; put digits in quotes"),
    "pattern": (
        "写成以 | 分开的词，如 ICU|重症；不能有空词，不能用 (?…)",
        "write words separated by |, such as ICU|重症; no empty word, and no (?…)",
    ),
}


@dataclass(frozen=True)
class Shape:
    """一个值可以是什么 · What a value may be; `form`: text or pattern; `fields` and `key`: the records of a list."""

    choices: tuple[Any, ...] = ()
    min: Decimal | None = None
    above: Decimal | None = None
    max: Decimal | None = None
    below: Decimal | None = None
    form: str = ""
    optional: bool = False
    fields: Mapping[str, "Shape"] = field(default_factory=dict)
    key: tuple[str, ...] = ()

    @property
    def bounds(self) -> dict[str, Decimal]:
        """上下限 · The bounds there are, by name."""
        return {name: bound for name in BOUNDS if (bound := getattr(self, name)) is not None}

    def fit(self, value: Any, name: str, where: str) -> Any:
        """核对并整理 · The value as it is to be used; PolicyError naming the entry that is not of this shape."""
        if isinstance(value, list):
            made = [self.one(v, f"{name} #{n}", where) for n, v in enumerate(value, 1)]
            self._once(made, name, where)
            return made
        if isinstance(value, dict) and not self.fields:
            text = Shape(form="text")
            return {text.one(k, f"{name} {k}", where): self.one(v, f"{name} {k}", where) for k, v in value.items()}
        return self.one(value, name, where)

    def told(self) -> Say:
        """可以怎么写 · What may be written, in both languages."""
        if self.fields:
            zh, en = (
                "；".join(f"{n}：{f.told()[0]}" for n, f in self.fields.items()),
                "; ".join(f"{n}: {f.told()[1]}" for n, f in self.fields.items()),
            )
        elif self.choices:
            listed = ", ".join(_written(c) for c in self.choices)
            zh, en = f"可选：{listed}", f"one of: {listed}"
        elif self.bounds:
            said = [(BOUNDS[n], f"{b:f}") for n, b in self.bounds.items()]
            zh, en = "、".join(f"{z} {b}" for (z, _), b in said) + " 的数", "a number " + " and ".join(f"{e} {b}" for (_, e), b in said)
        else:
            zh, en = FORMS[self.form]
        return (f"{zh}（可空）", f"{en} (may be empty)") if self.optional else (zh, en)

    def one(self, value: Any, name: str, where: str) -> Any:
        """核对一项 · The same for one entry: a record, or a value that stands alone."""
        if value is None and self.optional:
            return None
        if not self.fields:
            return self._alone(value, name, where)
        if not isinstance(value, dict) or value.keys() - self.fields.keys():
            raise self._refused(value, name, where)
        made = {n: f.one(value.get(n), f"{name} {n}", where) for n, f in self.fields.items()}
        return {n: f"{Decimal(str(v)):f}" if self.fields[n].bounds and v is not None else v for n, v in made.items()}

    def _alone(self, value: Any, name: str, where: str) -> Any:
        if self.choices:
            meant = [value, f"{value:02d}"] if type(value) is int else [value]
            for choice in self.choices:
                if choice in meant:
                    return choice
        elif (self.bounds and self._within(value)) or (isinstance(value, str) and (self.form == "text" or _pattern(self.form, value))):
            return value
        raise self._refused(value, name, where)

    def _within(self, value: Any) -> bool:
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            return False
        holds = {"min": number.__ge__, "above": number.__gt__, "max": number.__le__, "below": number.__lt__}
        return number.is_finite() and not isinstance(value, bool) and all(holds[n](b) for n, b in self.bounds.items())

    def _once(self, entries: list[Any], name: str, where: str) -> None:
        seen = list[Any]()
        for n, entry in enumerate(entries, 1):
            keys = [entry[k] for k in self.key or self.fields] if self.fields else [entry]
            if keys in seen:
                said = "、".join(_written(k) for k in keys)
                raise PolicyError(
                    f"参数 {name} 中 {said} 写了两次（#{seen.index(keys) + 1} 与 #{n}）",
                    f"{name} holds {said} twice (#{seen.index(keys) + 1} and #{n})",
                    where=where,
                    mend=("只留一项", "keep one of them"),
                )
            seen.append(keys)

    def _refused(self, value: Any, name: str, where: str) -> PolicyError:
        return PolicyError(f"参数 {name} 不能是 {value!r}", f"{name} cannot be {value!r}", where=where, mend=self.told())


def _pattern(form: str, value: str) -> bool:
    # A pattern that an empty name matches would match every name; lookaround is not known to every engine.
    try:
        return form == "pattern" and "(?" not in value and re.compile(value).search("") is None
    except re.error:
        return False


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
