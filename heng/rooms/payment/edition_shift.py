"""版本变化 · Where the cases of a group go in another edition, and what that does to weight and standard.

Sums are of the cases whose standard is known in both editions; how many those are stands beside.
Source: 新旧版本对比（同一批病例）.
"""

from heng.core.capability import capability, sql
from heng.tables.editions import EditionCase, EditionShift


@capability("版本变化", "shift between editions")
def edition_shift(cases: EditionCase) -> EditionShift:
    """汇总去向 · One row per edition, group now and group then."""
    return sql("""
with beside as (select *, standard is not null and new_standard is not null as known from cases)
select org, month, pack, "group", to_group, count(*) as cases, count(case when known then 1 end) as compared,
    sum(case when known then weight end)::decimal(18,6) as weight, sum(case when known then new_weight end)::decimal(18,6) as new_weight,
    sum(case when known then standard end)::decimal(18,2) as standard,
    sum(case when known then new_standard end)::decimal(18,2) as new_standard
from beside group by org, month, pack, "group", to_group
""")
