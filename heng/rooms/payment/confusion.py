"""分组混淆表 · Which of our groups became which of the insurer's, where they differ, from the highest level that differs.

Source: 医保月结算对账（分组差异）.
"""

from heng.core.capability import capability, sql
from heng.tables.returns import Confusion, ReturnCheck


@capability("分组混淆表", "confusion of groups")
def confusion(checks: ReturnCheck) -> Confusion:
    """数出错位 · One row per pair of groups that differ."""
    return sql("""
select org, month, "group", their_group,
    case when left("group", 1) <> left(their_group, 1) then 'mdc' when left("group", 3) <> left(their_group, 3) then 'adrg'
        else 'drg' end as departs,
    count(*) as cases, case when count(shortfall) = count(*) then sum(shortfall)::decimal(18,2) end as shortfall
from checks where "group" <> their_group
group by org, month, "group", their_group
""")
