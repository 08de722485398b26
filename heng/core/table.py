"""表是对行的承诺 · A Table is a promise about rows: columns, their meaning, units, key and grain.

Subclass it to make the promise. Rows live in the store; inside a capability an instance stands for them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import polars as pl

from heng.core.errors import TableError, did_you_mean

Grain = Literal["month", "org", "region", "region_month"]
Codes = Mapping[str, tuple[str, str]]

TABLES: dict[str, type["Table"]] = {}


@dataclass(frozen=True, kw_only=True)
class Column:
    """一列：对人的含义与对机器的类型 · One column: what it means to people and to machines.

    `type`: DuckDB type. `unit`: printed unit. `codes`: allowed codes with their words. `of`: the dictionary the
    code comes from (`dept`, `org`). `optional`: may be NULL. `private`: never leaves its organisation:
    it leaves every view that shows several hospitals together.
    `local`: a number that stands for something only inside one hospital and month: equal numbers elsewhere mean another.
    `derived`: expression over the table's other columns, worked out again after rows are added up over time.
    `stock`: a level, such as staff or beds: over several months its average counts, not its sum.
    `carried`: the capability gives it exact; rows are rounded to the fen by carrying the remainder to the next row in key
    order, so that they add up to the rounded exact total.
    """

    zh: str
    en: str
    type: str
    unit: str = ""
    codes: Codes = field(default_factory=dict)
    of: str = ""
    optional: bool = False
    private: bool = False
    local: bool = False
    derived: str = ""
    stock: bool = False
    carried: bool = False

    @property
    def additive(self) -> bool:
        """能否跨月相加 · Whether rows of several months may be added up in this column."""
        return not self.derived and self.type in ADDITIVE


ADDITIVE = ("decimal(18,2)", "decimal(18,4)", "bigint")
FRAME_TYPES: dict[str, pl.DataType] = {
    "varchar": pl.String(),
    "date": pl.Date(),
    "boolean": pl.Boolean(),
    "bigint": pl.Int64(),
    "integer": pl.Int32(),
    "decimal(18,2)": pl.Decimal(18, 2),
    "decimal(18,4)": pl.Decimal(18, 4),
    "decimal(18,6)": pl.Decimal(18, 6),
    "timestamp": pl.Datetime("us"),
}


def text(zh: str, en: str, **more: Any) -> Column:
    """文字 · Free text."""
    return Column(zh=zh, en=en, type="varchar", **more)


def code(zh: str, en: str, codes: Codes | None = None, **more: Any) -> Column:
    """编码 · A code out of a list (`codes`) or out of a dictionary table (`of`)."""
    return Column(zh=zh, en=en, type="varchar", codes=codes or {}, **more)


def day(zh: str, en: str, **more: Any) -> Column:
    """日期 · A date."""
    return Column(zh=zh, en=en, type="date", **more)


def moment(zh: str, en: str, **more: Any) -> Column:
    """时刻 · A date with its time of day, as the hospital's clock shows it."""
    return Column(zh=zh, en=en, type="timestamp", **more)


def flag(zh: str, en: str, **more: Any) -> Column:
    """是否 · True or false."""
    return Column(zh=zh, en=en, type="boolean", **more)


def money(zh: str, en: str, **more: Any) -> Column:
    """金额（元，两位小数） · Money in yuan, DECIMAL(18,2), never a float."""
    return Column(zh=zh, en=en, type="decimal(18,2)", unit="元", **more)


def rate(zh: str, en: str, unit: str, **more: Any) -> Column:
    """单位成本或比率（六位小数） · A unit cost or a ratio, DECIMAL(18,6)."""
    return Column(zh=zh, en=en, type="decimal(18,6)", unit=unit, **more)


def measured(zh: str, en: str, unit: str, **more: Any) -> Column:
    """数量（四位小数） · A measured quantity, DECIMAL(18,4)."""
    return Column(zh=zh, en=en, type="decimal(18,4)", unit=unit, **more)


def count(zh: str, en: str, unit: str, **more: Any) -> Column:
    """个数 · A whole number of things."""
    return Column(zh=zh, en=en, type="bigint", unit=unit, **more)


def number(zh: str, en: str, **more: Any) -> Column:
    """序号或行号 · A whole number that is a name, not an amount: never added up."""
    return Column(zh=zh, en=en, type="integer", **more)


ORG = code("医疗机构", "hospital", of="org")
MONTH = text("月份", "month")
PROVENANCE = {
    "file": code("来源文件", "source file and sheet", of="file"),
    "row": number("来源行号", "row in the source sheet"),
}


