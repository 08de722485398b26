"""病例账单 · Who pays, by every code and word of the record; the list of special reviews as it is sent."""

from collections.abc import Iterator

import heng.app.region  # noqa: F401 - registers tables and capabilities
from heng.app.trial import Trial
from heng.intake.place import Place
from heng.intake.recognise import recognise
from heng.intake.sheet import Sheet, grid
from heng.tables.patients import Encounter
from heng.tables.payment import CaseBill, SpecialReview
from heng.tables.visits import Discharge

CELL = ("H01", "2026-03")
WORDS = {
    "城镇职工基本医疗保险": "employee",
    "城镇居民基本医疗保险": "resident",
    "新型农村合作医疗": "resident",
    "贫困救助": "other",
    "商业医疗保险": "other",
    "全公费": "other",
    "全自费": "self",
    "其他社会保险": "other",
    "其他": "other",
}
"""The national codes 1–9 of the record, in order."""


def payers() -> Iterator[tuple[str | None, str]]:
    """Every code in two ways, its words, both together, and what nobody knows."""
    for n, (word, kind) in enumerate(WORDS.items(), 1):
        yield from ((f"{n}", kind), (f"0{n}", kind), (word, kind), (f"{n} {word}", kind))
    yield from ((None, "other"), ("", "other"), ("99", "other"), ("310", "employee"), ("390", "resident"), ("月球医保", "other"))


def test_every_payer_of_the_record_is_known_and_what_is_not_known_is_other() -> None:
    said = list(payers())
    stay = {"admitted": "2026-03-01", "discharged": "2026-03-05"}
    known = [{"encounter": n, "visit": f"V{n}", "care": "inpatient", "status": "finished", **stay} for n, _ in enumerate(said, 1)]
    records = [{"visit": f"V{n}", "payer": payer, "total": 1, **stay} for n, (payer, _) in enumerate(said, 1)]
    found = Trial({Encounter: known, Discharge: records}, cells=[CELL]).compute(CaseBill)
    assert found.sort("encounter")["insurance"].to_list() == [kind for _, kind in said]


def test_a_list_of_special_reviews_is_recognised_by_its_headers() -> None:
    head = ["住院号", "姓名", "科室", "核准日期", "核准金额", "批复文号"]
    match, _ = recognise(Sheet("2026年特例单议", 1, grid([head, ["x"] * len(head)], "a")), Place("H01"), "a")
    assert match
    assert match.template.table is SpecialReview
    assert set(match.places) == {"visit", "decided", "payment", "document"}
