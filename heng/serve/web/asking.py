"""一张表的一次提问 · One question to a table, as an address asks it: its view, its columns, its totals, its page of rows."""

from dataclasses import replace
from functools import cached_property
from typing import Any

import polars as pl

from heng.app.period import Page, Sums, View, see, shown_columns, sight_of, whole
from heng.app.reader import Reader
from heng.core.errors import TableError, did_you_mean
from heng.core.table import Column, Table
from heng.serve.columns import chosen, meaning, spoken
from heng.serve.labels import Labels
from heng.serve.question import view
from heng.serve.totals import KINDS, told
from heng.serve.voice import Voice
from heng.serve.web.naming import labels_of
from heng.serve.web.query import Query
from heng.serve.web.remembered import REMEMBERED


class Asking:
    """提问 · A table, seen as an address asks; each part is worked out when it is wanted. Errors are the command line's."""

    def __init__(self, reader: Reader, table: type[Table], asked: Query, voice: Voice) -> None:
        """看哪张表、怎么看 · Which table, and how; HengError for what is not understood, AccessError for what is out of scope."""
        self.reader, self.table, self.query, self.voice = reader, table, asked, voice
        self.view: View = REMEMBERED.of(reader, ("view", table, asked.asked), lambda r: view(r, table, asked.asked))
        self.sight = sight_of(reader, table, self.view)
        orgs = self.view.orgs or (reader.orgs(table) if "org" in table.columns and not self.view.group else ())
        self.place = replace(asked.place, period=self.view.period.name, org=orgs[0] if len(orgs) == 1 else "")

    @cached_property
    def page(self) -> Page:
        """哪一页 · The page asked for; the columns sorted by may be named in Chinese."""
        said = {c.zh: n for n, c in self.known.items()}
        sort = tuple((said.get(n, n), down) for n, down in self.query.sort)
        self.sight.refuse(n for n, _ in sort)
        if strange := next((n for n, _ in sort if n not in self.known), ""):
            mend = did_you_mean(strange, self.known)
            raise TableError(f"没有列 {strange}", f"there is no column {strange}", where="sort", mend=mend)
        return Page(self.query.page.first, self.query.page.size, sort, self.whole.rows)

    @cached_property
    def rows(self) -> pl.DataFrame:
        """一页的行 · The rows of the page, remembered for the next who may see the same."""
        page = self.page
        return REMEMBERED.of(self.reader, ("page", self.table, self.view, page), lambda r: see(r, self.table, self.view, page))

    @cached_property
    def whole(self) -> Sums:
        """全部行加起来 · What all rows of the view come to."""
        return REMEMBERED.of(self.reader, ("whole", self.table, self.view), lambda r: whole(r, self.table, self.view, KINDS))

    @cached_property
    def known(self) -> dict[str, Column]:
        """有哪些列 · Every column that the view shows, comparisons with what they are compared with."""
        return meaning(self.table.columns, shown_columns(self.reader, self.table, self.view))

    @cached_property
    def columns(self) -> dict[str, Column]:
        """看哪些列 · The columns shown: those chosen; else all, but for what the title says for every row."""
        if self.query.columns:
            return chosen(self.known, self.query.columns, self.sight)
        same = {"org"} if self.place.org else set()
        same |= {"month"} if len(self.view.period.months) == 1 else set()
        return {n: c for n, c in spoken(self.known, self.voice.lang).items() if n not in same} or self.known

    @cached_property
    def file_columns(self) -> list[str]:
        """文件的列 · The columns of a file: those chosen, else all: a file has no title that says the rest."""
        return list(chosen(self.known, self.query.columns, self.sight) if self.query.columns else self.known)

    @cached_property
    def sums(self) -> dict[str, Any]:
        """合计 · The totals that mean something; the same on the page and in a file."""
        return told(self.whole, {n: c for n, c in self.known.items() if n in self.whole.sums})

    @cached_property
    def labels(self) -> Labels:
        """叫法 · What things are called."""
        return labels_of(self.reader, self.voice, self.view.period.months)
