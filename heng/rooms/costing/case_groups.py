"""病例分组 · The group of every case by principal diagnosis, DRG and DIP, and why a case does not count in its group's cost.

A grouping is used where any case of the month has a group in it. Cases in no group, too long, too cheap or without a cost
are told apart, not dropped; length and cheapness are asked of stays only. Source: 国卫财务发〔2021〕4号
公立医院成本核算规范, 病种成本核算; CHS-DRG 分组方案 (未入组、歧义组).
"""

from decimal import Decimal
from typing import Any

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.tables.cases import CaseCost, CaseGroup


class Rule(Params, at="costing.case_groups"):
    """分组与剔除 · Characters of the diagnosis kept, codes that are no group, the longest stay and the least cost."""

    diagnosis_characters: int
    ungrouped: list[Any]
    longest_days: int
    least_cost: Decimal


@capability("病例分组", "group of a case")
def case_groups(cases: CaseCost, rule: Rule) -> CaseGroup:
    """分组并写明原因 · One row per case and grouping in use."""
    return sql("""
with
pattern as (select unnest($ungrouped::varchar[]) as pattern),
coded as (
    select org, month, encounter, 'diagnosis' as scheme, substring(diagnosis, 1, $diagnosis_characters) as code from cases
    union all select org, month, encounter, 'drg', drg from cases
    union all select org, month, encounter, 'dip', dip from cases),
used as (select distinct org, month, scheme from coded where code <> ''),
none as (select distinct c.code from coded c join pattern p on c.code like p.pattern)
select g.org, g.month, g.encounter, g.scheme, coalesce(g.code, '') as "group",
    case when c.amount is null then 'uncosted'
        when coalesce(g.code, '') = '' or n.code is not null then 'ungrouped'
        when c.care <> 'outpatient' and c.days > $longest_days then 'long_stay'
        when c.care <> 'outpatient' and c.amount < $least_cost then 'low_cost'
        else '' end as excluded
from coded g
join used u on u.org = g.org and u.month = g.month and u.scheme = g.scheme
join cases c on c.org = g.org and c.month = g.month and c.encounter = g.encounter
left join none n on n.code = g.code
""")
