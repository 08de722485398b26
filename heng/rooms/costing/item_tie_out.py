"""项目成本勾稽 · From the full cost of the hospital to services, step by step, down to a gap of 0.00.

医院全成本 − 口径外 − 药品 − 单独收费卫生材料 − 服务项目 − 未用产能 − 没有收费项目承担 − 已领用未计价 = 差额. The full cost is that
after all three steps, so that the tie-out also proves step 3. Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 数据核对.
"""

from typing import Any

from heng.core.capability import capability, sql
from heng.core.indicator import Indicator
from heng.core.params import Params
from heng.tables.costing import ScopeCost
from heng.tables.patients import UnmatchedCost
from heng.tables.services import ItemTieOut, ServiceCost, StageTwoCost


class Pool(Params, at="costing.service_pools"):
    """口径 · The scope in which services and patients are costed."""

    scope: str


class Scope(Params, at="costing.scopes"):
    """口径 · Which funds count in each scope."""

    scopes: list[Any]


@capability("项目成本勾稽", "item tie-out")
def item_tie_out(
    scope_costs: ScopeCost, costs: StageTwoCost, services: ServiceCost, unmatched: UnmatchedCost, pool: Pool, scope: Scope
) -> ItemTieOut:
    """逐步勾稽 · Nine rows per hospital and month: full cost, seven deductions (negative), and their sum, the gap."""
    return sql("""
with
chosen as (select fund from (select unnest($scopes::struct(scope varchar, fund varchar)[], recursive := true)) where scope = $scope),
step as (
    select * from (values
        (1, '医院全成本', 'full hospital cost'), (2, '口径外成本', 'cost outside the scope'), (3, '药品', 'drugs'),
        (4, '单独收费卫生材料', 'separately charged consumables'), (5, '服务项目', 'services'), (6, '未使用的能力', 'unused capacity'),
        (7, '没有收费项目承担', 'borne by no charged service'), (8, '已领用未计价', 'issued but not billed')) as s(step, name_zh, name_en)),
part as (
    select org, month, 1 as step, direct + indirect as amount from scope_costs where scope = 'hospital_full' union all
    select org, month, 2, -amount from costs where fund not in (select fund from chosen) union all
    select org, month, case kind when 'drug' then 3 when 'material' then 4 else 5 end, -amount from services union all
    select org, month, case reason when 'unused_capacity' then 6 when 'no_charge' then 7 else 8 end, -amount from unmatched
    where reason in ('unused_capacity', 'no_charge', 'issued_not_billed')),
total as (select org, month, step, sum(amount) as amount from part group by all),
cell as (select distinct org, month from part)
select c.org, c.month, s.step, s.name_zh, s.name_en, coalesce(t.amount, 0.00)::decimal(38,2) as amount
from cell c cross join step s left join total t on t.org = c.org and t.month = c.month and t.step = s.step
union all
select org, month, 9, '差额', 'gap', sum(amount)::decimal(38,2) from part group by all
""")


Indicator(
    key="item_tie_out_gap",
    zh="项目成本勾稽差额",
    en="item tie-out gap",
    unit="元",
    better="lower",
    of=ItemTieOut,
    where="step = 9",
    value="sum(abs(amount))",
    formula=("|差额|，应为 0.00", "|gap|, which must be 0.00"),
)
