"""逐级分步结转 · Close giving departments stage by stage until only the others carry cost.

One function serves the statutory three steps (three stages), the classic step-down in any order (one giver
a stage) and the direct method (one stage). Nothing leaves a giver but what somebody still open has used:
self-use and use by closed departments never enter the base. Cost keeps the path it came by: eight buckets
for three classes of givers. Per layer the sum stays the same to the unit. Source: 公立医院成本核算规范, 三级分摊.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heng.methods.apportion import LIMIT, Integers, apportion, whole

PATHS = 8  # three bits: which classes of givers a cost has passed through


class ZeroBase(ValueError):  # noqa: N818 (the trade's own word for it: 参数和为0)
    """分摊参数和为0 · A giver carries cost in a layer in which nobody has used it.

    giver and layer are the indices of the department and of the layer.
    """

    def __init__(self, giver: int, layer: int) -> None:
        super().__init__(f"分摊参数和为0 · zero base: giver {giver}, layer {layer}")
        self.giver, self.layer = giver, layer


@dataclass(frozen=True, slots=True)
class Stage:
    """一级 · Givers that close together. bit marks the path of what leaves them (0 leaves it as it was).

    peer (平级分摊): before the step every giver first gives the others of its stage their part of its opening
    balance, all at once and one round only; such moves keep their path.
    """

    bit: int
    givers: tuple[int, ...]
    peer: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """分摊明细 · Every move of cost that is not zero; arrays of equal length, one place per move.

    Order: stage, peer round before the step, giver, driver, path_from, layer, receiver. amount == the giver's
    balance × base ÷ base_total in whole units. In a peer move base_total counts peers and open receivers.
    """

    stage: Integers
    peer: Integers
    giver: Integers
    receiver: Integers
    layer: Integers
    path_from: Integers
    path_to: Integers
    driver: Integers
    base: Integers
    base_total: Integers
    amount: Integers

    def __len__(self) -> int:
        """笔数 · Number of moves."""
        return len(self.amount)


@dataclass(frozen=True, slots=True, eq=False)
class Cascade:
    """结转结果 · All flows, and the final balance [path, layer, department]; a closed giver's is zero."""

    flows: Flows
    final: Integers


def step_down(cost: Integers, stages: Sequence[Stage], weight: Integers, driver: Integers) -> Cascade:
    """逐级分摊 · Close the stages one after another; all givers of a stage give at once to those still open.

    cost[L, D] in whole units; weight[K, i, j] ≥ 0 how much of i's service j used under driver k;
    driver[D, L] which k a giver uses for a layer (negative: it has none). ZeroBase when a giver has cost and
    no base; ValueError when shapes, numbers or stages do not fit.
    """
    check(cost, [g for stage in stages for g in stage.givers], weight, driver)
    if not all(0 <= stage.bit < PATHS for stage in stages):
        raise ValueError("路径位应为 0 至 7 · a stage's bit must be 0 to 7")
    book = _Book(cost, weight, driver)
    is_open = np.ones(cost.shape[1], np.bool_)
    for number, stage in enumerate(stages):
        is_open[list(stage.givers)] = False
        if stage.peer:
            book.give_to_peers(number, stage, is_open)
        for giver in stage.givers:
            book.give(_Turn(number, giver, np.flatnonzero(is_open), stage.bit))
    return Cascade(book.flows(), book.balance)


def direct(cost: Integers, givers: Sequence[int], weight: Integers, driver: Integers) -> Cascade:
    """直接法 · Every giver gives to the finals only; own cost is path 0, received cost path 1."""
    return step_down(cost, [Stage(1, tuple(givers))], weight, driver)


def in_order(cost: Integers, order: Sequence[int], weight: Integers, driver: Integers) -> Cascade:
    """阶梯法 · Givers close one by one in this order; own cost is path 0, received cost path 1."""
    return step_down(cost, [Stage(1, (giver,)) for giver in order], weight, driver)


def conservation_gap(cost: Integers, final: Integers) -> Integers:
    """守恒差 · What an allocation lost (+) or made up (−): cost[L, D] less final[..., L, D], per layer; 0 is right."""
    layers, departments = cost.shape
    spread = final.reshape(-1, layers, departments)
    return np.asarray(cost.sum(axis=1) - spread.sum(axis=(0, 2)), np.int64)


