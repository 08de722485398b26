"""预警的办理 · What an alert asks of people: 医院自查 → 部门核查 → 区域通报 → 效果核对, until a month's figure is back within its line.

The head of the department answers first; for consumables the finance department does (the case names it under `roles`).
How many working days each step has is policy. Source: 区域公立医院成本管控 预警处置（医院自查、部门核查、区域通报，三个工作日）.
"""

from datetime import date

from heng.core.case import CLOSED, REOPEN, CaseType, StepType
from heng.core.params import Params, Policy


class Days(Params, at="steering.alert_case"):
    """每步几个工作日 · Working days of each step, by the policy of the day on which the case is opened."""

    self_check: int
    review: int
    regional_notice: int
    effect: int


def days(policy: Policy, on: date, org: str = "") -> dict[str, int]:
    """某日立案的期限 · What a case opened on a day carries in its data under `days`."""
    return Days(policy, on, org).values()


SELF_CHECK = StepType(
    key="self_check",
    zh="医院自查",
    en="hospital's own check",
    role="head",
    days=3,
    escalate_to=("president", "commission"),
    outcomes={"explained": "review", "not_real": "review"},
    needs={"explained": ("cause", "plan", "owner", "deadline"), "not_real": ("cause",)},
)
REVIEW = StepType(
    key="review",
    zh="部门核查",
    en="review by the commission",
    role="commission",
    days=3,
    escalate_to=("supervisor",),
    outcomes={"accepted": "regional_notice", "returned": "self_check", "dismissed": CLOSED},
    needs={"returned": ("reason",), "dismissed": ("reason", "evidence")},
    told=("head", "finance", "president"),
)
REGIONAL_NOTICE = StepType(
    key="regional_notice",
    zh="区域通报",
    en="notice to the region",
    role="commission",
    days=3,
    escalate_to=("supervisor",),
    outcomes={"published": "effect", "returned": "review"},
    needs={"published": ("notice",), "returned": ("reason",)},
    told=("head", "finance", "president", "insurance", "supervisor"),
)
EFFECT = StepType(
    key="effect",
    zh="效果核对",
    en="check of the effect",
    role="commission",
    days=10,
    escalate_to=("supervisor",),
    outcomes={"effective": CLOSED, "ineffective": REOPEN},
    needs={"effective": ("figure_month", "figure"), "ineffective": ("figure_month", "figure", "reason")},
    effect="effective",
    months=1,
    told=("head", "finance", "president"),
)
ALERT = CaseType(
    key="alert",
    zh="预警",
    en="alert",
    steps=(SELF_CHECK, REVIEW, REGIONAL_NOTICE, EFFECT),
    words={
        "explained": ("已说明原因和整改计划", "cause and plan given"),
        "not_real": ("不属实", "not real"),
        "accepted": ("核查通过", "accepted"),
        "returned": ("退回", "sent back"),
        "dismissed": ("核实为误报", "found to be a false alarm"),
        "published": ("已通报", "published"),
        "effective": ("已见效", "effective"),
        "ineffective": ("未见效", "without effect"),
        "merged": ("并入同一次预警的事项", "merged into the case of the same episode"),
        "into": ("并入", "merged into"),
        "cause": ("原因", "cause"),
        "plan": ("整改计划", "plan"),
        "owner": ("责任人", "owner"),
        "deadline": ("完成期限", "deadline"),
        "reason": ("理由", "reason"),
        "evidence": ("依据", "evidence"),
        "notice": ("通报内容", "text of the notice"),
        "figure_month": ("核对月份", "month of the figure"),
        "figure": ("该月数值", "figure of that month"),
    },
)
