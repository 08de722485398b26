"""对官方文件的更正 · What is corrected in an official file before it is used; every correction is told to the user."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any, Protocol, TypeVar

import yaml

from heng.core.errors import Say

EDITION = re.compile(r"(\d+\.\d+)版")
SHOWN = 5


class Ordered(Protocol):
    """有次序和规则的一行 · A row with a place in its scope and a rule."""

    @property
    def code(self) -> str:
        """编码 · Its code."""

    @property
    def scope(self) -> str:
        """所属 · The group it belongs to."""

    @property
    def order(self) -> int:
        """排序 · Its place among those of the scope."""

    @property
    def rule(self) -> str:
        """规则 · Its rule, empty when it always holds."""

    @property
    def where(self) -> str:
        """在哪 · Sheet and row."""


Placed = TypeVar("Placed", bound=Ordered)


@cache
def facts(kind: str = "official") -> dict[str, Any]:
    """各版本的事实 · What is known of each edition of a kind of workbook, from its YAML, which names the sources."""
    told: dict[str, Any] = yaml.load(files("heng.intake.packs").joinpath(f"{kind}.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return told


def folded(count: int, sheet: str) -> list[Say]:
    """空白与全角 · Told once for each sheet whose rules had to be folded."""
    if not count:
        return []
    return [
        (
            f"{sheet}：{count} 条规则含换行符、全角或不可见字符，已折叠",
            f"{sheet}: {count} rules held line breaks, full-width or unseen characters; they were folded",
        )
    ]


def unread_orders(doubts: list[str], sheet: str) -> list[Say]:
    """读不懂的排序 · Rows whose place in the order cannot be read; they stay behind the row above them."""
    if not doubts:
        return []
    return [
        (
            f"{sheet}：{len(doubts)} 行的排序为空或不是整数，按工作表里的先后排在上一行之后（{shown(doubts)}）",
            f"{sheet}: the order of {len(doubts)} rows is blank or no whole number; they stay behind the row above ({shown(doubts)})",
        )
    ]


def fallbacks_last(nodes: Iterable[Placed]) -> tuple[list[Placed], list[Say]]:
    """兜底组排到末位 · Rows without a rule come last in their scope, where they swallow nothing; the order is otherwise kept."""
    kept: list[Placed] = []
    notes: list[Say] = []
    for _, some in groupby(sorted(nodes, key=lambda n: n.scope), key=lambda n: n.scope):
        mine = sorted(some, key=lambda n: n.order)
        last = max((n.order for n in mine if n.rule), default=0)
        for n in mine:
            if not n.rule and n.order < last:
                after = "、".join(m.code for m in mine if m.rule and m.order > n.order)
                notes.append(
                    (
                        f"{n.where}：{n.code} 的规则为空却排在 {after} 之前，会吞掉它们，已移到末位",
                        f"{n.where}: {n.code} has no rule and stands before {after}, which it would swallow; it was moved to the end",
                    )
                )
        kept += sorted(mine, key=lambda n: (not n.rule, n.order))
    return kept, notes


def duplicates(members: Iterable[tuple[str, str, str]], sheet: str) -> list[Say]:
    """重复的成员 · Members (set, code, place) that a set names twice; each counts once."""
    seen: set[tuple[str, str]] = set()
    again: list[tuple[str, str]] = []
    for name, member, place in members:
        if (name, member) in seen:
            again.append((name, place))
        seen.add((name, member))
    if not again:
        return []
    by_set = "、".join(f"{name} {n}" for name, n in Counter(name for name, _ in again).most_common(SHOWN))
    where = shown([place for _, place in again])
    return [
        (
            f"{sheet}：{len(again)} 行成员重复，只计一次（{by_set}；{where}）",
            f"{sheet}: {len(again)} members are repeated and count once ({by_set}; {where})",
        )
    ]


def kept_first(doubts: list[str], sheet: str) -> list[Say]:
    """前后不一 · Codes that a sheet tells twice and differently; what it tells first counts."""
    if not doubts:
        return []
    return [
        (
            f"{sheet}：{len(doubts)} 行与前面同一编码所写的不同，以前者为准（{shown(doubts)}）",
            f"{sheet}: {len(doubts)} rows differ from what stands before of the same code; the first counts ({shown(doubts)})",
        )
    ]


def shown(places: list[str]) -> str:
    """头几处 · The first few of some places."""
    return "、".join(places[:SHOWN]) + "…" * (len(places) > SHOWN)


def missing_exclusions(edition: str, exclusions: dict[str, str]) -> tuple[dict[str, str], list[Say]]:
    """补上漏掉的排除表行 · Adds the rows that the workbook lacks against the published text, where its table is there."""
    tables, added, notes = set(exclusions.values()), dict[str, str](), list[Say]()
    known = facts()["editions"].get(edition, {}).get("missing_exclusions", [])
    for row in known:
        dx, table = row["code"], row["table"]
        if table in tables and dx not in exclusions:
            added[dx] = table
            notes.append(
                (
                    f"排除表：{table} 漏了 {dx}，已按《分组方案》表 6-5-{table[3:]} 补上（{row['source']}）",
                    f"排除表: {table} lacks {dx}; it was added from table 6-5-{table[3:]} of the scheme ({row['source']})",
                )
            )
    return exclusions | added, notes


def counts(edition: str, has: Mapping[str, int], kind: str = "official") -> list[Say]:
    """与公布的数目核对 · What the file holds against what is known of its edition, both numbers where they differ."""
    wanted = facts(kind)["editions"].get(edition, {}).get("counts", {})
    words: dict[str, Say] = {name: (said["zh"], said["en"]) for name, said in facts(kind)["counted"].items()}
    return [
        (
            f"{words[name][0]}：本文件 {has[name]:,}，{edition} 版应为 {number:,}",
            f"{words[name][1]}: {has[name]:,} in this file, {number:,} in edition {edition}",
        )
        for name, number in wanted.items()
        if has[name] != number
    ]
