"""分摊基数 · Under each driver that a giver may use: which departments used how much, and which are still open to it.

Only leaf departments in force take part. A giver's own use and departments outside costing never enter its base.
A hospital may name the eligible receivers of a giver. Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 三级分摊.
"""

from typing import Any

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.tables.costing import DriverBase, DriverValue
from heng.tables.organisation import Department


class Rule(Params, at="costing.choose_drivers"):
    """选用规则 · The drivers a giver may use, and whom it may serve."""

    choices: list[Any]
    receivers: list[Any]


@capability("分摊基数", "driver bases")
def find_bases(departments: Department, driver_values: DriverValue, rule: Rule) -> DriverBase:
    """列出分摊基数 · One row per giver, candidate driver and receiver with a value; `open` = a later class."""
    return sql("""
with
choice as (select unnest($choices::struct(dept varchar, category varchar, item varchar, driver varchar)[], recursive := true)),
eligible as (select unnest($receivers::struct(giver varchar, receiver varchar)[], recursive := true)),
class as (
    select unnest([
        {'category': 'common', 'stage': 0}, {'category': 'admin', 'stage': 1}, {'category': 'support', 'stage': 2},
        {'category': 'medtech', 'stage': 3}, {'category': 'clinical', 'stage': 4}], recursive := true)),
unit as (
    select d.org, d.month, d.dept, d.driver, d.category, c.stage from departments d join class c on c.category = d.category
    where d.leaf and not d.disabled),
giver as (select * from unit where stage < 4),
candidate as (
    select g.org, g.month, g.dept, g.stage, g.driver from giver g where g.driver is not null union
    select g.org, g.month, g.dept, g.stage, c.driver from giver g join choice c
        on coalesce(c.dept, '') in ('', g.dept) and coalesce(c.category, '') in ('', g.category))
select g.org, g.month, g.dept as giver, g.driver, v.receiver, g.stage, r.stage > g.stage as open, sum(v.value)::decimal(18,4) as value
from candidate g
join driver_values v on v.org = g.org and v.month = g.month and v.driver = g.driver and v.giver in ('', g.dept)
join unit r on r.org = g.org and r.month = g.month and r.dept = v.receiver and r.stage > 0 and r.dept <> g.dept
where v.value <> 0 and (
    not exists (from eligible e where e.giver = g.dept)
    or exists (from eligible e where e.giver = g.dept and e.receiver = v.receiver))
group by all
""")
