"""事项：有步骤、责任人与期限的工作 · A case type: work in steps, each with an owner, a deadline in working days, and outcomes."""

from dataclasses import dataclass, field

CLOSED, REOPEN = "closed", "reopen"
CASE_TYPES: dict[str, "CaseType"] = {}


@dataclass(frozen=True, kw_only=True)
class StepType:
    """一步 · `role` answers within `days` working days (`months`: from the end of so many months on), else `escalate_to`.

    An outcome leads to a step, closed or reopen, `needs` words, is `told` to roles; `effect` needs a figure within the line.
    """

    key: str
    zh: str
    en: str
    role: str
    days: int
    escalate_to: tuple[str, ...]
    outcomes: dict[str, str]
    needs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    effect: str = ""
    months: int = 0
    told: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CaseType:
    """一类事项 · Steps in order, the words of its outcomes and of what they need, and how often it may be reopened."""

    key: str
    zh: str
    en: str
    steps: tuple[StepType, ...]
    words: dict[str, tuple[str, str]]
    reopens: int = 2

    def __post_init__(self) -> None:
        """登记 · Register under its key."""
        CASE_TYPES[self.key] = self
