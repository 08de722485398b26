"""成本习性占比 · How much of a department's cost after step 2 is fixed and how much variable, in the scope chosen.

Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 成本习性.
"""

from typing import Any

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.tables.patients import BehaviourShare
from heng.tables.services import StageTwoCost


class Pool(Params, at="costing.service_pools"):
    """口径 · The scope in which services and patients are costed."""

    scope: str


class Scope(Params, at="costing.scopes"):
    """口径 · Which funds count in each scope."""

    scopes: list[Any]


@capability("成本习性占比", "behaviour shares")
def behaviour_shares(costs: StageTwoCost, pool: Pool, scope: Scope) -> BehaviourShare:
    """固定与变动各占多少 · One row per department, cost item and behaviour that is not zero."""
    return sql("""
with
chosen as (select fund from (select unnest($scopes::struct(scope varchar, fund varchar)[], recursive := true)) where scope = $scope),
part as (
    select org, month, dept, item, behaviour, sum(amount) as amount from costs where fund in (select fund from chosen) group by all),
whole as (select org, month, dept, item, sum(amount) as amount from part group by all)
select p.org, p.month, p.dept, p.item, p.behaviour, p.amount, ratio(p.amount, w.amount) as share
from part p join whole w on w.org = p.org and w.month = p.month and w.dept = p.dept and w.item = p.item
where p.amount <> 0
""")
