"""As many replications as a precision takes: batches of a fixed size, looked at one after the other.

The size of a batch does not depend on the number of workers, so neither does the result. An interval that was looked at until it was narrow
holds a little less often than it says, for a lucky run of alike days ends the search too early; the first batch and the joint intervals of
several arms keep that small (Chow and Robbins 1965), and the report says so.
"""

from collections.abc import Callable, Sequence

from simulation.comparison import headline_rows
from simulation.experiment import Experiment, ReplicationResult, run_some
from simulation.kpis.registry import MEASURES
from simulation.kpis.tabulate import Row
from simulation.scenario import Arm
from simulation.statistics.estimates import Interval, Replicated, difference, interval, joint_interval, replicate
from simulation.statistics.goals import Goal, Stopped, Until
from simulation.workers import Crew, Shared


def run_until(
    experiment: Experiment, until: Until, *, crew: Crew, on_done: Callable[[], None]
) -> tuple[tuple[ReplicationResult, ...], Stopped]:
    """The results of the first batches after which every goal is reached by every arm, or of as many as there may be."""
    shared, results = Shared(experiment), tuple[ReplicationResult, ...]()
    while len(results) < until.at_most:
        numbers = range(len(results), min(len(results) + until.batch, until.at_most))
        results += run_some(shared, numbers, crew=crew, on_done=on_done)
        if all(is_reached(goal, experiment.arms, results) for goal in until.goals):
            return results, Stopped(until=until, is_reached=True)
    return results, Stopped(until=until, is_reached=False)


def is_reached(goal: Goal, arms: Sequence[Arm], results: Sequence[ReplicationResult]) -> bool:
    """Whether every difference from the first arm is known as well as the goal asks, all together; the value itself where it is alone."""
    baseline, *others = (_replicated(rows, goal.measure) for rows in headline_rows(arms, results).values())
    found = [_joint(other, baseline, len(results), len(others)) for other in others] or [interval(baseline, MEASURES[goal.measure].bounds)]
    wanted = goal.wanted(baseline.value)
    return all(_width(one) <= wanted for one in found)


def _replicated(rows: Sequence[Row], measure: str) -> Replicated:
    return replicate([row[measure] for row in rows], MEASURES[measure].scale)


def _joint(arm: Replicated, baseline: Replicated, days: int, comparisons: int) -> Interval | None:
    found = difference(arm, baseline)
    return None if found is None else joint_interval(found, days, comparisons)


def _width(one: Interval | None) -> float:
    """The wider half, for one may be cut; endless where the measure or its interval is undefined."""
    if one is None or one.low is None or one.high is None:
        return float("inf")
    return max(one.high - one.mean, one.mean - one.low)
