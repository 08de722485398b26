"""返回差异追溯 · Differences from the insurer's return are traced within five working days, then explained, or disputed with the insurer.

Source: 医保月结算对账（追溯 5 个工作日）.
"""

from heng.core.case import CLOSED, CaseType, StepType

TRACE = StepType(
    key="trace",
    zh="差异追溯",
    en="tracing",
    role="finance",
    days=5,
    escalate_to=("president", "commission"),
    outcomes={"explained": CLOSED, "disputed": "appeal"},
    needs={"explained": ("cause",), "disputed": ("reason", "evidence")},
    told=("medical",),
)
APPEAL = StepType(
    key="appeal",
    zh="申诉答复",
    en="answer to the dispute",
    role="insurance",
    days=10,
    escalate_to=("commission",),
    outcomes={"accepted": CLOSED, "refused": CLOSED},
    needs={"accepted": ("amount",), "refused": ("reason",)},
    told=("finance", "medical"),
)
RETURN = CaseType(
    key="return",
    zh="返回差异追溯",
    en="differences from the insurer's return",
    steps=(TRACE, APPEAL),
    words={
        "explained": ("已查明，无异议", "explained"),
        "disputed": ("有异议，申诉", "disputed"),
        "accepted": ("同意补付", "accepted"),
        "refused": ("不予补付", "refused"),
        "cause": ("原因", "cause"),
        "reason": ("理由", "reason"),
        "evidence": ("依据", "evidence"),
        "amount": ("补付金额", "amount to be paid"),
    },
)
