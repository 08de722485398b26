"""有患者的项目成本 · The part of a service's cost that goes to patients, by the quantity charged to them.

Each cost item to the fen: cost × quantity charged to a patient ÷ quantity. What remains is charged to no patient. Patients
bear at most the whole: refunds to nobody, which leave less in all than patients had, are nobody's; and where patients have
nothing left after their refunds, they bear nothing.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范, 自下而上法.
"""

from heng.core.capability import capability, sql
from heng.tables.patients import Service
from heng.tables.services import MatchedCost, ServiceCost


@capability("有患者的项目成本", "cost of services given to patients")
def matched_costs(costs: ServiceCost, services: Service) -> MatchedCost:
    """归到患者的部分 · One row per service with a cost that was charged to a patient."""
    return sql("""
select c.org, c.month, c.service, c.dept, s.patient_quantity,
    muldiv(c.staff, s.patient_quantity, s.given)::decimal(18,2) as staff,
    muldiv(c.material, s.patient_quantity, s.given)::decimal(18,2) as material,
    muldiv(c.drug, s.patient_quantity, s.given)::decimal(18,2) as drug,
    muldiv(c.depreciation, s.patient_quantity, s.given)::decimal(18,2) as depreciation,
    muldiv(c.amortisation, s.patient_quantity, s.given)::decimal(18,2) as amortisation,
    muldiv(c.risk, s.patient_quantity, s.given)::decimal(18,2) as risk,
    muldiv(c.other, s.patient_quantity, s.given)::decimal(18,2) as other,
    muldiv(c.variable, s.patient_quantity, s.given)::decimal(18,2) as variable
from costs c
join (select *, greatest(quantity, patient_quantity) as given from services) s
    on s.org = c.org and s.month = c.month and s.service = c.service
where s.patient_quantity > 0
""")
