"""改进项目登记 · A lean project with its RACI: responsible does each step, accountable stands above, informed hears of its outcome.

A charter, then a report every week (five working days) until it is done, then acceptance by the accountable. The case may
name other roles under `roles`. Source: RACI 责任矩阵；精益项目周例会.
"""

from heng.core.case import CLOSED, CaseType, StepType

CHARTER = StepType(
    key="charter",
    zh="立项",
    en="charter",
    role="head",
    days=5,
    escalate_to=("president", "commission"),
    outcomes={"chartered": "week", "dropped": CLOSED},
    needs={"chartered": ("goal", "measure", "owner", "deadline"), "dropped": ("reason",)},
    told=("president", "finance", "medical"),
)
WEEK = StepType(
    key="week",
    zh="周报",
    en="weekly report",
    role="head",
    days=5,
    escalate_to=("president", "commission"),
    outcomes={"on_track": "week", "at_risk": "week", "done": "acceptance"},
    needs={"on_track": ("progress",), "at_risk": ("progress", "plan"), "done": ("result",)},
    told=("finance", "medical"),
)
ACCEPTANCE = StepType(
    key="acceptance",
    zh="验收",
    en="acceptance",
    role="president",
    days=5,
    escalate_to=("commission",),
    outcomes={"approved": CLOSED, "returned": "week"},
    needs={"approved": ("result",), "returned": ("reason",)},
    told=("head", "finance", "medical"),
)
PROJECT = CaseType(
    key="project",
    zh="改进项目",
    en="improvement project",
    steps=(CHARTER, WEEK, ACCEPTANCE),
    words={
        "chartered": ("已立项", "chartered"),
        "dropped": ("不立项", "dropped"),
        "on_track": ("按计划", "on track"),
        "at_risk": ("有风险", "at risk"),
        "done": ("已完成", "done"),
        "approved": ("通过验收", "approved"),
        "returned": ("退回", "sent back"),
        "goal": ("目标", "goal"),
        "measure": ("衡量指标", "measure"),
        "owner": ("负责人", "owner"),
        "deadline": ("完成期限", "deadline"),
        "reason": ("理由", "reason"),
        "progress": ("进展", "progress"),
        "plan": ("应对计划", "plan"),
        "result": ("成果", "result"),
    },
)
