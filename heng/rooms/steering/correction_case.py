"""数据限期整改 · A failed data check is set right by a day: who holds the data mends them, the IT department tests them again.

The case carries the share of failing rows under `value` and the share allowed under `line`; closing needs a test within it.
Source: 国卫财务发〔2021〕4号 公立医院成本核算规范（数据真实、完整、可核对）.
"""

from heng.core.case import CLOSED, REOPEN, CaseType, StepType

WITHDRAWN = "withdrawn"
"""裁定无须整改 · The outcome that rules that there is nothing to correct."""
CORRECT = StepType(
    key="correct",
    zh="限期整改",
    en="correction",
    role="accountant",
    days=5,
    escalate_to=("finance", "president", "commission"),
    outcomes={"corrected": "retest", "disputed": "judge"},
    needs={"corrected": ("cause", "correction", "owner"), "disputed": ("reason", "evidence")},
)
RETEST = StepType(
    key="retest",
    zh="复测",
    en="re-test",
    role="it",
    days=2,
    escalate_to=("finance", "president", "commission"),
    outcomes={"passed": CLOSED, "failed": REOPEN},
    needs={"passed": ("figure",), "failed": ("figure", "reason")},
    effect="passed",
    told=("accountant", "finance"),
)
JUDGE = StepType(
    key="judge",
    zh="争议裁定",
    en="ruling on the dispute",
    role="commission",
    days=3,
    escalate_to=("supervisor",),
    outcomes={"upheld": "correct", WITHDRAWN: CLOSED},
    needs={"upheld": ("reason",), WITHDRAWN: ("reason",)},
    told=("accountant", "finance", "it"),
)
CORRECTION = CaseType(
    key="correction",
    zh="数据整改",
    en="data correction",
    steps=(CORRECT, RETEST, JUDGE),
    words={
        "corrected": ("已整改", "corrected"),
        "disputed": ("有异议", "disputed"),
        "passed": ("复测通过", "passed"),
        "failed": ("复测未过", "failed"),
        "upheld": ("维持整改", "upheld"),
        WITHDRAWN: ("撤销整改", "withdrawn"),
        "cause": ("原因", "cause"),
        "correction": ("改了什么", "what was corrected"),
        "owner": ("责任人", "owner"),
        "reason": ("理由", "reason"),
        "evidence": ("依据", "evidence"),
        "figure": ("复测的问题行占比", "share of failing rows in the re-test"),
    },
    reopens=3,
)
