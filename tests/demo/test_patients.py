"""患者：收费与收入相符、首页与收费相符、出入院有先后、编码有形 · The patients tie to the income, the records to the lines."""

import re
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from heng.demo.catalogue import catalogue
from heng.demo.hospitals import Hospital, hospitals
from heng.demo.income import income
from heng.demo.items import items
from heng.demo.patient_files import write_patients
from heng.demo.patients import feed, lines_of
from heng.demo.records import PARTS, inpatient_lines, records
from heng.demo.scene import Scene
from heng.demo.stays import present, stays, ward_stays
from heng.intake.delivery import Place, read_delivery

MONTH, SEED = "2026-09", 2026
HOSPITALS = {h.code: h for h in hospitals()}
COUNTY = HOSPITALS["H03"]


@pytest.fixture(scope="module")
def scene() -> Scene:
    return Scene(COUNTY, MONTH, SEED)


@pytest.fixture(scope="module")
def lines() -> pl.DataFrame:
    return lines_of(COUNTY, MONTH, SEED)


def test_the_lines_of_every_cell_add_up_to_the_income_booked(scene: Scene, lines: pl.DataFrame) -> None:
    classes = catalogue("items")["fee_class"]
    booked, charged = Counter(), Counter()
    for ordering, performing, fee, amount in income(scene).rows():
        if amount > 0:
            booked[ordering, performing, classes[fee]] += amount
    for ordering, performing, fee_class, amount in lines.select("ordering", "performing", "fee_class", "amount").rows():
        charged[ordering, performing, fee_class] += amount
    assert charged == booked


def test_quantity_times_price_is_the_amount_to_the_fen(lines: pl.DataFrame) -> None:
    for quantity, price, amount in lines.select("quantity", "price", "amount").rows():
        assert (quantity * price + 5_000) // 10_000 == amount  # the price in millionths of a yuan


def test_nearly_all_lines_have_the_price_of_the_catalogue(lines: pl.DataFrame) -> None:
    listed = {i.code: i.price for i in items() if i.price}
    odd = sum(
        listed[item] * quantity != amount for item, quantity, amount in lines.select("item", "quantity", "amount").rows() if item in listed
    )
    assert 0 < odd <= income(Scene(COUNTY, MONTH, SEED)).height  # at most one line of a cell takes what is left over


def test_lines_lie_in_the_month_and_within_the_stay_or_after_the_visit(lines: pl.DataFrame) -> None:
    inside = {v: (a, d) for v, a, d in present(COUNTY, MONTH, SEED).select("visit", "admitted", "discharged").rows()}
    seen = dict(feed(COUNTY, "Visit", (MONTH,), SEED).select("visit", "seen").rows())
    unknown = 0
    for visit, charged in lines.select("visit", "charged").rows():
        assert charged.strftime("%Y-%m") == MONTH or visit in inside
        if visit in inside:
            assert inside[visit][0] <= charged <= inside[visit][1]
        elif visit in seen:
            assert timedelta(0) <= charged - seen[visit] <= timedelta(minutes=90)
        else:
            unknown += 1
    assert 50 < unknown < 500  # charged to nobody, or to a visit that was never recorded
    assert 20 < lines["visit"].null_count() < 300


def test_the_parts_of_a_record_are_its_total_and_the_lines_of_the_stay(scene: Scene) -> None:
    charged = defaultdict(int)
    for month in ("2026-08", MONTH):
        for visit, amount in inpatient_lines(COUNTY, month, SEED).select("visit", "amount").rows():
            charged[visit] += amount
    for row in records(scene).rows(named=True):
        assert sum(row[p] for p in PARTS) == row["total"]
        assert row["surgical"] == row["anaesthesia"] + row["surgery"]
        assert row["antimicrobial"] <= row["western_drug"]
        assert 0 <= row["own_pay"] <= row["total"]
        assert row["total"] == charged[row["visit"]]


@pytest.mark.parametrize("code", ["H01", "H02", "H03"])
def test_stays_begin_before_they_end_and_pass_from_ward_to_ward_without_a_gap(code: str) -> None:
    rows = stays(HOSPITALS[code], MONTH, SEED)
    moved = defaultdict(list)
    for visit, _, began, ended in ward_stays(Scene(HOSPITALS[code], MONTH, SEED), rows).rows():
        moved[visit].append((began, ended))
    for visit, admitted, discharged in rows.select("visit", "admitted", "discharged").rows():
        parts = moved[visit]
        assert parts[0][0] == admitted < parts[-1][1] == discharged
        assert all(a[1] == b[0] for a, b in pairwise(parts))
        assert all(a < b for a, b in parts)
    through = Counter(map(len, moved.values()))
    assert through[1] > 10 * through[2] > 0
    assert (through[3] > 0) == (code != "H03")  # the hospital of Chinese medicine has no intensive care


