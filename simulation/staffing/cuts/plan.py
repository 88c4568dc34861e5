"""The cheapest roster that keeps the promise: search, certificate, and a raised margin where the certificate is refused."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import numpy as np

from routing.config.roster import Roster
from routing.model.ids import QueueId
from routing.model.site import PolicySpec
from routing.model.time import MINUTE_MS, Duration
from simulation.scenario import Scenario
from simulation.staffing.cuts.beside import Alone, each_alone, most_needed
from simulation.staffing.cuts.capacity import Capacity, capacity_of
from simulation.staffing.cuts.certificate import Certificate, certificate, error_of
from simulation.staffing.cuts.goals import goals_of
from simulation.staffing.cuts.groups import Plan, cost_of, groups_of, roster_of
from simulation.staffing.cuts.master import Master
from simulation.staffing.cuts.sample import Days, Problem
from simulation.staffing.cuts.search import Search, Step
from simulation.staffing.load import loads_of
from simulation.workers import Crew, Shared

ATTEMPTS = 4
"""So often is a plan brought before fresh days."""
_INTERVAL_MS = 30 * MINUTE_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A plan, what it costs, how busy the busiest are at least (`utilisation`), and each goal's share on the sample."""

    plan: Plan
    cost: float
    utilisation: float
    levels: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffingPlan:
    """The found plan, with everything that was tried on the way.

    `found` is None where no plan reaches the goals within `at_most` agents of each group and the budget. `is_certified`: the last of
    `certificates` has every bound at its goal or above. `bound` is what a plan costs at least on the sample, as far as a further agent
    harms nobody; the found one is the cheapest there where both are equal. `margins` were added to the goals after refused certificates.
    """

    problem: Problem
    replications: int
    at_most: tuple[int, ...]
    found: Tried | None
    as_listed: Tried
    alone: Alone
    bound: float | None
    margins: tuple[float, ...]
    certificates: tuple[Certificate, ...]
    is_certified: bool
    steps: tuple[Step, ...]
    simulated: int

    @property
    def roster(self) -> Roster | None:
        """The found roster."""
        if self.found is None:
            return None
        return replace(roster_of(self.problem.roster, self.problem.groups, self.found.plan), name="found")

    @property
    def is_cheapest_on_sample(self) -> bool:
        """Whether no plan within the bounds that reaches the goals with their margins on the sample is cheaper."""
        return self.found is not None and self.bound is not None and self.bound >= self.found.cost - 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much is simulated: days of the sample, fresh days of the first certificate, and plans on the sample for each attempt."""

    replications: int
    fresh_days: int
    plans_max: int


def problem_of(
    scenario: Scenario,
    roster: str,
    policy: PolicySpec,
    *,
    queues: Collection[QueueId] | None,
    every_ms: Duration | None,
    target_ms: Duration | None,
    share: float | None,
) -> Problem:
    """What is staffed for what.

    Raises:
        ConfigError: no groups can be made of the roster, or no goals of the queues.
    """
    loads = loads_of(scenario, frozenset(scenario.site.channels), every_ms or _INTERVAL_MS)
    goals = goals_of(scenario, loads, queues=queues, every_ms=every_ms, target_ms=target_ms, share=share)
    listed = scenario.rosters[roster]
    return Problem(scenario=scenario, policy=policy, roster_name=roster, roster=listed, groups=groups_of(scenario, listed), goals=goals)


def cheapest_plan(
    problem: Problem,
    effort: Effort,
    *,
    at_most: int | None,
    crew: Crew,
    on_step: Callable[[Step], None],
    on_day: Callable[[], None],
) -> StaffingPlan:
    """The cheapest plan with at most so many agents of each group, by default a number that no plan is likely to need.

    Raises:
        ConfigError: nobody on the roster may do some of the work.
    """
    scenario, groups = problem.scenario, problem.groups
    loads = loads_of(scenario, frozenset(scenario.site.channels), _INTERVAL_MS)
    capacity = capacity_of(scenario, problem.roster, groups, loads)
    listed: Plan = tuple(len(group.members) for group in groups)
    there = min((1 - one.shrinkage_per_mille / 1_000) * (1 - one.planned_shrinkage_per_mille / 1_000) for one in problem.roster.members)
    most = max(*listed, most_needed(loads, there)) if at_most is None else at_most
    days = Days(problem=Shared(problem), first=0, count=effort.replications, crew=crew, on_day=on_day)
    search = Search(
        problem=problem,
        master=Master(costs=tuple(group.cost for group in groups), at_most=(most,) * len(groups), capacity=capacity),
        days=days,
        plans_max=effort.plans_max,
        on_step=on_step,
        margins=np.zeros(len(problem.goals)),
    )
    as_listed = _tried(days, capacity, listed)
    found, certificates, is_certified = _certified(search, effort)
    return StaffingPlan(
        problem=problem,
        replications=effort.replications,
        at_most=search.master.at_most,
        found=None if found is None else _tried(days, capacity, found),
        as_listed=as_listed,
        alone=each_alone(problem, loads, most),
        bound=search.bound(),
        margins=tuple(search.margins.tolist()),
        certificates=certificates,
        is_certified=is_certified,
        steps=tuple(search.steps),
        simulated=len(days.known),
    )


def _certified(search: Search, effort: Effort) -> tuple[Plan | None, tuple[Certificate, ...], bool]:
    """The best plan, the certificates in the order of the attempts, and whether the last is given."""
    aims = np.array([goal.share for goal in search.problem.goals])
    certificates: list[Certificate] = []
    found, first = search.run(), effort.replications
    while found is not None:
        attempt = len(certificates)
        fresh = replace(search.days, first=first, count=effort.fresh_days * 2**attempt, known={})
        certificates.append(certificate(fresh.counts([found])[0], first=first, error=error_of(attempt)))
        lower = np.array(certificates[-1].lower)
        if (lower >= aims).all():
            return found, tuple(certificates), True
        if attempt + 1 == ATTEMPTS:
            break
        # What the sample flattered this plan by, and what chance may take, the next one has to have in reserve.
        short_of = search.days.levels([found])[0] - lower
        search.margins = np.where(lower < aims, np.maximum(search.margins, short_of), search.margins)
        first += fresh.count
        search.plans_max = len(search.days.known) + effort.plans_max
        following = search.run("raised")
        if following is None:
            break
        found = following
    return found, tuple(certificates), False


def _tried(days: Days, capacity: Capacity, plan: Plan) -> Tried:
    return Tried(
        plan=plan,
        cost=cost_of(days.problem.value.groups, plan),
        utilisation=capacity.utilisation(plan),
        levels=tuple(days.levels([plan])[0].tolist()),
    )
