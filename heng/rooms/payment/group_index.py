"""病组绩效指数 · Case mix, consumption against the region for the same groups, deaths where nobody should die, and outliers.

Consumption index = Σ over groups (own mean ÷ mean of the region) × cases ÷ Σ cases: above 1 is more than the region uses. Low-risk
groups are those of the region's twelve months. Only sums are kept, so that several months can be taken together.
Source: 国家卫生健康委 DRG 医疗服务绩效评价 (CMI、组数、总权重、时间与费用消耗指数、低风险组死亡率); CHS-DRG 付费技术规范 (倍率).
"""

from heng.core.capability import capability, sql
from heng.core.indicator import Indicator
from heng.tables.margin import CaseMargin, GroupIndex, GroupReference


@capability("病组绩效指数", "indices of groups")
def group_index(cases: CaseMargin, refs: GroupReference) -> GroupIndex:
    """逐维度求指数 · One row for the hospital and one for each major category, group, department, group in it, doctor and insurance."""
    return sql("""
with
compared as (
    select c.*, case when r.fee > 0 and c.fee is not null then fine(c.fee, r.fee) * r.priced end as fee_unit,
        case when r.cost > 0 and c.cost is not null then fine(c.cost, r.cost) * r.costed end as cost_unit,
        case when r.days > 0 and c.days is not null then fine(c.days, r.days) * r.stays end as time_unit,
        case when r.risk = 'low' then c.died end as low_risk_death
    from cases c left join refs r on r.month = c.month and r.pack = c.pack and r."group" = c."group" and c.status = 'grouped'),
placed as (
    select *, 'hospital' as "by", '' as place, '' as item from compared
    union all select *, 'mdc', '', coalesce(mdc, '0000') from compared
    union all select *, 'group', '', coalesce("group", '0000') from compared
    union all select *, 'dept', coalesce(dept, ''), '' from compared
    union all select *, 'dept_group', coalesce(dept, ''), coalesce("group", '0000') from compared
    union all select *, 'doctor', coalesce(dept, ''), coalesce(doctor, '') from compared
    union all select *, 'insurance', '', insurance from compared)
select org, month, "by", place as dept, item, count(*) as cases, count(case when status = 'grouped' then 1 end) as grouped,
    count(case when status = 'qy' then 1 end) as qy, count(case when outlier not in ('excluded', 'unpriced') then 1 end) as judged,
    count(case when outlier = 'low' then 1 end) as low, count(case when outlier = 'high' then 1 end) as high,
    count(distinct case when status = 'grouped' then "group" end) as "groups",
    count(weight) as weighted, sum(weight)::decimal(18,4) as weight,
    count(fee_unit) as fee_cases, coalesce(sum(fee_unit), 0)::decimal(18,4) as fee_units,
    count(cost_unit) as cost_cases, coalesce(sum(cost_unit), 0)::decimal(18,4) as cost_units,
    count(time_unit) as time_cases, coalesce(sum(time_unit), 0)::decimal(18,4) as time_units,
    count(low_risk_death) as low_risk, count(case when low_risk_death then 1 end) as low_risk_deaths
from placed group by org, month, "by", place, item
""")


for _key, _zh, _en, _unit, _value, _formula in (
    (
        "cmi",
        "病例组合指数（CMI）",
        "case mix index",
        "权重",
        "ratio(sum(weight), count(weight))",
        ("总权重 ÷ 有权重的例数", "total weight ÷ cases with a weight"),
    ),
    ("total_weight", "总权重", "total weight", "权重", "sum(weight)", ("Σ 病例权重", "Σ weights of the cases")),
    (
        "group_count",
        "DRG 组数",
        "number of groups",
        "组",
        "count(distinct case when status = 'grouped' then \"group\" end)",
        ("有病例的病组数", "groups that have cases"),
    ),
    (
        "grouped_rate",
        "入组率",
        "share of cases in a group",
        "1",
        "ratio(count(case when status = 'grouped' then 1 end), count(*))",
        ("入组病例 ÷ 全部病例", "cases in a group ÷ cases"),
    ),
    (
        "qy_rate",
        "歧义组率",
        "share of ambiguous cases",
        "1",
        "ratio(count(case when status = 'qy' then 1 end), count(*))",
        ("歧义组（QY）病例 ÷ 全部病例", "cases in QY groups ÷ cases"),
    ),
):
    Indicator(
        key=_key,
        zh=_zh,
        en=_en,
        unit=_unit,
        better="lower" if _key == "qy_rate" else "higher",
        of=CaseMargin,
        value=_value,
        formula=_formula,
    )
for _name, _zh, _en, _of in (
    ("time", "时间", "time", ("住院日", "days")),
    ("fee", "费用", "fee", ("费用", "fee")),
    ("cost", "成本", "cost", ("成本", "cost")),
):
    Indicator(
        key=f"{_name}_index",
        zh=f"{_zh}消耗指数",
        en=f"{_en} consumption index",
        unit="倍",
        better="lower",
        of=GroupIndex,
        where="\"by\" = 'hospital'",
        numerator=f"sum({_name}_units)",
        denominator=f"sum({_name}_cases)",
        formula=(f"Σ（{_of[0]} ÷ 区域同组均值）÷ 例数", f"Σ ({_of[1]} ÷ the region's mean of the group) ÷ cases"),
    )
Indicator(
    key="low_risk_deaths",
    zh="低风险组死亡率",
    en="deaths in low-risk groups",
    unit="1",
    better="lower",
    of=GroupIndex,
    where="\"by\" = 'hospital'",
    numerator="sum(low_risk_deaths)",
    denominator="sum(low_risk)",
    formula=("低风险组死亡例数 ÷ 低风险组例数", "deaths ÷ cases of low-risk groups"),
)
