"""排成 PDF · Sets a document as PDF, with the fonts of the package and no others: the same document gives the same bytes."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from heng.core.errors import HengError
from heng.serve.paper.document import Document, Drawing

FONTS = Path(__file__).parents[1] / "web" / "static" / "vendor"
STYLE = Path(__file__).with_name("paper.typ")
DRAWN_ALIKE = str.maketrans("Σ", "∑")
"""字库里没有的字 · A letter that the font lacks, and the sign that looks and means the same."""


def pdf(made: Document) -> bytes:
    """排成 PDF · The document as PDF; HengError when it cannot be set."""
    moment = made.made
    said = {
        "title": made.title,
        "lang": made.lang,
        "made": [moment.year, moment.month, moment.day],
        "facts": made.facts,
        "foot": made.foot,
        "landscape": made.landscape,
        "size": made.size,
        "blocks": [asdict(b) | {"kind": type(b).__name__} for b in made.blocks],
    }
    text = json.dumps(said, ensure_ascii=False).translate(DRAWN_ALIKE)
    return _set(STYLE.read_bytes(), {"said": text}, format="pdf", timestamp=int(moment.timestamp()))


def picture(drawn: Drawing) -> bytes:
    """图片 · A drawing as PNG, for programs that cannot draw."""
    page = b"#set page(width: auto, height: auto, margin: 2pt)\n#image(bytes(sys.inputs.svg))"
    return _set(page, {"svg": drawn.svg}, format="png", ppi=220.0)


def _set(source: bytes, inputs: Mapping[str, str], **how: Any) -> bytes:
    with TemporaryDirectory() as empty:  # nothing beside the text can be read by it
        try:
            made: bytes = typst.compile(source, root=empty, font_paths=_fonts(), sys_inputs=dict(inputs), **how)
        except typst.TypstError as e:
            raise HengError(f"排不出这份文件：{e}", f"this document cannot be set: {e}", where=STYLE.name) from e
    return made


@cache
def _fonts() -> Any:
    if not (FONTS / "NotoSansSC-Regular.ttf").exists():
        raise HengError(
            "缺少打印用的字体",
            "the font for print is missing",
            where=FONTS.name,
            mend=("重新安装 heng，或在源码目录中 make setup", "install heng again, or run make setup in the checkout"),
        )
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
