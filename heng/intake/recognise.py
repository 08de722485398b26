"""认出表头与模板 · Finds the header of a sheet and the template it belongs to, by what the headers say.

Every row near the top is tried as a header, alone or with the one or two rows below it (merged headers). The template
with the most recognised headers wins among those whose required columns are all there; the title decides a tie.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from heng.core.errors import FileError, did_you_mean
from heng.intake import limits
from heng.intake.place import Place
from heng.intake.sheet import Cell, Sheet
from heng.intake.visible import visible
from heng.intake.vocabulary import Template, header, templates

STEM = re.compile(r"(编码|代码|编号)$")
DEPTHS = (1, 2, 3)
TITLED = 3
"""标题相符抵几个表头 · How many headers a matching title is worth."""


@dataclass(frozen=True)
class Match:
    """一张表认成了什么 · What a sheet was recognised as.

    `start`, `depth`: the header's first row (from 0) and its rows. `places`: column name → position in the grid.
    `headers`: the header as people see it, by position. `title`: all text above the header. `missing`, `unknown`:
    required columns without header, headers without column.
    """

    template: Template
    start: int
    depth: int
    places: dict[str, int]
    headers: dict[int, str]
    title: str
    missing: list[str]
    unknown: list[str] = field(default_factory=list)
    titled: bool = False

    @property
    def body(self) -> int:
        """首个数据行 · The first row under the header, from 0."""
        return self.start + self.depth

    @property
    def score(self) -> tuple[bool, int, int, int]:
        """比较用 · Complete first, then the headers recognised, then the shallower and the earlier."""
        return not self.missing and self.telling, len(set(self.places.values())) + TITLED * self.titled, -self.depth, -self.start

    def instead(self, name: str) -> str:
        """空白取哪一列 · The column that blank cells of a mapped column take, "" when they stay blank."""
        wanted = self.template.instead.get(header(self.headers[self.places[name]]), "")
        return next((n for n, p in self.places.items() if wanted and header(self.headers[p]) == wanted), "")

    @property
    def telling(self) -> bool:
        """不是别的表 · Whether the headers can be this table's: none that it never has, and one that tells it from its like."""
        strange = {header(h) for h in self.headers.values()} & self.template.never
        return self.titled or not (strange or (self.template.either and self.places.keys().isdisjoint(self.template.either)))

    @property
    def fits(self) -> bool:
        """可以装入 · Complete, and not a stranger that shares a few words: half of its headers are known, or its title is."""
        known = 2 * (len(self.headers) - len(self.unknown)) >= len(self.headers)
        return not self.missing and self.telling and (self.titled or known)


def recognise(sheet: Sheet, place: Place, name: str) -> tuple[Match | None, Match | None]:
    """认一张表 · The match that fits and the nearest one; FileError when two templates fit equally well."""
    wanted = _wanted(place)
    head = sheet.grid.head(limits.HEADER_ROWS + max(DEPTHS)).rows()
    tries, label = _tries(head), f"{name} {sheet.name}"
    best: dict[str, Match] = {}
    for template in wanted.values():
        learned = place.headers.get(template.table.__name__, {})
        known = template.ranks.keys() | set(map(header, learned))
        found = [
            _match(head, (start, depth), template, (texts, places), label)
            for start, depth, texts, said in tries
            if not said.isdisjoint(known) and (places := assign(texts, template, learned))
        ]
        if found:
            best[template.table.__name__] = max(found, key=lambda m: m.score)
    ranked = sorted(best.values(), key=lambda m: (m.score, m.template.table.__name__), reverse=True)
    fitting = [m for m in ranked if m.fits or (place.as_table and not m.missing)]
    if len(fitting) > 1 and fitting[0].score[:2] == fitting[1].score[:2]:
        raise _ambiguous(name, sheet.name, [m for m in fitting if m.score[:2] == fitting[0].score[:2]])
    nearest = max(ranked, key=lambda m: (m.score[1], -len(m.missing)), default=None)
    return (fitting[0] if fitting else None), nearest


def unrecognised(name: str, nearest: Match | None) -> FileError:
    """认不出 · The refusal of a file of which no sheet fits, naming the nearest template and what it lacks."""
    if not nearest:
        mend = ("请检查表头是否在前 30 行，或加 --table 说明模板", "is the header in the first 30 rows? or name the template with --table")
        return FileError("认不出任何表头", "no header was recognised", where=name, mend=mend)
    table = nearest.template.table
    zh = "、".join(table.columns[m].zh for m in nearest.missing)
    en = ", ".join(nearest.missing)
    if not nearest.missing:
        return FileError(
            f"大部分表头认不出，最像「{table.zh}」",
            f"most headers are unknown; the nearest template is {table.__name__}",
            where=name,
            mend=(f"确实是它就加 --table {table.__name__}", f"if it is that, say --table {table.__name__}"),
        )
    return FileError(
        f"不合任何模板；最像「{table.zh}」，缺少：{zh}",
        f"no template fits; the nearest is {table.__name__}, which lacks {en}",
        where=name,
        mend=(
            f'请补上这些列，或用 --table {table.__name__} --map "列=字段" 说明',
            f'add them, or say --table {table.__name__} --map "header=column"',
        ),
    )


