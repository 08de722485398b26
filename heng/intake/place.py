"""装入时用户说了什么 · What the user said when a file was handed in: whose it is, which month, what its headers mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Place:
    """文件放在哪里 · Where a file belongs.

    `org`: hospital code. `month`: `2026-03`, or "" to find it in the file. `headers`: the hospital's own learned map,
    {table: {header text: column}}. `as_table`: a forced template, or "" to recognise it.
    """

    org: str
    month: str = ""
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    as_table: str = ""
