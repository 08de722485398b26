"""患者费用类别成本 · Income and cost of every encounter by the class of its fees.

Rounded on its own: the encounters of a month add up to the same cost as in `EncounterCost`, one encounter to within a few fen.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范; 医保结算清单 4101 收费项目类别.
"""

from heng.core.capability import capability, sql
from heng.tables.patients import Charge, EncounterFee, Service
from heng.tables.services import MatchedCost


@capability("患者费用类别成本", "encounter fee classes")
def encounter_fees(charges: Charge, services: Service, matched: MatchedCost) -> EncounterFee:
    """按收费类别汇总 · One row per encounter and fee class; a class whose services have no cost keeps its income."""
    return sql("""
with rate as (
    select s.org, s.month, s.service, s.fee_class, coalesce(fine(m.amount, m.patient_quantity), 0)::decimal(24,12) as rate
    from services s left join matched m on m.org = s.org and m.month = s.month and m.service = s.service)
select c.org, c.month, c.encounter, r.fee_class, sum(c.amount) as income, sum(c.quantity::decimal(14,4) * r.rate) as amount
from charges c join rate r on r.org = c.org and r.month = c.month and r.service = c.service
where c.encounter > 0
group by c.org, c.month, c.encounter, r.fee_class
""")
