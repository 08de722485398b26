"""报告里的事项 · The cases that a report tells: about its month or earlier, and not closed before that month began."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from heng.app.desk import Desk
from heng.core.case import CLOSED
from heng.core.scope import Scope
from heng.desk.database import in_china
from heng.desk.grants import reached
from heng.desk.register import Eyes, case_of, cases
from heng.desk.schema import Case, Step


@dataclass(frozen=True)
class Affair:
    """一件事项 · A case with its steps, and the login of who answered each."""

    case: Case
    steps: tuple[tuple[Step, str], ...]

    @property
    def open(self) -> Step | None:
        """现在这一步 · The step that is not done; None once the case is closed."""
        return next((s for s, _ in self.steps if s.done is None), None) if self.case.state != CLOSED else None

    @property
    def plan(self) -> Mapping[str, Any]:
        """计划 · What was said with the last plan; empty while there is none."""
        return next((s.data["said"] for s, _ in reversed(self.steps) if "plan" in s.data.get("said", {})), {})

    @property
    def effect(self) -> Step | None:
        """效果 · The last step that was answered with a figure."""
        return next((s for s, _ in reversed(self.steps) if s.done and "figure" in s.data.get("said", {})), None)


def affairs(desk: Desk, eyes: Eyes, scope: Scope, org: str, month: str) -> list[Affair]:
    """要写的事项 · The cases to be told, in the order in which they were opened; each look is kept by the audit.

    `scope` is that of the report: what may be looked at may not always be taken away.
    """
    near = [r for r in cases(desk.db, eyes, org or None) if reached(scope, r["org"], r["dept"])]
    listed = [r for r in near if r["month"] <= month and _standing(r["closed"], month)]
    found = (case_of(desk.db, eyes, r["id"]) for r in listed)
    return sorted((Affair(c, tuple(steps)) for c, steps in found), key=lambda a: a.case.id)


def _standing(closed: object, month: str) -> bool:
    return closed is None or f"{in_china(closed):%Y-%m}" >= month  # type: ignore[arg-type]  # a moment of the desk


def changed(found: Iterable[Affair]) -> str:
    """办到何时 · The moment of the last thing that happened to any of them, as clocks in China show it; empty for none."""
    moments = [m for a in found for m in (a.case.opened, a.case.closed, *(s.done for s, _ in a.steps)) if m]
    return f"{in_china(max(moments)):%Y-%m-%d %H:%M}" if moments else ""
