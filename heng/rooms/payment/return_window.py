"""返回的期限 · How long after its discharge a case may be returned; the one place that says so."""

from heng.core.params import Params

WINDOW = 6
"""读几个月的返回与病例：期限最长五个月，加上当月 · Months that are read: a case is returned five months later at most, or in its own."""


class Window(Params, at="payment.match_returns"):
    """期限 · In which month after its discharge a case may still be returned."""

    latest: int
