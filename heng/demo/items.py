"""收费项目 · What the pretended hospitals charge: services, drugs, consumables, with codes in valid form that belong to nobody."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from heng.demo.catalogue import catalogue
from heng.demo.chance import Whole

DRUGS, MATERIAL = ("西药", "中成药", "中草药"), "卫生材料"


@dataclass(frozen=True, kw_only=True)
class Item:
    """一个收费项目 · One charged item. `price` in fen; `most`: the most of it on one line; `page`: its column of the record."""

    code: str
    name: str
    kind: str
    income: str
    national: str
    price: int
    weight: int
    most: int
    page: str
    minutes: int = 0
    equivalence: float = 0.0
    pack: str = ""
    form: str = ""

    @property
    def fee_class(self) -> str:
        """医保收费类别 · The national fee class."""
        return str(catalogue("items")["fee_class"][self.income])

    @property
    def antimicrobial(self) -> bool:
        """是否抗菌药物 · Whether it is an antimicrobial."""
        return self.name in catalogue("items")["antimicrobial"]


@cache
def items() -> tuple[Item, ...]:
    """全部收费项目 · Every item; its place here is its number in the lines."""
    return (*_services(), *_daily(), *_drugs(), *_materials())


@cache
def choices(income: str, name: str, kind: str) -> Whole:
    """某科室某类别收哪些项目 · Numbers of the items that a department (its name, its kind) charges in a class of income."""
    known, numbered = catalogue("items"), enumerate(items())
    if income in DRUGS:
        return np.array([n for n, i in numbered if i.income == income], dtype=np.int64)
    if income == MATERIAL:
        return _goods(name, kind)
    offered = known["services"][income]
    who = next(w for w in (name, kind, "any") if w in offered)
    names = {row[0] for row in offered[who]}
    return np.array([n for n, i in numbered if i.income == income and i.name in names], dtype=np.int64)


@cache
def daily(income: str) -> int:
    """按床日收的项目 · The number of the item charged by the day."""
    name = catalogue("items")["daily"][income][0]
    return next(n for n, i in enumerate(items()) if i.name == name)


def _services() -> list[Item]:
    known, made = catalogue("items"), list[Item]()
    for income, offered in known["services"].items():
        for name, price, minutes, equivalence, weight, most, *page in (row for rows in offered.values() for row in rows):
            serial = len(made) + 1
            made.append(
                Item(
                    code=f"F{serial:04}",
                    name=name,
                    kind="service",
                    income=income,
                    national=f"00{known['chapter'][income]}09{serial:05}0000",
                    price=price * 100,
                    weight=weight,
                    most=most,
                    page=page[0] if page else known["page"][income],
                    minutes=minutes,
                    equivalence=equivalence,
                )
            )
    return made


def _daily() -> list[Item]:
    known = catalogue("items")
    return [
        Item(
            code=f"F9{serial:03}",
            name=name,
            kind="service",
            income=income,
            national=f"00{known['chapter'][income]}0990{serial:03}0000",
            price=price,
            weight=0,
            most=0,
            page=page,
            minutes=minutes,
            equivalence=equivalence,
        )
        for serial, (income, (name, price, minutes, equivalence, page)) in enumerate(known["daily"].items(), 1)
    ]


def _drugs() -> list[Item]:
    known = catalogue("items")
    rows = [(income, *row) for income, drugs in known["drugs"].items() for row in drugs]
    return [
        Item(
            code=f"Y{serial:04}",
            name=name,
            kind="drug",
            income=income,
            national=f"{'X' if income == '西药' else 'Z'}Z{serial:02}AAY{serial:03}A00101{serial:02}{serial:05}",
            price=round(price * 100),
            weight=weight,
            most=most,
            page=known["page"][income],
            pack=pack,
            form=form,
        )
        for serial, (income, name, pack, form, price, weight, most) in enumerate(rows, 1)
    ]


def _materials() -> list[Item]:
    known, most = catalogue("items"), catalogue("items")["most"]
    return [
        Item(
            code=good["code"],
            name=good["name"],
            kind="material",
            income=MATERIAL,
            national=f"C99{serial:04}{serial:03}{serial:05}90{serial:03}",
            price=round(good["price"] * 100),
            weight=good["weight"],
            most=most[good["name"]],
            page=known["page"][MATERIAL],
        )
        for serial, good in enumerate(catalogue("goods")["charged"], 1)
    ]


def _goods(name: str, kind: str) -> Whole:
    own = {"手术室": "operating", "介入导管室": "medtech"}.get(name, kind)
    fitting = [good["code"] for good in catalogue("goods")["charged"] if own in good["to"] or "any" in good["to"]]
    return np.array([n for n, i in enumerate(items()) if i.code in fitting], dtype=np.int64)
