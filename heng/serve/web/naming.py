"""叫法与提醒 · What pages have to know of a region whatever they show: names, and which figures to be careful with."""

from collections.abc import Iterable

from heng.app.period import View
from heng.app.reader import Reader
from heng.core.table import Table
from heng.serve.caution import Caution, caution
from heng.serve.labels import Labels
from heng.serve.voice import Voice
from heng.serve.web.remembered import REMEMBERED


def labels_of(reader: Reader, voice: Voice, months: Iterable[str] = ()) -> Labels:
    """叫法 · What things are called, read once for a region, a scope and these months."""
    when = tuple(sorted(set(months)))[-12:]
    return REMEMBERED.of(reader, ("labels", voice.lang, when), lambda r: _read(Labels(r, voice, when)))


def _read(labels: Labels) -> Labels:
    # Both dictionaries now: whoever is given them later reads nothing more.
    _ = labels.departments, labels.files
    return labels


def cautions(reader: Reader, seen: View, *tables: type[Table]) -> Caution:
    """要当心什么 · What to know of these tables in a view."""
    return REMEMBERED.of(reader, ("caution", seen, tables), lambda r: caution(r, seen, *tables))
