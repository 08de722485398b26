"""这些行属于谁、哪个月 · Whose rows these are and of which month: from the file's columns, its title or what the user said."""

from dataclasses import dataclass

import polars as pl

from heng.core.errors import FileError
from heng.intake.calendar import month_in, read_moments, read_month
from heng.intake.findings import Findings
from heng.intake.parsed import Parsed, each
from heng.intake.place import Place
from heng.intake.recognise import Match
from heng.intake.sheet import Sheet
from heng.intake.survey import Survey
from heng.intake.whose import whose

CHINESE = r"[\u4e00-\u9fff]"


@dataclass(frozen=True)
class Owner:
    """归属 · What decides where rows belong, and the rows they are: `at` has `row` and the cells. `survey`: see survey.py."""

    match: Match
    place: Place
    sheet: Sheet
    name: str
    at: pl.DataFrame
    survey: Survey | None = None

    def everywhere(self, name: str) -> pl.Series:
        """某列在整张表里 · A mapped column as the whole sheet has it: of a piece, what the survey of the sheet kept."""
        return (self.at if self.survey is None else self.survey.rows)[f"c{self.match.places[name]}"]

    def cell(self, name: str) -> pl.Series | None:
        """某列的文字 · The text of a mapped column, None when the sheet has no such column or nothing in it."""
        position = self.match.places.get(name)
        if position is None or (all_ := self.everywhere(name)).null_count() == len(all_):
            return None
        return self.at[f"c{position}"]

    def head(self, name: str) -> str:
        """某列的表头 · The header of a mapped column as people see it."""
        return self.match.headers[self.match.places[name]]


def months(owner: Owner, findings: Findings) -> pl.Series:
    """每行的月份 · The month of every row; FileError when neither the file nor the user says it."""
    text, column = _written_month(owner)
    told = _told_month(owner)
    if text is None and any(owner.cell(n) is not None for n in owner.match.template.month_from):
        return _dated(owner, findings)
    if text is None:
        if not (owner.place.month or told):
            raise _no_month(owner)
        if owner.place.month and told not in ("", owner.place.month):
            findings.whole("other_title", "月份", told, (told, told))
        return pl.Series("month", [owner.place.month or told] * owner.at.height, dtype=pl.String)
    parsed = each(text, read_month, pl.String())
    _tell(findings, parsed, column, owner.at.select("row", text.alias("value")))
    if owner.place.month:
        other = (parsed.values != owner.place.month).fill_null(value=False)
        findings.rows("other_month", column, owner.at.select("row", text.alias("value")).filter(other))
    return parsed.values


def _dated(owner: Owner, findings: Findings) -> pl.Series:
    """由日期得月份 · The month of each row's date; of a row without one the month that is said for all."""
    dates = {n: text for n in owner.match.template.month_from if (text := owner.cell(n)) is not None}
    found = pl.Series("month", [None] * owner.at.height, dtype=pl.String)
    for name, text in dates.items():
        mine = read_moments(text).values.dt.strftime("%Y-%m")
        if owner.place.month:
            other = found.is_null() & (mine != owner.place.month).fill_null(value=False)
            findings.rows("other_month", owner.head(name), owner.at.select("row", value=text).filter(other))
        found = pl.select(pl.coalesce(found, mine)).to_series()
    if told := owner.place.month or _told_month(owner):
        return found.fill_null(told)
    undated = owner.at.select("row", value=pl.lit(None, pl.String)).filter(found.is_null())
    findings.rows(
        "missing", owner.head(next(iter(dates))), undated, ("日期，或用 --month 说明月份", "the date, or say the month with --month")
    )
    return found


def orgs(owner: Owner, findings: Findings) -> pl.Series:
    """每行的医院 · The hospital of every row: what the user said; rows that name another are findings."""
    text = owner.cell("org")
    if text is None:
        if not owner.place.org:
            raise FileError(
                "不知道是哪家医院",
                "it is not known which hospital this is",
                where=owner.name,
                mend=("请加 --org，如 --org H01", "say which with --org, such as --org H01"),
            )
        return pl.Series("org", [owner.place.org] * owner.at.height, dtype=pl.String)
    times = pl.lit(1) if owner.survey is None else owner.survey.rows["times"]
    mine = _mine(pl.select(value=owner.everywhere("org"), times=times).drop_nulls(), owner.place)
    other = ~text.is_in(mine).fill_null(value=True)
    findings.rows("other_org", owner.head("org"), owner.at.select("row", text.alias("value")).filter(other))
    return pl.Series("org", [owner.place.org or mine[0]] * owner.at.height, dtype=pl.String)


def is_of_another(owner: Owner, findings: Findings) -> bool:
    """整张表是否属于另一家医院 · Whether the title, the sheet's or the file's name says another hospital; then it is a finding."""
    for column, text in (("标题", owner.match.title), ("工作表", owner.sheet.name), ("文件名", owner.name)):
        told, name = whose(text, owner.place)
        if told == "other":
            findings.whole("other_hospital", column, text, (name, name))
        if told:
            return told == "other"
    return False


def _mine(written: pl.DataFrame, place: Place) -> list[str]:
    """本院的写法 · What in the column stands for the hospital itself: its name or code, else what may be its name."""
    known = {t: whose(t, place)[0] for t in written["value"].unique().sort().to_list()}
    if mine := [t for t, told in known.items() if told == "mine"]:
        return mine
    free = written.filter(pl.col("value").is_in([t for t, told in known.items() if not told]))
    if bool(free["value"].str.contains(CHINESE).any()):
        # An unknown name cannot be compared with a code; but one file is of one hospital, so a second name is a stranger.
        counted = free.group_by("value").agg(pl.col("times").sum())
        return [str(counted.sort("times", "value", descending=[True, False])["value"][0])]
    return [place.org or str(written["value"][0])]


def _written_month(owner: Owner) -> tuple[pl.Series | None, str]:
    year, month = owner.cell("year"), owner.cell("month_of_year")
    if year is not None and month is not None:
        joined = pl.select((year.str.strip_suffix("年") + "-" + month.str.strip_suffix("月")).alias("month")).to_series()
        return joined, owner.head("month_of_year")
    text = owner.cell("month")
    told = _told_month(owner) or owner.place.month
    if text is not None and told and bool(owner.everywhere("month").drop_nulls().str.contains(r"^\d{1,2}月?$").all()):
        text = told[:5] + text.str.strip_suffix("月")  # 月份 alone: the year stands in the title or was said
    return text, owner.head("month") if text is not None else ""


def _told_month(owner: Owner) -> str:
    return month_in(owner.match.title) or month_in(owner.sheet.name) or month_in(owner.name)


def _tell(findings: Findings, parsed: Parsed, column: str, at: pl.DataFrame) -> None:
    findings.cells(parsed, column, at)
    findings.rows("missing", column, at.filter(pl.col("value").is_null()), ("月份，如 2026-03", "the month, such as 2026-03"))


def _no_month(owner: Owner) -> FileError:
    return FileError(
        f"工作表「{owner.sheet.name}」没有写明月份",
        f"sheet {owner.sheet.name!r} does not say its month",
        where=owner.name,
        mend=(
            "请加 --month，如 --month 2026-03，或在表中加「统计年月」列",
            "say --month, such as --month 2026-03, or add a 统计年月 column",
        ),
    )
