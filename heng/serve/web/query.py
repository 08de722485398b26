"""网址里的问法 · What an address asks of a table, in the words of the command line, and addresses that ask a little else.

A form may also say `is.item=staff`, `from.amount=100`, `to.amount=200`, `has.name=骨`: `tidied` writes these as conditions.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Request

from heng.app.period import Page
from heng.core.errors import HengError
from heng.serve.question import CONDITION, Asked
from heng.serve.web.drill import Place

SIZE, MOST = 50, 1000
"""一页多少行 · Rows of a page: as a rule, and at most."""
FORM = {"is.": "=", "from.": ">=", "to.": "<=", "has.": "~"}
"""表单里的筛选 · What the name of a field of the filter form begins with, and the condition that it stands for."""
LISTED = ("columns", "compare")
AGAIN = ("page",)
"""换了问法就从头看 · What begins anew when something else is asked for."""


@dataclass(frozen=True)
class Query:
    """一个网址的问法 · The names and values of an address, in their order; empty ones say nothing."""

    path: str
    given: tuple[tuple[str, str], ...] = ()

    def many(self, name: str) -> tuple[str, ...]:
        """全部值 · Every value given under a name."""
        return tuple(v for n, v in self.given if n == name and v)

    def one(self, name: str) -> str:
        """一个值 · The value given last, or empty."""
        return (self.many(name) or ("",))[-1]

    @cached_property
    def asked(self) -> Asked:
        """问题 · The same as a question of the command line."""
        group = self.one("group") not in ("", "0", "false")
        compare = ",".join(self.many("compare"))
        return Asked(self.many("org"), self.one("period") or self.one("month"), self.one("dept"), self.many("where"), group, compare)

    @property
    def columns(self) -> str:
        """选了哪些列 · The columns chosen, with commas; empty for all."""
        return ",".join(n for n in ",".join(self.many("columns")).split(",") if n.strip())

    @property
    def sort(self) -> tuple[tuple[str, bool], ...]:
        """按哪些列排 · The columns sorted by, each with whether it goes down."""
        named = [n.strip() for n in ",".join(self.many("sort")).split(",") if n.strip(" -")]
        return tuple({n.removeprefix("-"): n.startswith("-") for n in named}.items())

    @property
    def number(self) -> int:
        """第几页 · The number of the page, from 1."""
        return self._whole("page", 1, 10**9)

    @property
    def size(self) -> int:
        """一页多少行 · Rows of a page."""
        return self._whole("size", SIZE, MOST)

    @property
    def page(self) -> Page:
        """哪一页 · The page asked for."""
        return Page((self.number - 1) * self.size, self.size, self.sort)

    @property
    def place(self) -> Place:
        """站在哪里 · The place on the drill path that the address names."""
        asked = self.asked
        return Place(asked.period, asked.orgs[0] if len(asked.orgs) == 1 else "", asked.dept, asked.where)

    def to(self, path: str = "", **changed: str) -> str:
        """换一点 · The address that asks the same with another value (empty: without it), from its first page unless `page` is said."""
        kept = [(n, v) for n, v in self.given if n not in changed and n not in AGAIN and v]
        query = urlencode([*kept, *((n, v) for n, v in changed.items() if v)])
        return (path or self.path) + (f"?{query}" if query else "")

    def tidied(self) -> str:
        """整理过的网址 · Where a form is sent on to: its fields written as an address says them; empty when it is one already."""
        kept = [(n, v) for n, v in self.given if v and n not in LISTED and not n.startswith(tuple(FORM))]
        listed = [(n, ",".join(self.many(n))) for n in LISTED if self.many(n)]
        wheres = [("where", n.removeprefix(f) + how + v) for n, v in self.given for f, how in FORM.items() if n.startswith(f) and v]
        tidy = [*kept, *wheres, *listed]
        unlike = len(tidy) != len(self.given) or {n for n, _ in tidy} != {n for n, _ in self.given}
        return f"{self.path}?{urlencode(tidy)}" if unlike else ""

    def filters(self) -> dict[tuple[str, str], str]:
        """筛选 · The conditions by column and kind, as the form shows them; of several of a kind the last."""
        found = (CONDITION.fullmatch(w) for w in self.asked.where)
        return {(m[1].strip(), m[2]): m[3].strip() for m in found if m}

    def _whole(self, name: str, default: int, most: int) -> int:
        text = self.one(name)
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 10 and 1 <= int(text) <= most):
            raise HengError(
                f"{name} 应为 1 到 {most} 的整数，现为「{text}」",
                f"{name} is a whole number from 1 to {most}, not {text!r}",
                where=name,
                mend=("去掉它，或写一个整数", "leave it out, or write a whole number"),
            )
        return int(text)


def query(request: Request) -> Query:
    """从网址读出 · Read off the address."""
    return Query(request.url.path, tuple(request.query_params.multi_items()))


Querying = Annotated[Query, Depends(query)]
"""看表的页面都有的参数 · The parameter of every page that shows a table."""
