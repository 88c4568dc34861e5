"""The sample: plans simulated on the same days, with the same customers, patience, work and absences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from routing.config.plugins import registry_with_plugins
from routing.config.roster import Roster
from routing.model.site import PolicySpec
from simulation.births import births_of
from simulation.kpis.facts import facts_of
from simulation.kpis.ledger import Ledger
from simulation.kpis.service_level import targets_met
from simulation.run import run_replication
from simulation.scenario import Arm, Scenario
from simulation.staffing.cuts.goals import Goal
from simulation.staffing.cuts.groups import Group, Plan, roster_of
from simulation.workers import Crew, Shared, Task

Counts: TypeAlias = npt.NDArray[np.int64]
"""By day and goal, how many were answered in time and how many arrived, shape (days, goals, 2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is staffed: the scenario and its policy, the roster from which the groups come, by its name there, and the goals."""

    scenario: Scenario
    policy: PolicySpec
    roster_name: str
    roster: Roster
    groups: tuple[Group, ...]
    goals: tuple[Goal, ...]


@dataclass(slots=True, kw_only=True)
class Days:
    """So many days from the replication `first` on, and what every plan that was tried made of them; `on_day` is called after each."""

    problem: Shared[Problem]
    first: int
    count: int
    crew: Crew
    on_day: Callable[[], None]
    known: dict[Plan, Counts] = field(default_factory=dict)

    def counts(self, plans: Sequence[Plan]) -> list[Counts]:
        """What the days count under each plan; a plan is simulated once."""
        missing = tuple(dict.fromkeys(plan for plan in plans if plan not in self.known))
        if missing:
            tasks = [Task(_one_day, self.problem, (self.first + day, missing)) for day in range(self.count)]
            by_day: dict[int, Counts] = {}
            for task, result in self.crew.run(tasks):
                by_day[task.item[0]] = result
                self.on_day()
            days = np.stack([by_day[day] for day in sorted(by_day)])
            self.known |= {plan: days[:, place] for place, plan in enumerate(missing)}
        return [self.known[plan] for plan in plans]

    def levels(self, plans: Sequence[Plan]) -> list[npt.NDArray[np.float64]]:
        """The share answered in time of each goal over all days together, shape (goals,), by plan."""
        return [levels_of(counts) for counts in self.counts(plans)]


def levels_of(counts: Counts) -> npt.NDArray[np.float64]:
    """The share answered in time of each goal, sums over the days, shape (goals,); 1 where nobody came."""
    in_time, arrived = counts.sum(axis=0).T
    return np.asarray(np.where(arrived > 0, in_time / np.maximum(arrived, 1), 1.0), dtype=np.float64)


def _one_day(problem: Problem, item: tuple[int, tuple[Plan, ...]]) -> Counts:
    """One day under some plans, shape (plans, goals, 2); the customers are made once. A pure function."""
    replication, plans = item
    births = births_of(problem.scenario, replication)
    found = np.zeros((len(plans), len(problem.goals), 2), dtype=np.int64)
    for place, plan in enumerate(plans):
        roster = roster_of(problem.roster, problem.groups, plan)
        scenario, ledger = replace(problem.scenario, rosters={"plan": roster}), Ledger()
        arm = Arm(name="plan", policy=problem.policy, roster="plan")
        run_replication(scenario, arm, replication, [ledger], witnesses=[ledger.witness], births=births, registry=registry_with_plugins())
        found[place] = _counted(problem, ledger)
    return found


def _counted(problem: Problem, ledger: Ledger) -> Counts:
    scenario = problem.scenario
    facts = facts_of(ledger, starts_at=scenario.starts_at, ends_at=scenario.ends_at)
    is_on_line, is_in_time = targets_met(facts, slice(None))
    arrived = np.array(ledger.queued_at, dtype=np.int64)
    found = np.zeros((len(problem.goals), 2), dtype=np.int64)
    for place, goal in enumerate(problem.goals):
        if goal.queue not in facts.queues:
            continue
        # Who waited already when the horizon began belongs to its first interval.
        is_first = goal.starts_at == scenario.starts_at
        counts = is_on_line & (facts.queue == facts.queues.index(goal.queue)) & (arrived < goal.ends_at)
        counts &= True if is_first else arrived >= goal.starts_at
        met = is_in_time if goal.target_ms is None else facts.is_answered & (facts.waited_ms <= goal.target_ms)
        found[place] = np.count_nonzero(counts & met), np.count_nonzero(counts)
    return found
