"""带日期的参数：谁的值、何时起、依据何在 · Dated values: whose, since when, by which document."""

from datetime import date
from decimal import Decimal

import pytest

from heng.core.errors import PolicyError
from heng.core.params import NATION, REGION, Meaning, Params, Policy, Value

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
    meaning = Meaning("r.x.scope", "口径", "scope", choices=("medical", "hospital_full"))
    policy = Policy([Value("r.x.scope", "H01", date(2026, 1, 1), said, "本院决定")], [meaning])
    if allowed:
        assert Covered(policy, date(2026, 3, 31), "H01").scope == said
    else:
        with pytest.raises(PolicyError) as refused:
            Covered(policy, date(2026, 3, 31), "H01")
        assert "hospital_full" in refused.value.mend[0]
