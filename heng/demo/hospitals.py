"""医院 · The four pretended hospitals: size, chart of accounts, ways of coding."""

from dataclasses import dataclass
from functools import cache

from heng.demo.catalogue import catalogue


@dataclass(frozen=True, kw_only=True, eq=False)
class Hospital:
    """一家示范医院 · One pretended hospital.

    `reach`: it has the departments of the catalogue whose own reach is at least this. `income` and `charge`: yuan a
    month of medical income, of depreciation and amortisation. `visits`: a month. `area`: square metres.
    `pay`, `running`, `uncharged`: per mille of the usual pay, running costs and uncharged consumables.
    `leaves_out`: what its books leave out although it is a cost.
    """

    code: str
    name: str
    level: str
    reach: int
    staff: int
    income: int
    visits: int
    beds: int
    area: int
    pay: int
    charge: int
    running: int
    uncharged: int
    national: str
    codes: dict[str, str]
    charts: str
    leaves_out: list[str]
    shared_people: int


@cache
def hospitals() -> tuple[Hospital, ...]:
    """四家医院 · One tertiary hospital and three county hospitals."""
    return tuple(Hospital(**row) for row in catalogue("hospitals")["hospitals"])


def region_name() -> str:
    """区域名称 · The name of the pretended region."""
    return str(catalogue("hospitals")["region"])
