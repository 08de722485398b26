"""检查即数据：由声明拼出查询 · Checks are data: each declaration becomes one SELECT over the rows it examines.

Every SELECT gives org, month, file, row, value, ok. What does not bind (a wrong column, a hospital's faulty SQL)
fails when it runs, for that check alone. Hospitals' own SQL may only read the tables of the run: it is worked out in
a sandbox that holds these rows and can reach no file.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from heng.core.params import Params
from heng.core.table import TABLES, quoted
from heng.tables.codes import FAMILY, SEVERITY

Check = Mapping[str, Any]


class Checks(Params, at="standards.check_quality"):
    """国家检查包、本院自定检查、默认值与责任部门 · The national pack, the hospital's own checks, defaults, owners by table."""

    checks: list[Any]
    own: list[Any]
    defaults: dict[str, Any]
    owners: dict[str, str]


def in_force(rule: Checks) -> list[Check]:
    """适用的检查：本院同编号者改写国家的 · Checks in force: an own check of the same id overlays the national one field by field."""
    merged: dict[str, dict[str, Any]] = {}
    for n, said in enumerate((*rule.checks, *rule.own), 1):
        given = said if isinstance(said, Mapping) else {"kind": "unreadable"}
        check = str(given.get("id", f"check_{n}"))
        known = merged.get(check, {"owner": rule.owners.get(given.get("table", ""), rule.owners["else"])})
        merged[check] = {**known, **given, "id": check}
    return [_whole(c, rule.defaults) for c in merged.values()]


def examined(check: Check) -> str:
    """这项检查看过的每一行，以及是否合格 · Every row the check looks at, and whether it is ok."""
    said = " ".join(str(v) for k, v in _flat(check) if k in ("where", "to_where", "predicate", "sql", "value", "key"))
    if FORBIDDEN.search(said):
        return _failing(REFUSED)
    try:
        looked_at = KINDS[check["kind"]](check)
    except (KeyError, TypeError, AttributeError) as e:
        return _failing(f"检查声明缺少或写错 {e} · the declaration lacks or misstates {e}")
    return (
        "select distinct org, month, coalesce(file, '') as file, coalesce(row, 0) as row, coalesce(value::varchar, '') as value, ok"
        f" from (\n{looked_at}\n) where org is not null and month is not null and ok is not null"
    )


def literal(words: object) -> str:
    """写成 SQL 文字 · A text as an SQL literal."""
    return "'" + str(words).replace("'", "''") + "'"


SANDBOXED = ("检查可由医院自写 SQL，只在 DuckDB 沙箱中运行", "hospitals may write checks in SQL, which run only in a sandbox of DuckDB")
REFUSED = "自定 SQL 只能读本次运行的各表，不得含分号或读文件的函数 · own SQL may only read the run's tables: no semicolon, no file"
# These words only give the usual slips a clear message: what keeps own SQL to the run's tables is the sandbox it runs in.
FORBIDDEN = re.compile(
    r";|\b(?:attach|copy|export|import|install|load|pragma|set|create|insert|update|delete|drop|alter|call)\s"
    r"|\b(?:read_\w+|\w*_scan\w*|parquet_\w+|sniff_csv|glob|query|query_table|duckdb_\w+|pragma_\w+|getenv|which_secret)\s*\("
    r"|\.(?:parquet|csv|tsv|txt|json|jsonl|ndjson|yaml|xlsx?|gz|zst|db|duckdb)\b",
    re.IGNORECASE,
)


def _failing(words: str) -> str:
    return f"select * from (select error({literal(words)}))"


def _flat(check: Check) -> list[tuple[str, Any]]:
    sides = (side for side in ("left", "right") if isinstance(check.get(side), Mapping))
    return [*check.items(), *(pair for side in sides for pair in check[side].items())]


def _whole(check: dict[str, Any], defaults: Mapping[str, Any]) -> Check:
    """补齐说明与默认值 · The check with the words and defaults that a result needs, however poorly it was declared."""
    mend = check.get("mend")
    whole = {
        **defaults,
        **check,
        "zh": check.get("zh", check["id"]),
        "en": check.get("en", check["id"]),
        "family": _listed(check.get("family"), FAMILY, "logic"),
        "severity": _listed(check.get("severity"), SEVERITY, defaults["severity"]),
        "mend": mend if isinstance(mend, list) and len(mend) == 2 else ["", ""],
    }
    share, days = (str(whole[n]) for n in ("threshold", "days"))
    if SHARE.fullmatch(share) and days.isdigit():
        return whole
    return {**whole, "threshold": defaults["threshold"], "days": defaults["days"], "kind": f"threshold {share}, days {days}"}


SHARE = re.compile(r"0(\.\d{1,6})?|1(\.0+)?")


def _listed(word: object, words: Mapping[str, Any], default: str) -> str:
    return str(word) if word in words else default


def _rows(table: str) -> str:
    """一张表的行，都带月份 · The rows of a table, each with a month: an undated table counts in every month of the run."""
    found = TABLES.get(table)
    if not found or found.grain == "month" or found.dated():
        return quoted(table)
    return f"(select a.*, m.month from {quoted(table)} a join run_month m on m.org = a.org)"


def _each(check: Check, ok: str, value: str = "", where: str = "true") -> str:
    shown = value or quoted(check["column"])
    return (
        f"select t.org, t.month, t.file, t.row, {shown}::varchar as value, ({ok}\n) as ok"
        f" from {_rows(check['table'])} t where ({check.get('where', 'true')}\n) and {where}"
    )


