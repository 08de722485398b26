"""每种问题怎么说、怎么改 · How each kind of problem is said, and how it is mended, in Chinese and in English.

`{zh}`, `{en}` stand for what the occasion adds: the codes that are allowed, two totals that differ.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Problem:
    """一种问题 · One kind of problem. Only an `error` sends its row back."""

    severity: Literal["error", "warning", "note"]
    zh: str
    en: str
    mend_zh: str
    mend_en: str


def _error(zh: str, en: str, mend_zh: str, mend_en: str) -> Problem:
    return Problem("error", zh, en, mend_zh, mend_en)


def _warning(zh: str, en: str, mend_zh: str, mend_en: str) -> Problem:
    return Problem("warning", zh, en, mend_zh, mend_en)


def _note(zh: str, en: str, mend_zh: str, mend_en: str) -> Problem:
    return Problem("note", zh, en, mend_zh, mend_en)


PROBLEMS: dict[str, Problem] = {
    "missing": _error("必填项为空", "a required cell is blank", "请填写{zh}", "fill in {en}"),
    "missing_number": _error(
        "必填项为空", "a required cell is blank", "请填写；没有就填 0，不要留空", "fill it in; write 0 if there is none"
    ),
    "percent": _error(
        "百分数不能作金额或个数", "a percentage is no amount and no count", "请改成金额或个数", "write the amount or the count"
    ),
    "not_a_number": _error("不是数字", "this is not a number", "请改成数字，如 1234.50", "write a number, such as 1234.50"),
    "too_precise": _error(
        "金额多于两位小数",
        "an amount has more than two decimals",
        "请按分填写，舍入由填表人决定",
        "write it to the fen; how to round is yours to decide",
    ),
    "not_whole": _error("应为整数", "a whole number is needed", "请填整数", "write a whole number"),
    "too_large": _error("数值过大", "the number is too large", "请核对单位与位数", "check its unit and digits"),
    "not_a_month": _error("月份读不懂", "the month cannot be read", "请写成 2026-03", "write it as 2026-03"),
    "not_a_day": _error("日期读不懂", "the date cannot be read", "请写成 2026-03-01", "write it as 2026-03-01"),
    "not_a_moment": _error("日期时间读不懂", "the date and time cannot be read", "请写成 2026-03-01 08:30", "write it as 2026-03-01 08:30"),
    "not_a_flag": _error("应填是或否", "yes or no is needed", "请填 是 或 否", "write 是 or 否"),
    "not_in_list": _error("不在编码表内", "this is not in the code list", "可填：{zh}", "one of: {en}"),
    "numbering": _error(
        "编号有多种含义，无法判断", "this number means different things in different systems", "请改填文字：{zh}", "write the word: {en}"
    ),
    "no_code": _warning(
        "有名称而没有编码，这一条没有装入",
        "this one has a name and no code; it was not loaded",
        "请补上编码",
        "fill in the code",
    ),
    "fault": _error("单元格是公式错误", "the cell holds a formula error", "请修正公式或改填数值", "mend the formula or write the value"),
    "other_org": _error(
        "属于另一家医院",
        "this row belongs to another hospital",
        "请移到那家医院的文件里，或改用 --org",
        "move it to that hospital's file, or change --org",
    ),
    "other_hospital": _error(
        "属于另一家医院：写着「{zh}」，整张表没有装入",
        "this sheet belongs to another hospital: it says {en}; nothing of it was loaded",
        "请用那家医院的 --org 装入；确是本院的请改正标题或文件名",
        "load it with that hospital's --org; if it is yours, correct its title or name",
    ),
    "other_month": _error(
        "不是要装入的月份",
        "this row is of another month",
        "请移到那个月的文件里，或改用 --month",
        "move it to that month's file, or change --month",
    ),
    "damaged_code": _error(
        "编码存成了数字，Excel 只保留前 15 位，后面的已经丢失",
        "the code was stored as a number; Excel keeps 15 digits and has lost the rest",
        "请把该列设为文本，从原系统重新导出",
        "format the column as text and export it again",
    ),
    "scientific_code": _error(
        "科学计数法，编码已损坏",
        "the code is in scientific notation, which has lost digits",
        "请把该列设为文本，从原系统重新导出为文本",
        "format the column as text and export it again as text",
    ),
    "implausible": _error(
        "数值大得离谱，应小于 {zh}",
        "the number is beyond all sense; it must be below {en}",
        "请核对这一列是否放错了条码或编号",
        "see whether a bar code or another number stands in this column",
    ),
    "no_quantity": _warning(
        "数量为 0 而金额不为 0，仍已装入",
        "the quantity is 0 and the amount is not; it was loaded",
        "请核对数量与金额",
        "check the quantity and the amount",
    ),
    "opposed": _warning(
        "数量与金额一正一负，仍已装入",
        "the quantity and the amount are of opposite signs; it was loaded",
        "请核对；退费应数量与金额同为负",
        "check them; in a refund both are negative",
    ),
    "instead": _note(
        "空白处一律取{zh}，行数见值",
        "blank cells take the {en}; the value says in how many rows",
        "如不对请在原系统补填后重新导出",
        "if this is wrong, fill them in and export again",
    ),
    "duplicate": _error("与上面一行完全相同", "this row repeats an earlier one in every cell", "请删去重复的行", "remove the repeated row"),
    "repeated": _warning(
        "与上面一行完全相同，仍已装入",
        "this row repeats an earlier one in every cell; it was loaded",
        "若是重复请删去",
        "remove it if it is a duplicate",
    ),
    "overflow": _error(
        "单元格比表头多",
        "the row has more cells than the header",
        "数字中的逗号未加引号？请去掉千分位或改用 xlsx",
        "an unquoted comma inside a number? drop it, or use xlsx",
    ),
    "scientific": _warning(
        "科学计数法", "scientific notation", "请核对数值，并把该列设为数字格式", "check the value and format the column as a number"
    ),
    "rounded": _warning(
        "小数位过多，已取整到表所规定的位数",
        "more decimals than the table keeps; rounded",
        "如需精确请自行取整",
        "round it yourself if it matters",
    ),
    "total": _warning(
        "合计行与明细之和不符：{zh}", "the total row differs from its rows: {en}", "请核对是否漏行或多行", "check for missing or extra rows"
    ),
    "parts": _warning(
        "合计与各项之和不符", "the total differs from the sum of its parts", "请核对；装入的是合计", "check it; the total was loaded"
    ),
    "summed": _note(
        "没有合计，已由各项相加", "there was no total; the parts were added up", "请确认各项齐全", "see that no part is missing"
    ),
    "assumed": _note(
        "表中没有此列，一律作「{zh}」",
        "the sheet has no such column; taken as {en} throughout",
        "如不对请加上该列",
        "add the column if this is wrong",
    ),
    "numbered": _note("编号按整列理解为：{zh}", "the numbers were understood as: {en}", "如不对请改填文字", "write words if this is wrong"),
    "scaled": _note(
        "单位换算成元：{zh}",
        "amounts were converted to yuan: {en}",
        "如不对请改表头的单位",
        "correct the unit in the header if this is wrong",
    ),
    "unused": _note(
        "没有用到的列：{zh}",
        "columns that were not used: {en}",
        '需要就用 --map "列=字段" 说明',
        'say --map "header=column" if one is needed',
    ),
    "unmatched": _note(
        "工作表不合任何模板，未装入：{zh}",
        "no template fits this sheet; it was not loaded: {en}",
        "需要就单独装入并加 --table",
        "load it alone with --table if it is needed",
    ),
    "twice": _error(
        "有两列都是这个表头，内容不同，只读了其中一列",
        "two columns carry this header and differ; only one of them was read",
        "请删去不要的一列，或改写它的表头，再装入",
        "remove the one that is not wanted, or rename its header, and load again",
    ),
    "copied": _warning(
        "与工作表「{zh}」完全相同，两张都已装入",
        "this sheet is the same as {en}; both were loaded",
        "若是重复请删去一张",
        "remove one if it is a copy",
    ),
    "other_title": _warning("标题或文件名写的是 {zh}", "the title or the file's name says {en}", "请核对月份", "check the month"),
}
