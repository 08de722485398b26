"""读编码、是否与科室 · Reads words of a code list, yes and no, and codes that a workbook has turned into numbers."""

from collections.abc import Mapping

import polars as pl

from heng.intake.parsed import Parsed, each
from heng.intake.vocabulary import document, flags, word, words

TICKS = frozenset({"√", "✓", "✔"})
LONG = 15
"""Excel 数字的有效位 · A code typed as a number keeps this many digits; longer ones are damaged, equal ones at risk."""
NOT_TEXT = r"[！-～　]"
HALF = {full: full - 0xFEE0 for full in range(ord("！"), ord("～") + 1)} | {ord("　"): " "}


def read_listed(text: pl.Series, listed: str, names: pl.Series | None, *, free: bool = False) -> tuple[Parsed, dict[str, str]]:
    """读编码表的词 · A text column as codes of a list, and the numbering it followed ({} when it used none).

    `names`: department names beside it, which tell numberings apart. `free`: unknown words stay as written.
    Problems: `not_in_list`, `numbering` when the column leaves two numberings open.
    """
    known = words(listed)
    distinct = {t: word(t) for t in text.drop_nulls().unique().to_list()}
    numbered = sorted({w for w in distinct.values() if w.isdigit() and w not in known})
    chosen = _numbering(listed, numbered, text, names) if numbered else {}

    def read(t: str) -> tuple[str | None, str]:
        w = word(t)
        found = known.get(w) or (chosen or {}).get(w)
        if found:
            return found, ""
        if free:
            return t, ""
        return None, "numbering" if chosen is None and w in numbered else "not_in_list"

    return each(text, read, pl.String()), {w: chosen[w] for w in numbered if w in chosen} if chosen else {}


def _numbering(listed: str, used: list[str], text: pl.Series, names: pl.Series | None) -> Mapping[str, str] | None:
    """整列看编号 · The numbering that the whole column follows; {} when none holds these numbers, None when several do."""
    holding = [n for n in document()["numbers"].get(listed, []) if set(used) <= set(n)]
    if len(holding) < 2 or names is None:
        return dict(holding[0]) if len(holding) == 1 else (None if holding else {})
    votes = [_votes(numbering, text, names) for numbering in holding]
    best = max(votes)
    return dict(holding[votes.index(best)]) if votes.count(best) == 1 else None


def _votes(numbering: Mapping[str, str], text: pl.Series, names: pl.Series) -> int:
    told: dict[str, list[str]] = document()["names"]
    pairs = pl.DataFrame({"text": text, "name": names}).drop_nulls().unique().rows()
    return sum(
        1 if numbering.get(word(t)) == category else -1
        for t, name in pairs
        for category, marks in told.items()
        if word(t).isdigit() and any(m in name for m in marks)
    )


def read_flags(text: pl.Series) -> Parsed:
    """读是与否 · A text column as booleans; in a column of ticks alone a blank means no. Problem: `not_a_flag`."""
    known = flags()

    def read(t: str) -> tuple[bool | None, str]:
        found = known.get(word(t))
        return (found, "") if found is not None else (None, "not_a_flag")

    parsed = each(text, read, pl.Boolean())
    return Parsed(parsed.values.fill_null(value=False), parsed.problems) if ticked(text) else parsed


def ticked(text: pl.Series) -> bool:
    """只打勾的列 · Whether a column holds ticks and blanks only."""
    used = set(text.drop_nulls().unique().to_list())
    return bool(used) and used <= TICKS


def read_codes(text: pl.Series) -> Parsed:
    """读编码 · Codes in half width, without the `.0` that a number leaves behind."""
    plain = text.str.replace(r"^(\d+)\.0+$", "$1")
    if bool(plain.str.contains(NOT_TEXT).any()):
        plain = plain.map_elements(_half_width, return_dtype=pl.String)
    return Parsed(plain)


def _half_width(text: str) -> str:
    plain = text.translate(HALF)  # not NFKC, to which ² is a 2
    return plain if plain.isascii() else text
