"""占比的精确检验 · Is a share higher than elsewhere by more than chance? Fisher's exact test, one-sided, in whole numbers.

Of the cases and those they are held against, taken together, so many have the event; were it all the same which cases they fall on,
how likely would so many, or more, be among the cases? Source: Fisher, The Logic of Inductive Inference, JRSS 98 (1935).
"""

from fractions import Fraction
from math import comb


def upper_chance(events: int, cases: int, other_events: int, others: int) -> Fraction:
    """偶然性 · The chance of at least so many events among the cases, the others having theirs; 1 where there is nothing to compare.

    Raises ValueError when there are more events than cases, or fewer than none.
    """
    if not (0 <= events <= cases and 0 <= other_events <= others):
        raise ValueError(f"{events} of {cases} against {other_events} of {others}")
    total, marked = cases + others, events + other_events
    most = min(cases, marked)
    term = comb(marked, events) * comb(total - marked, cases - events)
    summed = 0
    for k in range(events, most + 1):
        summed += term
        # From k to k + 1 by whole numbers only: the quotient of neighbouring terms.
        term = term * (marked - k) * (cases - k) // ((k + 1) * (total - marked - cases + k + 1)) if k < most else 0
    return Fraction(summed, comb(total, cases))
