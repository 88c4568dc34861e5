"""Joint assignment against brute force, against greedy, and at its limits."""

from collections.abc import Iterator

import numpy as np
import pytest

from routing.policy.assigners import min_cost_flow as module
from routing.policy.assigners.greedy import greedy
from routing.policy.assigners.min_cost_flow import min_cost_flow
from routing.policy.assigners.problem import IntArray, Problem
from tests.routing.policy.floor import a_problem, a_random_problem, met

BRUTE_FORCE_SEED = 20150811


def all_matchings(pairs: list[tuple[int, int, int]], taken: frozenset[int] = frozenset()) -> Iterator[list[int]]:
    """Every matching of pairs (index, interaction, agent) that are grouped by interaction, the empty one included."""
    if not pairs:
        yield []
        return
    interaction = pairs[0][1]
    own = [pair for pair in pairs if pair[1] == interaction]
    rest = pairs[len(own) :]
    yield from all_matchings(rest, taken)
    for index, _, agent in own:
        if agent not in taken:
            for others in all_matchings(rest, taken | {agent}):
                yield [index, *others]


def worth(problem: Problem, chosen: list[int], *, is_work_conserving: bool) -> tuple[int, int]:
    """What is to be as great as possible in a class: how many are served (if that counts), then the total net value."""
    net = sum(int(problem.urgency[index] - problem.cost[index]) for index in chosen)
    return len(chosen) if is_work_conserving else 0, net


def is_matching(problem: Problem, chosen: IntArray) -> bool:
    """Whether no interaction and no agent is used twice."""
    return all(len(np.unique(side[chosen])) == len(chosen) for side in (problem.interactions, problem.agents))


@pytest.mark.parametrize("is_work_conserving", [True, False])
def test_it_equals_brute_force(is_work_conserving: bool) -> None:
    """On 250 instances up to 5 x 5 with one to three classes (500 with both kinds of policy), to the unit.

    Classes are decided one after the other, each with the agents the higher ones left.
    """
    rng = np.random.default_rng(BRUTE_FORCE_SEED)
    for _ in range(250):
        problem = a_random_problem(rng, int(rng.integers(1, 6)), int(rng.integers(1, 6)), classes=int(rng.integers(1, 4)))
        if not is_work_conserving:
            problem = problem.part(np.flatnonzero(problem.cost <= problem.urgency))
        if not len(problem):
            continue
        matching = min_cost_flow(problem, is_work_conserving=is_work_conserving)
        assert "min_cost_flow" == matching.made_by
        assert is_matching(problem, matching.pairs)
        taken: frozenset[int] = frozenset()
        for rank in sorted(set(problem.class_rank.tolist()), reverse=True):
            own = np.flatnonzero(problem.class_rank == rank).tolist()
            pairs = [(index, int(problem.interactions[index]), int(problem.agents[index])) for index in own]
            best = max(worth(problem, chosen, is_work_conserving=is_work_conserving) for chosen in all_matchings(pairs, taken))
            chosen = [index for index in matching.pairs.tolist() if index in own]
            assert best == worth(problem, chosen, is_work_conserving=is_work_conserving)
            taken |= {int(problem.agents[index]) for index in chosen}


@pytest.mark.parametrize("is_work_conserving", [True, False])
def test_it_is_never_worse_than_greedy_and_often_better(is_work_conserving: bool) -> None:
    """On 60 instances of up to 40 x 40, in the same integer prices."""
    rng = np.random.default_rng(7)
    better = 0
    for _ in range(60):
        problem = a_random_problem(rng, int(rng.integers(5, 41)), int(rng.integers(5, 41)), share=float(rng.random()))
        if not is_work_conserving:
            problem = problem.part(np.flatnonzero(problem.cost <= problem.urgency))
        flow, best_first = (
            worth(problem, assign(problem, is_work_conserving=is_work_conserving).pairs.tolist(), is_work_conserving=is_work_conserving)
            for assign in (min_cost_flow, greedy)
        )
        assert flow >= best_first
        better += flow > best_first
    assert better > 10


def test_more_are_served_where_that_is_possible() -> None:
    """Greedy gives the generalist away to the pair that looks best, and one waits; a work-conserving optimum serves both at any price."""
    problem = a_problem([(0, 0), (0, 1), (1, 0)], [100, 100], [0, 1_000_000, 0])
    assert [(1, 1)] == met(problem, greedy(problem, is_work_conserving=True).pairs)
    assert [(1, 2), (2, 1)] == met(problem, min_cost_flow(problem, is_work_conserving=True).pairs)
    assert 1 == len(min_cost_flow(problem, is_work_conserving=False).pairs)


def test_a_higher_class_is_decided_first() -> None:
    """The only agent goes to the higher class, though the lower one would gain a thousand times as much."""
    problem = a_problem([(0, 0), (1, 0), (1, 1)], [1, 1_000], [0, 0, 500], class_rank=[2, 1])
    assert [(1, 1), (2, 2)] == met(problem, min_cost_flow(problem, is_work_conserving=True).pairs)
    only_one_agent = problem.part(np.array([0, 1]))
    assert [(1, 1)] == met(only_one_agent, min_cost_flow(only_one_agent, is_work_conserving=True).pairs)


def test_the_order_of_pairs_and_the_numbers_of_rows_do_not_matter() -> None:
    """Between equal optima the same one is chosen however the pairs are listed and the rows are numbered."""
    rng = np.random.default_rng(11)
    for _ in range(40):
        problem = a_random_problem(rng, 8, 8, classes=2)
        expected = met(problem, min_cost_flow(problem, is_work_conserving=True).pairs)
        shuffled = problem.part(rng.permutation(len(problem)))
        shuffled.interactions = rng.permutation(8)[shuffled.interactions]
        shuffled.agents = rng.permutation(8)[shuffled.agents]
        assert expected == met(shuffled, min_cost_flow(shuffled, is_work_conserving=True).pairs)


def test_a_problem_beyond_the_budget_is_decided_greedily_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The budget is counted before solving, so that the same problem falls back on every machine."""
    problem = a_random_problem(np.random.default_rng(3), 6, 6)
    monkeypatch.setattr(module, "ARCS_MAX", len(problem) - 1)
    matching = min_cost_flow(problem, is_work_conserving=True)
    assert f"greedy (over {len(problem) - 1} arcs)" == matching.made_by
    assert greedy(problem, is_work_conserving=True).pairs.tolist() == matching.pairs.tolist()
    monkeypatch.setattr(module, "ARCS_MAX", len(problem))
    assert "min_cost_flow" == min_cost_flow(problem, is_work_conserving=True).made_by


def test_costs_beyond_the_solver_are_decided_greedily_and_say_so() -> None:
    """The solver multiplies costs by the number of nodes; a class out of its range leaves the whole round to greedy, not only itself."""
    dear = 1 << 42
    problem = a_problem([(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3)], [0, 0, 5], [dear, 3, dear, 4, 1, 0], class_rank=[0, 0, 1])
    matching = min_cost_flow(problem, is_work_conserving=True)
    assert "greedy (solver refused)" == matching.made_by
    assert [(1, 2), (2, 1), (3, 4)] == met(problem, matching.pairs)


def test_costs_the_solver_itself_refuses_are_decided_greedily(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should the bound kept here ever be too generous, the solver's own refusal has the same consequence."""
    monkeypatch.setattr(module, "_COST_MAX", 2**63 - 1)
    problem = a_problem([(0, 0), (0, 1), (1, 0), (1, 1)], [0, 0], [1 << 62, 3, 1 << 62, 4])
    assert "greedy (solver refused)" == min_cost_flow(problem, is_work_conserving=False).made_by
