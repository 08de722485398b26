"""底账：总额、比例、勾稽 · The books of the pretended hospitals tie, and lie in the ranges that real ones do."""

from collections import Counter, defaultdict
from datetime import date

import polars as pl
import pytest

from heng.demo.books import Books, books
from heng.demo.departments import departments
from heng.demo.hospitals import hospitals
from heng.demo.local import localised
from heng.demo.region import MONTHS

HOSPITALS = {h.code: h for h in hospitals()}
TWO = ("2026-02", "2026-03")


@pytest.fixture(scope="module")
def year() -> dict[str, Books]:
    return {code: books(h, MONTHS, 2026) for code, h in HOSPITALS.items()}


def by_item(found: Books) -> dict[str, int]:
    """Cost of each item in fen, and `excluded`, added up from the feeds in plain loops."""
    meaning = {s: (i, x) for s, i, x in found["Subject"].select("subject", "item", "excluded").iter_rows()}
    total = defaultdict(int)
    for feed, item in (("Salary", "staff"), ("Material", "material"), ("DrugUse", "drug")):
        total[item] += sum(found[feed]["amount"].to_list())
    for intangible, amount in found["Depreciation"].select("intangible", "amount").iter_rows():
        total["amortisation" if intangible else "depreciation"] += amount
    for subject, amount in found["OtherCost"].select("subject", "amount").iter_rows():
        item, excluded = meaning[subject]
        total["excluded" if excluded else item] += amount
    return dict(total)


def test_the_ledger_ties_to_the_feeds_per_month_item_and_fund(year: dict[str, Books]) -> None:
    for found in year.values():
        meaning = {s: (i, x) for s, i, x in found["Subject"].select("subject", "item", "excluded").iter_rows()}
        booked, held = Counter(), Counter()
        for feed, item in (("Salary", "staff"), ("Material", "material"), ("DrugUse", "drug")):
            for month, fund, amount in found[feed].select("month", "fund", "amount").iter_rows():
                booked[month, item, fund] += amount
        for month, intangible, fund, amount in found["Depreciation"].select("month", "intangible", "fund", "amount").iter_rows():
            booked[month, "amortisation" if intangible else "depreciation", fund] += amount
        for table, into in (("OtherCost", booked), ("LedgerBalance", held)):
            for month, subject, fund, amount in found[table].select("month", "subject", "fund", "amount").iter_rows():
                item, excluded = meaning[subject]
                into[month, excluded or item, fund] += amount
        assert booked == held


def test_cost_structure_lies_in_the_usual_ranges(year: dict[str, Books]) -> None:
    for code, found in year.items():
        cost = by_item(found)
        total = sum(cost.values()) - cost["excluded"]
        share = {item: amount / total for item, amount in cost.items()}
        assert 0.33 <= share["staff"] <= 0.42, code
        assert 0.22 <= share["drug"] <= 0.32, code
        assert 0.15 <= share["material"] <= 0.25, code
        assert 0.04 <= share["depreciation"] <= 0.08, code
        assert 0.30 <= share["drug"] + share["material"] <= 0.45, code  # supply chain, P50
        income = sum(found["Income"]["amount"].to_list())
        assert abs(income - total) < 0.03 * income, code
        assert 0.001 <= cost["risk"] / income <= 0.003, code
        assert cost["excluded"] > 0, code


def test_income_and_income_per_visit_and_bed_day_are_those_of_the_level(year: dict[str, Books]) -> None:
    for code, found in year.items():
        income = sum(found["Income"]["amount"].to_list()) / 100
        low, high = (1.1e9, 1.4e9) if code == "H01" else (1.5e8, 4e8)
        assert low <= income <= high, code
        setting = dict(found["Department"].select("dept", "setting").iter_rows())
        of = Counter()
        for dept, amount in found["Income"].select("ordering", "amount").iter_rows():
            of[setting[dept]] += amount
        assert 200 <= of["outpatient"] / 100 / found["OutpatientWork"]["visits"].sum() <= 450, code
        assert 800 <= of["inpatient"] / 100 / found["InpatientWork"]["bed_days"].sum() <= 2200, code


def test_february_is_the_low_and_the_year_grows(year: dict[str, Books]) -> None:
    visits = dict(year["H01"]["OutpatientWork"].group_by("month").agg(pl.col("visits").sum()).iter_rows())
    assert min(visits, key=lambda m: visits[m]) == "2026-02"
    assert visits["2026-09"] > visits["2025-10"]


def test_no_ward_has_more_bed_days_than_its_beds_allow(year: dict[str, Books]) -> None:
    for found in year.values():
        for month, beds, days in found["InpatientWork"].select("month", "beds_open", "bed_days").iter_rows():
            length = 28 if month == "2026-02" else 31 if month[5:] in ("10", "12", "01", "03", "05", "07", "08") else 30
            assert 0 < days <= beds * length


def test_depreciation_is_what_the_cards_say_and_the_small_hospital_leaves_some_out(year: dict[str, Books]) -> None:
    for code, found in year.items():
        for month in ("2025-10", "2026-05", "2026-06", "2026-09"):
            due = Counter()
            now = int(month[:4]) * 12 + int(month[5:])
            for card in found["Asset"].iter_rows(named=True):
                bought = card["acquired"].year * 12 + card["acquired"].month
                ended = card["disposed"] and now > card["disposed"].year * 12 + card["disposed"].month
                if bought < now <= bought + card["life_years"] * 12 // 100 and not ended:
                    due[card["asset_class"]] += card["cost"] * 100 // (12 * card["life_years"])
            rows = found["Depreciation"].filter(pl.col("month") == month)
            charged = Counter(dict(rows.group_by("asset_class").agg(pl.col("amount").sum()).iter_rows()))
            left_out = due - charged
            assert set(left_out) == ({"房屋及构筑物", "软件"} if code == "H04" else set()), (code, month)
            assert charged - due == Counter()


