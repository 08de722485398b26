"""分摊前检查 · The list of errors before the run: what would make an allocation wrong or impossible, and how to mend it.

The wording and severity of every check stand in policy, where a hospital may change them; the conditions stand here.
A giver is examined only when cost reaches it: its own, or what givers before it hand on.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范; 医疗风险基金按医疗收入的 1‰–3‰ 计提.
"""

from decimal import Decimal
from typing import Any

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.tables.activity import Income, InpatientWork, OutpatientWork, StaffShare
from heng.tables.booked import CostBooking, LedgerBalance
from heng.tables.costing import CostLine, DriverBase, DriverChoice, DriverValue, Readiness
from heng.tables.organisation import Department


class Rule(Params, at="costing.readiness"):
    """检查的措辞与界限 · What each check says, and the limits of the risk provision as shares of medical income."""

    checks: list[Any]
    risk_low: Decimal
    risk_high: Decimal
    risk_limit: Decimal


class Step(Params, at="costing.step_down"):
    """分摊规则 · Whether the departments of a class first serve each other: then cost reaches them too."""

    peer: dict[str, bool]


@capability("分摊前检查", "readiness")
def readiness(
    lines: CostLine,
    departments: Department,
    driver_values: DriverValue,
    bases: DriverBase,
    choices: DriverChoice,
    shares: StaffShare,
    bookings: CostBooking,
    ledger: LedgerBalance,
    incomes: Income,
    outpatient: OutpatientWork,
    inpatient: InpatientWork,
    rule: Rule,
    step: Step,
) -> Readiness:
    """列出错误、警告与提示 · One row per check and department; `error` rows stop the month."""
    return sql(FINDINGS)