def test_bed_days_of_the_stays_are_near_those_reported() -> None:
    for code in ("H01", "H02", "H03"):
        month = Scene(HOSPITALS[code], MONTH, SEED)
        days = int(stays(HOSPITALS[code], MONTH, SEED).filter(pl.col("mother").is_null())["days"].sum())
        assert abs(days - int(month.bed_days.sum())) < 0.1 * days


def test_newborns_day_cases_and_stays_across_months_occur(scene: Scene) -> None:
    rows = stays(COUNTY, MONTH, SEED)
    born = rows.filter(pl.col("mother").is_not_null())
    mothers = set(rows.filter(pl.col("delivers") == 1)["visit"])
    assert set(born["mother"]) == mothers != set()
    assert (rows["care"] == "day").sum() > 10
    first = datetime(2026, 9, 1)  # noqa: DTZ001 - the hospital's clock
    assert rows.filter(pl.col("admitted") < first).height > 50
    open_now = feed(HOSPITALS["H02"], "WardStay", (MONTH,), SEED)["ended"].null_count()
    assert 200 < open_now < 600
    assert scene.hospital is COUNTY


def test_every_code_has_the_form_of_its_kind() -> None:
    forms = {"service": r"00\d{13}", "drug": r"[XZ][A-Z0-9]{22}", "material": r"C\d{19}"}
    known = items()
    assert [i.code for i in known if not re.fullmatch(forms[i.kind], i.national)] == []
    assert len({i.code for i in known}) == len({i.national for i in known}) == len(known)
    assert all(re.fullmatch(r"(?=.*\d)[A-Z0-9]{8}", t) for t in feed(COUNTY, "ServiceItem", (), SEED)["technical"])
    diseases = [d for found in catalogue("diseases").values() for d in (found if isinstance(found, list) else [found])]
    assert len({d["diagnosis"] for d in diseases}) >= 30
    assert all(re.fullmatch(r"[A-Z]\d{2}\.[\dx]\d{2}", d["diagnosis"]) and re.fullmatch(r"[A-Z]{2}\d{2}", d["drg"]) for d in diseases)


def test_the_laboratory_has_more_time_than_it_uses() -> None:
    hospital = HOSPITALS["H02"]
    minutes = {t["item"]: t["minutes"] for t in feed(hospital, "TimeTerm", (MONTH,), SEED).rows(named=True) if t["term"] == "基本"}
    more = {(t["item"], t["term"]): t["minutes"] for t in feed(hospital, "TimeTerm", (MONTH,), SEED).rows(named=True)}
    (capacity,) = feed(hospital, "Capacity", (MONTH,), SEED).rows(named=True)
    mine = lines_of(hospital, MONTH, SEED).filter(pl.col("performing") == capacity["dept"])
    used = sum(minutes[item] * quantity for item, quantity in mine.select("item", "quantity").rows())
    used += sum(more[t["item"], t["term"]] * t["quantity"] for t in feed(hospital, "TermCount", (MONTH,), SEED).rows(named=True))
    assert 0.7 * capacity["practical"] < used < 0.95 * capacity["practical"]
    assert capacity["practical"] * 10 == capacity["minutes"] * 8


def delivered(folder: Path, hospital: Hospital) -> dict[str, tuple[Path, Path | None]]:
    return {w.path.name: (w.path, w.correction) for w in write_patients(folder, hospital, ("2026-08", MONTH), SEED)}


@pytest.mark.parametrize("code", ["H01", "H03"])
def test_the_files_are_the_same_bytes_each_time_and_read_as_they_were_meant(code: str, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    files, again = delivered(tmp_path, HOSPITALS[code]), delivered(tmp_path / "again", HOSPITALS[code])
    assert {n: p.read_bytes() for n, (p, _) in files.items()} == {n: p.read_bytes() for n, (p, _) in again.items()}
    rows, wrong = Counter[str](), list[tuple[str, int]]()
    for name, (first, correction) in files.items():
        delivery = read_delivery(first, Place(code))
        if correction:
            wrong += [(name, n) for n in delivery.findings.filter(pl.col("severity") == "error")["row"]]
            delivery = read_delivery(correction, Place(code))
        assert delivery.findings.filter(pl.col("severity") != "note").rows() == []
        rows.update({t.__name__: found.height for t, found in delivery.tables.items()})
    # A department that nobody knows is found later, by the checks; the header is line 1.
    planted = [
        (m["file"], m.get("row", 0) + 2)
        for m in catalogue("mistakes")
        if m["org"] == code and m.get("cells", {}).get("performing") != "K999"
    ]
    assert sorted(wrong) == sorted((f, n) for f, n in planted if f in files)
    meant = {r["table"]: r.get("months", ["2026-08", MONTH]) for r in catalogue("patients")["hospitals"][code]}
    assert {t: rows[t] for t in meant} == {t: feed(HOSPITALS[code], t, tuple(m), SEED).height for t, m in meant.items()}