def assign(headers: dict[int, list[str]], template: Template, learned: Mapping[str, str]) -> dict[str, int]:
    """表头各归其列 · Column → position: what the hospital taught first, then the preferred wording, then the leftmost."""
    taught = {header(k): v for k, v in learned.items()}
    pairs = sorted(
        (rank, position, name)
        for position, texts in headers.items()
        for text in texts
        for rank, name in ([(-1, taught[text])] if text in taught else template.ranks.get(text, []))
    )
    places: dict[str, int] = {}
    taken = set[int]()
    for _, position, name in pairs:
        if name not in places and position not in taken:
            places[name] = position
            taken.add(position)
    return _completed(places, template)


def _completed(places: dict[str, int], template: Template) -> dict[str, int]:
    """补上可推知的 · A department or subject known by name only stands as its code; 月份 without 年 is the whole month."""
    for known in ("dept", "subject"):
        if known in template.table.columns and known not in places and f"{known}_name" in places:
            places[known] = places[f"{known}_name"]
    if "month" not in places and "year" not in places and "month_of_year" in places:
        places["month"] = places.pop("month_of_year")
    return places


def _wanted(place: Place) -> dict[str, Template]:
    known = templates()
    if place.as_table and place.as_table not in known:
        raise FileError(f"没有模板 {place.as_table}", f"there is no template {place.as_table}", mend=did_you_mean(place.as_table, known))
    return {place.as_table: known[place.as_table]} if place.as_table else known


def _tries(head: list[tuple[Cell, ...]]) -> list[tuple[int, int, dict[int, list[str]], frozenset[str]]]:
    """可能的表头 · Every place where the header may be: its first row, its rows, and what it would say."""
    return [
        (start, depth, texts, frozenset(t for some in texts.values() for t in some))
        for start in range(min(limits.HEADER_ROWS, len(head)))
        if any(head[start])
        for depth in DEPTHS[: len(head) - start]
        if len(texts := header_texts(head[start : start + depth])) > 1
    ]


def _match(
    head: list[tuple[Cell, ...]], at: tuple[int, int], template: Template, read: tuple[dict[int, list[str]], dict[str, int]], label: str
) -> Match:
    (start, depth), (texts, places) = at, read
    shown = {p: _shown(head[start : start + depth], p) for p in texts}
    title = visible(" ".join(c for row in head[:start] for c in row if c))
    used = set(places.values())
    unknown = [
        shown[p] for p, some in texts.items() if p not in used and not any(t in template.ignored or t in template.ranks for t in some)
    ]
    filled = {*places, *(t for t, parts in template.sums.items() if any(p in places for p in parts))}
    missing = [n for n in [*template.needed, *template.sums] if n not in filled]
    titled = any(t in title or t in label for t in template.titles)
    return Match(template, start, depth, places, shown, title, missing, unknown, titled)


def header_texts(rows: list[tuple[Cell, ...]]) -> dict[int, list[str]]:
    """表头各列的候选写法 · What each position's header may be: its lowest text, or that under its group's text.

    Over a pair 人员 | (blank) above 医生 | 护士 the group's text reaches to the right as long as cells stay blank.
    `名称` after `成本项目编码` is 成本项目名称.
    """
    *upper, lower = [[header(c) for c in row] for row in rows]
    groups = [_spread(row) for row in upper]
    texts: dict[int, list[str]] = {}
    before = ""
    for position, text in enumerate(lower):
        above = [row[position] for row in upper if row[position]]
        if not text and not above:
            continue
        own = text or above[-1]
        group = "".join(g[position] for g in groups) if text else ""
        stemmed = [STEM.sub("", before) + own] if own in ("名称", "编码") and STEM.search(before) else []
        texts[position] = list(dict.fromkeys([*stemmed, *([] if stemmed else [own]), group + own]))
        before = own
    return texts


def _spread(row: list[str]) -> list[str]:
    last, spread = "", []
    for text in row:
        last = text or last
        spread.append(last)
    return spread


def _shown(rows: list[tuple[Cell, ...]], position: int) -> str:
    return next((c for row in reversed(rows) if (c := visible(row[position] or "").strip())), "")


def _ambiguous(name: str, sheet: str, tied: list[Match]) -> FileError:
    zh = "、".join(m.template.table.zh for m in tied)
    en = ", ".join(m.template.table.__name__ for m in tied)
    return FileError(
        f"工作表「{sheet}」可能是：{zh}",
        f"sheet {sheet!r} may be any of {en}",
        where=name,
        mend=(
            f"请加 --table 说明，如 --table {tied[0].template.table.__name__}",
            f"say which, such as --table {tied[0].template.table.__name__}",
        ),
    )
