"""装入时用户说了什么 · What the user said when a file was handed in: whose it is, which month, what its headers mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Place:
    """文件放在哪里 · Where a file belongs.

    `org`: hospital code. `month`: `2026-03`, or "" to find it in the file. `headers`: the hospital's own learned map,
    {table: {header text: column}}. `as_table`: a forced template, or "" to recognise it. `name`: the hospital's name.
    `others`: names and codes of the other hospitals of the region. These two tell a file that was handed in for the
    wrong hospital; they are no part of what the user said, so a Place is the same without them.
    """

    org: str
    month: str = ""
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    as_table: str = ""
    name: str = field(default="", repr=False, compare=False)
    others: tuple[str, ...] = field(default=(), repr=False, compare=False)
