"""小文件当长文件读 · Fee lines by the row, and pieces so small that a small file is a long one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from heng.intake import limits

HEADER = "就诊号,收费时间,项目编码,收费类别,数量,金额,执行科室编码"


@contextmanager
def pieces(rows: int = 50, block: int = 300) -> Iterator[None]:
    """Read in small pieces, so that a small file is a long one."""
    with patch.object(limits, "PIECE_ROWS", rows), patch.object(limits, "BLOCK", block):
        yield


def line(i: int, month: str = "2026-03", amount: str = "") -> str:
    """One fee line."""
    return f"ZY{i // 7:05},{month}-{i % 28 + 1:02} 08:{i % 60:02}:00,{i % 40:04},检查费,{i % 5 + 1},{amount or f'{i}.50'},30{i % 9}"


def fees(path: Path, n: int, change: Callable[[int, str], str] = lambda _, told: told) -> Path:
    """A file of `n` fee lines, each of them changed as told; line i stands in row i + 2."""
    path.write_text("\n".join([HEADER, *(change(i, line(i)) for i in range(n))]) + "\n", "utf8")
    return path
