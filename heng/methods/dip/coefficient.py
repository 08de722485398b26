"""医院系数 · Coefficient of a hospital: basic (mean of its class ÷ mean of all) plus additions (Σ weight × mark).

Source: 医保办发〔2020〕50号 DIP 技术规范（医疗机构等级系数）; 基本系数加加成系数的算式与权重为行业实现, 待本地文件确认.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction


def basic(own: tuple[int, int], whole: tuple[int, int]) -> Fraction | None:
    """基本系数 · Mean of the class ÷ mean of all, each (cases, cost); None where one has no case or all cost nothing."""
    (size, cost), (cases, total) = own, whole
    return Fraction(cost * cases, size * total) if size and total else None


def addition(marks: Mapping[str, Fraction], weights: Mapping[str, Fraction]) -> Fraction:
    """加成系数 · Σ weight × mark; what is not marked adds nothing."""
    return sum((weights[name] * mark for name, mark in marks.items() if name in weights), Fraction())
