"""在终端上提醒 · What to know of figures before they are used, told on stderr."""

from heng.serve.caution import Caution
from heng.serve.cli.console import warn


def caution_told(known: Caution) -> None:
    """写到 stderr · Tell of them on stderr."""
    for key, values in known.phrases():
        warn(key, **values)
