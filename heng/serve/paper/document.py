"""一份文件里有什么 · What a document holds: headings, sentences, tables and drawings; how it is set is decided elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from zipfile import ZipFile, ZipInfo

EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Heading:
    """标题 · A heading of level 1 or 2."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Sentence:
    """一段话 · A paragraph; a quiet one is a note below something."""

    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Grid:
    """一张表 · Heads, rows of text, which columns are numbers, a last row of totals (empty: none), and the share of width of each column.

    Without `widths` columns are as wide as what they hold.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[bool]
    foot: Sequence[str] = ()
    widths: Sequence[float] = ()


@dataclass(frozen=True)
class Drawing:
    """一张图 · A drawing with the sentence that it answers."""

    svg: str
    told: str


@dataclass(frozen=True)
class Beside:
    """并排的图 · Drawings side by side."""

    drawings: Sequence[Drawing]


Block = Heading | Sentence | Grid | Drawing | Beside


@dataclass(frozen=True)
class Document:
    """一份文件 · `facts` stand under the title, `foot` on every page beside its number; `made` is the only moment that it knows.

    `size`: the size of letters in points.
    """

    title: str
    lang: str
    made: datetime
    facts: Sequence[tuple[str, str]]
    blocks: Sequence[Block]
    foot: str = ""
    landscape: bool = False
    size: float = 9.5


def dated(packed: bytes) -> bytes:
    """去掉打包的时刻 · The same zip without the moment at which it was packed: the same contents give the same bytes."""
    out = BytesIO()
    with ZipFile(BytesIO(packed)) as before, ZipFile(out, "w") as after:
        for member in before.infolist():
            info = ZipInfo(member.filename, EPOCH)
            info.compress_type, info.external_attr = member.compress_type, member.external_attr
            after.writestr(info, before.read(member))
    return out.getvalue()
