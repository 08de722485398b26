"""报表勾稽 · Check forms: identities that a filed form must keep, declared as data, and the cells where they do not.

A sum identity says add − less = result, a ratio identity numerator ÷ denominator = result, along every line of a sheet
(terms are columns) or down every column (terms are lines). It counts where its result cell is filled. Only here may a
blank cell count as zero, and only where the identity says so: a form's sum over blanks is the sum of what is filled.
"""

from typing import Any

from heng.core.capability import capability, sql
from heng.core.indicator import Indicator
from heng.core.params import Params
from heng.tables.forms import FormCell
from heng.tables.quality import FormFinding


class Rule(Params, at="standards.check_forms"):
    """勾稽关系 · The identities: id, sheet, along (line | column), kind (sum | ratio), add, less, result, tolerance, blank."""

    identities: list[Any]


@capability("报表勾稽检查", "check filed forms")
def check_forms(form_cell: FormCell, rule: Rule) -> FormFinding:
    """每一处对不上的勾稽 · One row for each identity, report and line that does not hold; it names every cell."""
    return sql("""
        with identity as (
            select unnest($identities::struct(id varchar, zh varchar, en varchar, sheet varchar, along varchar, kind varchar,
                "add" varchar[], less varchar[], result varchar, tolerance varchar, blank varchar)[], recursive := true)),
        part as (
            select c.org, c.month, c.report, c.sheet, i.* exclude (sheet), c.value,
                case when i.along = 'column' then c."column" else c.line end as place,
                case when i.along = 'column' then c.line else c."column" end as term
            from form_cell c join identity i on i.sheet = c.sheet
            where c.value is not null),
        worked as (
            select org, month, report, sheet, id, zh, en, kind, blank, place, tolerance::decimal(18, 7) as allowed,
                max(value) filter (term = result) as value,
                sum(value) filter (term = "add"[1]) as first,
                sum(value) filter (term = "add"[2]) as second,
                coalesce(sum(value) filter (list_contains("add", term)), 0)
                    - coalesce(sum(value) filter (list_contains(less, term)), 0) as total,
                count(*) filter (term <> result) as filled, any_value(array_length("add") + array_length(less)) as terms,
                string_agg(concat(sheet, '/', if(along = 'column', concat(term, '/', place), concat(place, '/', term)), ' = ',
                    rtrim(rtrim(value::varchar, '0'), '.')), ', ' order by term) as cells
            from part where term = result or list_contains("add", term) or list_contains(less, term)
            group by org, month, report, sheet, id, zh, en, kind, blank, place, tolerance),
        compared as (
            select *, case when kind = 'ratio' then ratio(first, second) else total::decimal(30, 6) end as expected
            from worked where value is not null and (blank = 'zero' or filled = terms) and (kind <> 'ratio' or second <> 0))
        select org, month, id as identity, report, sheet, place as line, cells, expected, value, value - expected as difference,
            concat('报表 ', report, ' 的 ', sheet, ' ', place, '：', zh, '，应为 ', expected, '，填报 ', value) as reason_zh,
            concat('report ', report, ', ', sheet, ' ', place, ': ', en, '; expected ', expected, ', filed ', value) as reason_en,
            concat('核对这些单元格：', cells) as mend_zh, concat('look at these cells: ', cells) as mend_en
        from compared where abs(value - expected) > allowed
    """)


Indicator(
    key="form_identities_broken",
    zh="报表勾稽不符数",
    en="form identities that do not hold",
    unit="处",
    better="lower",
    of=FormFinding,
    value="count(*)",
    formula=("对不上的勾稽关系条数", "number of identities that do not hold"),
)
