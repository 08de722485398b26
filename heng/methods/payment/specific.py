"""最具体的一条规则 · Of the records of a rule the one that says most about a case.

A record leaves out what it does not care about. A `group` is a code or its first characters: G, GB2, GB23. The record that fits
in most keys counts; of those the one with the longer group; of those the one that tells the insurance before one that tells the
level. So the order in which the records stand never decides: no two of a rule tell the same of the same keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

BY_HEAD = "group"
"""按开头比较的一项 · The key of which a record may give the first characters alone."""
FIRST = ("insurance", "level")
"""说得一样多时谁先 · Which key goes before which where records tell as many."""


def most_specific(records: Iterable[Mapping[str, Any]], case: Mapping[str, str]) -> Mapping[str, Any] | None:
    """选出一条 · The record that says most about the case; None when none fits."""
    best, said = None, tuple[int, ...]()
    for record in records:
        named = {key: str(record[key]) for key in case if record.get(key) is not None}
        if all(case[k].startswith(v) if k == BY_HEAD else case[k] == v for k, v in named.items()):
            rank = (len(named), len(named.get(BY_HEAD, "")), *(key in named for key in FIRST))
            if rank > said:
                best, said = record, rank
    return best
