"""按带符号的权重分摊 · Split a whole number by weights that may be negative, and lose nothing.

Costs contain red-ink corrections, so the rows behind a figure may be negative while their sum is not. Each part is
the exact share rounded down; the units still missing go to the largest remainders, the earlier row first.
"""

from collections.abc import Sequence


def spread(total: int, weight: Sequence[int]) -> list[int]:
    """分给各行，合计不变 · Parts of `total` in proportion to `weight` (whole numbers of any sign); Σ parts = total.

    ValueError when the weights add up to zero and there is something to split.
    """
    whole = sum(weight)
    if total == whole:
        return list(weight)
    if whole == 0:
        if total:
            raise ValueError("权重合计为 0 · the weights add up to zero")
        return [0] * len(weight)
    if whole < 0:
        return spread(total, [-w for w in weight])
    parts = [divmod(total * w, whole) for w in weight]
    missing = total - sum(q for q, _ in parts)
    first = sorted(range(len(parts)), key=lambda i: (-parts[i][1], i))[:missing]
    chosen = set(first)
    return [q + (i in chosen) for i, (q, _) in enumerate(parts)]
