"""拼音 · Chinese words as they are typed on a keyboard: whole pinyin and first letters, joined to what they stand for."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

SPACED = str.maketrans("", "", " \t\n·・-_.（）()/，,、：:")


def plain(text: str) -> str:
    """比较形 · Text as it is compared: lower case, without blanks and marks."""
    return text.lower().translate(SPACED)


@lru_cache(maxsize=20_000)
def spellings(text: str) -> tuple[str, ...]:
    """几种写法 · The text itself, its pinyin, and the first letters of its pinyin; each once."""
    bare = plain(text)
    if bare.isascii():
        return (bare,)
    whole = "".join(lazy_pinyin(bare))
    first = "".join(lazy_pinyin(bare, style=Style.FIRST_LETTER))
    return tuple(dict.fromkeys((bare, plain(whole), plain(first))))
