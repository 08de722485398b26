"""说得通吗 · Whether numbers can be meant as they stand, and which blanks took what another column says.

Fee lines are too many to be held whole by quality checks, which see them added up: what is odd in one line is told here.
"""

import polars as pl

from heng.intake.belongs import Owner
from heng.intake.findings import Findings


def plausible(owner: Owner, values: dict[str, pl.Series], findings: Findings) -> None:
    """数值是否可信 · Sends back numbers beyond all sense, and remarks on a quantity that does not go with its amount."""
    match = owner.match
    for name in sorted(match.template.below.keys() & match.places.keys()):
        limit = match.template.below[name]
        _tell("implausible", owner, name, (values[name].abs() >= limit, (f"{limit:,}", f"{limit:,}")), findings)
    agree = match.template.agree
    if agree and match.places.keys() >= set(agree):
        quantity, amount = (values[n].sign() for n in agree)
        _tell("no_quantity", owner, agree[0], ((quantity == 0) & (amount != 0), ("", "")), findings)
        _tell("opposed", owner, agree[0], ((quantity * amount) < 0, ("", "")), findings)


def _tell(problem: str, owner: Owner, name: str, odd: tuple[pl.Series, tuple[str, str]], findings: Findings) -> None:
    where, words = odd
    cells = owner.at.select("row", value=f"c{owner.match.places[name]}")
    findings.rows(problem, owner.head(name), cells.filter(where.fill_null(value=False)), words)


def told_instead(owner: Owner, so_far: dict[str, int], findings: Findings) -> None:
    """空白取了哪一列 · Says once for the sheet, with the rows counted up to this piece, what blank cells of a column have taken."""
    match = owner.match
    for name, other in sorted((n, other) for n in match.places if (other := match.instead(n))):
        blank, taken = (owner.at[f"c{match.places[n]}"] for n in (name, other))
        so_far[name] = so_far.get(name, 0) + int((blank.is_null() & taken.is_not_null()).sum())
        if so_far[name]:
            column = match.template.table.columns[other]
            findings.whole("instead", owner.head(name), str(so_far[name]), (column.zh, column.en))
