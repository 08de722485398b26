"""分摊参数选用 · Which driver each giver uses for each cost item: the first in line whose base is not zero.

In line stand: a rule for this department and item, the driver in the department dictionary, a rule for this
department, a rule for its class and item, a rule for its class. Where a later one had to be taken, readiness says so.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 分摊参数.
"""

from typing import Any

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.tables.costing import DriverBase, DriverChoice
from heng.tables.organisation import Department


class Rule(Params, at="costing.choose_drivers"):
    """选用规则 · Drivers by department, class and item, first choice first."""

    choices: list[Any]


@capability("分摊参数选用", "driver choice")
def choose_drivers(departments: Department, bases: DriverBase, rule: Rule) -> DriverChoice:
    """选定参数 · One row per giver and cost item; `driver` is empty only when none is set."""
    return sql("""
with
listed as (
    select place, ($choices::struct(dept varchar, category varchar, item varchar, driver varchar)[])[place] as said
    from (select unnest(range(1, len($choices::struct(driver varchar)[]) + 1)) as place)),
choice as (
    select coalesce(said.dept, '') as dept, coalesce(said.category, '') as category, coalesce(said.item, '') as item, said.driver, place
    from listed),
class as (
    select unnest([
        {'category': 'common', 'stage': 0}, {'category': 'admin', 'stage': 1}, {'category': 'support', 'stage': 2},
        {'category': 'medtech', 'stage': 3}], recursive := true)),
giver as (
    select d.org, d.month, d.dept, d.driver, d.category, c.stage from departments d join class c on c.category = d.category
    where d.leaf and not d.disabled),
need as (
    select g.*, i.item from giver g,
        unnest(['staff', 'material', 'drug', 'depreciation', 'amortisation', 'risk', 'other']) as i(item)),
in_line as (
    select org, month, dept, item, driver, 2000 as place from need where driver is not null union all
    select n.org, n.month, n.dept, n.item, c.driver,
        c.place + case when c.dept <> '' then if(c.item <> '', 1000, 3000) else if(c.item <> '', 4000, 5000) end
    from need n join choice c on c.dept in ('', n.dept) and c.category in ('', n.category) and c.item in ('', n.item)),
total as (select org, month, giver, driver, sum(value) as base_total from bases where open group by all),
tried as (
    select l.*, coalesce(t.base_total, 0) as base_total, first_value(l.driver) over wanted as wanted
    from in_line l left join total t on t.org = l.org and t.month = l.month and t.giver = l.dept and t.driver = l.driver
    window wanted as (partition by l.org, l.month, l.dept, l.item order by l.place)),
chosen as (
    select * from tried qualify row_number() over (partition by org, month, dept, item order by base_total > 0 desc, place) = 1)
select n.org, n.month, n.dept as giver, n.stage, n.item, c.wanted, c.driver, c.base_total::decimal(18,4) as base_total
from need n left join chosen c on c.org = n.org and c.month = n.month and c.dept = n.dept and c.item = n.item
""")
