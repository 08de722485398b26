"""指标：从一张表看出的一个数 · An indicator is one number seen from a table, with unit, better direction and words."""

from dataclasses import dataclass
from typing import Literal

from heng.core.table import Table

INDICATORS: dict[str, "Indicator"] = {}


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """一个指标 · `value` is an SQL expression over the rows of `of`; `formula` says it in words, Chinese then English."""

    key: str
    zh: str
    en: str
    unit: str
    better: Literal["higher", "lower", "neither"]
    of: type[Table]
    value: str
    formula: tuple[str, str]
    where: str = "true"

    def __post_init__(self) -> None:
        """登记 · Register under its key."""
        INDICATORS[self.key] = self
