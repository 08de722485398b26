"""撤回：把装错的文件拿出去 · Withdraw: take a file that should not have been loaded out again.

What it brought leaves the region; so do the results of months for which nothing else is held. It can be loaded again.
"""

from collections.abc import Iterable

from heng.app.region import Region
from heng.core.errors import FileError, HengError, did_you_mean
from heng.core.table import TABLES
from heng.store.manifest import Part


def withdraw(region: Region, org: str, names: Iterable[str], month: str = "") -> dict[str, int]:
    """撤回某院的文件 · Take files out by the names `part_name` gives them, in one month or altogether; rows taken by table.

    Raises FileError when nothing of a name is held (with the nearest name), HengError when a month of it is closed.
    """
    with region.writing("heng load --withdraw"):
        held = [p for p in region.manifest.parts if p.org == org and p.part]
        gone = [p for name in names for p in _of_file(held, name, month)]
        _open(region, gone)
        left = {(p.org, p.month) for p in held if p not in gone and TABLES[p.table].source and p.month}
        empty = {(p.org, p.month) for p in gone if p.month} - left
        months = {p.month for p in region.manifest.parts if p.org and (p.org, p.month) not in empty}
        # What was worked out for the whole region goes with the last hospital that has the month.
        stale = [p for p in region.manifest.parts if (p.org, p.month) in empty or (not p.org and p.month and p.month not in months)]
        region.publish("withdraw", drop=[p.place for p in (*gone, *stale)])
    rows: dict[str, int] = {}
    for p in gone:
        if TABLES[p.table].source:
            rows[p.table] = rows.get(p.table, 0) + p.rows
    return rows


def _of_file(held: list[Part], name: str, month: str) -> list[Part]:
    # The mark of the file goes too: without it the same file would count as loaded already.
    mine = [p for p in held if p.feed == name and (not month or p.month in ("", month))]
    if not any(p.month == month if month else True for p in mine):
        known = {p.feed for p in held}
        when = f" {month}" if month else ""
        raise FileError(f"没有装入过「{name}」{when}", f"nothing of {name!r}{when} is held", mend=did_you_mean(name, known))
    return mine


def _open(region: Region, gone: list[Part]) -> None:
    for p in gone:
        closing = region.manifest.is_closed(p.org, p.month)
        if closing:
            raise HengError(
                f"{p.month} 已由 {closing.by} 结账，不能撤回",
                f"{p.month} was closed by {closing.by}; nothing of it can be withdrawn",
                where=p.feed,
                mend=("由另一人用 heng close --reopen 说明原因后再撤回", "have another person reopen it: heng close --reopen --reason …"),
            )
