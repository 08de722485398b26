"""不准的也记下 · What is refused is written down, too: a row of audit for every AccessError.

The refusal undoes what was begun, so its row is a transaction of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from heng.core.errors import AccessError
from heng.desk.audit import Deed, note
from heng.desk.database import Database


@contextmanager
def refusal_noted(db: Database, login: str, deed: Deed) -> Iterator[None]:
    """不准就记 · Write the deed down as refused where the block raises AccessError, which goes on."""
    try:
        yield
    except AccessError:
        with db.writing() as session:
            note(session, login, replace(deed, allowed=False))
        raise
