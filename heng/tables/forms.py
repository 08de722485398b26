"""医院手工填报的报表 · Forms that a hospital fills in by hand, cell by cell."""

from heng.core.table import Table, code, rate


class FormCell(Table, zh="报表单元格", en="form cell", key="report sheet line column file row", source=True):
    """填报的一个单元格；月份为报表期间的末月 · One filed cell; the month is the last of the report's period.

    A blank cell has no row, or a row without a value.
    """

    report = code("报表", "report, such as its number or name")
    sheet = code("工作表", "sheet")
    line = code("行次", "line")
    column = code("栏次", "column")
    value = rate("数值", "number as filed; empty when the cell is blank", unit="按报表", optional=True)
