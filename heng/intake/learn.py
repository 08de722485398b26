"""学表头：猜出医院自己的写法 · Learns headers: best guesses for those that no template knows, for a person to confirm."""

from collections.abc import Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from heng.intake.opened import opened
from heng.intake.place import Place
from heng.intake.recognise import Match, recognise
from heng.intake.vocabulary import Template, header, templates

LIKELY = 0.5
"""值得一提的相似度 · Guesses below this are not worth a person's time."""


def propose(path: Path, place: Place) -> dict[str, dict[str, Any]]:
    """为不认识的表头各提一个最像的列 · Guesses for every sheet; nothing is loaded or remembered.

    Gives {sheet: {"table": …, "known": {header: column}, "missing": [column], "proposed": {header: {"column": …,
    "zh": …, "similarity": 0–1}}}}. Confirm a guess with `heng load --table TABLE --map "header=column"`. Raises FileError
    when the file cannot be read, or two templates fit one sheet equally well.
    """
    told = {}
    for sheet in opened(path).sheets:
        match, nearest = (None, None) if sheet.grid.is_empty() else recognise(sheet, place, path.name)
        if found := match or nearest:
            told[sheet.name] = _proposal(found)
    return told


def _proposal(match: Match) -> dict[str, Any]:
    table = match.template.table
    known = {match.headers[p]: n for n, p in match.places.items()}
    free = {n: _wordings(match.template, n) for n in table.columns if n not in match.places}
    guesses = {h: best for h in match.unknown if (best := guess(h, free))}
    return {
        "table": table.__name__,
        "known": known,
        "missing": match.missing,
        "proposed": {
            h: {"column": name, "zh": table.columns[name].zh, "similarity": round(similarity, 2)}
            for h, (name, similarity) in guesses.items()
        },
    }


def guess(written: str, wordings: Mapping[str, list[str]]) -> tuple[str, float] | None:
    """最像哪一列 · The column whose wordings are most like a header, with the similarity; None when none is likely."""
    plain = header(written)
    scored = [(max((_alike(plain, w) for w in some), default=0.0), name) for name, some in wordings.items()]
    best, name = max(scored, default=(0.0, ""), key=lambda s: (s[0], s[1]))
    return (name, best) if best >= LIKELY else None


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _wordings(template: Template, name: str) -> list[str]:
    return sorted(text for text, some in templates()[template.table.__name__].ranks.items() if any(n == name for _, n in some))
