"""带日期的参数：谁的值、何时起、依据何在 · Dated values: whose, since when, by which document."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import heng.app.region  # noqa: F401 - registers capabilities and their parameters
from heng.core.errors import PolicyError
from heng.core.params import NATION, REGION, Meaning, Params, Policy, Value
from heng.core.shape import Shape
from heng.store.policy_files import read_policy

POLICY = read_policy()
ROWS = [
    Value("r.x.share", NATION, date(2021, 1, 1), 0.6, "国家文件"),
    Value("r.x.share", NATION, date(2026, 7, 1), 0.7, "国家文件修订"),
    Value("r.x.share", REGION, date(2026, 1, 1), 0.5, "区域办法"),
    Value("r.x.share", "H01", date(2026, 2, 1), 0.4, "本院决定"),
]


class Rule(Params, at="r.x"):
    share: Decimal


@pytest.mark.parametrize(
    ("on", "org", "value", "source"),
    [
        (date(2025, 12, 31), "H01", "0.6", "国家文件"),
        (date(2026, 1, 31), "H01", "0.5", "区域办法"),
        (date(2026, 2, 28), "H01", "0.4", "本院决定"),
        (date(2026, 12, 31), "H02", "0.5", "区域办法"),
    ],
)
def test_the_nearest_scope_wins_then_the_latest_date(on: date, org: str, value: str, source: str) -> None:
    rule = Rule(Policy(ROWS), on, org)
    assert (rule.share, rule.used["share"].source) == (Decimal(value), source)


def test_a_value_is_judged_once_for_all_hospitals_and_months_and_by_each_policy_for_itself() -> None:
    policy = Policy(ROWS)
    assert Rule(policy, date(2026, 1, 1), "H02").share is Rule(policy, date(2026, 12, 31), "H02").share
    strict = Policy(ROWS, [Meaning("r.x.share", "份额", "share", shape=Shape(max=Decimal("0.4")))])
    assert Rule(strict, date(2026, 3, 31), "H01").share == Decimal("0.4")
    with pytest.raises(PolicyError, match=r"0\.4"):
        Rule(strict, date(2026, 3, 31), "H02")


def test_a_scenario_lies_on_top_and_leaves_the_policy_alone() -> None:
    policy = Policy(ROWS)
    assert Rule(policy.scenario({"r.x.share": 0.9}), date(2026, 3, 31), "H01").share == Decimal("0.9")
    assert Rule(policy, date(2026, 3, 31), "H01").share == Decimal("0.4")


def test_before_the_first_date_there_is_no_value() -> None:
    with pytest.raises(PolicyError, match="尚无生效值"):
        Policy(ROWS).value("r.x.share", date(2020, 1, 1))


def test_a_misspelt_key_gets_the_nearest_name() -> None:
    with pytest.raises(PolicyError, match=r"r\.x\.share"):
        Policy(ROWS).scenario({"r.x.shar": 1})


@pytest.mark.parametrize("wrong", ["很多", [1], {"a": 1}, True])
def test_a_value_of_the_wrong_type_is_refused(wrong: object) -> None:
    policy = Policy([Value("r.x.share", NATION, date(2021, 1, 1), wrong, "文件")])
    with pytest.raises((PolicyError, ArithmeticError)):
        Rule(policy, date(2026, 1, 1))


class Covered(Params, at="r.x"):
    scope: str


@pytest.mark.parametrize(("said", "allowed"), [("medical", True), ("medcal", False)])
def test_where_the_choices_are_listed_no_other_value_is_taken(said: str, allowed: bool) -> None:  # noqa: FBT001 - the two cases
    meaning = Meaning("r.x.scope", "口径", "scope", shape=Shape(choices=("medical", "hospital_full")))
    policy = Policy([Value("r.x.scope", "H01", date(2026, 1, 1), said, "本院决定")], [meaning])
    if allowed:
        assert Covered(policy, date(2026, 3, 31), "H01").scope == said
    else:
        with pytest.raises(PolicyError) as refused:
            Covered(policy, date(2026, 3, 31), "H01")
        assert "hospital_full" in refused.value.mend[0]


class Rated(Params, at="r.x"):
    rates: list[Any]


RATES = Shape(
    fields={
        "fee_class": Shape(choices=("09", "10")),
        "rate": Shape(min=Decimal(0), max=Decimal(1)),
        "till": Shape(form="text", optional=True),
    },
    key=("fee_class",),
)


def rates(said: list[Any]) -> list[Any]:
    policy = Policy([Value("r.x.rates", "H01", date(2026, 1, 1), said, "本院决定")], [Meaning("r.x.rates", "加成", "markup", shape=RATES)])
    return Rated(policy, date(2026, 3, 31), "H01").rates


def test_numbers_in_records_become_text_and_ten_is_the_code_ten() -> None:
    assert rates([{"fee_class": 10, "rate": 0.25}, {"fee_class": "09", "rate": "1e-2"}]) == [
        {"fee_class": "10", "rate": "0.25", "till": None},
        {"fee_class": "09", "rate": "0.01", "till": None},
    ]


@pytest.mark.parametrize(
    ("said", "place", "mend"),
    [
        ([{"fee_class": "10", "rate": -2}], "#1 rate", "at least 0 and at most 1"),
        ([{"fee_class": "10", "rate": "1e30"}], "#1 rate", "at least 0 and at most 1"),
        ([{"fee_class": "10", "rate": "abc"}], "#1 rate", "at least 0 and at most 1"),
        ([{"fee_class": "10", "rate": float("nan")}], "#1 rate", "at least 0 and at most 1"),
        ([{"fee_class": "10", "rate": True}], "#1 rate", "at least 0 and at most 1"),
        ([{"fee_class": "10"}], "#1 rate", "at least 0 and at most 1"),
        ([{"fee_class": "09", "rate": 0}, {"fee_class": 99, "rate": 0}], "#2 fee_class", "one of: 09, 10"),
        ([{"fee_class": "10", "rate": 0, "rat": 0}], "#1", "fee_class: one of: 09, 10; rate: a number"),
        ([{"fee_class": "10", "rate": 0, "till": 3}], "#1 till", "put digits in quotes"),
        (["10"], "#1", "fee_class: one of: 09, 10; rate: a number"),
        ([{"fee_class": 10, "rate": 0}, {"fee_class": "10", "rate": "0.1"}], "10 twice", "keep one"),
    ],
)
def test_a_record_that_is_not_of_the_shape_is_told_with_its_place_and_what_may_stand_there(said: list[Any], place: str, mend: str) -> None:
    with pytest.raises(PolicyError) as refused:
        rates(said)
    assert refused.value.en.startswith("r.x.rates")
    assert place in refused.value.en
    assert mend in refused.value.mend[1]
    assert refused.value.where == "H01 2026-01-01"
    assert all((refused.value.zh, *refused.value.mend))


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("costing.case_costs.order", ["bottom_up", "top-down"]),
        ("costing.case_costs.order", ["given", "given"]),
        ("costing.case_costs.a_from", "95"),
        ("costing.case_groups.diagnosis_characters", 0),
        ("costing.case_groups.longest_days", -60),
        ("costing.case_groups.ungrouped", [0]),
        ("costing.case_groups.least_cost", "NaN"),
        ("costing.charge_ratios.given", [{"dept": "", "step": "ward", "ratio": "-0.8", "variable": None}]),
        ("costing.charge_ratios.given", [{"dept": "", "step": "bed", "ratio": "0.8"}]),
        ("costing.charge_ratios.given", [{"dept": "", "step": "ward", "ratio": 1}] * 2),
        ("costing.item_method_choice.by_department", {"T1": "tdabcc"}),
        ("costing.item_method_choice.by_department", {101: "tdabc"}),
        ("costing.item_method_choice.order", ["收入法"]),
        ("costing.item_method_choice.coverage", "1.5"),
        ("costing.item_method_choice.practical_share", 0),
        ("costing.item_method_choice.practical_share", "1.01"),
        ("costing.service_costs.markup", [{"fee_class": "15", "rate": "0"}]),
        ("costing.service_costs.markup", [{"fee_class": "10", "rate": "-1"}]),
        ("costing.service_pools.material_ratio", "-1"),
        ("costing.service_pools.material_ratio", "1e30"),
        ("costing.services.classes", [{"fee_class": "04", "kind": "service", "step": "lab", "anaesthesia": False}] * 2),
        ("costing.services.classes", [{"fee_class": "04", "kind": "service", "step": "lab", "anaesthesia": "no"}]),
        ("costing.services.anaesthesia", "麻醉("),
        ("costing.services.anaesthesia", "麻醉|"),
        ("costing.services.intensive_care", "(?=ICU)"),
        ("costing.disease_standards.share", "0.5"),
        ("costing.disease_standards.family", {"drg": "1"}),
        ("costing.scopes.scopes", [{"scope": "medical", "fund": "own", "management": True}] * 2),
        ("costing.top_down.by", "nights"),
    ],
)
def test_the_policy_of_patient_costing_takes_no_value_that_means_nothing(key: str, wrong: object) -> None:
    at, name = key.rsplit(".", 1)
    (rule,) = {r.at: r for r in Params.__subclasses__() if r.at == at and name in r.kinds()}.values()
    with pytest.raises(PolicyError) as refused:
        rule(POLICY.scenario({key: wrong}), date(2026, 3, 31), "H01")
    assert key in refused.value.en
    assert all(refused.value.mend)


def test_every_value_shipped_is_of_its_shape() -> None:
    for rule in Params.__subclasses__():
        if {f"{rule.at}.{name}" for name in rule.kinds()} <= set(POLICY.meanings):
            assert rule(POLICY, date(2026, 3, 31)).values()
