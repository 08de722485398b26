"""科室医疗成本分摊表、医疗成本分类分摊表 · What each clinical department, and each cost item, received at each step.

The eight origins of DeptCost stand under the step at which they arrived, so that the columns tie to the receipts.
"""

from decimal import Decimal

from heng.serve.excel.cost_tables import NAME, scope_line
from heng.serve.excel.figures import ZERO, Amounts, Figures
from heng.serve.excel.sheet import Head, Line, Sheet, Value, added
from heng.serve.excel.wording import Wording
from heng.tables.codes import ITEM

ARRIVED = {
    "dir": "direct",
    "dir_man": "admin",
    "dir_ass": "support",
    "indir_ass_man": "support",
    "dir_med": "medtech",
    "indir_med_ass": "medtech",
    "indir_med_man": "medtech",
    "indir_ass_med_man": "medtech",
}
HEADS = (
    Head("直接成本", "dir"),
    Head("分摊行政后勤类科室成本", "dir_man"),
    Head(
        "分摊医疗辅助类科室成本",
        under=(Head("医辅自身成本", "dir_ass"), Head("经医辅转来的管理", "indir_ass_man"), Head("小计", "support")),
    ),
    Head(
        "分摊医疗技术类科室成本",
        under=(
            Head("医技自身成本", "dir_med"),
            Head("经医技转来的医辅", "indir_med_ass"),
            Head("经医技转来的管理", "indir_med_man"),
            Head("管理经医辅再经医技", "indir_ass_med_man"),
            Head("小计", "medtech"),
        ),
    ),
    Head("医疗成本合计", "medical"),
)
KEYS = [leaf.key for h in HEADS for leaf in h.leaves()]


def dept_shares(figures: Figures, wording: Wording) -> Sheet:
    """科室医疗成本分摊表 · One row per clinical department."""
    rows = [{"name": figures.name(d), **_row(figures.origin, dept=d)} for d in figures.clinical]
    return _sheet("dept_shares", wording, NAME, rows)


def item_shares(figures: Figures, wording: Wording) -> Sheet:
    """医疗成本分类分摊表 · One row per cost item, clinical departments together."""
    rows = [{"name": wording.words[i], **_row(figures.origin, item=i)} for i in ITEM]
    return _sheet("item_shares", wording, Head("成本项目", "name", "text"), rows)


def _sheet(form: str, wording: Wording, first: Head, rows: list[dict[str, Value]]) -> Sheet:
    total = Line({"name": "合计", **added(rows, KEYS)}, "total")
    lines = (*(Line(r) for r in rows), total)
    return Sheet(form, scope_line(wording, "medical"), (first, *HEADS), lines)


def _row(origin: Amounts, dept: str = "", item: str = "") -> dict[str, Value]:
    """一科或一项的各来源 · The origins of one department, or of one item."""
    row: dict[str, Decimal] = dict.fromkeys(KEYS, ZERO)
    for (d, step, i, bucket), amount in origin.items():
        if step == "medical" and (d == dept or i == item):
            for key in {bucket, ARRIVED[bucket], "medical"} & set(KEYS):
                row[key] += amount
    return dict(row)
