"""质量问题行 · Check quality: every row that fails a declared check, so that its owner can mend it.

The checks are data (`policy/standards/check_quality.yaml`); a region or a hospital adds its own or overlays a national
one of the same id under `own`. A check that cannot run lists no row here: its outcome `error` stands in CheckResult.
"""

from heng.core.capability import capability, sql
from heng.core.table import Table
from heng.rooms.standards.declared_check import SANDBOXED, Check, Checks, examined, in_force, literal
from heng.tables.quality import CheckFailure


@capability("数据质量检查", "check data quality", months=13, duckdb_only=SANDBOXED)
def check_quality(rule: Checks, **sources: Table) -> CheckFailure:
    """逐项检查，列出不合格的行 · One query a check; it reads twelve months back for what is unusual."""
    return [_failing(c) for c in in_force(rule) if not c.get("disabled")]


def _failing(check: Check) -> sql:
    words = f"""{literal(check["id"])} as "check", {literal(check.get("column", ""))} as "column",
        {literal(check["zh"])} as reason_zh, {literal(check["en"])} as reason_en,
        {literal(check["mend"][0])} as mend_zh, {literal(check["mend"][1])} as mend_en"""
    nothing = CheckFailure.empty()
    failing = f"select org, month, file, row, value, {words} from ({examined(check)}) where not ok"
    return sql(failing, nothing)