def check(cost: Integers, givers: Sequence[int], weight: Integers, driver: Integers) -> None:
    """入参校验 · ValueError unless shapes agree, numbers are whole and small enough, and givers are distinct."""
    layers, departments = whole(cost, "cost").shape
    if whole(weight, "weight").shape[1:] != (departments, departments) or weight.ndim != len("kij"):
        raise ValueError("weight 应为 [参数, 科室, 科室] · weight must be [driver, department, department]")
    if whole(driver, "driver").shape != (departments, layers):
        raise ValueError("driver 应为 [科室, 层] · driver must be [department, layer]")
    if len(set(givers)) < len(givers) or not set(givers) <= set(range(departments)):
        raise ValueError("服务科室重复或不存在 · a giver is listed twice or does not exist")
    if not len(weight) or (driver >= len(weight)).any() or (weight < 0).any():
        raise ValueError("参数号或用量有误 · no such driver, or a negative use")
    # A balance never exceeds Σ|cost| of its layer. Floats are enough here: the limit leaves a factor of two.
    most = [np.abs(cost.astype(np.float64)).sum(axis=1), weight.sum(axis=2, dtype=np.float64)]
    if any(size.max(initial=0.0) >= LIMIT for size in most):
        raise ValueError("合计过大 · totals must stay below 2**62")


@dataclass(frozen=True, slots=True)
class _Turn:
    """One giver's turn in a stage: which users it serves, in the peer round or in the step itself."""

    stage: int
    giver: int
    users: Integers
    bit: int = 0
    peer: int = 0


@dataclass(frozen=True, slots=True)
class _Move:
    """What a turn gives under one driver: amount[row, user] out of the pools (path, layer)[row]."""

    driver: int
    path: Integers
    layer: Integers
    base: Integers
    amount: Integers


class _Book:
    """The running balance [path, layer, department] and the flows written so far."""

    def __init__(self, cost: Integers, weight: Integers, driver: Integers) -> None:
        self.balance = np.zeros((PATHS, *cost.shape), np.int64)
        self.balance[0] = cost
        self._weight, self._driver = weight, driver
        self._columns: list[dict[str, Integers]] = []

    def give(self, turn: _Turn) -> None:
        """Spread everything a giver holds over the users; nothing remains."""
        pool = self.balance[:, :, turn.giver].copy()
        self.balance[:, :, turn.giver] = 0
        for move in self._spread(turn, pool):
            self._hand_over(turn, move)

    def give_to_peers(self, number: int, stage: Stage, is_open: npt.NDArray[np.bool_]) -> None:
        """One round inside a stage on opening balances; what the open receivers used stays for the step."""
        opening = self.balance.copy()
        for giver in stage.givers:
            is_peer = np.zeros_like(is_open)
            is_peer[[g for g in stage.givers if g != giver]] = True
            turn = _Turn(number, giver, np.flatnonzero(is_peer | is_open), peer=1)
            for move in self._spread(turn, opening[:, :, giver]):
                move.amount[:, ~is_peer[turn.users]] = 0
                self.balance[move.path, move.layer, giver] -= move.amount.sum(axis=1)
                self._hand_over(turn, move)

    def flows(self) -> Flows:
        """All moves in the order they were made."""
        none = [np.empty(0, np.int64)]
        return Flows(**{n: np.concatenate([*none, *(c[n] for c in self._columns)]) for n in Flows.__slots__})

    def _spread(self, turn: _Turn, pool: Integers) -> Iterator[_Move]:
        path, layer = np.nonzero(pool)
        key = self._driver[turn.giver, layer]
        for k in np.unique(key):
            here = key == k
            base = self._weight[k, turn.giver, turn.users]
            if k < 0 or not base.any():
                raise ZeroBase(turn.giver, int(layer[here].min()))
            yield _Move(int(k), path[here], layer[here], base, apportion(pool[path[here], layer[here]], base))

    def _hand_over(self, turn: _Turn, move: _Move) -> None:
        for path in np.unique(move.path):  # one path at a time: two may lead to the same bucket
            here = move.path == path
            self.balance[path | turn.bit, move.layer[here][:, None], turn.users] += move.amount[here]
        self._write(turn, move)

    def _write(self, turn: _Turn, move: _Move) -> None:
        row, user = np.nonzero(move.amount)
        path = move.path[row]
        same = {"stage": turn.stage, "peer": turn.peer, "giver": turn.giver, "driver": move.driver}
        same["base_total"] = int(move.base.sum())
        columns = {name: np.full(len(row), value, np.int64) for name, value in same.items()}
        columns |= {"receiver": turn.users[user], "layer": move.layer[row], "base": move.base[user]}
        columns |= {"path_from": path, "path_to": path | turn.bit, "amount": move.amount[row, user]}
        self._columns.append(columns)
