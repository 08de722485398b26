"""法定成本报表 · The statutory cost tables of one hospital and period as two workbooks: the tables, and the receipts.

Layout: 财会〔2010〕27号 医院会计制度 第六部分 成本报表参考格式. Numbering, titles and words are policy
(`serve.statutory`). The same data give the same bytes.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from heng.app.reader import Reader
from heng.core.period import Period, last_day
from heng.serve.excel.composition import bed_day, composition, visit
from heng.serve.excel.cost_tables import direct, direct_projects, full, full_projects
from heng.serve.excel.figures import Figures, read_figures
from heng.serve.excel.receipt import contents, receipt
from heng.serve.excel.render import workbook
from heng.serve.excel.share_tables import dept_shares, item_shares
from heng.serve.excel.sheet import Letterhead, Sheet
from heng.serve.excel.ties import ties
from heng.serve.excel.wording import Wording, period_words
from heng.store.files import write_whole

Progress = Callable[[str, int, int], None]
FORMS: dict[str, Callable[[Figures, Wording], Sheet]] = {
    "direct": direct,
    "direct_projects": direct_projects,
    "full": full,
    "full_projects": full_projects,
    "composition": composition,
    "dept_shares": dept_shares,
    "item_shares": item_shares,
    "visit": visit,
    "bed_day": bed_day,
}
TABLES, RECEIPTS = "成本报表", "分摊收据"
LONGEST = 31  # characters in the name of a sheet, by Excel's own rule


def write_tables(reader: Reader, org: str, period: Period, folder: Path, progress: Progress = lambda *_: None) -> list[Path]:
    """写出报表与收据 · Write both workbooks into `folder`; their paths.

    Raises HengError when the hospital is not of the region or no month of the period has been worked out, AccessError when
    some of the hospital's figures are out of scope: a statutory table is whole or it is none.
    """
    hospital, on = reader.hospital(org), last_day(period.months[-1])
    progress("读取", 0, 3)
    wording = Wording(reader.region, hospital.code, on)
    figures = read_figures(reader, hospital, period, wording)
    head = Letterhead(hospital.name, period_words(period)[0], (on.year, on.month, on.day), signatures=wording.signatures)
    made = []
    for n, (name, sheets) in enumerate({TABLES: _tables, RECEIPTS: _receipts}.items(), 1):
        progress(name, n, 3)
        path = folder / f"{hospital.code}_{period.name}_{name}.xlsx"
        write_whole(path, workbook(_warned(sheets(figures, wording), figures), head, f"{hospital.name} {head.period} {name}"))
        made.append(path)
    return made


def _tables(figures: Figures, wording: Wording) -> list[Sheet]:
    made = []
    for form, said in wording.forms.items():
        sheet = FORMS[form](figures, wording)
        made.append(replace(sheet, name=said["number"] or said["title"], number=said["number"], title=said["title"]))
    return [*_named(made), *_named([ties(figures)])]


def _receipts(figures: Figures, wording: Wording) -> list[Sheet]:
    made = [receipt(figures, wording, d) for d in figures.clinical]
    named = _named([replace(s, name=f"{s.name} {figures.name(s.name)}") for s in made])
    return [contents(figures, wording, dict(zip(figures.clinical, named, strict=True))), *named]


def _named(sheets: Iterable[Sheet]) -> list[Sheet]:
    """Excel 许可的工作表名 · Names that Excel permits: 31 characters, no bracket, colon, star, question mark or slash, no two alike."""
    taken: set[str] = set()
    made = []
    for n, sheet in enumerate(sheets, 1):
        name = re.sub(r"[\[\]:*?/\\']", " ", sheet.name).strip()[:LONGEST].strip() or str(n)
        if name.lower() in taken:
            name = f"{name[: LONGEST - 1 - len(str(n))]} {n}"
        taken.add(name.lower())
        made.append(replace(sheet, name=name))
    return made


def _warned(sheets: list[Sheet], figures: Figures) -> list[Sheet]:
    # A total over an incomplete period is not the period's total: every sheet says so.
    if not figures.missing:
        return sheets
    note = f"注意：本期缺 {'、'.join(figures.missing)} 的成本结果，各数只含已有月份。"
    return [replace(s, notes=(note, *s.notes)) for s in sheets]
