"""隐性成本完整性 · Hidden cost: what small hospitals leave out (training, depreciation, risk fund …), recorded or not.

For each cost on the list: what the month's feeds, bookings or ledger hold; where they hold nothing, an estimate with its
basis, marked as imputed. Nothing is filled in silently: `recorded` stays empty, and no estimate is ever added to cost.
"""

from typing import Any

from heng.core.capability import capability, sql
from heng.core.indicator import Indicator
from heng.core.params import Params
from heng.tables.activity import Area, Income, StaffCount
from heng.tables.booked import Asset, CostBooking, Depreciation, LedgerBalance, OtherCost, Salary
from heng.tables.quality import HiddenCost


class Rule(Params, at="standards.hidden_cost"):
    """常漏的成本怎样认出、怎样估算 · How each is recognised (words, feed) and estimated (estimate, value), and the basis in words."""

    costs: list[Any]
    intangible_words: list[str]


@capability("隐性成本完整性", "hidden cost completeness")
def hidden_cost(
    booking: CostBooking, other: OtherCost, ledger: LedgerBalance, depreciation: Depreciation, salary: Salary,
    asset: Asset, staff: StaffCount, area: Area, income: Income, rule: Rule,
) -> HiddenCost:  # fmt: skip
    """每院每月每项一行 · One row for each listed cost; feeds before bookings before the ledger, so nothing counts twice."""
    return sql(COMPARED)


COMPARED = """
with
cost as (
    select unnest($costs::struct(hidden varchar, zh varchar, en varchar, words varchar[], feed varchar,
        estimate varchar, value varchar, basis varchar)[], recursive := true)),
word as (select hidden, unnest(words) as word from cost),
intangible_word as (select unnest($intangible_words) as word),
intangible as (
    select distinct concat(a.asset_class, a.name) as words from asset a
    join intangible_word w on contains(concat(a.asset_class, a.name), w.word)),
said as (
    select org, month, concat(subject, ' ', subject_name) as words, amount, 1 as rank from booking union all
    select org, month, concat(subject, ' ', subject_name), amount, 1 from other union all
    select org, month, concat(subject, ' ', subject_name), amount, 2 from ledger),
told as (select distinct s.words, w.hidden from said s join word w on contains(s.words, w.word)),
fed as (
    select org, month, case when intangible then 'amortisation' else 'depreciation' end as feed, sum(amount) as amount
    from depreciation group by all union all
    select org, month, 'insurance', sum(insurance) from salary group by all having sum(insurance) is not null union all
    select org, month, 'housing', sum(housing) from salary group by all having sum(housing) is not null),
found as (
    select f.org, f.month, c.hidden, 0 as rank, f.amount from fed f join cost c on c.feed = f.feed union all
    select s.org, s.month, t.hidden, s.rank, sum(s.amount) from said s join told t on t.words = s.words group by all),
recorded as (
    select org, month, hidden, amount from found qualify row_number() over (partition by org, month, hidden order by rank) = 1),
card as (  -- 启用次月起提，停用当月照提，提足为止
    select m.org, m.month, a.cost, a.life_years, i.words is not null as intangible
    from asset a join run_month m on m.org = a.org
    left join intangible i on i.words = concat(a.asset_class, a.name)
    where a.acquired < m.first_day and (a.disposed is null or a.disposed >= m.first_day)
        and (a.life_years is null or datediff('month', a.acquired, m.first_day) <= a.life_years * 12)),
base as (
    select org, month, 'per_head' as estimate, sum(total)::decimal(18, 4) as base, 12 as divisor from staff group by all union all
    select org, month, 'per_area', sum(area)::decimal(18, 4), 1 from area group by all union all
    select org, month, 'per_mille_income', sum(amount)::decimal(18, 4), 1000 from income group by all union all
    select org, month, 'per_cent_pay', sum(amount)::decimal(18, 4), 100 from salary group by all union all
    select org, month, 'per_cent_assets', sum(cost)::decimal(18, 4), 1200 from card where not intangible group by all union all
    select org, month, case when intangible then 'straight_line_intangible' else 'straight_line' end,
        sum(muldiv(cost, 1, life_years * 12))::decimal(18, 4), 1
    from card where life_years > 0 group by all),
judged as (
    select m.org, m.month, c.*, r.amount as recorded, b.base,
        case when r.amount is null then muldiv(b.base, c.value::decimal(18, 4), b.divisor)::decimal(18, 2) end as imputed
    from run_month m cross join cost c
    left join recorded r on r.org = m.org and r.month = m.month and r.hidden = c.hidden
    left join base b on b.org = m.org and b.month = m.month and b.estimate = c.estimate)
select org, month, hidden, zh as name_zh, en as name_en, '' as dept, recorded, imputed, imputed is not null as is_imputed,
    case when recorded is not null then '已记录，不估算 · recorded, no estimate'
        when imputed is not null then concat(basis, '（', rtrim(rtrim(base::varchar, '0'), '.'), '）')
        when estimate = 'none' then basis
        else concat('缺少估算所需的数据：', basis) end as basis
from judged
"""


Indicator(
    key="hidden_costs_unrecorded",
    zh="未记录的隐性成本项数",
    en="hidden costs not recorded",
    unit="项",
    better="lower",
    of=HiddenCost,
    value="count(*) filter (where recorded is null)",
    formula=("清单中本月没有任何记录的项数", "listed costs with no record in the month"),
)
Indicator(
    key="hidden_costs_imputed",
    zh="隐性成本估算额（不计入成本）",
    en="hidden cost imputed (not in cost)",
    unit="元",
    better="lower",
    of=HiddenCost,
    value="sum(imputed)",
    formula=("未记录各项的估算额之和", "sum of estimates of what is not recorded"),
)
