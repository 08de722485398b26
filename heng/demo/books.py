"""底账 · Everything that one hospital knows, table by table, before it is written the way the hospital writes it.

Frames have the columns of their Table without provenance and hospital. Decimals are whole hundredths (money in fen),
dates are dates, codes are the codes of the Table.
"""

from collections.abc import Iterable

import polars as pl

from heng.core.table import table
from heng.demo.accounts import subjects
from heng.demo.assets import cards, depreciation
from heng.demo.budgets import budgets
from heng.demo.departments import Dept, departments
from heng.demo.hospitals import Hospital
from heng.demo.income import income
from heng.demo.ledger import ledger
from heng.demo.materials import drugs, materials
from heng.demo.measures import area, inpatient_work, medtech_work, outpatient_work, services, statistics
from heng.demo.people import Person, Roster, people
from heng.demo.plants import planted
from heng.demo.running import other_costs
from heng.demo.scene import Scene
from heng.tables import activity, booked, organisation

TABLES_KNOWN = (activity, booked, organisation)
"""引入即登记 · Importing these modules declares the source tables."""

Books = dict[str, pl.DataFrame]


def books(hospital: Hospital, months: Iterable[str], seed: int) -> Books:
    """一家医院的底账 · Table name to rows: dictionaries, and the feeds of all the months."""
    held, staff = cards(hospital, seed), people(hospital, seed)
    known = departments(hospital)
    yearly = [_month(Scene(hospital, m, seed), held, staff) for m in months]
    feeds = {name: pl.concat([m[name] for m in yearly]) for name in yearly[0]}
    names = {d.code: d.name for d in known}
    own = {d.name: d.code for d in known}
    found = {"Department": _dictionary(known), "Subject": subjects(hospital), "Asset": held, **feeds}
    called = dict(found["Subject"].select("subject", "name").iter_rows())
    for name, feed in feeds.items():
        frame = feed
        for key, words in (("dept", names), ("subject", called)):
            if f"{key}_name" in table(name).columns:
                frame = _named(frame, key, words)
        found[name] = frame
    found["Budget"] = budgets(hospital, own, found)
    return found


def _month(scene: Scene, held: pl.DataFrame, staff: list[Person]) -> Books:
    earned, roster = income(scene), Roster(scene, staff)
    feeds = {
        "StaffCount": roster.counts(),
        "StaffShare": roster.shares(),
        "Area": area(scene),
        "Statistic": statistics(scene),
        "ServiceUse": services(scene),
        "OutpatientWork": outpatient_work(scene),
        "InpatientWork": inpatient_work(scene),
        "MedtechWork": medtech_work(scene, earned),
        "Income": earned,
        "Salary": roster.salaries(),
        "Material": materials(scene, earned),
        "DrugUse": drugs(scene, earned),
        "Depreciation": depreciation(scene.hospital, held, scene.month),
        "OtherCost": other_costs(scene, earned),
    }
    feeds = {name: planted(scene, name, feed) for name, feed in feeds.items()}
    feeds["LedgerBalance"] = ledger(scene.hospital, scene.depts, feeds)
    return {name: frame.select(pl.lit(scene.month).alias("month"), pl.all()) for name, frame in feeds.items()}


def _named(frame: pl.DataFrame, key: str, names: dict[str, str]) -> pl.DataFrame:
    """Put the name beside the code, as exports do."""
    place = frame.columns.index(key) + 1
    return frame.insert_column(place, frame[key].replace_strict(names).alias(f"{key}_name"))


def _dictionary(known: tuple[Dept, ...]) -> pl.DataFrame:
    columns = ["name", "category", "setting", "leaf", "since", "until"]
    rows = {"dept": [d.code for d in known], **{c: [getattr(d, c) for d in known] for c in columns}}
    blank = {c: [getattr(d, c) or None for d in known] for c in ("parent", "driver", "national")}
    return pl.DataFrame({**rows, **blank, "disabled": [False] * len(known)})