FINDINGS = """
with recursive
word as (select unnest($checks::struct(
    id varchar, severity varchar, zh varchar, en varchar, mend_zh varchar, mend_en varchar)[], recursive := true)),
peered as (select unnest([$peer::struct(admin boolean, support boolean, medtech boolean)], recursive := true)),
counted as (select * from lines where excluded = ''),
spent as (select org, month, dept, sum(amount) as amount from counted group by all),
cell as (select distinct org, month from departments union select distinct org, month from lines),
unit as (select * from departments where leaf and not disabled and category in ('clinical', 'medtech', 'support', 'admin')),
reached as (  -- 至多六步：三类各先平级一次，再给后面的类
    select org, month, dept, 0 as step from (
        select distinct org, month, dept from counted union
        select s.org, s.month, s.dept from shares s where s.share > 0) union all
    select distinct b.org, b.month, b.receiver, a.step + 1 from reached a
    join choices c on c.org = a.org and c.month = a.month and c.giver = a.dept
    join bases b on b.org = c.org and b.month = c.month and b.giver = c.giver and b.driver = c.driver
    join unit r on r.org = b.org and r.month = b.month and r.dept = b.receiver
    cross join peered p
    where a.step < 6 and b.value > 0 and (b.open or case  -- 平级分摊时，同类科室也会得到成本
        when b.stage = 1 and r.category = 'admin' then p.admin when b.stage = 2 and r.category = 'support' then p.support
        when b.stage = 3 and r.category = 'medtech' then p.medtech else false end)),
bearing as (select distinct org, month, dept from reached),
present as (select distinct org, month, item from counted),
giving as (
    select c.*, exists (
        from departments d where d.org = c.org and d.month = c.month and d.leaf and not d.disabled and d.category = 'clinical') as served
    from choices c join bearing b on b.org = c.org and b.month = c.month and b.dept = c.giver
    join present p on p.org = c.org and p.month = c.month and p.item = c.item),
risk as (
    select c.org, c.month, sum(c.amount) as provision, any_value(i.income) as income
    from counted c join departments d on d.org = c.org and d.month = c.month and d.dept = c.dept and d.category in ('clinical', 'medtech')
    join (select org, month, sum(amount) as income from incomes group by all) i on i.org = c.org and i.month = c.month and i.income > 0
    where c.item = 'risk' group by all),
rated as (select *, ratio(provision, income) as rate from risk),
worked as (
    select org, month, dept, visits as volume, 'outpatient' as setting from outpatient union all
    select org, month, dept, bed_days, 'inpatient' from inpatient),
taken as (
    select org, month, sum(amount) as amount from (
        select org, month, amount from bookings union all
        select org, month, -amount from lines where feed = 'CostBooking') group by all having sum(amount) <> 0),
found as (
    select s.org, s.month, 'dept_unknown' as id, s.dept, s.amount::varchar as detail
    from spent s anti join departments d using (org, month, dept) union all
    select s.org, s.month, 'dept_not_leaf', s.dept, s.amount::varchar
    from spent s join departments d using (org, month, dept) where not d.leaf union all
    select s.org, s.month, 'dept_disabled', s.dept, s.amount::varchar
    from spent s join departments d using (org, month, dept) where d.disabled union all
    select s.org, s.month, 'class_missing', s.dept, s.amount::varchar
    from spent s join departments d using (org, month, dept) where d.category is null union all
    select s.org, s.month, 'outside_cost', s.dept, s.amount::varchar
    from spent s join departments d using (org, month, dept) where d.category = 'outside' union all
    select org, month, 'setting_missing', dept, name from unit where category = 'clinical' and coalesce(setting, 'none') = 'none' union all
    select org, month, 'subject_unmapped', '', feed || ' ' || subject from counted where item is null union all
    select org, month, 'no_receiver', giver, item from giving where not served union all
    select org, month, 'driver_missing', giver, item from giving where served and driver is null union all
    select org, month, 'base_zero', giver, driver || ' (' || item || ')' from giving where served and base_total <= 0 union all
    select org, month, 'driver_fallback', giver, wanted || ' → ' || driver from giving where driver <> wanted union all
    select b.org, b.month, 'value_negative', b.receiver, b.giver || ' ' || b.driver
    from bases b semi join giving g on g.org = b.org and g.month = b.month and g.giver = b.giver and g.driver = b.driver
    where b.value < 0 union all
    select org, month, 'cost_missing', '', '' from cell anti join counted using (org, month) union all
    select org, month, 'risk_over', '', rate::varchar from rated where rate > $risk_limit union all
    select org, month, 'risk_unusual', '', rate::varchar from rated
    where rate <= $risk_limit and (rate < $risk_low or rate > $risk_high) union all
    select s.org, s.month, if(m.driver = '01', 'staff_missing', 'area_missing'), s.dept, ''
    from spent s semi join unit using (org, month, dept)
    join (select distinct org, month, driver from driver_values where driver in ('01', '02')) m on m.org = s.org and m.month = s.month
    anti join driver_values v on v.org = s.org and v.month = s.month and v.driver = m.driver and v.receiver = s.dept union all
    select v.org, v.month, 'value_unused', v.receiver, v.driver from driver_values v semi join cell using (org, month)
    anti join departments d on d.org = v.org and d.month = v.month and d.dept = v.receiver and d.leaf and not d.disabled
    where v.value <> 0 union all
    select c.org, c.month, 'cost_negative', c.dept, c.item from counted c join giving g
    on g.org = c.org and g.month = c.month and g.giver = c.dept and g.item = c.item
    group by c.org, c.month, c.dept, c.item, c.fund, c.behaviour having sum(c.amount) < 0 union all
    select u.org, u.month, 'volume_missing', u.dept, u.name from unit u semi join spent using (org, month, dept)
    anti join worked w on w.org = u.org and w.month = u.month and w.dept = u.dept and w.setting = u.setting and w.volume > 0
    where u.category = 'clinical' union all
    select s.org, s.month, 'share_unplaced', s.dept, s.staff_no
    from shares s anti join departments d on d.org = s.org and d.month = s.month and d.dept = s.dept and d.leaf and not d.disabled
        and d.category is not null union all
    select org, month, 'share_negative', dept, staff_no from shares where share < 0 union all
    select org, month, 'person_unmeasured', '', staff_no from shares group by org, month, staff_no having sum(share) <= 0 union all
    select org, month, 'feed_preferred', '', amount::varchar from taken union all
    select org, month, 'ledger_missing', '', '' from cell anti join ledger using (org, month)),
told as (
    select org, month, id, dept, coalesce(string_agg(distinct detail, '、' order by detail) filter (detail <> ''), '') as detail
    from found group by all)
select t.org, t.month, w.severity, t.id as check, t.dept, replace(replace(w.zh, '{dept}', t.dept), '{detail}', t.detail) as reason_zh,
    replace(replace(w.en, '{dept}', t.dept), '{detail}', t.detail) as reason_en, w.mend_zh, w.mend_en
from told t join word w on w.id = t.id
"""
