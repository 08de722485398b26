"""名称相近 · How alike two names are: the same words give the same number on every run, machine and day."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from typing import NamedTuple


class Near(NamedTuple):
    """最相近的一个 · The nearest entry: its code, its name, and how alike (0 to 1, six decimals)."""

    code: str
    name: str
    similarity: Decimal


def plain(name: str, fillers: Iterable[str] = ()) -> str:
    """去掉无区别作用的字样 · The name without the words that tell nothing; the whole name when nothing would be left."""
    left = name.strip()
    for filler in fillers:
        left = left.replace(filler, "")
    return left or name.strip()


def nearest(name: str, entries: Sequence[tuple[str, str]], least: Decimal, fillers: Sequence[str] = ()) -> Near | None:
    """最相近的（编码, 名称） · The entry whose name is most alike, the first in order among equals; None below `least`."""
    told = plain(name, fillers)
    best: Near | None = None
    for code, known in entries:
        alike = _alike(told, plain(known, fillers))
        if alike >= least and (best is None or alike > best.similarity):
            best = Near(code, known, alike)
    return best


def _alike(a: str, b: str) -> Decimal:
    # Twice the matching characters over all characters, as a fraction of whole numbers: no float enters.
    matched = sum(block.size for block in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks())
    return (Decimal(2 * matched) / (len(a) + len(b))).quantize(Decimal("0.000001")) if a and b else Decimal(0)
