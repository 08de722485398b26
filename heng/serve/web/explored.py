"""病例怎么分组，说给人 · How a case is grouped under every scheme that is held: groups, conditions, lists that were hit, the way in words.

Nothing is ranked by what it pays, and nothing is said of how else a case might be coded.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

import polars as pl

from heng.app.group_file import MOST, SEX
from heng.app.groupers import Codes, grouper, weights
from heng.app.reader import Reader
from heng.core.errors import HengError, Say
from heng.methods.grouping.engine import UNGROUPED, Grouped, Record
from heng.methods.grouping.pack import VALID_OP, Group, Pack
from heng.methods.grouping.words import CELL, SET, named, trace
from heng.serve.web.remembered import REMEMBERED
from heng.tables.codes import CASE_SEVERITY, GROUP_LEVEL, GROUPING, INSURANCE

Weighed = tuple[Say, str, str]
"""一个权重 · A weight: for which insurance, how much, since when."""
SIGN = {"grouped": "green", "invalid": "red"}
"""入组状态的颜色 · The colour of a status; of the others, yellow."""
LISTED = re.compile(r"~([^=;&]+)=")
WORD = re.compile(r"[A-Za-z0-9_.]+")
PARTED = re.compile(r"[\s,，;；、|]+")
CODES, LONGEST = 100, 30
"""一个病例至多几个编码、每个至多几个字符 · Codes of a case, and characters of one, at most."""
PROVISIONAL: Say = (
    "分组结果供核对与测算，最终以医保经办机构的结算为准；这里不比较哪一组支付多，也不建议改变编码。",
    "For checking and estimates: what the insurer settles is final. Nothing here compares what groups pay, or advises other codes.",
)


@dataclass(frozen=True)
class Typed:
    """填的病例 · A case as it is typed: codes with anything between them, the principal ones first."""

    dx: str = ""
    op: str = ""
    sex: str = ""
    age: str = ""
    age_days: str = ""
    weight: str = ""
    codes: str = ""

    @property
    def given(self) -> bool:
        """填了没有 · Whether a case was typed."""
        return bool(self.dx.strip())

    @property
    def code_set(self) -> Codes:
        """哪一套编码 · The code set."""
        return "国临" if self.codes == "国临" else "医保"

    def record(self) -> Record:
        """读成病例 · The case; HengError for what cannot be read."""
        sex = SEX.get(self.sex.strip().lower())
        whole = {n: _whole(n, getattr(self, n).strip()) for n in MOST}
        return Record(_codes(self.dx), _codes(self.op), sex, whole["age"], whole["age_days"], whole["weight"] or None)


def typed(record: Record, codes: str) -> Typed:
    """写回表单 · A case as the form shows it."""
    numbers = {n: "" if v is None else str(v) for n, v in zip(("sex", *MOST), record[2:], strict=True)}
    return Typed(dx=" ".join(record.dx), op=" ".join(record.ops or ()), codes=codes, **numbers)


def _codes(text: str) -> tuple[str, ...]:
    found = tuple(filter(None, PARTED.split(text.strip())))
    if len(found) > CODES or any(len(c) > LONGEST for c in found):
        raise HengError(
            f"编码太多或太长：至多 {CODES} 个，每个 {LONGEST} 个字符",
            f"too many codes, or too long: at most {CODES}, each of {LONGEST} characters",
            mend=("编码之间用空格或逗号分开", "part codes by spaces or commas"),
        )
    return found


def _whole(name: str, text: str) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) < 10 and int(text) <= MOST[name]:
        return int(text)
    zh, en = CELL[name]
    raise HengError(
        f"{zh}读不懂：{text[:40]}",
        f"the {en} cannot be read: {text[:40]}",
        mend=(f"写 0 到 {MOST[name]} 的整数", f"write 0 to {MOST[name]}"),
    )


@dataclass(frozen=True)
class Level:
    """一层组 · A group of the way: its level, code and name, its condition in pieces of text with their addresses, its own page."""

    level: Say
    code: str
    name: str
    rule: tuple[tuple[str, str], ...]
    href: str


@dataclass(frozen=True)
class Verdict:
    """一个方案下的结果 · What a scheme makes of a case."""

    pack: str
    use: str
    held: bool
    found: Grouped
    levels: tuple[Level, ...]
    lists: tuple[tuple[str, int, str], ...]
    excluded: tuple[str, ...]
    steps: tuple[Say, ...]
    weights: tuple[Weighed, ...]

    @property
    def status(self) -> Say:
        """入组状态 · What became of the case, in words."""
        return GROUPING[self.found.status]

    @property
    def sign(self) -> str:
        """颜色 · The colour of its status."""
        return SIGN.get(self.found.status, "yellow")

    @property
    def severity(self) -> Say:
        """严重程度 · The severity of its other diagnoses, in words."""
        return CASE_SEVERITY[self.found.severity]


@dataclass(frozen=True)
class Explorer:
    """看分组的人 · Who looks, on which day; the schemes that are held by name, and their `uses`: which one pays, which stand beside it.

    `lapsed`: the month that is looked at where the one that pays is not in force by its own dates, else "".
    """

    reader: Reader
    today: date
    held: Mapping[str, Mapping[str, Any]]
    uses: Mapping[str, str]
    lapsed: str = ""

    @property
    def listed(self) -> list[dict[str, Any]]:
        """装入的方案 · The schemes that are held, with their use: the one that pays first."""
        uses = {n: self.uses.get(n, "") for n in ordered(self.held, self.uses)}
        return [{**self.held[n], "use": use, "lapsed": self.lapsed if use == "pays" else ""} for n, use in uses.items()]

    def verdicts(self, record: Record, codes: Codes) -> list[Verdict]:
        """各方案下的结果 · What every scheme that is held makes of a case, the one that pays first."""
        return [self._verdict(n, grouper(self.reader, n, codes).group(record)) for n in ordered(self.held, self.uses)]

    def kept(self, rows: list[dict[str, Any]]) -> list[Verdict]:
        """算过的结果 · What rows of grouping say, told in the same way; their scheme may be gone since."""
        by = {r["pack"]: _grouped(r) for r in rows}
        return [self._verdict(n, by[n]) for n in ordered(by, self.uses)]

    def _verdict(self, name: str, found: Grouped) -> Verdict:
        held = name in self.held
        pack = grouper(self.reader, name).pack if held else Pack(name, "", (), {})
        hit = [*dict.fromkeys(LISTED.findall(found.why)), *([VALID_OP] if ";QY=" in found.why and VALID_OP in pack.sets else [])]
        excluded = next((step[3:] for step in found.why.split(";") if step.startswith("EX=")), "")
        return Verdict(
            pack=name,
            use=self.uses.get(name, ""),
            held=held,
            found=found,
            levels=tuple(_levels(pack, found)),
            lists=tuple((n, size(pack, n), members(name, n) if n in pack.sets else "") for n in hit) if held else (),
            excluded=tuple(filter(None, excluded.split("/"))),
            steps=tuple(trace(named(pack), found.why)),
            weights=self.weights(name).get(found.drg, ()) if held else (),
        )

    def weights(self, name: str) -> dict[str, tuple[Weighed, ...]]:
        """各组的权重 · Of every group the weights in force today, or when a scheme to come begins: insurance, how much, since when."""
        day = max(self.today, self.held[name]["since"] or self.today)
        return REMEMBERED.of(self.reader, ("weights", name, day), lambda r: _weights(weights(r, name), day))


def _grouped(row: Mapping[str, Any]) -> Grouped:
    return Grouped(row["status"], row["mdc"] or "", row["adrg"] or "", row["drg"] or UNGROUPED, row["severity"], row["why"])


def ordered(names: Iterable[str], uses: Mapping[str, str]) -> list[str]:
    """次序 · The scheme that pays first, then those beside it, then the others."""
    return sorted(names, key=lambda n: (("pays", "beside", "").index(uses.get(n, "")), n))


def _levels(pack: Pack, found: Grouped) -> Iterator[Level]:
    known = {(str(g.level), g.code): g for g in pack.groups}
    for at, code in zip(("mdc", "adrg", "drg"), (found.mdc, found.adrg, found.drg), strict=True):
        group = known.get((at, code))
        if group:
            yield Level(GROUP_LEVEL[at], code, group.name, ruled(pack, group), page_of(pack, group))
        elif code and code != UNGROUPED and at == "drg":
            yield Level(GROUP_LEVEL["qy"], code, "", (), "")


def ruled(pack: Pack, group: Group) -> tuple[tuple[str, str], ...]:
    """条件，分成几截 · The condition of a group in pieces, those that name a list with its address."""
    pieces, last = list[tuple[str, str]](), 0
    for word in WORD.finditer(group.rule):
        if word[0] in pack.sets:
            pieces += [(group.rule[last : word.start()], ""), (word[0], members(pack.name, word[0]))]
            last = word.end()
    return tuple(p for p in (*pieces, (group.rule[last:], "")) if p[0])


def page_of(pack: Pack, group: Group) -> str:
    """组的页面 · The page on which a group is looked into: of the last level, that of the group above."""
    return f"/group/{quote(pack.name)}/{quote(group.parent if group.level == 'drg' else group.code)}"


def members(pack: str, name: str) -> str:
    """集合的页面 · The page that lists the codes of a set."""
    return f"/table/PackMember?{urlencode([('where', f'pack={pack}'), ('where', f'set={name}')])}"


def size(pack: Pack, name: str) -> int:
    """多少个编码 · How many codes a list has."""
    if name in SET and name not in pack.sets:
        return sum(level == name for level, _ in pack.severity.values())
    return len(pack.sets.get(name, ()))


def _weights(rows: pl.DataFrame, day: date) -> dict[str, tuple[Weighed, ...]]:
    latest = dict[tuple[str, str], Weighed]()
    for row in rows.filter(pl.col("since") <= day).sort("since").iter_rows(named=True):
        insurance = row["insurance"] or ""
        told = INSURANCE.get(insurance, (insurance, insurance)) if insurance else ("各险种", "every insurance")
        latest[row["group"], insurance] = (told, f"{row['weight'].normalize():f}", str(row["since"]))
    found = dict[str, tuple[Weighed, ...]]()
    for (group, _), told_of in sorted(latest.items()):
        found[group] = (*found.get(group, ()), told_of)
    return found