class Table:
    """一张表 · One table; an instance inside a capability stands for the rows of a run.

    Class keywords: `zh`, `en` names; `key` column names in order; `grain` "month" = one partition per (org, month),
    "org" = one per hospital (rows may be dated by `since`/`until`), "region" = one for all, "region_month" = one per
    month for the whole region; `source` = loaded from people's files, which adds `file` and `row`; `gate` = its rows of
    severity `error` stop the capabilities reading it; `summed` = a table too large to be held whole in memory: quality
    checks see it added up by these columns.
    """

    zh: ClassVar[str]
    en: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    grain: ClassVar[Grain]
    version: ClassVar[int]
    source: ClassVar[bool]
    gate: ClassVar[bool]
    summed: ClassVar[tuple[str, ...]]
    columns: ClassVar[dict[str, Column]]

    def __init_subclass__(  # noqa: PLR0913 - the whole declaration of a table stands in one place
        cls,
        *,
        zh: str,
        en: str,
        key: str,
        grain: Grain = "month",
        version: int = 1,
        source: bool = False,
        gate: bool = False,
        summed: str = "",
    ) -> None:
        """登记表及其列 · Register the table under its class name."""
        cls.zh, cls.en, cls.key, cls.grain, cls.version = zh, en, tuple(key.split()), grain, version
        cls.source, cls.gate, cls.summed = source, gate, tuple(summed.split())
        lead = {"month": {"org": ORG, "month": MONTH}, "org": {"org": ORG}, "region": {}, "region_month": {"month": MONTH}}[grain]
        own = {name: c for part in reversed(cls.__mro__) for name, c in vars(part).items() if isinstance(c, Column)}
        cls.columns = {**lead, **own, **(PROVENANCE if source else {})}
        if missing := [k for k in cls.key if k not in cls.columns]:
            raise TableError(f"主键列 {missing} 未声明", f"key columns {missing} are not declared", where=cls.__name__)
        if cls.__name__ in TABLES:
            raise TableError("表名重复", "this table name is taken", where=cls.__name__)
        TABLES[cls.__name__] = cls

    def __init__(self, fetch: Callable[[], pl.DataFrame]) -> None:
        """由引擎给出取行的办法 · The engine passes how to fetch the rows."""
        self._fetch = fetch

    def frame(self) -> pl.DataFrame:
        """从 SQL 到 Python 的唯一一扇门 · The one door from SQL to Python: a frame in key order, decimals kept."""
        return self._fetch()

    @classmethod
    def dated(cls) -> bool:
        """是否按日期生效 · Whether rows are valid from `since` (until `until`)."""
        return cls.grain == "org" and "since" in cls.columns

    @classmethod
    def empty(cls) -> str:
        """零行的同形查询 · A SELECT with the promised columns and no row."""
        return "select " + ", ".join(f"null::{c.type} as {quoted(n)}" for n, c in cls.columns.items()) + " where false"

    @classmethod
    def shaped(cls, have: Iterable[str], source: str) -> str:
        """把查询整形为承诺的列 · SQL that gives `source` exactly the promised columns, derived ones worked out.

        Raises TableError when `source` lacks a promised column.
        """
        for name, column in cls.columns.items():
            if name not in have and not column.derived:
                raise TableError(
                    f"缺少列 {name}（{column.zh}）",
                    f"column {name} ({column.en}) is missing",
                    where=cls.__name__,
                    mend=did_you_mean(name, have),
                )
        columns = (f"({c.derived or quoted(n)})::{c.type} as {quoted(n)}" for n, c in cls.columns.items())
        return f"select {', '.join(columns)} from ({source})"

    @classmethod
    def digest(cls, source: str) -> str:
        """质量检查所见 · SQL of what quality checks see of `source`: all its rows, or their sums where the table is `summed`."""
        if not cls.summed:
            return f"select * from {source}"
        keys = ", ".join(quoted(n) for n in dict.fromkeys(("org", "month", *cls.summed)))
        sums = (f"sum({quoted(n)})::{c.type} as {quoted(n)}" for n, c in cls.columns.items() if c.additive)
        firsts = (f"min({quoted(n)}) as {quoted(n)}" for n in PROVENANCE)
        return f"select {keys}, {', '.join([*sums, *firsts])} from {source} group by {keys}"

    @classmethod
    def schema(cls) -> pl.Schema:
        """在 Polars 中的列与类型 · The promised columns, in order, as Polars types."""
        return pl.Schema({name: FRAME_TYPES[column.type] for name, column in cls.columns.items()})

    @classmethod
    def full_key(cls) -> list[str]:
        """全键 · What tells rows apart and orders them: hospital, month, then the key."""
        return [*(n for n in ("org", "month") if n in cls.columns and n not in cls.key), *cls.key]

    @classmethod
    def order(cls) -> str:
        """全键排序 · The full key as SQL orders by it."""
        return ", ".join(quoted(n) for n in cls.full_key())


def quoted(name: str) -> str:
    """给列名加引号 · A column name in quotes: some plain words (check, table, column) are words of SQL too."""
    return '"' + name.replace('"', '""') + '"'


def table(name: str) -> type[Table]:
    """按名字找表 · Find a table by name; TableError with the nearest name when there is none."""
    if name not in TABLES:
        raise TableError(f"没有名为 {name} 的表", f"there is no table {name}", mend=did_you_mean(name, TABLES))
    return TABLES[name]
