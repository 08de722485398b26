"""三级分项逐级分摊 · CN-1: after-step table, eight origin buckets, 成本医03, unit costs, and a project-funded layer."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from heng.methods.apportion import Integers
from heng.methods.step_down import Cascade, Stage, ZeroBase, conservation_gap, step_down
from tests.methods import oracle
from tests.methods.published import layers, number, read, weights

CASE = read("CN1_three_steps.yaml")
PRINTED = CASE["printed"]
NAMES = list(CASE["cost"])
FEN = Fraction(100)
BIT = {"man": 1, "ass": 2, "med": 4}
GIVERS = [NAMES.index(giver) for givers in CASE["step"].values() for giver in givers]
CLINICAL = ("C1", "C2", "C3")


def stages(*, peer: bool = False) -> list[Stage]:
    return [Stage(BIT[name], tuple(NAMES.index(g) for g in givers), peer) for name, givers in CASE["step"].items()]


def costs() -> Integers:
    """cost[8, D] in fen: the seven items, then the project-funded layer."""
    items = [[Fraction(CASE["cost"][d][i]) for d in NAMES] for i in range(len(CASE["items"]))]
    return layers([*items, [Fraction(CASE["project"][d]) for d in NAMES]], FEN)


def run(cost: Integers, *, peer: bool = False) -> Cascade:
    return step_down(cost, stages(peer=peer), weights(NAMES, CASE["use"]), np.zeros(cost.T.shape, np.int64))


def by_oracle(cost: Integers, layer: int, *, peer: bool = False) -> oracle.Result:
    own = {d: Fraction(int(cost[layer, i])) for i, d in enumerate(NAMES)}
    return oracle.step(own, [(name, givers, peer) for name, givers in CASE["step"].items()], CASE["use"])


def bucket(path: oracle.Path) -> int:
    return sum(BIT[name] for name in path)


def fen(printed: str | int) -> int:
    return int(number(printed) * FEN)


@pytest.fixture(scope="module")
def seven() -> Cascade:
    """The engine's answer for the seven cost items, in fen."""
    return run(costs()[:7])


def test_items_add_up_to_the_printed_totals() -> None:
    assert (costs()[:7].sum(axis=1) == [fen(PRINTED["total"][item]) for item in CASE["items"]]).all()


@pytest.mark.parametrize(("number_of_step", "step"), list(enumerate(CASE["step"])))
def test_balances_after_each_step(number_of_step: int, step: str, seven: Cascade) -> None:
    moves, balance = seven.flows, costs()[:7].sum(axis=0)
    done = moves.stage <= number_of_step
    np.add.at(balance, moves.receiver[done], moves.amount[done])
    np.subtract.at(balance, moves.giver[done], moves.amount[done])
    exact = [by_oracle(costs(), layer).after[number_of_step] for layer in range(7)]
    for department, printed in PRINTED["after"][step].items():
        assert balance[NAMES.index(department)] == fen(printed) == sum(after[department] for after in exact)


@pytest.mark.parametrize("department", CLINICAL)
def test_eight_origin_buckets(department: str, seven: Cascade) -> None:
    found = seven.final[:, :, NAMES.index(department)].sum(axis=1)
    exact = [Fraction(0)] * 8
    for layer in range(7):
        for (user, path), amount in by_oracle(costs(), layer).final.items():
            exact[bucket(path)] += amount if user == department else 0
    for path, printed in zip(PRINTED["bucket"]["order"], PRINTED["bucket"][department], strict=True):
        at = bucket(tuple(path.split()))
        assert found[at] == fen(printed) == exact[at], path


@pytest.mark.parametrize("item", CASE["items"])
@pytest.mark.parametrize("department", CLINICAL)
def test_form_03_direct_indirect_and_full_cost(department: str, item: str, seven: Cascade) -> None:
    layer, at = CASE["items"].index(item), NAMES.index(department)
    found = seven.final[:, layer, at]
    exact = by_oracle(costs(), layer).full()[department]
    direct, indirect, full = (fen(printed) for printed in PRINTED["form03"][item][department])
    assert [found[0], found[1:].sum(), found.sum()] == [direct, indirect, full]
    assert exact == full


