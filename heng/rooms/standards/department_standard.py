"""科室标准对照 · Department standard: which national clinical subject, or which extension code, every department is.

The four written variants A03.01, 0301, 301 and 03.01 (and A03, 03, 3 for the first level) become one. Units that the
directory leaves out get an extension (Z-class). A name alone gives a suggestion for a person, never a code.
"""

import re
from decimal import Decimal
from typing import Any

import polars as pl

from heng.core.capability import capability
from heng.core.indicator import Indicator
from heng.core.params import Params
from heng.rooms.standards.alike import Near, nearest
from heng.tables.organisation import Department
from heng.tables.quality import DepartmentStandard

WRITTEN = re.compile(r"A?(\d{1,2})(?:\.(\d{2}))?|A?(\d{2})(\d{2})|A?(\d)(\d{2})")


class Rule(Params, at="standards.department_standard"):
    """名录、常用名、扩展编码与相似度 · Directory, usual names, extensions by class, words to ignore, least likeness."""

    directory: list[Any]
    aliases: list[Any]
    extensions: list[Any]
    outside_class: dict[str, str]
    nursing_words: list[str]
    fillers: list[str]
    similarity: Decimal


@capability("科室标准对照", "department standard")
def department_standard(department: Department, rule: Rule) -> DepartmentStandard:
    """每个末级科室一行 · One row for each leaf department in force: standard code, how found, suggestion."""
    rows = [r for r in department.frame().to_dicts() if r["leaf"]]
    known = _Known(rule)
    names: dict[tuple[str, str, str], int] = {}
    for r in rows:
        place = (r["org"], r["month"], r["name"])
        names[place] = names.get(place, 0) + 1
    told = [known.row(r, twice=names[r["org"], r["month"], r["name"]] > 1) for r in rows]
    return pl.DataFrame(told, schema=DepartmentStandard.schema(), orient="row")


def normalised(written: str) -> str | None:
    """写法统一为 03 或 03.01 · One form for all variants; None when unreadable.

    `A03.01`, `0301`, `301` → `03.01`; `A03`, `3`, `0300` → `03`.
    """
    found = WRITTEN.fullmatch(written.strip().upper())
    if not found:
        return None
    first, second = (found[i] or found[i + 2] or found[i + 4] for i in (1, 2))
    level = f"{int(str(first)):02}"
    return level if not second or second == "00" else f"{level}.{second}"


class _Known:
    """名录与扩展，备好以便查找 · The directory and the extensions, ready to be looked up."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.names = {e["code"]: e["name"] for e in (*rule.directory, *rule.extensions)}
        self.national = [(e["code"], e["name"]) for e in (*rule.directory, *rule.aliases)]
        self.extended = {e["name"]: e["code"] for e in rule.extensions}
        self.suggested: dict[str, Near | None] = {}

    def row(self, r: dict[str, Any], *, twice: bool) -> dict[str, Any]:
        standard, method = self.standard(r)
        near = None if standard else self.suggestion(r["name"])
        clear = standard is not None and standard == (r["national"] or "").strip() and not twice
        return {
            **{n: r[n] for n in ("org", "month", "dept", "name", "category")},
            "written": r["national"],
            "standard": standard,
            "standard_name": self.names.get(standard or "", None if not standard else "其他"),
            "method": "suggested" if near else method,
            "suggestion": near and near.code,
            "suggestion_name": near and self.names[near.code],
            "similarity": near and near.similarity,
            "ambiguous_before": not clear,
            "ambiguous_after": standard is None,
        }

    def standard(self, r: dict[str, Any]) -> tuple[str | None, str]:
        """标准代码与对照方式 · The code as written when it is in the directory, else the extension of a unit outside it."""
        written = (r["national"] or "").strip()
        code = written if written in self.names else normalised(written)
        if code in self.names:
            return code, "written"
        nursing = any(word in r["name"] for word in self.rule.nursing_words)
        kind = None if written else self.rule.outside_class.get("nursing" if nursing else r["category"] or "")
        if not kind:
            return None, "none"
        own = self.extended.get(r["name"], "")
        # Medical technology that the directory does list (检验科 …) must not slip into an extension by silence.
        if r["category"] == "medtech" and not own.startswith(kind):
            return None, "none"
        return (own if own.startswith(kind) else f"{kind}.99"), "extension"

    def suggestion(self, name: str) -> Near | None:
        """名称最相近的诊疗科目 · The clinical subject whose official or usual name is most alike; a suggestion only."""
        if name not in self.suggested:  # the same names come back month after month
            self.suggested[name] = nearest(name, self.national, self.rule.similarity, self.rule.fillers)
        return self.suggested[name]


Indicator(
    key="departments_mapped_share",
    zh="科室标准对照率",
    en="share of departments with a standard code",
    unit="1",
    better="higher",
    of=DepartmentStandard,
    value="ratio(count(standard), count(*))",
    formula=("有标准代码的科室 ÷ 末级科室", "departments with a standard code ÷ leaf departments"),
)
Indicator(
    key="departments_ambiguous_before",
    zh="对照前歧义科室数",
    en="departments ambiguous before mapping",
    unit="个",
    better="lower",
    of=DepartmentStandard,
    value="count(*) filter (where ambiguous_before)",
    formula=("代码写法不统一、缺代码或重名的科室数", "departments with a code absent or not in standard form, or a name that occurs twice"),
)
Indicator(
    key="departments_ambiguous_after",
    zh="对照后歧义科室数",
    en="departments ambiguous after mapping",
    unit="个",
    better="lower",
    of=DepartmentStandard,
    value="count(*) filter (where ambiguous_after)",
    formula=("对照后仍无标准代码的科室数", "departments still without a standard code"),
)
