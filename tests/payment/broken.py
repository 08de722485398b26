"""结构坏了的工作簿 · Workbooks whose structure is broken: what is changed, and what the refusal must name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from heng.core.errors import FileError
from tests.payment.official_fixture import Sheets


@dataclass(frozen=True)
class Broken:
    """A defect of structure: what is changed, and what the refusal must name."""

    change: Callable[[Sheets], Any]
    where: str
    what: str

    def is_refused(self, sound: Sheets, read: Callable[[Sheets], object]) -> None:
        """With the defect the workbook is refused, where and why, in both languages, with what to do."""
        self.change(sound)
        with pytest.raises(FileError) as refusal:
            read(sound)
        assert self.where in refusal.value.where
        assert self.what in refusal.value.zh
        assert refusal.value.en
        assert all(refusal.value.mend)