def test_only_the_small_hospital_books_no_training(year: dict[str, Books]) -> None:
    trained = {code for code, found in year.items() if any("培训" in n for n in found["OtherCost"]["subject_name"])}
    assert trained == {"H01", "H02", "H03"}


def test_every_funding_of_depreciation_occurs(year: dict[str, Books]) -> None:
    for found in year.values():
        assert set(found["Depreciation"]["fund"]) == {"own", "fiscal", "research"}


def test_a_department_opens_and_one_closes() -> None:
    known = {d.name: d for d in departments(HOSPITALS["H01"])}
    assert [known["疼痛科门诊"].open(m) for m in ("2026-02", "2026-03")] == [False, True]
    assert [known["皮肤科住院"].open(m) for m in ("2026-05", "2026-06")] == [True, False]
    found = books(HOSPITALS["H01"], ("2026-06",), 2026)
    for table in ("StaffCount", "Area", "Salary", "Material", "DrugUse", "Depreciation", "InpatientWork"):
        assert known["皮肤科住院"].code not in set(found[table]["dept"]), table


def test_the_departments_that_people_look_for_are_there() -> None:
    names = {d.name for d in departments(HOSPITALS["H01"])}
    assert names >= {"外科住院", "内科门诊", "内科住院", "骨科住院", "心内科住院", "水电暖", "检验科", "消毒供应室"}
    for code, hospital in HOSPITALS.items():
        leaves = [d for d in departments(hospital) if d.leaf]
        assert (90 if code == "H01" else 40) <= len(leaves) <= 100
        assert {d.category for d in leaves} == {"clinical", "medtech", "support", "admin", "common"}
        assert len({d.code for d in departments(hospital)}) == len(departments(hospital))
        assert {d.parent for d in leaves} <= {d.code for d in departments(hospital) if not d.leaf}
        assert {d.setting for d in leaves if d.category == "clinical"} == {"outpatient", "inpatient"}


def test_national_codes_are_written_in_all_four_ways() -> None:
    written = {h.code: next(d.national for d in departments(h) if d.name == "骨科住院") for h in HOSPITALS.values()}
    assert written == {"H01": "A04.03", "H02": "0403", "H03": "04.03", "H04": "403"}


@pytest.mark.parametrize("code", HOSPITALS)
def test_every_giver_has_somebody_to_give_to(code: str) -> None:
    found = books(HOSPITALS[code], ("2026-02",), 2026)
    category = dict(found["Department"].select("dept", "category").iter_rows())
    later = {"common": 1, "admin": 2, "support": 3, "medtech": 4, "clinical": 5}
    bases = {
        "01": [("", d) for d in found["StaffCount"]["dept"]],
        "02": [("", d) for d in found["Area"]["dept"]],
        "05": list(found["ServiceUse"].select("giver", "receiver").iter_rows()),
        "06": list(found["Income"].select("performing", "ordering").iter_rows()),
        "income": [("", d) for d in found["Income"]["ordering"]],
    }
    for driver, dept in found["Statistic"].select("driver", "dept").iter_rows():
        bases.setdefault(driver, []).append(("", dept))
    for giver, driver, leaf in found["Department"].select("dept", "driver", "leaf").iter_rows():
        if leaf and category[giver] != "clinical":
            takers = {taker for by, taker in bases[driver] if by in ("", giver)}
            assert any(later[category[t]] > later[category[giver]] for t in takers), (giver, driver)


def test_people_in_two_departments_are_counted_by_their_hours() -> None:
    found = books(HOSPITALS["H03"], TWO, 2026)
    hours = dict(found["StaffShare"].group_by("month", "staff_no").agg(pl.col("share").sum()).select("staff_no", "share").iter_rows())
    assert len(hours) == 4
    assert set(hours.values()) == {16_000}
    for month in TWO:
        paid = found["Salary"].filter(pl.col("month") == month).height
        counted = found["StaffCount"].filter(pl.col("month") == month)["total"].sum() / 100
        assert paid - 10 < counted <= paid  # who came or left in the month counts half


def test_pay_adds_up_for_everybody() -> None:
    pay = books(HOSPITALS["H04"], ("2026-03",), 2026)["Salary"]
    assert (pay["amount"] == pay.select(pl.sum_horizontal("basic", "allowance", "bonus", "insurance", "housing")).to_series()).all()


def test_a_month_does_not_depend_on_the_others() -> None:
    both, one = books(HOSPITALS["H02"], TWO, 2026), books(HOSPITALS["H02"], ("2026-03",), 2026)
    for table in ("Income", "Salary", "Material", "Depreciation", "LedgerBalance"):
        assert both[table].filter(pl.col("month") == "2026-03").equals(one[table])


def test_a_local_code_changes_its_meaning_with_the_new_system() -> None:
    hospital = HOSPITALS["H02"]
    plain = books(hospital, ("2026-03", "2026-04"), 2026)
    local = localised(hospital, plain)
    mapped = local["DepartmentMap"]
    assert set(Counter(mapped["local"]).values()) == {1, 2}
    back = {}
    for code, _, dept, since, until in mapped.iter_rows():
        for month in ("2026-03", "2026-04"):
            day = date.fromisoformat(f"{month}-01")
            if since <= day and (until is None or day <= until):
                back[month, code] = dept
    for table, columns in (("Income", ("ordering", "performing")), ("InpatientWork", ("dept",))):
        for c in columns:
            found = [back[m, code] for m, code in local[table].select("month", c).iter_rows()]
            assert found == plain[table][c].to_list()
