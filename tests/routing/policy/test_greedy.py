"""Best pair first: greedy against its definition, the arg-max against the full sort, and every step of the tie path."""

import numpy as np
import pytest

from routing.policy.assigners.exact import best_pairs, tie_break
from routing.policy.assigners.greedy import greedy
from routing.policy.assigners.problem import Problem
from tests.routing.policy.floor import a_problem, a_random_problem, met


def full_order(problem: Problem, index: int) -> tuple[int, ...]:
    """The key by which pairs are ordered, smallest first, as the rules state it."""
    return (
        -int(problem.class_rank[index]),
        -int(problem.urgency[index] - problem.cost[index]),
        int(problem.aged_from[index]),
        int(problem.enqueued[index]),
        int(problem.idle_since[index]),
        int(problem.registered[index]),
    )


def by_definition(problem: Problem) -> list[int]:
    """Take the best pair left, strike its interaction and its agent, until nothing is left."""
    left, chosen = list(range(len(problem))), []
    while left:
        best = min(left, key=lambda index: full_order(problem, index))
        chosen.append(best)
        left = [
            index
            for index in left
            if problem.interactions[index] != problem.interactions[best] and problem.agents[index] != problem.agents[best]
        ]
    return chosen


def a_tied_problem(rng: np.random.Generator, waiting: int, agents: int) -> Problem:
    """A random problem in which every key of the tie path is often equal."""
    problem = a_random_problem(rng, waiting, agents, classes=2, share=0.9)
    problem.aged_from = rng.integers(0, 2, size=waiting)[problem.interactions]
    problem.idle_since = rng.integers(0, 2, size=agents)[problem.agents]
    return problem


def test_greedy_is_its_definition() -> None:
    """On 100 random instances full of ties, pair by pair in the same order."""
    rng = np.random.default_rng(1)
    for _ in range(100):
        problem = a_tied_problem(rng, int(rng.integers(1, 9)), int(rng.integers(1, 9)))
        matching = greedy(problem, is_work_conserving=True)
        assert by_definition(problem) == matching.pairs.tolist()
        assert "greedy" == matching.made_by


@pytest.mark.parametrize("size", [1, 30, 64, 65, 300])
def test_the_best_pairs_are_those_of_the_full_sort(size: int) -> None:
    """Below and above the size from which nothing is sorted any more."""
    rng = np.random.default_rng(size)
    problem = a_tied_problem(rng, 20, 40)
    problem = problem.part(rng.permutation(len(problem))[:size])
    in_order = sorted(range(size), key=lambda index: full_order(problem, index))
    assert in_order == problem.order().tolist()
    for count in (1, 3):
        assert in_order[:count] == best_pairs(problem, count)


@pytest.mark.parametrize(
    ("name", "field", "better", "worse"),
    [
        ("value", "value", 5, 4),
        ("routing_age", "aged_from", 4, 5),
        ("arrival_order", "enqueued", 4, 5),
        ("idle_time", "idle_since", 4, 5),
        ("registration_order", "registered", 4, 5),
    ],
)
def test_the_tie_path_names_the_first_key_that_differs(name: str, field: str, better: int, worse: int) -> None:
    """All keys before it are equal, and all after it speak for the other pair."""
    path = ("value", "aged_from", "enqueued", "idle_since", "registered")
    problem = a_problem([(0, 0), (1, 1)], [0, 0], [0, 0])
    for key in path:
        place = path.index(key) - path.index(field)
        pair = [7, 7] if place < 0 else [better, worse] if not place else [9, 2]
        setattr(problem, key, np.array(pair, dtype=np.int64))
    assert [0, 1] == problem.order().tolist() == best_pairs(problem, 2)
    assert name == tie_break(problem, 0, 1)


def test_a_class_outweighs_any_price() -> None:
    """The lowest net value of a higher class comes before the highest of a lower one, at the limits of both."""
    problem = a_problem([(0, 0), (1, 1)], [0, 1 << 39], [1 << 42, -(1 << 42)], class_rank=[1, 0])
    assert [0, 1] == problem.order().tolist()
    assert [(1, 1), (2, 2)] == met(problem, greedy(problem, is_work_conserving=True).pairs)
