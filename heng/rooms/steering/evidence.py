"""预警的依据 · What stands behind an alert: the elements of its department in two sets of months, and the causes in words."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import polars as pl

from heng.core.errors import Say
from heng.core.indicator import INDICATORS
from heng.methods.causes import Causes, Month, Pieces, causes
from heng.methods.rounding import decimal, nearest
from heng.rooms.steering.watches import FUNNELS, Watch

EFFECTS: dict[str, Say] = {
    "seasonality": ("季节", "time of the year"),
    "volume": ("业务量", "volume"),
    "mix": ("病例组合", "case mix"),
    "usage": ("材料用量", "use of consumables"),
    "price": ("材料价格", "prices of consumables"),
    "drug": ("药品", "drugs"),
    "staff": ("人员", "staff"),
    "equipment": ("折旧与摊销", "depreciation and amortisation"),
    "indirect": ("分摊来的成本", "allocated cost"),
    "other": ("其他直接成本", "other direct cost"),
}
UNKNOWN: Say = ("没有可比的成本数据，原因待查", "there is no cost to compare with: the cause is to be found")
NOT_COST: Say = ("不是成本能解释的，原因待查", "cost does not explain it: the cause is to be found")
AMONG: Say = ("与同月各科室相比，原因待查", "held against the other departments of the month: the cause is to be found")
REST: Say = ("其余合计", "the rest together")
TOLD = 4
"""原因文字中列出几项 · How many effects the words name."""
Element = tuple[str, str, Fraction | None, int | None]


class Evidence:
    """各科室各月的要素 · Elements by hospital, department and month; department empty: all of the hospital, before allocation."""

    def __init__(self, elements: pl.DataFrame, wanted: pl.DataFrame) -> None:
        """只留用到的科室 · Keep the departments that are wanted (columns org, dept)."""
        self.months: dict[tuple[str, str, str], list[Element]] = {}
        asked = wanted.unique()
        whole = elements.join(asked.filter(pl.col("dept") == ""), on="org", how="semi").with_columns(dept=pl.lit(""))
        before_allocation = whole.filter(~pl.col("element").is_in(["indirect", "volume"]))
        rows = pl.concat([elements.join(asked, on=["org", "dept"], how="semi"), before_allocation])
        columns = ("org", "dept", "month", "element", "detail", "quantity", "amount")
        for org, dept, month, name, detail, quantity, amount in rows.select(columns).iter_rows():
            row = (name, detail, None if quantity is None else Fraction(quantity), None if amount is None else int(amount * 100))
            self.months.setdefault((org, dept, month), []).append(row)

    def month(self, place: tuple[str, str], months: Iterable[str], explains: str) -> Month | None:
        """若干月合计 · The elements of some months, of one element or all; None where a department had none."""
        held = [rows for m in months if (rows := self.months.get((*place, m)))]
        if not held:
            return None
        volumes = [q for rows in held for name, _, q, _ in rows if name == "volume" and q is not None]
        cased = all(any(name == "case" for name, *_ in rows) for rows in held)
        costs = [r for rows in held for r in rows if r[0] not in ("volume", "case") and explains in ("all", r[0])]
        return Month(
            volume=sum(volumes, Fraction()) if len(volumes) == len(held) else None,
            groups=_pieces(r for rows in held for r in rows if r[0] == "case") if cased else {},
            materials=_pieces(r for r in costs if r[1]),
            elements=_sums(r for r in costs if not r[1]),
            months=len(held),
        )


def _pieces(rows: Iterable[Element]) -> dict[str, Pieces]:
    found: dict[str, Pieces] = {}
    for _, detail, quantity, amount in rows:
        before = found.get(detail, (Fraction(), 0))
        found[detail] = (before[0] + (quantity or 0), before[1] + (amount or 0))
    return found


def _sums(rows: Iterable[Element]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, _, _, amount in rows:
        found[name] = found.get(name, 0) + (amount or 0)
    return found


def explained(evidence: Evidence, watch: Watch, row: dict[str, Any], follows: Collection[str]) -> dict[str, Any]:
    """原因：金额与文字 · The effects of an alert in yuan, and in words; empty where there is nothing to compare with."""
    place, base = (row["org"], row["dept"]), row["base"].split()
    before, now = (evidence.month(place, months, watch.explains) for months in (base, [row["month"]]))
    if before is None or now is None or watch.explains == "nothing":
        zh, en = NOT_COST if watch.explains == "nothing" else AMONG if row["rule"] in FUNNELS else UNKNOWN
        return {**dict.fromkeys(("before", *EFFECTS, "amount")), "cause_zh": zh, "cause_en": en}
    usual, factor = before, row["factor"]
    if factor is not None:
        usual = at_this_time(before, Fraction(factor), whole=not INDICATORS[row["indicator"]].denominator)
    start, found = causes(before, before, follows).before, causes(usual, now, follows)
    effects = {
        "seasonality": None if factor is None else found.before - start,
        "volume": found.volume,
        "mix": found.mix,
        "usage": found.usage,
        "price": found.price,
        **found.elements,
    }
    known = {name: effects.get(name) for name in EFFECTS}
    yuan = {name: None if fen is None else _yuan(fen) for name, fen in known.items()}
    zh, en = _words(found, known, (start, base))
    return {"before": _yuan(start), **yuan, "amount": _yuan(found.after), "cause_zh": zh, "cause_en": en}


def at_this_time(before: Month, factor: Fraction, *, whole: bool) -> Month:
    """同季的对照 · The months compared with as they would be at this time of the year: cost and consumables × the factor of the line.

    The season of a plain amount (`whole`) is one of what is done, too: volume and cases move with it. Prices do not.
    """

    def pieces(held: Mapping[str, Pieces]) -> dict[str, Pieces]:
        return {n: (quantity * factor, nearest(amount * factor)) for n, (quantity, amount) in held.items()}

    return replace(
        before,
        volume=before.volume * factor if whole and before.volume is not None else before.volume,
        groups=pieces(before.groups) if whole else before.groups,
        materials=pieces(before.materials),
        elements={n: nearest(amount * factor) for n, amount in before.elements.items()},
    )


def _yuan(fen: int) -> Any:
    return decimal(Fraction(fen, 100), 2)


def _words(found: Causes, effects: dict[str, int | None], since: tuple[int, list[str]]) -> Say:
    """The largest effects, and the others in one sum: what is told adds up to the difference."""
    ranked = sorted(((n, f) for n, f in effects.items() if f), key=lambda e: -abs(e[1]))
    told = [(EFFECTS[n], f"{_signed(f)}{_named(found, n)}") for n, f in ranked[:TOLD]]
    told += [(REST, _signed(sum(f for _, f in ranked[TOLD:])))] if ranked[TOLD:] else []
    zh, en = ("；".join(f"{said[0]} {f}" for said, f in told), "; ".join(f"{said[1]} {f}" for said, f in told))
    start, base = since
    more, months = found.after - start, (base[0] if len(base) == 1 else f"{min(base)}–{max(base)}")
    now, before, by = _money(found.after), _money(start), _money(abs(more))
    return (
        f"本月成本 {now} 元，比 {months} 月均 {before} 元{'多' if more >= 0 else '少'} {by} 元：{zh}",
        f"cost {now} yuan, {by} {'more' if more >= 0 else 'less'} than a month of {months} ({before}): {en}",
    )


def _named(found: Causes, name: str) -> str:
    """The material that matters most in an effect of use or price."""
    side = {"usage": 0, "price": 1}.get(name)
    ranked = [] if side is None else sorted(found.materials.items(), key=lambda m: (-abs(m[1][side]), m[0]))
    return f" [{ranked[0][0]} {_signed(ranked[0][1][side])}]" if ranked and side is not None and ranked[0][1][side] else ""


def _money(fen: int) -> str:
    return f"{_yuan(fen):,}"


def _signed(fen: int) -> str:
    return f"{_yuan(fen):+,}"
