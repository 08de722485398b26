"""监测设置的核对 · Settings that contradict each other are refused, in both languages, with a way to mend them."""

from typing import Any

import pytest

from heng.core.capability import order
from heng.core.errors import PolicyError
from heng.rooms.steering.breaches import Rule
from heng.rooms.steering.watches import watches
from heng.store.policy_files import read_policy
from heng.tables.steering import Signal
from tests.steering.conftest import LAST_DAY

ROWS = {row["watch"]: row for row in Rule(read_policy(), LAST_DAY).watches}


def changed(watch: str, **more: Any) -> list[dict[str, Any]]:
    return [ROWS[watch] | more]


@pytest.mark.parametrize(
    ("rows", "zh", "mend"),
    [
        (changed("drugs", indicator="drug_shares"), "没有指标 drug_shares", "drug_share"),
        (changed("cost_growth", against="medical_incomes"), "没有指标 medical_incomes", "medical_income"),
        (changed("drugs", yellow="0.12"), "红线低于黄线", "先黄后红"),
        (changed("cost_rate", relative=True), "全院的指标", "by: dept"),
        (changed("cost_growth", growth=None), "要写 growth", "补 growth"),
        (changed("cost_growth", relative=True), "不能同时 relative", "relative: false"),
        (changed("cost_growth", against="medical_cost"), "不能与自己比", "换一个 against"),
        (changed("drugs", rule="p"), "只看计数的指标", "loss_share"),
        (changed("drugs", rule="p", indicator="loss_per_hundred_days"), "只看计数的指标", "loss_share"),
        (changed("drugs", rule="u", indicator="loss_share", seasonal=True), "照原值判断", "seasonal"),
        (changed("cost_rate", rule="u_funnel", indicator="loss_share"), "同月各科室", "by: dept"),
        (changed("drugs", case_mix=True), "case_mix", "cusum"),
        (changed("drugs", owners=""), "没有责任角色", "owners"),
        (changed("drugs", owners="headd"), "没有角色 headd", "head"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_and_says_how_to_mend_it(rows: list[dict[str, Any]], zh: str, mend: str) -> None:
    with pytest.raises(PolicyError) as refused:
        watches(rows)
    said = refused.value
    assert zh in said.zh
    assert f"{rows[0]['watch']}: " in said.en
    assert mend in said.mend[0]
    assert said.mend[1]


@pytest.mark.parametrize("rule", ["p", "u", "p_funnel", "u_funnel", "ewma", None])
def test_every_rule_may_be_named_for_cases_at_a_loss(rule: str | None) -> None:
    (made,) = watches(changed("drugs", indicator="loss_share", rule=rule))
    assert made.rule == (rule or "")


def test_a_stopped_payment_stops_no_cost_alert() -> None:
    """A month that stops somewhere stops all that reads it: so alerts must read nothing of payment."""
    assert [c.name for c in order([Signal]) if c.name.startswith("payment.")] == []
