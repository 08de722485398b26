"""分摊定律 · What must hold for any hospital: conservation, invariances, what may and what must change an answer."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heng.methods.apportion import Integers
from heng.methods.reciprocal import ClosedLoop, reciprocal, reciprocal_price
from heng.methods.step_down import Cascade, Flows, Stage, ZeroBase, conservation_gap, direct, in_order, step_down

MICRO = 10**6


@dataclass(frozen=True)
class Hospital:
    """Givers first, then finals; every giver serves at least one final under every driver."""

    cost: Integers
    weight: Integers
    driver: Integers
    givers: int

    @property
    def order(self) -> tuple[int, ...]:
        return tuple(range(self.givers))

    def stages(self, *, peer: bool) -> list[Stage]:
        first = (self.givers + 1) // 2
        return [Stage(1, self.order[:first], peer), Stage(2, self.order[first:], peer)]

    def all_ways(self) -> list[Integers]:
        given_all = self.cost, self.order, self.weight, self.driver
        cascades = [direct(*given_all), in_order(*given_all), *(self.three_steps(peer=p) for p in (False, True))]
        return [*(c.final.sum(axis=0) for c in cascades), reciprocal(*given_all)]

    def three_steps(self, *, peer: bool) -> Cascade:
        return step_down(self.cost, self.stages(peer=peer), self.weight, self.driver)


@st.composite
def hospitals(draw: st.DrawFn) -> Hospital:
    givers, finals, layers, drivers = (draw(st.integers(1, most)) for most in (4, 4, 3, 2))
    everyone = givers + finals
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    weight = rng.integers(0, 1000, (drivers, everyone, everyone)) * (rng.random((drivers, everyone, everyone)) < 0.7)
    weight[:, :, -1] += 1
    cost = rng.integers(-(10**9), 10**11, (layers, everyone)) * (rng.random((layers, everyone)) < 0.8)
    return Hospital(cost, weight, rng.integers(0, drivers, (everyone, layers)), givers)


def near(left: Integers, right: Integers, units: int = 60) -> bool:
    """Equal up to the rounding of a few dozen splits of at most one unit each."""
    return int(np.abs(left - right).max(initial=0)) <= units


@given(hospitals())
def test_every_method_conserves_each_layer_and_closes_each_giver(h: Hospital) -> None:
    for final in h.all_ways():
        assert not conservation_gap(h.cost, final).any()
        assert not final[:, : h.givers].any()


@given(hospitals(), st.booleans())
def test_flows_explain_every_unit_of_the_final_balance(h: Hospital, peer: bool) -> None:  # noqa: FBT001 (drawn)
    cascade, balance = h.three_steps(peer=peer), np.zeros((8, *h.cost.shape), np.int64)
    balance[0], moves = h.cost, cascade.flows
    np.add.at(balance, (moves.path_to, moves.layer, moves.receiver), moves.amount)
    np.subtract.at(balance, (moves.path_from, moves.layer, moves.giver), moves.amount)
    assert np.array_equal(balance, cascade.final)
    assert np.array_equal(moves.driver, h.driver[moves.giver, moves.layer])
    assert np.array_equal(moves.base, h.weight[moves.driver, moves.giver, moves.receiver])
    assert (moves.base_total >= moves.base).all()
    assert not (moves.giver == moves.receiver).any()


@given(hospitals())
def test_the_same_input_gives_the_same_bytes(h: Hospital) -> None:
    one, two = h.three_steps(peer=True), h.three_steps(peer=True)
    assert one.final.tobytes() == two.final.tobytes()
    assert all(getattr(one.flows, f.name).tobytes() == getattr(two.flows, f.name).tobytes() for f in fields(Flows))


@given(hospitals(), st.integers(0, 10**6))
def test_reciprocal_ignores_self_use_to_the_byte(h: Hospital, used: int) -> None:
    weight = h.weight.copy()
    weight[:, range(h.givers), range(h.givers)] = used
    expected = reciprocal(h.cost, h.order, h.weight, h.driver)
    assert np.array_equal(reciprocal(h.cost, h.order, weight, h.driver), expected)


@given(hospitals(), st.randoms(use_true_random=False))
def test_reciprocal_ignores_the_order_of_the_givers(h: Hospital, luck: Random) -> None:
    order, large = list(h.order), h.cost * MICRO  # large enough to show the last bit of a share
    luck.shuffle(order)
    assert np.array_equal(reciprocal(large, order, h.weight, h.driver), reciprocal(large, h.order, h.weight, h.driver))
    price = reciprocal_price(large, h.order, h.weight, h.driver)
    assert np.allclose(reciprocal_price(large, order, h.weight, h.driver), price[:, order], rtol=1e-9)


@given(hospitals())
def test_reciprocal_prices_satisfy_their_own_equations(h: Hospital) -> None:
    for keep_self in (False, True):
        price = reciprocal_price(h.cost, h.order, h.weight, h.driver, keep_self=keep_self)
        for layer in range(len(h.cost)):
            use = h.weight[h.driver[list(h.order), layer], list(h.order)].astype(float)
            use[range(h.givers), range(h.givers)] *= keep_self
            share = use / use.sum(axis=1, keepdims=True)
            right = h.cost[layer, : h.givers] + share[:, : h.givers].T @ price[layer]
            assert np.allclose(price[layer], right, rtol=1e-9, atol=1e-3)


def test_step_down_depends_on_the_order() -> None:
    cost, use = np.array([[600, 600, 0, 0]]) * MICRO, np.array([[[0, 6, 3, 1], [2, 0, 1, 7], [0] * 4, [0] * 4]])
    driver = np.zeros((4, 1), np.int64)
    ways = {order: in_order(cost, order, use, driver).final.sum(axis=0)[0].tolist() for order in ((0, 1), (1, 0))}
    assert ways[0, 1] != ways[1, 0]


@given(hospitals(), st.lists(st.integers(1, 50), min_size=2, max_size=4))
def test_all_methods_agree_when_finals_share_every_service_in_one_ratio(h: Hospital, ratio: list[int]) -> None:
    finals = len(ratio)
    everyone = h.givers + finals
    weight = np.zeros((1, everyone, everyone), np.int64)
    weight[0, : h.givers, : h.givers] = h.weight[0, : h.givers, : h.givers]
    weight[0, : h.givers, h.givers :] = ratio
    cost = np.hstack([h.cost[:, : h.givers], np.zeros((len(h.cost), finals), np.int64)])
    same = Hospital(cost, weight, np.zeros(cost.T.shape, np.int64), h.givers)
    first, *others = same.all_ways()
    assert all(near(first, other) for other in others)


@given(hospitals(), st.integers(2, 10**9))
def test_scaling_a_base_changes_nothing(h: Hospital, factor: int) -> None:
    scaled = replace(h, weight=h.weight * factor)
    assert all(np.array_equal(left, right) for left, right in zip(h.all_ways(), scaled.all_ways(), strict=True))


@given(hospitals())
def test_a_giver_without_cost_and_use_changes_nothing(h: Hospital) -> None:
    cost = np.insert(h.cost, 0, 0, axis=1)
    weight = np.insert(np.insert(h.weight, 0, 0, axis=1), 0, 0, axis=2)
    idle = Hospital(cost, weight, np.insert(h.driver, 0, 0, axis=0), h.givers + 1)
    given_all, with_idle = (h.cost, h.order, h.weight, h.driver), (cost, idle.order, weight, idle.driver)
    assert np.array_equal(in_order(*with_idle).final[:, :, 1:], in_order(*given_all).final)
    assert np.array_equal(direct(*with_idle).final[:, :, 1:], direct(*given_all).final)
    assert np.array_equal(reciprocal(*with_idle)[:, 1:], reciprocal(*given_all))


@given(hospitals())
def test_merging_two_finals_adds_their_costs(h: Hospital) -> None:
    kept = h.cost.shape[1] - 1
    twin = replace(  # a last department that uses and costs just what the one before it does
        h,
        cost=np.hstack([h.cost, h.cost[:, -1:]]),
        weight=np.pad(h.weight, ((0, 0), (0, 1), (0, 1)), mode="edge"),
        driver=np.pad(h.driver, ((0, 1), (0, 0))),
    )
    merged = replace(h, cost=h.cost.copy(), weight=h.weight.copy())
    merged.cost[:, kept] *= 2
    merged.weight[:, :, kept] *= 2
    for apart, together in zip(twin.all_ways(), merged.all_ways(), strict=True):
        assert near(apart[:, kept] + apart[:, kept + 1], together[:, kept])
        assert near(apart[:, :kept], together[:, :kept])


@given(hospitals(), st.randoms(use_true_random=False))
def test_the_order_of_the_finals_moves_no_more_than_ties(h: Hospital, luck: Random) -> None:
    finals = list(range(h.givers, h.cost.shape[1]))
    luck.shuffle(finals)
    to = [*h.order, *finals]
    shuffled = Hospital(h.cost[:, to], h.weight[:, to][:, :, to], h.driver[to], h.givers)
    for left, right in zip(h.all_ways(), shuffled.all_ways(), strict=True):
        assert near(left[:, to], right)


@given(hospitals())
def test_red_ink_is_the_mirror_of_black(h: Hospital) -> None:
    for black, red in zip(h.all_ways(), replace(h, cost=-h.cost).all_ways(), strict=True):
        assert np.array_equal(black, -red)


def test_a_hospital_of_one_department_keeps_its_cost() -> None:
    cost, weight, driver = np.array([[7]]), np.zeros((1, 1, 1), np.int64), np.zeros((1, 1), np.int64)
    assert in_order(cost, [], weight, driver).final.sum(axis=0).tolist() == [[7]]
    assert reciprocal(cost, [], weight, driver).tolist() == [[7]]
    for method in (in_order, direct, reciprocal):
        with pytest.raises(ZeroBase, match=r"分摊参数和为0 · zero base: giver 0, layer 0"):
            method(cost, [0], weight, driver)
        method(cost * 0, [0], weight, driver)  # without cost nothing has to move


def test_two_givers_who_serve_only_each_other_are_named() -> None:
    weight = np.array([[[0, 1, 0, 0], [1, 0, 0, 0], [1, 0, 0, 9], [0] * 4]])
    driver = np.zeros((4, 2), np.int64)
    for cost in ([5, 0, 0, 0], [0, 0, 5, 0]):  # their own cost, and cost that leaks to them
        with pytest.raises(ClosedLoop) as error:
            reciprocal(np.array([[0, 0, 0, 1], cost]), [0, 1, 2], weight, driver)
        assert error.value.giver in {0, 1}
        assert error.value.layer == 1
    assert reciprocal(np.array([[0, 0, 0, 1]] * 2), [0, 1, 2], weight, driver).tolist() == [[0, 0, 0, 1]] * 2


def test_a_giver_without_a_driver_reaches_nobody() -> None:
    weight, driver = np.ones((1, 3, 3), np.int64), np.array([[0], [-1], [0]])
    with pytest.raises(ClosedLoop, match="giver 1, layer 0"):
        reciprocal(np.array([[5, 5, 5]]), [0, 1], weight, driver)


def test_peers_who_serve_only_each_other_do_not_reach_anyone() -> None:
    weight = np.array([[[0, 1, 0], [1, 0, 0], [0, 0, 0]]])
    with pytest.raises(ZeroBase):
        step_down(np.array([[5, 5, 0]]), [Stage(1, (0, 1), peer=True)], weight, np.zeros((3, 1), np.int64))


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"weight": np.ones((1, 2, 3), np.int64)}, "weight must be"),
        ({"driver": np.ones((2, 3), np.int64)}, "driver must be"),
        ({"driver": np.full((3, 1), 4)}, "no such driver"),
        ({"weight": -np.ones((1, 3, 3), np.int64)}, "negative use"),
        ({"cost": np.full((1, 3), 2**61)}, "totals must stay"),
        ({"cost": np.full((1, 3), 0.5)}, "cost must be whole"),
        ({"order": [0, 0]}, "listed twice"),
        ({"order": [0, 3]}, "does not exist"),
    ],
)
def test_input_that_does_not_fit_is_refused(broken: dict[str, Integers], reason: str) -> None:
    sound: dict[str, Any] = {"cost": np.ones((1, 3), np.int64), "order": [0, 1], "weight": np.ones((1, 3, 3), np.int64)}
    whole = sound | {"driver": np.zeros((3, 1), np.int64)} | broken
    for method in (in_order, reciprocal):
        with pytest.raises(ValueError, match=reason):
            method(*(whole[name] for name in ("cost", "order", "weight", "driver")))


def test_a_path_bit_must_be_one_of_eight_buckets() -> None:
    with pytest.raises(ValueError, match="0 to 7"):
        step_down(np.ones((1, 2), np.int64), [Stage(8, (0,))], np.ones((1, 2, 2), np.int64), np.zeros((2, 1), np.int64))
