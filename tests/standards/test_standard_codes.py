"""标准编码 · Every code of the national directory is read in all its written variants, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heng.core.params import Params
from heng.core.period import last_day
from heng.rooms.standards.alike import nearest
from heng.rooms.standards.department_standard import Rule as Departments
from heng.rooms.standards.department_standard import normalised
from heng.rooms.standards.subject_standard import Rule as Subjects
from heng.store.policy_files import read_policy
from heng.tables.codes import BEHAVIOUR, ITEM

TODAY = last_day("2026-03")
DEPARTMENTS, SUBJECTS = Departments(read_policy(), TODAY), Subjects(read_policy(), TODAY)
CODES = [e["code"] for e in DEPARTMENTS.directory]


def variants(code: str) -> set[str]:
    """How hospitals and platforms write a code."""
    first, _, second = code.partition(".")
    whole = {code, f"A{code}", f"{first}{second or '00'}", f" {code} ", f"a{code}"}
    short = {f"{first}{second}".removeprefix("0")} if first.startswith("0") else set()
    return whole | short


@pytest.mark.parametrize("code", CODES)
def test_all_written_variants_of_a_code_become_one(code: str) -> None:
    assert {normalised(v) for v in variants(code)} == {code}


def test_no_two_codes_share_a_variant() -> None:
    said = [v for code in CODES for v in variants(code)]
    assert len(said) == len(set(said))


@given(st.text(max_size=8))
def test_what_is_read_has_the_official_form_and_reads_as_itself(written: str) -> None:
    code = normalised(written)
    assert code is None or normalised(code) == code


def test_the_directory_and_the_extensions_name_each_code_once() -> None:
    codes = [e["code"] for e in (*DEPARTMENTS.directory, *DEPARTMENTS.extensions)]
    assert len(codes) == len(set(codes))
    assert {e["code"] for e in DEPARTMENTS.aliases} <= set(codes)


def test_the_first_of_equally_near_names_is_taken_and_far_names_give_nothing() -> None:
    entries = [("1", "甲乙"), ("2", "乙甲"), ("3", "丙丁")]
    near = nearest("甲乙甲", entries, DEPARTMENTS.similarity)
    assert near
    assert (near.code, str(near.similarity)) == ("1", "0.800000")
    assert nearest("戊", entries, DEPARTMENTS.similarity) is None


@pytest.mark.parametrize("rule", [SUBJECTS], ids=["charts"])
def test_every_line_of_the_charts_has_an_item_a_behaviour_and_a_place(rule: Params) -> None:
    charts = rule.values()["charts"]
    assert {c["item"] for c in charts} == set(ITEM)
    assert {c["behaviour"] for c in charts} == set(BEHAVIOUR)
    assert {c["chart"] for c in charts} == {"government", "legacy", "names"}
    places = [(c["chart"], c["prefix"] or c["name"]) for c in charts]
    assert len(places) == len(set(places))
    assert [c for c in charts if (c["chart"] == "names") != (not c["prefix"])] == []
