"""环节成本标杆 · What a case of a group costs at a step in the hospital at the best quartile of the region, last quarter.

The value at a rank is always one that a hospital reached. Source: 事前预算的环节成本标准（最优四分位）.
"""

from decimal import Decimal

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.tables.margin import MarginStep, StepBenchmark


class Region(Params, at="costing.disease_standards"):
    """标杆 · The rank of the best quartile, and how many hospitals it needs."""

    quartile: Decimal
    least: int


@capability("环节成本标杆", "benchmarks of steps", months=3)
def step_benchmarks(steps: MarginStep, region: Region) -> StepBenchmark:
    """求标杆 · One row per month, group and step with enough hospitals in the quarter that ends with the month."""
    return sql("""
with
seen as (
    select e.month as closing, w.org, w.month from (select distinct month, first_day from run_month) e
    join run_month w on w.first_day <= e.first_day and w.first_day > e.first_day - interval 3 month),
mean as (
    select s.closing, t.org, t."group", t.step, ratio(sum(t.amount), sum(t.cases)) as cost
    from seen s join steps t on t.org = s.org and t.month = s.month group by s.closing, t.org, t."group", t.step),
ranked as (
    select *, row_number() over (partition by closing, "group", step order by cost, org) as place,
        count(*) over (partition by closing, "group", step) as hospitals
    from mean where cost > 0)
select closing as month, "group", step, hospitals, max(case when place = ceil(hospitals * $quartile) then cost end) as best
from ranked where hospitals >= $least
group by closing, "group", step, hospitals
""")
