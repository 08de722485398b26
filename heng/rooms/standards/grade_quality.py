"""质量检查结果 · Grade quality: the outcome of every check with its denominator, owner and due date.

Five outcomes: pass; pass with failures (their share is within the threshold); fail; not applicable (nothing to check,
and why); error (the check itself could not run). Identity: failed = rows of CheckFailure; failed ≤ checked.
"""

from heng.core.capability import capability, sql
from heng.core.indicator import Indicator
from heng.core.table import Table
from heng.rooms.standards.declared_check import SANDBOXED, Check, Checks, examined, in_force, literal
from heng.tables.quality import CheckResult


@capability("质量检查评定", "grade data quality", months=13, duckdb_only=SANDBOXED)
def grade_quality(rule: Checks, **sources: Table) -> CheckResult:
    """每院每月每项检查一行 · One row a check, hospital and month, also where there is nothing to check."""
    return [_graded(c) for c in in_force(rule)]


def _graded(check: Check) -> sql:
    if check.get("disabled"):
        switched_off = _result(check, UNCHECKED, f"concat('本院停用 · switched off: ', {literal(check['disabled'])})")
        return sql(switched_off)
    graded = _result(check, COUNTED.format(examined=examined(check), threshold=literal(check["threshold"])), "note")
    error = _result(check, UNCHECKED.replace("'not_applicable'", "'error'"), "$error")
    return sql(graded, error)


def _result(check: Check, counted: str, note: str) -> str:
    words = ", ".join(f'{literal(check.get(n, ""))} as "{n}"' for n in ("family", "table", "severity", "owner"))
    return f"""
        select org, month, {literal(check["id"])} as "check", {literal(check["zh"])} as name_zh, {literal(check["en"])} as name_en,
            {words}, outcome, checked, failed,
            {literal(check["threshold"])}::decimal(18, 6) as threshold, {note} as note,
            case when outcome in ('fail', 'pass_with_failures', 'error') then last_day + {int(check["days"])} end as due
        from ({counted})"""


UNCHECKED = "select org, month, last_day, 'not_applicable' as outcome, 0::bigint as checked, 0::bigint as failed from run_month"
COUNTED = """
    select m.org, m.month, m.last_day, coalesce(e.checked, 0) as checked, coalesce(e.failed, 0) as failed,
        case when e.checked is null then 'not_applicable' when failed = 0 then 'pass'
            when failed <= {threshold}::decimal(18, 6) * checked then 'pass_with_failures' else 'fail' end as outcome,
        case when e.checked is null then '本月没有可检查的行 · no row to check in this month' end as note
    from run_month m left join (
        select org, month, count(*) as checked, count(*) filter (where not ok) as failed from ({examined}) group by all
    ) e on e.org = m.org and e.month = m.month"""

Indicator(
    key="checks_passed_share",
    zh="质量检查通过率",
    en="share of quality checks passed",
    unit="1",
    better="higher",
    of=CheckResult,
    value="ratio(count(*) filter (where outcome in ('pass', 'pass_with_failures')), count(*))",
    where="outcome <> 'not_applicable'",
    formula=("通过与基本通过的检查数 ÷ 适用的检查数", "checks passed, with or without failures, ÷ checks that apply"),
)
Indicator(
    key="rows_failing",
    zh="质量问题行数",
    en="rows failing quality checks",
    unit="行",
    better="lower",
    of=CheckResult,
    value="sum(failed)",
    formula=("各项检查问题行数之和", "sum of failing rows over the checks"),
)
Indicator(
    key="rows_failing_share",
    zh="质量问题行占比",
    en="share of rows failing",
    unit="1",
    better="lower",
    of=CheckResult,
    value="ratio(sum(failed), sum(checked))",
    formula=("问题行数 ÷ 检查行数", "failing rows ÷ rows checked"),
)
Indicator(
    key="checks_in_error",
    zh="出错的检查数",
    en="checks that could not run",
    unit="项",
    better="lower",
    of=CheckResult,
    value="count(*) filter (where outcome = 'error')",
    formula=("结论为「检查出错」的检查数", "checks whose outcome is error"),
)
