"""四口径成本 · Full cost of clinical departments in the four statutory scopes: 医疗业务, 医疗, 医疗全, 医院全成本.

A scope is a filter: which funds count, and whether what came from administration counts. For costs that are not
negative 业务 ≤ 医疗 ≤ 医疗全 ≤ 医院全. Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 成本口径.
"""

from typing import Any

from heng.core.capability import capability, sql
from heng.core.indicator import Indicator
from heng.core.params import Params
from heng.tables.costing import DeptCost, ScopeCost


class Rule(Params, at="costing.scopes"):
    """口径 · For each scope the funds that count, and whether administration counts."""

    scopes: list[Any]


@capability("四口径成本", "cost in four scopes")
def scopes(costs: DeptCost, rule: Rule) -> ScopeCost:
    """按口径汇总 · Direct and indirect cost per department, scope and each of the seven items (zero where there is none)."""
    return sql("""
with
scope as (select unnest($scopes::struct(scope varchar, fund varchar, management boolean)[], recursive := true)),
full_table as (
    select distinct c.org, c.month, c.dept, c.setting, s.scope, i.item
    from costs c, scope s, unnest(['staff', 'material', 'drug', 'depreciation', 'amortisation', 'risk', 'other']) as i(item)),
counted as (
    select c.org, c.month, c.dept, s.scope, c.item,
        sum(c.amount) filter (c.bucket = 'dir') as direct, sum(c.amount) filter (c.bucket <> 'dir') as indirect
    from costs c join scope s on s.fund = c.fund and (s.management or not contains(c.bucket, 'man'))
    group by all)
select f.*, coalesce(c.direct, 0.00)::decimal(18,2) as direct, coalesce(c.indirect, 0.00)::decimal(18,2) as indirect
from full_table f left join counted c
    on c.org = f.org and c.month = f.month and c.dept = f.dept and c.scope = f.scope and c.item = f.item
""")


for _item, _key, _zh, _en in (
    ("staff", "staff_share", "人员经费占比", "staff share of cost"),
    ("material", "material_share", "卫生材料费占比", "consumables share of cost"),
    ("drug", "drug_cost_share", "药品费占比", "drug share of cost"),
):
    Indicator(
        key=_key,
        zh=_zh,
        en=_en,
        unit="1",
        better="neither",
        of=ScopeCost,
        where="scope = 'medical'",
        value=f"ratio(sum(amount) filter (item = '{_item}'), sum(amount))",
        formula=("该成本项目 ÷ 医疗成本", "cost of the item ÷ medical cost"),
    )
