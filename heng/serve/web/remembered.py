"""记住的答案 · Answers remembered for a while: they depend on the region as it stands and on the scope, on nobody before.

What was noted while an answer was found is noted again each time it is given: the audit knows every read.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from heng.app.reader import Reader

Answer = TypeVar("Answer")
Noted = list[tuple[str, int | None]]


@dataclass
class Remembered:
    """有界的记忆 · A bounded memory of `most` answers; the one asked for longest ago is forgotten first."""

    most: int
    _held: "OrderedDict[Hashable, tuple[Any, Noted]]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, reader: Reader, question: Hashable, find: Callable[[Reader], Answer]) -> Answer:
        """取答案 · The answer to a question, found now or before; `find` reads through the reader that it is given."""
        key = (reader.region, reader.scope.reaches, question)  # the same for whoever sees the same
        with self._lock:
            held = self._held.get(key)
            if held:
                self._held.move_to_end(key)
        if held is None:
            noted: Noted = []
            return self._keep(key, find(noting(reader, noted)), noted)  # what is read for the first time is noted as it is read
        for table, rows in held[1]:
            reader.note(table, rows)
        answer: Answer = held[0]
        return answer

    def _keep(self, key: Hashable, answer: Answer, noted: Noted) -> Answer:
        with self._lock:
            self._held[key] = (answer, noted)
            while len(self._held) > self.most:
                self._held.popitem(last=False)
        return answer


def noting(reader: Reader, noted: Noted) -> Reader:
    """边看边记 · The same reader, which also writes down what it noted."""

    def note(table: str, rows: int | None) -> None:
        noted.append((table, rows))
        reader.note(table, rows)

    return replace(reader, note=note)


REMEMBERED = Remembered(1024)
"""各页共用的记忆 · The memory that pages share: frames of one region and scope, small ones."""
