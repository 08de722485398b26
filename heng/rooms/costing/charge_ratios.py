"""成本收入比 · What a yuan of income costs at every service unit: a department's step of care.

A ratio that was set (by a region or the hospital) comes first: the cost is then the income × the ratio. Else the cost is
what the services of the unit cost. Without income there is no ratio, and without a cost no row.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 病种成本核算: 成本收入比法.
"""

from typing import Any

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.tables.cases import ChargeRatio
from heng.tables.patients import Service
from heng.tables.services import ServiceCost


class Rule(Params, at="costing.charge_ratios"):
    """已定的比率 · Ratios that are set: for a department's step, or for a step in every department (empty department)."""

    given: list[Any]


@capability("成本收入比", "cost-to-income ratios")
def charge_ratios(services: Service, costs: ServiceCost, rule: Rule) -> ChargeRatio:
    """算出或采用比率 · One row per department and step that has a cost or a ratio."""
    return sql("""
with
given as (
    select unnest($given::struct(dept varchar, step varchar, ratio decimal(18,6), variable decimal(18,6))[], recursive := true)),
unit as (
    select s.org, s.month, s.dept, s.step, sum(s.income) as income, sum(c.variable) as variable, sum(c.amount) as amount
    from services s left join costs c on c.org = s.org and c.month = s.month and c.service = s.service
    group by s.org, s.month, s.dept, s.step),
priced as (
    select u.org, u.month, u.dept, u.step, u.income,
        case when g.step is null then u.variable else (u.income * g.ratio * g.variable)::decimal(38,2) end as variable,
        case when g.step is null then u.amount else (u.income * g.ratio)::decimal(38,2) end as amount
    from unit u left join given g on g.step = u.step and g.dept in (u.dept, '')
    qualify row_number() over (partition by u.org, u.month, u.dept, u.step order by coalesce(g.dept, '') desc) = 1)
select * from priced where amount is not null
""")
