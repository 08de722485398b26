"""立案 · Opening cases for what a run finds: who could answer none of them is told, and stops no other."""

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import count

from heng.app.desk import Desk
from heng.core.case import CaseType
from heng.core.errors import Say
from heng.desk.cases import About, open_case
from heng.desk.schema import Case
from heng.desk.steps import NobodyError


@dataclass
class CaseReport:
    """立了哪些案 · The cases, and the keys of what nobody could answer, with why."""

    cases: list[Case] = field(default_factory=list)
    without_owner: dict[str, Say] = field(default_factory=dict)

    def open(self, desk: Desk, type_: CaseType, about: About) -> Case | None:
        """立一案 · Open a case, or say why nobody could answer it. What else goes wrong is an error."""
        try:
            case = open_case(desk.db, type_, about, desk.workdays)
        except NobodyError as e:
            self.without_owner[about.key] = (e.zh, e.en)
            return None
        self.cases.append(case)
        return case


def next_key(key: str, taken: Collection[str]) -> str:
    """下一轮的名字 · The key itself, or that of the next round where it is taken: key/2, key/3 …"""
    return next(k for n in count(1) if (k := key if n == 1 else f"{key}/{n}") not in taken)
