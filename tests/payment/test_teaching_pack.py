"""教学方案 · The teaching pack of the demo: its groups are those that the demo's records give, in two editions that differ."""

from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from heng.demo.catalogue import catalogue
from heng.demo.records import OTHER_DISEASE
from heng.intake.packs.reading import read_pack
from heng.methods.grouping.engine import Grouper, Record
from heng.methods.grouping.pack import Pack
from heng.methods.grouping.reach import unreachable

PACKS = Path(__file__).resolve().parents[2] / "heng" / "demo" / "pack"
FIRST, SECOND = "teach-1", "teach-2"
WOMEN = ("妇科", "产科")


@cache
def pack(name: str) -> Pack:
    return read_pack(PACKS / name)


def group(name: str, record: Record) -> tuple[str, str]:
    found = Grouper(pack(name)).group(record)
    return found.status, found.drg


def diseases() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every disease of the demo with its ward."""
    for ward, known in catalogue("diseases").items():
        if ward != "newborn":
            yield from ((ward, d) for d in known)


def records(ward: str, disease: dict[str, Any]) -> Iterator[Record]:
    """The records that the demo can draw of a disease: both sexes, every age of the ward, hypertension beside it from 60 on."""
    ages = range(1, 14) if ward == "儿科" else range(21, 41) if ward == "产科" else range(24, 89)
    for sex, age in product((2,) if ward in WOMEN else (1, 2), ages):
        other = (OTHER_DISEASE[0],) if age >= 60 else ()
        yield Record((disease["diagnosis"], *other), (disease["procedure"],) if "procedure" in disease else (), sex, age, None, None)


@pytest.mark.parametrize(("ward", "disease"), list(diseases()), ids=lambda x: x if isinstance(x, str) else x["drg"])
def test_the_first_edition_gives_the_group_that_the_demo_gives(ward: str, disease: dict[str, Any]) -> None:
    grouper = Grouper(pack(FIRST))
    found = {(g.status, g.drg) for g in map(grouper.group, records(ward, disease))}
    assert found == {("grouped", disease["drg"])}


@pytest.mark.parametrize(("name", "weight", "drg"), [(FIRST, 2499, "PU19"), (SECOND, 2500, "PU19"), (SECOND, 2499, "PU1A")])
def test_newborns_are_groups_of_their_own(name: str, weight: int, drg: str) -> None:
    newborn = catalogue("diseases")["newborn"]
    assert newborn["drg"] == "PU19"
    assert group(name, Record((newborn["diagnosis"],), (), 1, 0, 3, weight)) == ("grouped", drg)


@pytest.mark.parametrize(
    ("record", "first", "second"),
    [
        (Record(("J18.900",), (), 1, 70, None, None), "ES15", "ES1G"),  # the old apart
        (Record(("J20.900",), (), 1, 5, None, None), "EX25", "EX2D"),  # small children apart
        (Record(("M17.900",), ("81.5400",), 1, 65, None, None), "IC29", "IC39"),  # hip and knee together
        (Record(("S72.000",), ("81.5200",), 1, 65, None, None), "IC19", "IC39"),
        (Record(("M51.200",), (), 1, 50, None, None), "IU25", "IU29"),
        (Record(("Z51.100",), (), 1, 50, None, None), "RE19", "RU19"),  # chemotherapy a group of its own
        (Record(("I10.x00",), (), 1, 50, None, None), "FV21", "FV29"),  # renamed
        (Record(("K80.100",), ("51.2300", "17.4200"), 1, 50, None, None), "HC33", "HC30"),  # robot-assisted
        (Record(("O80.900",), ("03.9101",), 2, 30, None, None), "OR15", "OR10"),  # with analgesia in labour
        (Record(("I63.900", "J96.000"), (), 1, 80, None, None), "BR21", "BR21"),  # the same in both
        (Record(("J18.900", "J96.000"), (), 1, 50, None, None), "ES15", "ES15"),  # excluded by the principal diagnosis
        (Record(("J18.900", "I50.900"), (), 1, 50, None, None), "ES13", "ES13"),
    ],
)
def test_the_editions_differ_where_they_say(record: Record, first: str, second: str) -> None:
    assert (group(FIRST, record)[1], group(SECOND, record)[1]) == (first, second)


@pytest.mark.parametrize("name", [FIRST, SECOND])
def test_a_procedure_of_another_part_of_the_body_is_ambiguous(name: str) -> None:
    assert group(name, Record(("J18.900",), ("81.5400",), 1, 50, None, None)) == ("qy", "EQY")


@pytest.mark.parametrize("name", [FIRST, SECOND])
def test_every_group_can_be_reached(name: str) -> None:
    assert unreachable(pack(name)) == []


@pytest.mark.parametrize("name", [FIRST, SECOND])
def test_every_group_has_one_weight_measured_by_one_mean(name: str) -> None:
    weights = {w.group: w for w in pack(name).weights}
    assert sorted(weights) == sorted(g.code for g in pack(name).level("drg"))
    mean = Decimal("13074.87")  # mean fee of the demo's stays of September 2026
    fees = {code: w.mean_fee for code, w in weights.items() if w.mean_fee is not None}
    assert len(fees) == len(weights)
    for code, fee in fees.items():
        assert abs((fee / mean).quantize(Decimal("0.0001"), ROUND_HALF_EVEN) - weights[code].weight) <= Decimal("0.0001")
    assert sum(w.primary for w in weights.values()) == 2


@pytest.mark.parametrize(("name", "since"), [(FIRST, "2026-01-01"), (SECOND, "2027-01-01")])
def test_the_pack_says_of_itself_that_it_is_for_teaching(name: str, since: str) -> None:
    read = pack(name)
    assert (read.name, str(read.since)) == (name, since)
    assert "非官方" in read.source
    assert "not official" in read.source
    assert read.notes == ()
