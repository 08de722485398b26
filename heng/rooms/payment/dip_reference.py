"""DIP 病种基准费用 · Last year's mean of every disease, in the region and in each class of hospitals; and the disease's coefficient.

What a case costs is judged against last year's mean of its disease in hospitals of its class. The coefficient of a disease in
a class is the weighted mean of the class ÷ that of all. Source: 医保办发〔2020〕50号 DIP 技术规范（偏差病例以上一年度同级别
医疗机构例均费用为准）; 分病种系数为行业实现, 待本地文件确认.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import polars as pl

from heng.core.capability import capability
from heng.methods.dip.score import weighted_mean
from heng.methods.rounding import decimal
from heng.rooms.payment.dip_history import MONTHS, Basis, Years, bases, groupable, weights_of
from heng.tables.dip import DipCatalogue, DipMatch, DipReference, DipStay

EVERY = "all"


@capability("DIP 病种基准费用", "references of DIP diseases", months=MONTHS)
def dip_reference(stays: DipStay, matches: DipMatch, catalogue: DipCatalogue, years: Years) -> DipReference:
    """算出基准费用 · One row per month, class of hospitals and disease with cases in the last year of the history."""
    every = bases(groupable(stays.frame(), matches.frame()), catalogue.frame())
    rows = [
        {"month": month, **r} for basis in every for found in [list(_means(basis, years.weights))] for month in basis.months for r in found
    ]
    return pl.DataFrame(rows, schema=DipReference.schema())


def _means(basis: Basis, told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    cases = basis.placed()
    both = pl.concat([cases, cases.with_columns(hospital_class=pl.lit(EVERY))])
    sums = (
        both.group_by("hospital_class", "group", "year")
        .agg(cases=pl.len(), fee=pl.col("fee").sum())
        .sort("hospital_class", "group", "year")
    )
    weights, found = weights_of(basis.history, told), dict[tuple[str, str], dict[int, tuple[int, int]]]()
    for hospital_class, group, year, size, fee in sums.iter_rows():
        found.setdefault((hospital_class, group), {})[year] = size, fee
    for (hospital_class, group), years in found.items():
        own, whole = weighted_mean(years, weights), weighted_mean(found[EVERY, group], weights)
        size, fee = years.get(max(weights), (0, 0))
        if size and own and whole:
            yield {
                "hospital_class": hospital_class,
                "group": group,
                "cases": size,
                "mean": decimal(Fraction(fee, 100 * size)),
                "coefficient": decimal(own / whole),
            }
