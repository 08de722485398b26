"""官方文件的写法归一 · Folding how official files write texts, codes, names of sets and rules, before anything is looked up.

What is corrected in them is told (`corrections`); what is folded says the same in another spelling.
"""

import re
from functools import lru_cache
from unicodedata import normalize

from heng.intake.visible import visible
from heng.methods.grouping import spelling

ESCAPED = re.compile(r"_x000[9aAdD]_|\\[rnt]")


def tidy(text: str | None) -> str:
    """整理文字 · A text without line breaks that Excel wrote out, unseen characters and blanks in a row."""
    return " ".join(ESCAPED.sub(" ", visible(text or "")).split())


@lru_cache(maxsize=262_144)
def code(text: str) -> str:
    """整理编码 · A code as all readers spell it."""
    return spelling.code(tidy(text))


def name(text: str) -> str:
    """整理名称 · The name of a set or an exclusion table in half width and without blanks."""
    return "".join(normalize("NFKC", tidy(text)).split())


def rule(text: str) -> str:
    """整理规则 · A rule in half width on one line."""
    return tidy(normalize("NFKC", tidy(text)))
