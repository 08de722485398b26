"""患者成本勾稽 · Cost of a department after step 2, in scope = cost of its patients + cost that reached no patient.

Per cost item; a difference is 0.00 or it is an error somewhere. Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 数据核对.
"""

from typing import Any

from heng.core.capability import capability, sql
from heng.core.indicator import Indicator
from heng.core.params import Params
from heng.tables.patients import PatientTieOut, UnmatchedCost
from heng.tables.services import MatchedCost, StageTwoCost


class Pool(Params, at="costing.service_pools"):
    """口径 · The scope in which services and patients are costed."""

    scope: str


class Scope(Params, at="costing.scopes"):
    """口径 · Which funds count in each scope."""

    scopes: list[Any]


@capability("患者成本勾稽", "patient tie-out")
def patient_tie_out(costs: StageTwoCost, matched: MatchedCost, unmatched: UnmatchedCost, pool: Pool, scope: Scope) -> PatientTieOut:
    """逐科室逐成本项目勾稽 · One row per department and cost item on any side."""
    return sql("""
with
chosen as (select fund from (select unnest($scopes::struct(scope varchar, fund varchar)[], recursive := true)) where scope = $scope),
part as (
    select org, month, dept, unnest([
        {'item': 'staff', 'amount': staff}, {'item': 'material', 'amount': material}, {'item': 'drug', 'amount': drug},
        {'item': 'depreciation', 'amount': depreciation}, {'item': 'amortisation', 'amount': amortisation},
        {'item': 'risk', 'amount': risk}, {'item': 'other', 'amount': other}], recursive := true)
    from matched),
side as (
    select org, month, dept, item, amount as cost, 0.00 as patients, 0.00 as unmatched
    from costs where fund in (select fund from chosen)
    union all
    select org, month, dept, item, 0.00, amount, 0.00 from part
    union all
    select org, month, dept, item, 0.00, 0.00, amount from unmatched)
select org, month, dept, item, sum(cost)::decimal(38,2) as cost, sum(patients)::decimal(38,2) as patients,
    sum(unmatched)::decimal(38,2) as unmatched
from side group by all having sum(abs(cost)) <> 0 or sum(abs(patients)) <> 0 or sum(abs(unmatched)) <> 0
""")


Indicator(
    key="patient_tie_out_gap",
    zh="患者成本勾稽差额",
    en="patient tie-out gap",
    unit="元",
    better="lower",
    of=PatientTieOut,
    value="sum(abs(difference))",
    formula=("Σ |科室成本 − 患者成本 − 未匹配成本|，应为 0.00", "Σ |cost − patients − unmatched|, which must be 0.00"),
)
Indicator(
    key="matched_share",
    zh="患者成本匹配率",
    en="share of cost that reached patients",
    unit="1",
    better="higher",
    of=PatientTieOut,
    value="ratio(sum(patients), sum(cost))",
    formula=("患者成本 ÷ 二级分摊后成本", "cost of patients ÷ cost after step 2"),
)
