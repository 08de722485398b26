"""空白模板 · A blank template of a table that people load: the headings to fill in below, and on a second sheet what each means."""

from datetime import datetime
from pathlib import Path

import xlsxwriter

from heng.core.table import Column, Table
from heng.intake.vocabulary import Template, document, header, templates
from heng.serve.columns import UNITS
from heng.serve.voice import Voice

KINDS = {
    "varchar": ("文字", "text"),
    "date": ("日期，如 2026-03-05", "a day, such as 2026-03-05"),
    "timestamp": ("时刻，如 2026-03-05 08:30", "a moment, such as 2026-03-05 08:30"),
    "boolean": ("是 或 否", "是 (yes) or 否 (no)"),
}
NUMBER = ("数", "a number")
WRITTEN = datetime(2000, 1, 1)  # noqa: DTZ001 - workbooks know no time zone; a fixed date keeps the bytes the same


def write_template(table: type[Table], path: Path, voice: Voice) -> Path:
    """写出模板 · Write the workbook: headings that intake knows, and how each column is filled in."""
    template = templates()[table.__name__]
    names = headings(template)
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"created": WRITTEN})
        bold = book.add_format({"bold": True, "bg_color": "#eef2f7", "border": 1, "border_color": "#dfe4ea"})
        filled = book.add_worksheet(table.zh[:31])
        for i, (heading, _) in enumerate(names):
            filled.write_string(0, i, heading, bold)
            filled.set_column(i, i, max(12, 2 * len(heading) + 2))
        filled.freeze_panes(1, 0)
        told = book.add_worksheet(voice.pick("填写说明", "how to fill in"))
        told.set_column(0, 1, 22)
        told.set_column(2, 2, 90)
        rows = [_row(template, heading, name, voice) for heading, name in names]
        for i, row in enumerate([(voice.pick("列", "column"), voice.pick("必填", "needed"), voice.pick("怎么填", "how")), *rows]):
            for j, cell in enumerate(row):
                told.write_string(i, j, cell, None if i else bold)
    return path


def _row(template: Template, heading: str, name: str, voice: Voice) -> tuple[str, str, str]:
    needed = name == "month" or name in template.needed
    return heading, voice.pick("必填", "yes") if needed else "", _how(template.table.columns[name], template, name, voice)


def headings(template: Template) -> list[tuple[str, str]]:
    """列头 · Headings with the columns that they stand for: the month first, then what is needed, then what may be left out."""
    table = template.table
    month = [(document()["shared"]["month"][0], "month")] if table.grain == "month" else []
    own = [n for n, c in table.columns.items() if n not in ("org", "month", "file", "row") and not c.derived]
    ranked = sorted(own, key=lambda n: n not in template.needed)
    return [*month, *((_heading(template, n), n) for n in ranked)]


def _heading(template: Template, name: str) -> str:
    # A column's own name may stand for another column of the same template: then the first wording that is its own.
    column = template.table.columns[name]
    said = [column.zh, *map(str, document()["templates"][template.table.__name__]["columns"].get(name, [])), name]
    return next((word for word in said if _first(template, word) == name), name)


def _first(template: Template, word: str) -> str:
    return min(template.ranks.get(header(word), [(0, "")]))[1]


def _how(column: Column, template: Template, name: str, voice: Voice) -> str:
    if name == "month":
        return voice.pick("如 2026-03", "such as 2026-03")
    if column.codes and template.listed(name):
        return voice.pick("其一：", "one of: ") + voice.pick("、", ", ").join(voice.pick(*words) for words in column.codes.values())
    unit = voice.pick(column.unit, UNITS.get(column.unit, column.unit)) if column.unit and column.unit != "1" else ""
    said = voice.pick(*KINDS.get(column.type, NUMBER))
    return f"{said}（{unit}）" if unit else said
