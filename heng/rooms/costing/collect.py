"""成本归集 · Bring every booked cost into one form: department, cost item, behaviour, fund source, source row.

Detail feeds (pay, materials, drugs, depreciation, other cost) carry their item; a subject of other cost and of the
booked ledger lines is mapped by the hospital's own dictionary, then by the national charts. What is not a cost stays
in the table with its reason; what is not mapped stays with an empty item, and readiness stops the month.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范.
"""

from typing import Any

from heng.core.capability import capability, sql
from heng.core.params import Params
from heng.tables.booked import CostBooking, Depreciation, DrugUse, Material, OtherCost, Salary
from heng.tables.costing import CostLine
from heng.tables.organisation import Subject


class Source(Params, at="costing.collect"):
    """归集规则 · Which feed supplies which item, default behaviour, and what is never a cost."""

    feeds: list[Any]
    behaviours: list[Any]
    exclusions: list[Any]


class Chart(Params, at="standards.subject_standard"):
    """科目对照 · The national charts of accounts, and the one this hospital's ledger follows."""

    charts: list[Any]
    chart: str


@capability("成本归集", "cost collection")
def collect(
    salaries: Salary,
    materials: Material,
    drugs: DrugUse,
    depreciations: Depreciation,
    others: OtherCost,
    bookings: CostBooking,
    subjects: Subject,
    source: Source,
    accounts: Chart,
) -> CostLine:
    """归集成本明细 · One line per source row; a line that another feed supplies is not taken twice."""
    return sql(COLLECTED)


COLLECTED = """
with
feed as (select unnest($feeds::struct(item varchar, feed varchar, supply varchar)[], recursive := true)),
habit as (select unnest($behaviours::struct(item varchar, behaviour varchar)[], recursive := true)),
exclusion as (
    select unnest($exclusions::struct(prefix varchar, word varchar, fund varchar, spared varchar, reason varchar)[], recursive := true)),
account as (
    select unnest($charts::struct(chart varchar, prefix varchar, name varchar, item varchar, behaviour varchar, excluded varchar)[],
        recursive := true)),
booked as (
    select org, month, dept, 'Salary' as feed, 'staff' as given, '人员经费' as subject, '' as name, staff_no, fund, amount, file, row
    from salaries union all
    select org, month, dept, 'Material', 'material', coalesce(material_class, '卫生材料费'), '', null, fund, amount, file, row
    from materials union all
    select org, month, dept, 'DrugUse', 'drug', coalesce(drug_class, '药品费'), '', null, fund, amount, file, row from drugs union all
    select org, month, dept, 'Depreciation', if(intangible, 'amortisation', 'depreciation'), asset_class, '', null, fund, amount, file, row
    from depreciations union all
    select org, month, dept, 'OtherCost', null, subject, coalesce(subject_name, ''), null, fund, amount, file, row from others union all
    select org, month, dept, 'CostBooking', null, subject, coalesce(subject_name, ''), null, fund, amount, file, row from bookings),
own as (  -- 本院字典：先认编码，再认只出现一次含义的名称
    select org, month, subject as written, item, behaviour, excluded, 1 as rank from subjects union all
    select org, month, name, min(item), min(behaviour), min(excluded), 2 from subjects
    group by all having count(distinct coalesce(item, '')) = 1),
written as (select distinct org, month, given, subject, name, fund from booked),
by_own as (
    select w.*, o.item, o.behaviour, o.excluded
    from written w left join own o on o.org = w.org and o.month = w.month and o.written in (w.subject, w.name)
    qualify row_number() over (
        partition by w.org, w.month, w.given, w.subject, w.name, w.fund order by o.rank nulls last, o.written = w.subject desc) = 1),
by_chart as (  -- 国家科目表：最长的编码前缀优先，其次名称
    select w.*, a.item as national_item, a.behaviour as national_behaviour, a.excluded as national_excluded
    from by_own w left join account a on w.given is null and a.chart in ($chart, 'names')
        and ((a.prefix <> '' and starts_with(replace(w.subject, '.', ''), a.prefix)) or (a.prefix = '' and a.name in (w.subject, w.name)))
    qualify row_number() over (
        partition by w.org, w.month, w.given, w.subject, w.name, w.fund order by length(a.prefix) desc nulls last, a.name) = 1),
mapped as (
    select org, month, given, subject, name, fund, coalesce(given, item, national_item) as item,
        coalesce(behaviour, national_behaviour) as behaviour,
        coalesce(nullif(excluded, ''), if(item is null, nullif(national_excluded, ''), null)) as excluded
    from by_chart),
judged as (
    select m.*, coalesce(m.behaviour, h.behaviour) as habit, coalesce(m.excluded, x.reason, '') as reason
    from mapped m left join habit h on h.item = m.item
    left join exclusion x on (x.prefix = '' or starts_with(m.subject, x.prefix)) and (x.fund = '' or x.fund = m.fund)
        and (x.word = '' or contains(m.subject, x.word) or contains(m.name, x.word)) and not contains(x.spared, coalesce(m.item, '?'))
    qualify row_number() over (partition by m.org, m.month, m.given, m.subject, m.name, m.fund order by x.reason nulls last) = 1),
line as (
    select b.* exclude (given, name), j.item, j.habit as behaviour, j.reason as excluded
    from booked b join judged j on j.org = b.org and j.month = b.month and j.given is not distinct from b.given
        and j.subject = b.subject and j.name = b.name and j.fund = b.fund),
supplied as (select distinct l.org, l.month, l.item from line l join feed f on f.item = l.item and f.feed = l.feed)
select l.*
from line l left join feed f on f.item = l.item left join supplied s on s.org = l.org and s.month = l.month and s.item = l.item
where case
    when l.feed = 'CostBooking' then coalesce(f.supply, 'auto') = 'booking' or (coalesce(f.supply, 'auto') = 'auto' and s.item is null)
    when l.feed = f.feed then f.supply <> 'booking'
    else true end
"""
