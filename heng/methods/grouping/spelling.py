"""编码写法 · How codes are spelled: what a file writes becomes the pack's spelling of the same code.

Blanks and full-width characters are folded, case does not matter, and codes of another set are converted. Each written
form is worked out once.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import chain

UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff"))
PLAIN = re.compile(r"[A-WYZ0-9]{2,}(?:\.[0-9]+(?:x[0-9]+)?)?")
"""已是标准写法 · Most codes, which are spelled as they should be: K80.100, K80.100x001, 51.2300, GD25."""
EXTENDED = re.compile(r"(?<=[0-9.])X(?=[0-9])")
"""扩展码的 x · The x of an extended code, which is small: K80.100x001, A33.x00."""
LAST_DOT = re.compile(r"\.+(?=$|[|+/])")


def code(text: str) -> str:
    """编码的标准写法 · A code as it is spelled: half width, no blanks, capitals but for the x of an extension, no dot at its end."""
    if PLAIN.fullmatch(text):
        return text
    folded = "".join(unicodedata.normalize("NFKC", text).translate(UNSEEN).split()).replace("×", "x")
    return LAST_DOT.sub("", EXTENDED.sub("x", folded.upper()))


class Spelling(dict[str, str]):
    """写法对照 · Written form → the pack's spelling; a code that the pack does not know stays as it is, folded."""

    def __init__(self, known: Iterable[str], converted: Mapping[str, str]) -> None:
        """记下已知的编码 · Remember the known codes; `converted`: codes of the other set and what they become."""
        self.own, self.other = tuple(known), dict(converted)
        super().__init__((code, code) for code in self.own if code not in converted)  # most codes come as the pack spells them

    @cached_property
    def known(self) -> dict[str, str]:
        """按大写找 · The pack's spelling by the code in capitals."""
        return {code.upper(): code for code in chain(sorted(self.own), self.other.values())}

    @cached_property
    def converted(self) -> dict[str, str]:
        """另一套编码 · What a code of the other set becomes, by the code in capitals."""
        return {code.upper(): to for code, to in self.other.items()}

    def __missing__(self, written: str) -> str:
        """第一次见到的写法 · A form that is seen for the first time."""
        folded = code(written)
        key = self.converted.get(folded.upper(), folded).upper()
        self[written] = found = self.known.get(key, folded)
        return found
