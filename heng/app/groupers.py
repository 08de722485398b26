"""区域里的分组方案 · The grouping schemes that a region holds, ready to group; and the case behind a row of grouping.

A scheme is read through the scope of who asks, and compiled once: it hangs on its files alone, on nobody who looked before.
"""

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import date
from typing import Any, Literal

import polars as pl

from heng.app.compute import rules_at
from heng.app.inputs import Cell
from heng.app.opened import Opened
from heng.app.reader import Reader
from heng.core.capability import CAPABILITIES
from heng.core.errors import FileError, did_you_mean
from heng.core.period import last_day
from heng.core.table import Table
from heng.methods.grouping.engine import Grouper, Record
from heng.rooms.payment.dip_catalogue import Rule as CatalogueRule
from heng.rooms.payment.dip_stays import finished
from heng.rooms.payment.group_cases import PARTS, Rule, cases
from heng.rooms.payment.packs import pack_of
from heng.tables.packs import DipEdition, Pack, PackGroup, PackWeight
from heng.tables.patients import Encounter
from heng.tables.visits import DiagnosisLine, Discharge, ProcedureLine

Codes = Literal["医保", "国临"]
Editions = type[Pack] | type[DipEdition]
"""哪一类方案 · Schemes of which kind: of DRG, of DIP."""
LAID = ("", "2000-01")
"""任一月 · Any month of the region: a scheme belongs to no hospital and to no month."""
KEPT = 4
"""同时留着几个 · Compiled schemes that are kept: a national one takes some hundred megabytes."""
TOLD = (Encounter, Discharge, DiagnosisLine, ProcedureLine)
"""说一个病例的表 · The tables that tell a case."""
_COMPILED: OrderedDict[tuple[object, ...], Grouper] = OrderedDict()
_LOCK = threading.Lock()


def schemes(reader: Reader, of: Editions = Pack) -> list[dict[str, Any]]:
    """装入了哪些 · The schemes of DRG or of DIP that are held, by name; AccessError for who sees nothing of the region."""
    return _rows(reader, of).to_dicts() if reader.region.manifest.of(of.__name__) else []


def weights(reader: Reader, name: str) -> pl.DataFrame:
    """权重 · The weights of a scheme."""
    return _rows(reader, PackWeight, name)


def rule_of(reader: Reader, cell: Cell) -> Rule:
    """用哪些方案 · Which scheme pays at a hospital in a month, which stand beside it, which code set cases have."""
    found = rules_at(CAPABILITIES["payment.group_cases"], reader.region.policy, cell)["rule"]
    assert isinstance(found, Rule)  # noqa: S101 - it is declared so
    return found


def paying(reader: Reader, cell: Cell, held: Collection[str]) -> str:
    """用于付费的 · The scheme that pays at a hospital in a month, the only one held where policy names none; "" where nobody can tell."""
    return rule_of(reader, cell).pack or (next(iter(held)) if len(held) == 1 else "")


def counting(reader: Reader, month: str) -> str:
    """计分所按的 DIP 方案 · The DIP scheme whose catalogue counts in a month; "" where the region's own history makes one."""
    found = rules_at(CAPABILITIES["payment.dip_catalogue"], reader.region.policy, ("", month))["rule"]
    assert isinstance(found, CatalogueRule)  # noqa: S101 - it is declared so
    return found.pack


def in_force(scheme: Mapping[str, Any], month: str) -> bool:
    """当月是否启用 · Whether a scheme is in force on any day of a month, by its own dates."""
    first, last = date.fromisoformat(f"{month}-01"), last_day(month)
    return (scheme["since"] or first) <= last and first <= (scheme["until"] or last)


def lapsed(reader: Reader, cells: Iterable[Cell], of: Editions = Pack) -> Iterator[tuple[Cell, dict[str, Any]]]:
    """付费而未启用的 · The hospital-months in which a scheme of a kind pays that is not in force by its own dates, and that scheme."""
    held = {str(s["pack"]): s for s in schemes(reader, of)} if reader.sees(of, "") else {}
    for cell in cells if held else ():
        found = held.get(paying(reader, cell, held) if of is Pack else counting(reader, cell[1]))
        if found and not in_force(found, cell[1]):
            yield cell, found


def grouper(reader: Reader, name: str, codes: Codes = "医保") -> Grouper:
    """编译好的方案 · The grouper of a scheme that is held; FileError with the nearest name for one that is not."""
    parts = {t.__name__ for t in PARTS}
    files = tuple(sorted(p.file for p in reader.region.manifest.parts if p.part == name and not p.org and p.table in parts))
    if not files:
        held = [str(s["pack"]) for s in schemes(reader)]
        raise FileError(f"没有装入分组方案「{name}」", f"no grouping scheme {name!r} is held", mend=did_you_mean(name, held))
    for table in PARTS:
        reader.sight(table).refuse(table.columns)
    key = (reader.region.path, name, codes, files)
    with _LOCK:  # one of those who ask at once compiles it, and the others wait for that
        if key in _COMPILED:
            reader.note(PackGroup.__name__, len(_COMPILED[key].pack.groups))
        else:
            _COMPILED[key] = Grouper(pack_of(name, {t: _rows(reader, t, name) for t in PARTS}), codes)
        _COMPILED.move_to_end(key)
        while len(_COMPILED) > KEPT:
            _COMPILED.popitem(last=False)
        return _COMPILED[key]


def case_of(reader: Reader, cell: Cell, encounter: int) -> Record | None:
    """一次住院的病例 · The case of a stay as it is grouped; None where some of it is out of scope, or it is no finished stay."""
    org = cell[0]
    if not all(reader.sees(t, org) for t in TOLD):
        return None
    sights = {t: reader.sight(t, [org]) for t in TOLD}
    if not all(set(s.columns) == set(t.columns) for t, s in sights.items()):
        return None
    with closing(Opened(reader, [cell])) as opened:
        own = opened.rows(sights[Encounter], "select * from source where encounter = $encounter", {"encounter": encounter})
        if not own.height:
            return None
        number = {"number": own.select(pl.coalesce("record", "visit")).item()}
        near = {t: opened.rows(s, OWN if t is Encounter else LINES, number) for t, s in sights.items()}
    lines = near[DiagnosisLine], near[ProcedureLine]
    found = cases(finished(near[Encounter]), near[Discharge], lines, rule_of(reader, cell)).filter(encounter=encounter).to_dicts()
    if not found:
        return None
    sex, age, age_days, weight = (found[0][n] for n in ("sex", "age", "age_days", "birth_weight"))
    return Record(found[0]["dx"] or (), found[0]["ops"] or (), sex, age, age_days, weight)


OWN = "select * from source where coalesce(record, visit) = $number"
LINES = "select * from source where visit = $number"
"""这个病案号的行 · The rows of a number: of stays, and of what their files tell."""


def _rows(reader: Reader, table: type[Table], name: str = "") -> pl.DataFrame:
    sight = reader.sight(table)
    with closing(Opened(reader, [LAID])) as opened:
        found = opened.rows(sight, "select * from source where $name in ('', pack)", {"name": name})
    return found.select(sight.columns).sort([n for n in table.full_key() if n in sight.columns], nulls_last=True)
