"""逐列读出 · Reads every column of a sheet as its table declares it."""

import re
from dataclasses import dataclass, field

import polars as pl

from heng.core.table import FRAME_TYPES, Column
from heng.intake.belongs import Owner
from heng.intake.body import is_numeric
from heng.intake.calendar import read_day, read_moments
from heng.intake.coded import LONG, read_codes, read_flags, read_listed, ticked
from heng.intake.findings import NOTHING, Findings, Words
from heng.intake.numerals import read_numbers
from heng.intake.parsed import Parsed, each
from heng.intake.sheet import Source
from heng.intake.visible import visible
from heng.intake.vocabulary import LISTS
from heng.intake.workbook import typed_as_number

CODE = re.compile(r"(编码|代码|号)$")
FAULTS = ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#GETTING_DATA", "#SPILL!", "#CALC!"]
UNIT = re.compile(r"(?:[（(\[【]|单位)\s*(?:金额)?(?:单位)?\s*[:：为]?\s*(?:人民币)?\s*(亿元|万元|千元|元)")
SCALES = {"元": 1, "千元": 1_000, "万元": 10_000, "亿元": 100_000_000}
INTANGIBLE = "无形|软件|土地使用权|专利|著作权|商标|特许|摊销"


@dataclass
class Columns:
    """一张工作表的各列 · The columns of one sheet, read one after another into `values`; problems go to `findings`."""

    owner: Owner
    source: Source
    findings: Findings
    values: dict[str, pl.Series] = field(default_factory=dict)
    scales: dict[str, int] = field(default_factory=dict)

    def read(self) -> dict[str, pl.Series]:
        """读完各列 · All columns that people fill, by name."""
        template = self.owner.match.template
        for name, column in template.table.columns.items():
            if name in ("org", "month", "file", "row"):
                continue
            if name in self.owner.match.places:
                self._mapped(name, column)
            else:
                self._absent(name, column)
        return self.values

    def _mapped(self, name: str, column: Column) -> None:
        template, owner = self.owner.match.template, self.owner
        text = self._text(name)
        head = owner.head(name)
        at = owner.at.select("row", text.alias("value"))
        faulty = text.is_in(FAULTS).fill_null(value=False)
        if faulty.any():
            self.findings.rows("fault", head, at.filter(faulty))
        filled = self._filled(name, _sound(text))
        parsed, words = self._parsed(name, column, filled)
        self.findings.cells(parsed, head, at, words)
        values = parsed.values.fill_null("") if name in template.blank else parsed.values
        if not column.optional and name not in template.sums and name not in template.blank:
            kind = "missing_number" if is_numeric(owner.match, name) else "missing"
            blank = filled.is_null() & ~faulty & values.is_null()
            if blank.any():
                self.findings.rows(kind, head, at.filter(blank), self._wanted(name, column))
        self.values[name] = values

    def _filled(self, name: str, text: pl.Series) -> pl.Series:
        """补上缺省 · What a column defaults to where it is blank; a blank among ticks is none."""
        default = self.owner.match.template.defaults.get(name)
        return text if default is None or ticked(self._sheet(name)) else text.fill_null(default)

    def _sheet(self, name: str) -> pl.Series:
        """整张表的这一列 · The column as the whole sheet has it, without formula errors."""
        return _sound(self.owner.everywhere(name))

    def _wanted(self, name: str, column: Column) -> Words:
        """该填什么 · What a blank cell asks for: a word of its list, or what the column is called."""
        if listed := self.owner.match.template.listed(name):
            zh, en = _code_words(listed, list(LISTS[listed]))
            return f"编码或名称，可填：{zh}", f"a code or a word, one of: {en}"
        return column.zh, column.en

    def _text(self, name: str) -> pl.Series:
        text = self.owner.at[f"c{self.owner.match.places[name]}"]
        # A department known by its name only is resolved later, where the hospital's dictionary is.
        instead = "dept_name" if name == "dept" else self.owner.match.instead(name)
        other = self.owner.match.places.get(instead)
        return text if other is None else text.fill_null(self.owner.at[f"c{other}"])

    def _absent(self, name: str, column: Column) -> None:
        template, height = self.owner.match.template, self.owner.at.height
        if name == "intangible":
            self._told_by_class()
            return
        constant = template.defaults.get(name) or template.assumed.get(name)
        if name in template.assumed:
            self.findings.whole("assumed", column.zh, None, _code_words(template.listed(name), [template.assumed[name]]))
        if constant is None:
            self.values[name] = pl.Series([None] * height, dtype=FRAME_TYPES[column.type])
            if name in template.blank:
                self.values[name] = self.values[name].fill_null("")
            return
        self.values[name] = self._parsed(name, column, pl.Series([constant] * height, dtype=pl.String))[0].values

    def _told_by_class(self) -> None:
        """无形与否看资产分类 · Without a column of its own, the class (or the title) says which assets are intangible."""
        title = self.owner.match.title + self.owner.sheet.name
        whole = "摊销" in title and "折旧" not in title
        self.values["intangible"] = self.values["asset_class"].str.contains(INTANGIBLE).fill_null(value=False) | whole
        self.findings.whole("assumed", "是否无形资产", None, ("按资产分类判断", "told by the asset class"))

    def _parsed(self, name: str, column: Column, text: pl.Series) -> tuple[Parsed, Words]:
        if column.type.startswith("decimal") or column.type in ("bigint", "integer"):
            places = int(column.type[:-1].split(",")[1]) if "," in column.type else 0
            return read_numbers(text, places, self._scale(name) if column.unit == "元" else 1), NOTHING
        if listed := self.owner.match.template.listed(name):
            return self._listed(name, column, text, listed)
        if column.type == "boolean" and name in self.owner.match.places:
            return read_flags(text, self._sheet(name)), NOTHING
        return (self._codes(name, text) if _is_code(column) else read_plain(column, text)), NOTHING

    def _listed(self, name: str, column: Column, text: pl.Series, listed: str) -> tuple[Parsed, Words]:
        places, beside = self.owner.match.places, "dept_name" if "name" not in self.values and "dept_name" in self.values else "name"
        names = self.owner.everywhere(beside) if beside in places else None
        sheet = self._sheet(name) if name in places else text
        parsed, numbering = read_listed(text, listed, (sheet, names), free=not column.codes)
        if numbering:
            zh = "、".join(f"{n} {LISTS[listed][c][0]}" for n, c in numbering.items())
            en = ", ".join(f"{n} {LISTS[listed][c][1]}" for n, c in numbering.items())
            self.findings.whole("numbered", self.owner.head(name) if name in self.owner.match.places else column.zh, None, (zh, en))
        return parsed, _code_words(listed, list(LISTS[listed]))

    def _codes(self, name: str, text: pl.Series) -> Parsed:
        parsed = read_codes(text)
        long = parsed.values.str.contains(rf"^\d{{{LONG},}}$").fill_null(value=False)
        if not long.any() or not self.source.content or name not in self.owner.match.places:
            return parsed
        typed = typed_as_number(self.source.content, self.owner.sheet.index, self.owner.match.places[name])
        damaged = long & self.owner.at["row"].is_in(sorted(typed))
        told = pl.select(pl.when(damaged).then(pl.lit("damaged_code"))).to_series()
        return Parsed(parsed.values, told if parsed.problems is None else pl.select(pl.coalesce(told, parsed.problems)).to_series())

    def _scale(self, name: str) -> int:
        match, grid = self.owner.match, self.owner.sheet.top
        head = grid[f"c{match.places[name]}"].slice(match.start, match.depth).to_list() if name in match.places else []
        above = [visible(c) for c in head if c]
        found = next((m[1] for c in [*reversed(above), match.title, self.owner.sheet.name] if (m := UNIT.search(c) or _bare(c))), "元")
        if SCALES[found] != 1:
            self.findings.whole("scaled", self.owner.head(name), found, (f"{found} × {SCALES[found]:,}", f"{found} × {SCALES[found]:,}"))
        self.scales[name] = SCALES[found]
        return SCALES[found]


def _sound(text: pl.Series) -> pl.Series:
    """A column without formula errors."""
    faulty = text.is_in(FAULTS)
    return pl.select(pl.when(~faulty).then(text)).to_series() if faulty.any() else text


def read_plain(column: Column, text: pl.Series) -> Parsed:
    """读一列不需旁证的内容 · A column that nothing beside it explains: dates, moments, yes and no, codes and texts."""
    if column.type == "date":
        return each(text, read_day, pl.Date())
    if column.type == "timestamp":
        return read_moments(text)
    if column.type == "boolean":
        return read_flags(text)
    return read_codes(text) if _is_code(column) else Parsed(text)


def _is_code(column: Column) -> bool:
    return column.type == "varchar" and (bool(column.of) or column.private or CODE.search(column.zh) is not None)


def _bare(text: str) -> re.Match[str] | None:
    return re.search(r"(万元|千元)$", text.strip())


def _code_words(listed: str, codes: list[str]) -> Words:
    return "、".join(LISTS[listed][c][0] for c in codes), ", ".join(LISTS[listed][c][1] for c in codes)
