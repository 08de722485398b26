"""编码写法 · How codes are spelled: what a file writes becomes the pack's spelling of the same code.

Blanks and full-width characters are folded, case does not matter, and codes of another set are converted. Each written
form is worked out once.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import chain

UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff"))


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
        folded = "".join(unicodedata.normalize("NFKC", written).translate(UNSEEN).split())
        key = folded.upper()
        key = self.converted.get(key, key).upper()
        self[written] = found = self.known.get(key, folded)
        return found
