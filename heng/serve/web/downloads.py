"""带走 · Answers as files and as JSON: the same rows as on the page."""

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from fastapi import Response

from heng.core.errors import HengError
from heng.serve.columns import plain_data

ENDINGS = {
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
}
PAPER = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
"""纸上的样子 · What is taken away to be read on paper."""


def parted(name: str) -> tuple[str, str]:
    """名与结尾 · A name and its ending: `cost_rate.csv` → ("cost_rate", ".csv"); the ending is empty for a page."""
    for ending in ENDINGS:
        if name.endswith(ending):
            return name.removesuffix(ending), ending
    return name, ""


def as_json(data: Any) -> Response:
    """写成 JSON · The data as JSON, decimals and days as text."""
    return Response(json.dumps(data, ensure_ascii=False, indent=1, default=plain_data), media_type=ENDINGS[".json"])


def as_file(name: str, ending: str, write: Callable[[Path], object]) -> Response:
    """文件 · A file under its name; `write` writes it to the path given, whose ending says what it is."""
    if ending not in (".csv", ".xlsx"):
        raise HengError(f"不会写「{ending}」文件", f"cannot write a {ending!r} file")
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"answer{ending}"
        write(path)
        body = path.read_bytes()
    return sent_as(name + ending, ENDINGS[ending], body)


def sent_as(name: str, kind: str, body: bytes) -> Response:
    """按文件名送出 · Bytes as a file of that name."""
    return Response(body, media_type=kind, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"})
