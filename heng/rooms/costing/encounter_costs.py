"""患者成本（自下而上） · Cost of every encounter: Σ quantity × the cost of one unit of the service, for each of the seven cost items.

A unit costs what patients got of the service ÷ what they were charged, to twelve decimals, so that the encounters of a
month add up to the cost matched, to the fen. Lines charged to nobody, and services without a cost, have no part in it.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 病种成本核算: 自下而上法 (项目叠加).
"""

from heng.core.capability import capability, sql
from heng.tables.patients import Charge, EncounterCost
from heng.tables.services import MatchedCost


@capability("患者成本", "encounter costs")
def encounter_costs(charges: Charge, matched: MatchedCost) -> EncounterCost:
    """算出患者成本 · One row per encounter with at least one line that has a cost."""
    return sql("""
with
line as (select org, month, encounter, service, quantity::decimal(14,4) as quantity from charges where encounter > 0),
rate as (
    select org, month, service,
        fine(staff, patient_quantity)::decimal(24,12) as staff,
        fine(material, patient_quantity)::decimal(24,12) as material,
        fine(drug, patient_quantity)::decimal(24,12) as drug,
        fine(depreciation, patient_quantity)::decimal(24,12) as depreciation,
        fine(amortisation, patient_quantity)::decimal(24,12) as amortisation,
        fine(risk, patient_quantity)::decimal(24,12) as risk,
        fine(other, patient_quantity)::decimal(24,12) as other
    from matched where patient_quantity <> 0)
select l.org, l.month, l.encounter,
    sum(l.quantity * r.staff) as staff, sum(l.quantity * r.material) as material, sum(l.quantity * r.drug) as drug,
    sum(l.quantity * r.depreciation) as depreciation, sum(l.quantity * r.amortisation) as amortisation,
    sum(l.quantity * r.risk) as risk, sum(l.quantity * r.other) as other
from line l join rate r on r.org = l.org and r.month = l.month and r.service = l.service
group by l.org, l.month, l.encounter
""")
