"""The best pairs by the full order, without sorting all of them: the decision where one side has a single row, and the runners-up."""

import numpy as np

from routing.policy.assigners.problem import IntArray, Problem

_SORT_MAX = 64


def best_pairs(problem: Problem, count: int) -> list[int]:
    """The `count` best pairs in order, or all if there are fewer."""
    if len(problem) == 1:
        return [0]
    if len(problem) <= _SORT_MAX:
        found: list[int] = problem.order()[:count].tolist()
        return found
    left: IntArray = np.arange(len(problem), dtype=np.int64)
    best: list[int] = []
    while len(best) < count:
        index = _best(problem, left)
        best.append(index)
        left = left[left != index]
    return best


def _best(problem: Problem, left: IntArray) -> int:
    value = problem.value[left]
    left = left[value == value.max()]
    for key in (problem.aged_from, problem.enqueued, problem.idle_since, problem.registered):
        if len(left) == 1:
            break
        keys = key[left]
        left = left[keys == keys.min()]
    return int(left[0])


def tie_break(problem: Problem, winner: int, runner_up: int) -> str:
    """The name of the first key on which the winner came before the runner-up."""
    for name, key in (
        ("value", problem.value),
        ("routing_age", problem.aged_from),
        ("arrival_order", problem.enqueued),
        ("idle_time", problem.idle_since),
    ):
        if key.item(winner) != key.item(runner_up):
            return name
    return "registration_order"
