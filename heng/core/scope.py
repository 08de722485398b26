"""范围：一次请求可以看到什么 · What one request may see: decided once, carried with every read (heng.tables.access).

Levels of data: 0 public aggregate, 1 regional aggregate, 2 a hospital's aggregate, 3 single cases without names, 4 with names.
"""

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """数据级别 · How deep data go, from what anyone may see to what names a patient."""

    PUBLIC = 0
    REGION = 1
    HOSPITAL = 2
    CASE = 3
    NAMED = 4


@dataclass(frozen=True)
class Reach:
    """够得着的一片 · One stretch of a scope: tables of some hospitals (and departments) down to a level.

    None means all: every hospital, department, table, column. `subject`: only rows of this patient.
    """

    level: Level
    orgs: frozenset[str] | None = None
    depts: frozenset[str] | None = None
    tables: frozenset[str] | None = None
    columns: frozenset[str] | None = None
    subject: str | None = None


@dataclass(frozen=True)
class Scope:
    """一次请求的范围 · Who asks, as what, for what, and how far that reaches; nothing outside the stretches is seen."""

    login: str
    role: str
    purpose: str
    reaches: tuple[Reach, ...]


OWNER = Scope("", "owner", "", (Reach(Level.NAMED),))
"""能读区域文件夹的人本来就看得到全部 · Who can read the region's folder sees all of it: the command line without log-in."""