@pytest.mark.parametrize("line", PRINTED["unit_cost"], ids=lambda line: "+".join(line["of"]))
def test_cost_per_visit_and_per_bed_day(line: dict[str, Any], seven: Cascade) -> None:
    full = sum(int(seven.final[:, :, NAMES.index(d)].sum()) for d in line["of"])
    assert round(Fraction(full, 100 * line["volume"]), 2) == number(line["cost"])


def test_a_project_funded_layer_is_allocated_beside_the_others(seven: Cascade) -> None:
    both = run(costs())
    assert np.array_equal(both.final[:, :7], seven.final)
    assert not conservation_gap(costs(), both.final).any()
    for (department, path), amount in by_oracle(costs(), 7).final.items():
        assert abs(int(both.final[bucket(path), 7, NAMES.index(department)]) - amount) < 3


@pytest.mark.parametrize("peer", [False, True])
def test_flows_lead_from_the_booked_cost_to_the_final_balance(peer: bool) -> None:  # noqa: FBT001 (a parametrized case)
    cascade, balance = run(costs(), peer=peer), np.zeros((8, 8, len(NAMES)), np.int64)
    balance[0] = costs()
    moves = cascade.flows
    np.add.at(balance, (moves.path_to, moves.layer, moves.receiver), moves.amount)
    np.subtract.at(balance, (moves.path_from, moves.layer, moves.giver), moves.amount)
    assert np.array_equal(balance, cascade.final)
    assert not cascade.final[:, :, GIVERS].any()
    assert moves.amount.all()
    assert len(moves) == len(moves.base) == len(moves.peer)


def test_peers_serve_each_other_once_before_their_step() -> None:
    use = {giver: dict(used) for giver, used in CASE["use"].items()}
    use["S1"]["S2"], use["S2"]["S1"] = 250, 2500
    cost = costs() * 10**6
    peers = [Stage(s.bit, s.givers, s.bit == BIT["ass"]) for s in stages()]
    cascade = step_down(cost, peers, weights(NAMES, use), np.zeros(cost.T.shape, np.int64))
    moves = cascade.flows
    inside = moves.peer == 1
    assert {*zip(moves.giver[inside].tolist(), moves.receiver[inside].tolist(), strict=True)} == {(1, 2), (2, 1)}
    assert (moves.path_from[inside] == moves.path_to[inside]).all()
    assert {*moves.base_total[inside].tolist()} == {1250, 12500}  # peers and open receivers together
    for layer in range(len(cost)):
        own = {d: Fraction(int(cost[layer, i])) for i, d in enumerate(NAMES)}
        exact = oracle.step(own, [(n, g, n == "ass") for n, g in CASE["step"].items()], use)
        for (department, path), amount in exact.final.items():
            assert abs(int(cascade.final[bucket(path), layer, NAMES.index(department)]) - amount) < 9


def test_each_layer_follows_its_own_driver() -> None:
    weight = np.concatenate([weights(NAMES, CASE["use"]), weights(NAMES, CASE["use"] | {"A1": {"C1": 1}})])
    driver = np.zeros((len(NAMES), 8), np.int64)
    driver[0, 3] = 1
    cascade = step_down(costs(), stages(), weight, driver)
    mine = (cascade.flows.giver == 0) & (cascade.flows.layer == 3)
    assert cascade.flows.receiver[mine].tolist() == [NAMES.index("C1")]
    assert cascade.flows.driver[mine].tolist() == [1]
    assert np.array_equal(np.delete(cascade.final, 3, axis=1), np.delete(run(costs()).final, 3, axis=1))


@pytest.mark.parametrize("driver", [0, -1])
def test_a_giver_with_cost_whom_nobody_used_is_named(driver: int) -> None:
    use = {giver: used for giver, used in CASE["use"].items() if giver != "S2" or driver < 0}
    choice = np.zeros((len(NAMES), 8), np.int64)
    choice[NAMES.index("S2")] = driver
    with pytest.raises(ZeroBase) as error:
        step_down(costs(), stages(), weights(NAMES, use), choice)
    assert (error.value.giver, error.value.layer) == (NAMES.index("S2"), CASE["items"].index("人员"))
    assert "分摊参数和为0 · zero base" in str(error.value)
