"""开单人 · Who ordered: each pair of department and doctor of a month gets a number, the lines that do not say it included.

Source: 医院会计制度 与 国卫财务发〔2021〕4号, 开单科室与执行科室收入分别统计.
"""

from heng.core.capability import capability, sql
from heng.tables.fees import FeeLine
from heng.tables.patients import Orderer


@capability("开单人", "orderers")
def orderers(lines: FeeLine) -> Orderer:
    """给开单科室与医生编号 · One row per ordering department and doctor; where neither is known both stay empty."""
    return sql("""
with pair as (select distinct org, month, nullif(ordering, '') as ordering, nullif(doctor, '') as doctor from lines)
select org, month, ordering, doctor,
    row_number() over (partition by org, month order by ordering nulls first, doctor nulls first) as orderer
from pair
""")
