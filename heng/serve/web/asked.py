"""追问 · Why a figure is what it is, asked by many: what a hospital's month shares is read once for each scope."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from heng.app.reader import Reader
from heng.app.why import Asked, Why
from heng.serve.web.remembered import Noted, Remembered

MONTHS = Remembered(6)
"""最近追问的月份 · Hospital-months asked about last; each holds how cost went through its allocation."""
ANSWERS = Remembered(64)
"""最近的回答 · Answers given last: their pages are turned without asking again."""


@dataclass
class Month:
    """一家医院一个月 · One hospital's month; one question at a time, since the engine is one."""

    asked: Asked
    noted: Noted
    lock: threading.Lock = field(default_factory=threading.Lock)

    def why(self, reader: Reader, name: str, where: Mapping[str, str]) -> Why:
        """追问 · The answer; what was read for it is noted for who asks now."""
        with self.lock:
            self.noted.clear()
            try:
                return self.asked.why(name, dict(where))
            finally:
                for table, rows in self.noted:
                    reader.note(table, rows)


def why(reader: Reader, cell: tuple[str, str], name: str, where: Mapping[str, str]) -> Why:
    """为什么 · The answer of `heng why` for a hospital's month; errors as there."""
    return ANSWERS.of(reader, (cell, name, tuple(sorted(where.items()))), lambda r: _month(r, cell).why(r, name, where))


def _month(reader: Reader, cell: tuple[str, str]) -> Month:
    return MONTHS.of(reader, cell, lambda r: _opened(r, cell))


def _opened(reader: Reader, cell: tuple[str, str]) -> Month:
    noted: Noted = []
    return Month(Asked(replace(reader, note=lambda table, rows: noted.append((table, rows))), *cell), noted)
