"""成本收入比法患者成本 · Cost of every encounter: Σ income of each service unit × its cost-to-income ratio.

The ratio is carried to twelve decimals, so that the encounters of a unit add up to its cost by the income they
brought. Income of a unit without a ratio is in the income, not in the cost; so is that of a unit whose net income is
not positive, or whose ratio is above the limit: after refunds a fen of income would carry the whole cost of the unit.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 病种成本核算: 成本收入比法 (服务单元叠加).
"""

from decimal import Decimal

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.tables.cases import ChargeRatio, RatioCost
from heng.tables.patients import Charge, Service


class Rule(Params, at="costing.ratio_costs"):
    """比率上限 · The ratio above which a unit's ratio is taken as unknown."""

    limit: Decimal


@capability("成本收入比法患者成本", "cost by ratios")
def ratio_costs(charges: Charge, services: Service, ratios: ChargeRatio, rule: Rule) -> RatioCost:
    """算出患者成本 · One row per encounter with income of a unit whose ratio is known."""
    return sql("""
with rate as (
    select s.org, s.month, s.service,
        fine(r.amount, r.income)::decimal(20,12) as cost, fine(r.variable, r.income)::decimal(20,12) as variable
    from services s join ratios r on r.org = s.org and r.month = s.month and r.dept = s.dept and r.step = s.step
    where r.income > 0 and abs(r.amount) <= $limit * r.income and abs(coalesce(r.variable, 0.00)) <= $limit * r.income)
select c.org, c.month, c.encounter, sum(c.amount) as income,
    sum(c.amount * r.variable) as variable, sum(c.amount * r.cost) as amount
from charges c left join rate r on r.org = c.org and r.month = c.month and r.service = c.service
where c.encounter > 0
group by c.org, c.month, c.encounter having count(r.service) > 0
""")
