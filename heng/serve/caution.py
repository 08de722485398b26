"""看数之前要知道的 · What to know of figures before they are used: which are out of date or a trial, which months are missing."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from heng.app.compute import outdated
from heng.app.groupers import Editions, lapsed
from heng.app.inputs import Cell
from heng.app.period import View
from heng.app.reader import Reader
from heng.core.capability import order
from heng.core.table import Table
from heng.serve.months import spans
from heng.tables.dip import DipMatch
from heng.tables.grouping import Grouping
from heng.tables.packs import DipEdition, Pack

Lapsed = tuple[str, str, str, tuple[Cell, ...]]
"""不在启用期内的方案 · A scheme that pays though it is not in force: the policy that names it, its name, its dates, where and when."""
NAMED: tuple[tuple[type[Table], Editions, str], ...] = (
    (Grouping, Pack, "payment.grouping.pack"),
    (DipMatch, DipEdition, "payment.dip_catalogue.pack"),
)
"""谁用哪类方案 · Of what is made from a table the schemes that it rests on, and the policy that names the one that pays."""


@dataclass(frozen=True)
class Caution:
    """要当心的（医院, 月） · Hospital-months whose figures are older than their data, policy or code; those without figures.

    `lapsed`: those paid by a grouping scheme that is not in force then by its own dates, which may be meant as a trial.
    """

    stale: tuple[Cell, ...] = ()
    missing: tuple[Cell, ...] = ()
    lapsed: tuple[Lapsed, ...] = ()

    def phrases(self) -> Iterator[tuple[str, dict[str, str]]]:
        """逐条说 · What to say of them: a phrase and its values, hospitals with the same months in one."""
        for key, cells in (("caution.stale", self.stale), ("caution.missing", self.missing)):
            for months, orgs in _together(cells).items():
                yield key, {"org": "、".join(orgs), "month": months}
        for policy, pack, dates, cells in self.lapsed:
            for months, orgs in _together(cells).items():
                yield "caution.lapsed", {"org": "、".join(orgs), "month": months, "pack": pack, "dates": dates, "policy": policy}

    def data(self) -> dict[str, list[dict[str, str]]]:
        """供 JSON 用 · The same for JSON."""
        trial = sorted({c for *_, cells in self.lapsed for c in cells})
        told = (("stale", self.stale), ("missing", self.missing), ("lapsed", trial))
        return {k: [{"org": o, "month": m} for o, m in cells] for k, cells in told}


def caution(reader: Reader, seen: View, *tables: type[Table]) -> Caution:
    """看这些表要当心什么 · What to know of these tables in a view; the first one says which months are held.

    Closed months stand as they were closed and are never called out of date. A period compared with is missing only
    where part of it is held: one of which nothing is held compares as absent.
    """
    table = tables[0]
    if table.grain not in ("month", "region_month"):
        return Caution()
    region, held = reader.region, reader.held(table)
    if table.grain == "region_month":  # it rests on every hospital that is seen
        months = [m for m in seen.period.months if ("", m) in held]
        return Caution(lapsed=_lapsed(reader, [(o, m) for o in seen.orgs or reader.orgs(table) for m in months], tables))
    orgs = seen.orgs or tuple(o for o in reader.orgs(table) if not table.source or any(o == org for org, _ in held))
    asked = [[(o, m) for o in orgs for m in seen.period.months]]
    for period in (seen.period.year_ago() if how == "yoy" else seen.period.before() for how in seen.compare):
        asked += [cells for o in orgs if not held.isdisjoint(cells := [(o, m) for m in period.months])]
    shown = sorted({c for cells in asked for c in cells})
    open_ = [c for c in shown if c in held and not region.manifest.is_closed(*c)]
    stale = tuple(c for c in open_ if outdated(region, c, tables))
    return Caution(stale, tuple(c for c in shown if c not in held), _lapsed(reader, [c for c in shown if c in held], tables))


def _lapsed(reader: Reader, cells: Collection[Cell], tables: Iterable[type[Table]]) -> tuple[Lapsed, ...]:
    made = {c.writes for c in order(tables)}
    found = dict[tuple[str, str, str], list[Cell]]()
    for table, editions, policy in NAMED:
        for cell, scheme in lapsed(reader, cells, editions) if table in made else ():
            found.setdefault((policy, scheme["pack"], f"{scheme['since'] or ''}…{scheme['until'] or ''}"), []).append(cell)
    return tuple((*told, tuple(some)) for told, some in sorted(found.items()))


def _together(cells: Iterable[Cell]) -> dict[str, list[str]]:
    months = dict[str, list[str]]()
    for org, month in cells:
        months.setdefault(org, []).append(month)
    alike = dict[str, list[str]]()
    for org, some in months.items():
        alike.setdefault(spans(some), []).append(org)
    return alike
