"""把问题写成 Finding 行 · Problems as Finding rows: file, row, column, value, reason and repair, in both languages."""

from dataclasses import dataclass, field

import polars as pl

from heng.intake import limits
from heng.intake.parsed import Parsed
from heng.intake.problems import PROBLEMS
from heng.tables.quality import Finding

Words = tuple[str, str]
NOTHING: Words = ("", "")


@dataclass
class Findings:
    """一张工作表的问题 · The problems of one sheet, gathered as it is read."""

    org: str
    file: str
    told: list[pl.DataFrame] = field(default_factory=list)

    def whole(self, problem: str, column: str, value: str | None, words: Words = NOTHING) -> None:
        """整表的一条 · One finding about the sheet as a whole (row 0)."""
        self.rows(problem, column, pl.DataFrame({"row": [0], "value": [value]}, schema={"row": pl.Int32, "value": pl.String}), words)

    def rows(self, problem: str, column: str, at: pl.DataFrame, words: Words = NOTHING) -> None:
        """若干行同一问题 · One problem in several rows; `at` has `row` and `value`."""
        if at.is_empty():
            return
        known = PROBLEMS[problem]
        texts = {"reason_zh": known.zh, "reason_en": known.en, "mend_zh": known.mend_zh, "mend_en": known.mend_en}
        said = {k: t.replace("{zh}", words[0]).replace("{en}", words[1]) for k, t in texts.items()}
        fixed = {"org": self.org, "file": self.file, "column": column, "severity": known.severity, **said}
        frame = at.select("row", "value", *(pl.lit(v).alias(k) for k, v in fixed.items()))
        self.told.append(frame.select(list(Finding.columns)).cast(Finding.schema()))

    def cells(self, parsed: Parsed, column: str, at: pl.DataFrame, words: Words = NOTHING) -> None:
        """一列各格的问题 · Every problem of a column that was read; `at` has the `row` and `value` of all its cells."""
        if parsed.problems is None:
            return
        for problem in parsed.problems.drop_nulls().unique().sort().to_list():
            self.rows(problem, column, at.filter(parsed.problems == problem), words)

    def frame(self) -> pl.DataFrame:
        """全部问题 · All findings in the order of row and column, each said once."""
        return in_order(self.told)

    def bad_rows(self) -> pl.Series:
        """要退回的行 · The rows that have an error."""
        found = self.frame()
        return found.filter((pl.col("severity") == "error") & (pl.col("row") > 0))["row"].unique().sort()


@dataclass
class Gathered:
    """一张表各块的问题 · The findings of all pieces of a sheet: of one problem of a column the first rows, and how many there are.

    A problem is known by how it is mended: the reason may name figures of the row.
    """

    told: list[pl.DataFrame] = field(default_factory=list)
    counts: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, found: pl.DataFrame) -> None:
        """又一块 · The findings of one more piece."""
        self.told.insert(0, found.filter(pl.col("row") == 0))  # what counts the rows of all pieces so far is said by the last
        for key, some in found.filter(pl.col("row") > 0).group_by("column", "mend_zh", maintain_order=True):
            before = self.counts.get((str(key[0]), str(key[1])), 0)
            self.counts[str(key[0]), str(key[1])] = before + some.height
            self.told.append(some.head(max(limits.FINDINGS - before, 0)))

    def frame(self) -> pl.DataFrame:
        """全部问题 · All findings in order; where rows were left out, one more says how many there are."""
        found = in_order(self.told)
        for (column, mend), n in self.counts.items():
            if n > limits.FINDINGS:
                first = found.filter((pl.col("row") > 0) & (pl.col("column") == column) & (pl.col("mend_zh") == mend)).head(1)
                said = f"共 {n:,} 行，列出前 {limits.FINDINGS:,} 行 · {n:,} rows, the first {limits.FINDINGS:,} are listed"
                found.extend(first.with_columns(row=pl.lit(0, pl.Int32), value=pl.lit(said)))
        return in_order([found])


def in_order(told: list[pl.DataFrame]) -> pl.DataFrame:
    """排好 · Findings in the order of row and column, each said once."""
    ordered = ["file", "row", "column", "reason_zh"]
    found = pl.concat([pl.DataFrame(schema=Finding.schema()), *told])
    return found.unique(ordered, keep="first", maintain_order=True).sort(ordered, maintain_order=True)
