"""政策影响 · Surplus and shortfall of every department now and in another edition, by fees and by cost, beside each other.

Of the cases whose standard is known in both editions. Rates, weights, coefficients and what else the rules say are changed by a
what-if, which works everything out anew. Source: 政策变化影响测算（版本、权重、费率）.
"""

from heng.core.capability import capability, sql
from heng.tables.cases import CaseCost
from heng.tables.editions import EditionCase, PolicyEffect


@capability("政策影响", "effects of a policy")
def policy_effects(cases: EditionCase, costs: CaseCost) -> PolicyEffect:
    """逐科室汇总 · One row per edition and department."""
    return sql("""
with
beside as (
    select c.*, k.amount as cost, c.standard is not null and c.new_standard is not null as known
    from cases c left join costs k on k.org = c.org and k.month = c.month and k.encounter = c.encounter)
select org, month, pack, coalesce(dept, '') as dept, count(*) as cases, count(case when known then 1 end) as compared,
    count(case when "group" <> to_group then 1 end) as moved,
    sum(case when known then weight end)::decimal(18,6) as weight, sum(case when known then new_weight end)::decimal(18,6) as new_weight,
    sum(case when known then standard end)::decimal(18,2) as standard,
    sum(case when known then new_standard end)::decimal(18,2) as new_standard,
    case when count(case when known and fee is null then 1 end) = 0
        then sum(case when known then fee end) end::decimal(18,2) as fee,
    case when count(case when known and cost is null then 1 end) = 0
        then sum(case when known then cost end) end::decimal(18,2) as cost
from beside group by org, month, pack, coalesce(dept, '')
""")
