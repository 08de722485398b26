"""CN-1 作为来源数据 · The constructed three-step case as the rows a hospital would load, plus project-funded lines."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from heng.core.table import Table
from heng.tables.activity import Income, InpatientWork, OutpatientWork, ServiceUse, StaffCount, Statistic
from heng.tables.booked import CostBooking
from heng.tables.organisation import Department

CASE = yaml.safe_load((Path(__file__).parents[2] / "golden/methods/CN1_three_steps.yaml").read_text("utf8"))
PRINTED = CASE["printed"]
ITEMS = dict(zip(CASE["items"], ("staff", "material", "drug", "depreciation", "amortisation", "risk", "other"), strict=True))
SUBJECTS = dict(
    zip(
        CASE["items"],
        ("人员经费", "卫生材料费", "药品费", "固定资产折旧费", "无形资产摊销费", "提取医疗风险基金", "其他运行费用"),
        strict=True,
    )
)
Given = dict[type[Table], list[dict[str, Any]]]
UNITS = [
    {"dept": "A1", "name": "院办", "category": "admin"},
    {"dept": "S1", "name": "供应室", "category": "support", "driver": "消毒包数"},
    {"dept": "S2", "name": "挂号", "category": "support", "driver": "05"},
    {"dept": "T1", "name": "检验", "category": "medtech"},
    {"dept": "T2", "name": "放射", "category": "medtech"},
    {"dept": "C1", "name": "内科门诊", "category": "clinical", "setting": "outpatient"},
    {"dept": "C2", "name": "内科住院", "category": "clinical", "setting": "inpatient"},
    {"dept": "C3", "name": "外科住院", "category": "clinical", "setting": "inpatient"},
]


def source_rows(*, funds: bool = False) -> Given:
    """The rows of CN-1; with `funds` also depreciation of a fiscal project and half of it again of a research project."""
    use = CASE["use"]
    booked = [
        {"dept": d, "subject": SUBJECTS[name], "fund": "own", "amount": amount}
        for d, amounts in CASE["cost"].items()
        for name, amount in zip(SUBJECTS, amounts, strict=True)
        if amount
    ]
    if funds:
        booked += [
            {"dept": d, "subject": "固定资产折旧费", "fund": fund, "amount": Decimal(amount) / part}
            for fund, part in (("fiscal", 1), ("research", 2))
            for d, amount in CASE["project"].items()
            if amount
        ]
    return {
        Department: UNITS,
        CostBooking: booked,
        StaffCount: [{"dept": d, "total": n} for d, n in use["A1"].items()],
        Statistic: [{"driver": "消毒包数", "dept": d, "value": n} for d, n in use["S1"].items()],
        ServiceUse: [{"giver": "S2", "receiver": d, "service": "挂号", "quantity": n} for d, n in use["S2"].items()],
        Income: [{"ordering": d, "performing": t, "fee_class": "检查", "amount": n} for t in ("T1", "T2") for d, n in use[t].items()],
        OutpatientWork: [{"dept": "C1", "visits": 40000}],
        InpatientWork: [{"dept": "C2", "bed_days": 12000}, {"dept": "C3", "bed_days": 10000}],
    }