def _required(check: Check) -> str:
    column = quoted(check["column"])
    return _each(check, f"{column} is not null and trim({column}::varchar) <> ''")


def _pattern(check: Check) -> str:
    column = quoted(check["column"])
    return _each(check, f"regexp_full_match({column}::varchar, {literal(check['pattern'])})", where=f"{column} is not null")


def _domain(check: Check) -> str:
    allowed = ", ".join(literal(a) for a in check["allowed"])
    return _each(check, f"{quoted(check['column'])}::varchar in ({allowed})", where=f"{quoted(check['column'])} is not null")


def _range(check: Check) -> str:
    column = quoted(check["column"])
    least, most = (f"{literal(check[k])}::decimal(18, 6)" for k in ("min", "max"))
    return _each(check, f"{column} between {least} and {most}", where=f"{column} is not null")


def _logic(check: Check) -> str:
    # A comparison with an absent value says nothing: such rows are not counted as checked.
    shown = ", ".join(quoted(c) for c in check.get("shows", [check.get("column")]))
    allowed = f"{literal(check.get('tolerance', '0'))}::decimal(18, 4)"
    return _each(check, check["predicate"].replace("{tolerance}", allowed), f"concat_ws(' | ', {shown})")


def _unique(check: Check) -> str:
    columns = ", ".join(quoted(c) for c in check["columns"])
    return _each(check, f"count(*) over (partition by t.org, t.month, {columns}) = 1", f"concat_ws(' | ', {columns})")


def _reference(check: Check) -> str:
    column, target = quoted(check["column"]), _rows(check["to_table"])
    known = f"select 1 from {target} r where r.org = t.org and r.month = t.month"
    met = f"exists ({known} and r.{quoted(check['to_column'])} = t.{column} and ({check.get('to_where', 'true')}\n))"
    # Without a dictionary there is nothing to compare with: not applicable rather than wrong.
    return _each(check, met, f"t.{column}", f"t.{column} is not null and exists ({known})")


def _side(side: Check) -> str:
    return (
        f"select t.org, t.month, ({side.get('key', literal(''))})::varchar as k, ({side['value']})::decimal(18, 4) as v"
        f" from {_rows(side['table'])} t where ({side.get('where', 'true')}\n) group by all having v is not null"
    )


def _reconciliation(check: Check) -> str:
    return RECONCILED.format(
        left=_side(check["left"]),
        right=_side(check["right"]),
        tolerance=literal(check.get("tolerance", "0")),
        share=literal(check.get("share", "0")),
    )


def _outlier(check: Check) -> str:
    return UNUSUAL.format(monthly=_side(check), **{k: literal(check[k]) for k in ("deviations", "share", "least_months")})


def _freshness(check: Check) -> str:
    delivered = DELIVERED.format(rows=_rows(check["table"])) if check.get("expected") != "always" else "true"
    return ARRIVED.format(rows=_rows(check["table"]), delivered=delivered)


def _own(check: Check) -> str:
    # Columns that the SELECT leaves out are filled in as absent.
    return f"select null::varchar as file, null::integer as row where false union all by name select * from (\n{check.get('sql', '')}\n)"


KINDS: dict[str, Callable[[Check], str]] = {
    "required": _required,
    "pattern": _pattern,
    "domain": _domain,
    "range": _range,
    "logic": _logic,
    "unique": _unique,
    "reference": _reference,
    "reconciliation": _reconciliation,
    "outlier": _outlier,
    "freshness": _freshness,
    "sql": _own,
}

# Both sides must have rows in the month; a key that only one side has is shown with — for the other, and differs.
RECONCILED = """
    with a as ({left}), b as ({right}),
    both_sides as (select org, month from a intersect select org, month from b)
    select org, month, '' as file, 0 as row,
        concat(k, case when k = '' then '' else ': ' end, coalesce(a.v::varchar, '—'), ' ≠ ', coalesce(b.v::varchar, '—')) as value,
        coalesce(abs(a.v - b.v) <= greatest({tolerance}::decimal(18, 4), {share}::decimal(6, 4) * abs(b.v)), false) as ok
    from a full join b using (org, month, k) join both_sides using (org, month)"""

# The month against the median of the twelve before it, give or take so many median absolute deviations.
UNUSUAL = """
    with monthly as (select *, left(month, 4)::int * 12 + right(month, 2)::int as n from ({monthly})),
    history as (
        select t.org, t.month, t.k, t.v, h.v as before from monthly t
        join monthly h on h.org = t.org and h.k = t.k and h.n between t.n - 12 and t.n - 1),
    centre as (
        select org, month, k, v, quantile_disc(before, 0.5) as middle from history
        group by all having count(*) >= {least_months}::int),
    spread as (
        select org, month, k, c.v, middle, quantile_disc(abs(before - middle), 0.5) as deviation
        from centre c join history h using (org, month, k) group by all)
    select org, month, '' as file, 0 as row, concat(k, ': ', v, ' / ', middle) as value,
        abs(v - middle) <= greatest({deviations}::decimal(6, 2) * deviation, {share}::decimal(6, 4) * abs(middle)) as ok
    from spread"""

ARRIVED = """
    select m.org, m.month, '' as file, 0 as row, m.month as value,
        exists (select 1 from {rows} t where t.org = m.org and t.month = m.month) as ok
    from run_month m where {delivered}"""
DELIVERED = "exists (select 1 from {rows} t where t.org = m.org and t.month <= m.month)"
