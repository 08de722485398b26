"""问得多快 · How fast one may ask: so many requests a minute for each token, a few more at once; the rest is told to wait."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

from heng.serve.api.problem import TooManyError

A_MINUTE = 600
"""一个令牌一分钟可问多少次 · Requests of one token a minute."""
KNOWN = 4096
"""记住多少个 · How many are remembered; who asked longest ago begins anew."""


@dataclass(frozen=True)
class Left:
    """还可以问多少次 · How many requests are left at once, of how many a minute, and in how many seconds there is one more."""

    limit: int
    left: int
    wait: int

    @property
    def headers(self) -> dict[str, str]:
        """写在回答上 · As an answer tells it."""
        return {"RateLimit-Limit": str(self.limit), "RateLimit-Remaining": str(self.left), "RateLimit-Reset": str(self.wait)}


@dataclass
class Limits:
    """各人的额度 · What everybody has left: it fills up with time, at most to a minute's worth."""

    a_minute: int = A_MINUTE
    clock: Callable[[], float] = time.monotonic
    _held: "OrderedDict[str, tuple[float, float]]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, who: str) -> tuple[Left, bool]:
        """问一次 · What is left after this request, and whether it may be answered."""
        with self._lock:
            moment = self.clock()
            held, since = self._held.pop(who, (float(self.a_minute), moment))
            full = min(float(self.a_minute), held + (moment - since) * self.a_minute / 60)
            may = full >= 1
            kept = full - 1 if may else full
            self._held[who] = (kept, moment)
            while len(self._held) > KNOWN:
                self._held.popitem(last=False)
        return Left(self.a_minute, int(kept), 0 if kept >= 1 else ceil((1 - kept) * 60 / self.a_minute)), may


def too_many(left: Left) -> TooManyError:
    """太快了 · The error for who asks too fast."""
    return TooManyError(
        f"一分钟至多 {left.limit} 次请求",
        f"{left.limit} requests a minute at most",
        where="Authorization",
        mend=(f"{left.wait} 秒后再问", f"ask again in {left.wait} seconds"),
    )
