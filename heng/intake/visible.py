"""看不见的字符 · Characters that nobody sees: copied along from web pages and chats, they make equal codes differ."""

import re

import polars as pl

UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
"""零宽与方向符 · Soft hyphens, zero-width characters, marks of direction, and the mark of byte order."""
BLANK = "\u00a0\u2000-\u200a\u202f\u205f"
"""别样的空格 · Blanks of other widths, first of all the one that does not break."""
_UNSEEN, _BLANK = re.compile(f"[{UNSEEN}]"), re.compile(f"[{BLANK}]")


def visible(text: str) -> str:
    """看得见的文字 · A text without unseen characters and with plain spaces."""
    return text if text.isascii() else _BLANK.sub(" ", _UNSEEN.sub("", text))


def visible_column(text: pl.Series) -> pl.Series:
    """一列看得见的文字 · The same for a column."""
    if not bool(text.str.contains(f"[{UNSEEN}{BLANK}]").any()):
        return text
    return text.str.replace_all(f"[{UNSEEN}]", "").str.replace_all(f"[{BLANK}]", " ")
