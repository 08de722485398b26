"""读编码、是否与科室 · Reads words of a code list, yes and no, and codes that a workbook has turned into numbers."""

from collections.abc import Mapping

import polars as pl

from heng.intake.parsed import Parsed, each
from heng.intake.vocabulary import document, flags, word, words

TICKS = frozenset({"√", "✓", "✔"})
LONG = 16
"""Excel 存不下的位数 · A number keeps 15 digits: a code of this many or more that was typed as one is damaged."""
SCIENTIFIC = r"^\d(\.\d+)?[Ee]\+\d+$"
"""科学计数法的编码 · A code that a spreadsheet has shortened, such as 3.30106E+14."""
NOT_TEXT = r"[！-～　]"
HALF = {full: full - 0xFEE0 for full in range(ord("！"), ord("～") + 1)} | {ord("　"): " "}


def read_listed(
    text: pl.Series, listed: str, sheet: tuple[pl.Series, pl.Series | None], *, free: bool = False
) -> tuple[Parsed, dict[str, str]]:
    """读编码表的词 · A text column as codes of a list, and the numbering it followed ({} when it used none).

    `sheet`: the column as the whole sheet has it (`text` may be a piece), and the department names beside it, which tell
    numberings apart. `free`: unknown words stay as written.
    Problems: `not_in_list`, `numbering` when the column leaves two numberings open.
    """
    known = words(listed)
    numbered = sorted({w for t in sheet[0].drop_nulls().unique().to_list() if (w := word(t)).isdigit() and w not in known})
    chosen = _numbering(listed, numbered, *sheet) if numbered else {}

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


def read_flags(text: pl.Series, sheet: pl.Series | None = None) -> Parsed:
    """读是与否 · A text column as booleans; where the `sheet` has ticks alone a blank means no. Problem: `not_a_flag`."""
    known = flags()

    def read(t: str) -> tuple[bool | None, str]:
        found = known.get(word(t))
        return (found, "") if found is not None else (None, "not_a_flag")

    parsed = each(text, read, pl.Boolean())
    return Parsed(parsed.values.fill_null(value=False), parsed.problems) if ticked(text if sheet is None else sheet) else parsed


def ticked(text: pl.Series) -> bool:
    """只打勾的列 · Whether a column holds ticks and blanks only."""
    used = set(text.drop_nulls().unique().to_list())
    return bool(used) and used <= TICKS


def read_codes(text: pl.Series) -> Parsed:
    """读编码 · Codes in half width, without the `.0` that a number leaves behind. Problem: `scientific_code`."""
    plain = text.str.replace(r"^(\d+)\.0+$", "$1") if bool(text.str.contains(".0", literal=True).any()) else text
    if bool(plain.str.contains(NOT_TEXT).any()):
        plain = plain.map_elements(_half_width, return_dtype=pl.String)
    shortened = plain.str.contains(SCIENTIFIC).fill_null(value=False)
    if not shortened.any():
        return Parsed(plain)
    return Parsed(plain, pl.select(pl.when(shortened).then(pl.lit("scientific_code"))).to_series())


def _half_width(text: str) -> str:
    plain = text.translate(HALF)  # not NFKC, to which ² is a 2
    return plain if plain.isascii() else text
