"""Joint assignment against greedy on the windows of the example days, on the same candidates and in the same integer costs."""

from pathlib import Path

import pytest

from routing.policy.assigners.greedy import greedy
from routing.policy.assigners.min_cost_flow import min_cost_flow
from routing.policy.assigners.problem import Matching, Problem
from routing.policy.registry import PolicyRegistry, default_registry
from simulation.run import run_replication
from simulation.scenario import Arm
from simulation.scenario_file import load_scenario

EXAMPLES = Path(__file__).parents[2] / "examples" / "boston-311"
Worth = list[tuple[int, int]]


def worth(problem: Problem, matching: Matching) -> Worth:
    """What counts, highest class first: how many are served, then their total net value."""
    net = problem.urgency - problem.cost
    by_class: dict[int, tuple[int, int]] = dict.fromkeys(sorted(set(problem.class_rank.tolist()), reverse=True), (0, 0))
    for index in matching.pairs.tolist():
        served, total = by_class[int(problem.class_rank[index])]
        by_class[int(problem.class_rank[index])] = (served + 1, total + int(net[index]))
    return list(by_class.values())


class BothAssigners:
    """Decides as min-cost flow does, and notes what greedy would have been worth on the same problem."""

    def __init__(self) -> None:
        self.windows: list[tuple[Worth, Worth]] = []

    def __call__(self, problem: Problem, *, is_work_conserving: bool) -> Matching:
        """The joint matching."""
        joint = min_cost_flow(problem, is_work_conserving=is_work_conserving)
        self.windows.append((worth(problem, joint), worth(problem, greedy(problem, is_work_conserving=is_work_conserving))))
        return joint


def registry_with(assigner: BothAssigners) -> PolicyRegistry:
    """The shipped parts with the joint assigner watched."""
    registry = default_registry()
    registry.add_assigner("min_cost_flow", 1, assigner)
    return registry


@pytest.mark.parametrize("name", ["busy-day", "busy-day-x10"])
def test_joint_assignment_is_never_worse_than_greedy_and_sometimes_better(name: str) -> None:
    """On every window of one replication of the day in which several interactions and agents could come together."""
    scenario = load_scenario(EXAMPLES / f"{name}.toml")
    watched = BothAssigners()
    registry = registry_with(watched)
    arm = Arm(name="least-cost", policy=registry.spec("least-cost"), roster=next(iter(scenario.rosters)))
    run_replication(scenario, arm, 0, registry=registry)
    worse = [pair for pair in watched.windows if pair[0] < pair[1]]
    better = [pair for pair in watched.windows if pair[0] > pair[1]]
    assert [] == worse
    assert better, f"{len(watched.windows)} windows, and greedy was as good on each"
