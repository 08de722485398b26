"""指标：从一张表看出的一个数 · An indicator is one number seen from a table, with unit, better direction and words."""

from dataclasses import dataclass
from typing import Literal

from heng.core.table import Table

INDICATORS: dict[str, "Indicator"] = {}


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """一个指标 · `value` is an SQL expression over the rows of `of`; `formula` says it in words, Chinese then English.

    A plain ratio gives `numerator`, in yuan or pieces, and `denominator` instead, and `times`, what their ratio is told in.
    """

    key: str
    zh: str
    en: str
    unit: str
    better: Literal["higher", "lower", "neither"]
    of: type[Table]
    formula: tuple[str, str]
    value: str = ""
    numerator: str = ""
    denominator: str = ""
    times: int = 1
    where: str = "true"

    def __post_init__(self) -> None:
        """登记 · Register under its key."""
        INDICATORS[self.key] = self
        if not self.value:
            above = self.numerator if self.times == 1 else f"{self.times} * ({self.numerator})"
            object.__setattr__(self, "value", f"ratio({above}, {self.denominator})" if self.denominator else self.numerator)
