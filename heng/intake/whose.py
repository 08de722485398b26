"""写着哪家医院 · Whose a text says it is: the hospital of the file, another of the region, or nobody known."""

import re
from typing import Literal
from unicodedata import normalize

from heng.intake.place import Place
from heng.intake.visible import visible

Whose = Literal["mine", "other", ""]
TELLING = 4
"""足以认出医院的字数 · A name or code this long tells a hospital also from within a longer text; shorter ones stand alone."""


def whose(text: str, place: Place) -> tuple[Whose, str]:
    """文字写的是谁 · Whose hospital a cell or title names, and the name; ("", "") when it names none of the region.

    Of names that lie within one another the longest counts: 第一医院南院 is not 第一医院. A text that names the
    hospital of the file, beside whatever else, is its own.
    """
    said = _plain(text)
    mine = {p: n for n in (place.org, place.name) if (p := _plain(n))}
    others = {p: n for n in place.others if (p := _plain(n)) and p not in mine}
    found = [n for n in (*mine, *others) if n == said or (len(n) >= TELLING and _within(n, said))]
    longest = [n for n in found if not any(n != more and n in more for more in found)]
    if own := next((n for n in longest if n in mine), ""):
        return "mine", mine[own]
    return ("other", others[longest[0]]) if longest else ("", "")


def _plain(text: str) -> str:
    # Blanks say nothing but between Latin words and numbers.
    shut = re.sub(r"(?<![0-9A-Za-z])\s+|\s+(?![0-9A-Za-z])", "", normalize("NFKC", visible(text)))
    return re.sub(r"\s+", " ", shut).casefold()


def _within(name: str, text: str) -> bool:
    # Latin letters and digits go on: HOSP-1 is not in HOSP-12. Chinese has no such ends of words.
    before = r"(?<![0-9a-z])" if re.match(r"[0-9a-z]", name) else ""
    after = r"(?![0-9a-z])" if re.search(r"[0-9a-z]$", name) else ""
    return re.search(before + re.escape(name) + after, text) is not None
