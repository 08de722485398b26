"""最具体的一条规则 · Of the records of a rule the one that says most about a case: for its group before for any, and so on.

A record leaves out what it does not care about. A `group` is a code or its first characters: G, GB2, GB23.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

BY_HEAD = "group"
"""按开头比较的一项 · The key of which a record may give the first characters alone."""


def most_specific(records: Iterable[Mapping[str, Any]], case: Mapping[str, str]) -> Mapping[str, Any] | None:
    """选出一条 · The record that fits the case in most keys; of equals the longer group, then the earlier; None when none fits."""
    best, said = None, (-1, -1)
    for record in records:
        named = {key: str(record[key]) for key in case if record.get(key) is not None}
        if all(case[k].startswith(v) if k == BY_HEAD else case[k] == v for k, v in named.items()):
            rank = (len(named), len(named.get(BY_HEAD, "")))
            if rank > said:
                best, said = record, rank
    return best
