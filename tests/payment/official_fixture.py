"""官方版式的小工作簿 · A small workbook of our own in the layout of the official one, with the defects it is known for.

Groups, lists and rules are made up for the test; codes are facts of ICD-10 and ICD-9-CM-3.
"""

from pathlib import Path
from typing import Any

from tests.intake.made import workbook

Sheets = dict[str, list[list[Any]]]
TITLE = "按病组（DRG）付费3.0版分组方案配置信息"
NAME = "1.按病组（DRG）付费3.0版分组方案配置信息_更新.xlsx"


def sheets() -> Sheets:
    """The sheets; a test changes what it wants before it writes them."""
    return {
        "MDC": [
            [TITLE],
            ["MDC编码", "MDC名称", "MDC规则", "排序"],
            ["MDCA", "先期分组", None, 1],
            [
                "MDCP",
                "新生儿",
                "((NL=0) and (XSRTL>=29) and (XSRTL<366) and (ZYZD in DI_PV1) and (ZYSS not in OP_ALL)) or ((NL=0) and (XSRTL<29))",
                2,
            ],
            ["MDCG", "消化道", "ZYZD in DI_G00", 3],
            ["MDCO", "妊娠分娩", "ZYZD in DI_O00", 4],
            ["0000", None, None, 27],
        ],
        # As in the first edition of the file, the sheet begins with an empty column.
        "ADRG": [
            [None, "ADRG编码", "ADRG名称", "ADRG规则", "所属MDC编码", "MDC内排序"],
            [None, "AH3", "有创呼吸机支持", "ZYSS in OP_AH3", "MDCA", 1],
            [None, "PV1", "新生儿其他", "1", "MDCP", 1],
            [None, "GD2", "阑尾切除", "（ZYSS\u00a0in OP_GD2） _x000D_\nOR\u200b (ZYSS in OP2_GD2 and {ZYSS， QTSS} in OP_GD2)", "MDCG", 1],
            [None, "GQY", None, "ZYSS in OP_ALL", "MDCG", 2],
            [None, "GU1", "消化道溃疡", "ZYZD in DI_GU1", "MDCG", 3],
            [None, "G00", None, None, "MDCG", 4],
            [None, "OB1", "剖宫产", "ZYSS in OP_OB1", "MDCO", 1],
            [None, "OQY", None, "ZYSS in OP_ALL", "MDCO", 2],
            [None, "O00", None, None, "MDCO", 3],
            [None, "OR1", "阴道分娩", "ZYZD in DI_OR1", "MDCO", 4],
            [None, "OZ1", "其他妊娠疾病", "ZYZD in DI_O00", "MDCO", 5],
            [None, "000", None, None, "0000", 1],
        ],
        "DRG": [
            ["DRG", "DRG名称", "DRG规则", "所属ADRG编码", "所属MDC编码", "排序"],
            ["AH39", "有创呼吸机支持", None, "AH3", "MDCA", 1],
            ["PV15", "新生儿其他", "XSRTZ >= 2500", "PV1", "MDCP", 1],
            ["PV19", "新生儿其他，低体重", None, "PV1", "MDCP", 2],
            ["GD20", "阑尾切除，机器人辅助", "{ZYSS, QTSS} in OP_ARB", "GD2", "MDCG", 1],
            ["GD21", "阑尾切除，伴严重合并症", "QTZD in MCC", "GD2", "MDCG", 2],
            ["GD25", "阑尾切除，不伴", None, "GD2", "MDCG", 3],
            ["GQY", None, None, "GQY", "MDCG", 1],
            ["GU1C", "消化道溃疡，6 岁以下", "NL < 6 and QTZD not in {MCC, CC}", "GU1", "MDCG", 1],
            ["GU13", "消化道溃疡，伴合并症", "QTZD in MCC or QTZD in CC", "GU1", "MDCG", 2],
            ["GU15", "消化道溃疡，不伴", None, "GU1", "MDCG", 3],
            ["G000", None, None, "G00", "MDCG", 1],
            ["OB19", "剖宫产", None, "OB1", "MDCO", 1],
            ["OQY", None, None, "OQY", "MDCO", 1],
            ["O000", None, None, "O00", "MDCO", 1],
            ["OR19", "阴道分娩", None, "OR1", "MDCO", 1],
            ["OZ19", "其他妊娠疾病", None, "OZ1", "MDCO", 1],
            ["0000", None, None, "000", "0000", 1],
        ],
        "集合": [
            ["集合编号", "ICD编码", "ICD名称", "类型编号"],
            *[["DI_G00", dx, None, "DI"] for dx in ("K25.900", "K35.900", "K63.500")],
            ["DI_GU1", "K25.900", "胃溃疡", "DI"],
            *[["DI_O00", dx, None, "DI"] for dx in ("O80.900", "O82.900", "O21.000")],
            ["DI_OR1", "O80.900", "顺产", "DI"],
            ["DI_PV1", "P59.900", "新生儿黄疸", "DI"],
            ["OP_AH3", "96.7201", "呼吸机治疗", "OP"],
            ["OP_GD2", "47.0100", "腹腔镜下阑尾切除术", "OP"],
            ["OP2_GD2", "54.2100", "腹腔镜检查", "OP"],
            ["OP_OB1", "74.1x01", "剖宫产术", "OP"],
            *[["OP_ALL", op, None, "OP"] for op in ("47.0100", "54.2100", "74.1x01", "81.5400", "47.0100", "54.2100")],
            ["OP_ARB", "17.4200", "腹腔镜机器人援助操作", "OP"],
        ],
        "CC": [
            ["疾病编码", "疾病名称", "排除表", "类型"],
            ["J96.000", "急性呼吸衰竭", "EX_103", "MCC"],
            ["I50.900", "心力衰竭", "EX_40", "CC"],
            ["K66.000", "腹腔粘连", "EX_60", "CC"],
        ],
        "排除表": [
            ["集合编号", "ICD编码", "ICD名称"],
            ["EX_60", "K25.900", "胃溃疡"],
            ["EX_60", "K35.900", "急性阑尾炎"],
            ["EX_40", "I50.900", "心力衰竭"],
            ["EX_103", "P22.000", "新生儿呼吸窘迫综合征"],
            ["EX_103", "P24.000", "新生儿吸入胎粪"],
        ],
    }


def written(folder: Path, changed: Sheets | None = None, name: str = NAME) -> Path:
    """The workbook on disk."""
    return workbook(folder / name, changed or sheets())
