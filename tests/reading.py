"""试验以谁的身份看 · As whom tests read a region."""

from heng.app.reader import Reader
from heng.app.region import Region
from heng.core.scope import OWNER


def owner(region: Region) -> Reader:
    """Who can read the folder, and so sees all of it."""
    return Reader(region, OWNER)
