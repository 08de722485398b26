"""看全表 · Looks at a long sheet as a whole: some columns can only be understood together.

Which numbering a code follows, whether a column of ticks knows no other answer, whether a column has anything in it at
all: a piece alone could answer otherwise than the sheet. The first piece answers until a later one brings something
new; then all pieces are looked at before they are read again. What does not decide is left out, so it stays small.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from heng.intake.body import body
from heng.intake.recognise import Match
from heng.intake.sheet import Sheet
from heng.intake.vocabulary import document

PERIOD = ("month", "year", "month_of_year")
NAMES = ("name", "dept_name")
ANYTHING = "…"
"""有内容即可 · Stands for a text of which it matters only that it is there."""
SURVEYED = 250_000
"""最多记住的写法 · The most combinations that are remembered; an honest sheet has some dozens."""


@dataclass
class Survey:
    """各列在整张表里的写法 · How the deciding columns are written: in `rows` each way once, with its number of rows in `times`.

    `whole`: all pieces were looked at. Before that it holds those that were read so far, and `surprised` says that one of
    them held what could have been understood otherwise.
    """

    match: Match
    rows: pl.DataFrame = field(init=False)
    whole: bool = False
    surprised: bool = False

    def __post_init__(self) -> None:
        """空表 · Nothing was looked at yet."""
        self.rows = pl.DataFrame(schema=dict.fromkeys(_deciding(self.match), pl.String) | {"times": pl.Int64})

    def look(self, data: pl.DataFrame) -> None:
        """又看一块 · Look at one more piece."""
        if self.whole:
            return
        known, cells = self.rows.height, self.rows.columns[:-1]
        found = data.select(**_deciding(self.match), times=pl.lit(1, pl.Int64))
        self.rows = pl.concat([self.rows, found]).group_by(cells, maintain_order=True).agg(pl.col("times").sum()).head(SURVEYED)
        # Of several names for the hospital the most frequent counts, and that is known at the end only.
        names = self.rows[f"c{self.match.places['org']}"].n_unique() if "org" in self.match.places else 1
        self.surprised = self.surprised or names > 1 or 0 < known < self.rows.height


def surveyed(sheets: Iterator[Sheet], match: Match) -> Survey:
    """看一遍全表 · The survey of all pieces."""
    made = Survey(match)
    for sheet in sheets:
        made.look(body(sheet, match).data)
    made.whole, made.surprised = True, False
    return made


def _deciding(match: Match) -> dict[str, pl.Expr]:
    """要看全表的列 · By cell the columns that are understood as a whole, with what of their texts matters."""
    template = match.template
    found: dict[str, pl.Expr] = {}
    for name, position in match.places.items():
        text, column = pl.col(f"c{position}"), template.table.columns.get(name)
        if name == "org" or (name in NAMES and _needs_names(match)):
            found[f"c{position}"] = text
        elif name in PERIOD or name in template.month_from:
            found[f"c{position}"] = _else_anything(text, r"^\d{1,2}月?$")
        elif column is not None and template.listed(name):
            found[f"c{position}"] = _else_anything(text, r"^.$|^.{0,20}\d.{0,20}$")
        elif name in NAMES or name in template.defaults or (column is not None and column.type == "boolean"):
            found.setdefault(f"c{position}", _else_anything(text, "^.$"))
    return found


def _needs_names(match: Match) -> bool:
    """是否要看名称 · Whether a column may follow one of several numberings, between which the names beside it decide."""
    numberings = document()["numbers"]
    return any(len(numberings.get(match.template.listed(n), [])) > 1 for n in match.places if n in match.template.table.columns)


def _else_anything(text: pl.Expr, pattern: str) -> pl.Expr:
    return pl.when(text.is_null() | text.str.contains(pattern)).then(text).otherwise(pl.lit(ANYTHING))
