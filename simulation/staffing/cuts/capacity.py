"""Whether a plan can carry the work at all: the static planning problem over the whole horizon."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from routing.config.errors import ConfigError
from routing.config.roster import Roster
from routing.model.agent import Agent
from simulation.scenario import Scenario
from simulation.staffing.cuts.groups import Group, Plan
from simulation.staffing.load import Kind, Loads
from simulation.staffing.queues import may_serve
from simulation.staffing.scheduled import members_of
from simulation.theory.planning import least_utilisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """The work of a day by who may do it, and the time that an agent of each group has for it.

    `work_h[k]` are hours of one agent who does one thing at a time; an agent of group g does `pace[k][g]` of it in an hour, 0 where they
    may not, and is there for `hours[g]`.
    """

    work_h: tuple[float, ...]
    pace: tuple[tuple[int, ...], ...]
    hours: tuple[float, ...]

    def utilisation(self, plan: Plan) -> float:
        """How busy the busiest agents are at least, whatever the policy, if all the work is done; infinite where nobody may do some."""
        sizes = [count * hours for count, hours in zip(plan, self.hours, strict=True)]
        if any(not any(size and pace for size, pace in zip(sizes, row, strict=True)) for row in self.pace):
            return math.inf
        if not self.work_h:
            return 0.0
        return least_utilisation(arrival_rates=self.work_h, pool_sizes=sizes, service_rates=self.pace)


def capacity_of(scenario: Scenario, roster: Roster, groups: Sequence[Group], loads: Loads) -> Capacity:
    """The work that is expected within the horizon, and the hours net of breaks and what shrinkage takes on average.

    Work whose requirements relax in time counts as work for everybody on its channel.

    Raises:
        ConfigError: there is work that nobody on the roster may do.
    """
    whole = loads.whole
    hours_h = np.diff(whole.edges) / 3_600_000
    agents = [group.members[0] for group in groups]
    there = members_of(scenario, replace(roster, members=tuple(agents)), whole.edges)
    work: dict[tuple[int, ...], float] = {}
    for queue, one in loads.by_queue.items():
        for part in one.kinds:
            if not part.work_ms.any():
                continue
            pace = tuple(_pace(scenario, member.agent, part.kind) for member in agents)
            if not any(pace):
                problem = f"has nobody on shift who may serve what comes to queue {queue} on channel {part.kind.channel}"
                remedy = "List at least one agent who may: groups are taken from the roster."
                raise ConfigError(problem, key="roster", value=roster.name, remedy=remedy)
            work[pace] = work.get(pace, 0.0) + float(part.work_ms.sum()) / 3_600_000
    return Capacity(
        work_h=tuple(work.values()),
        pace=tuple(work),
        hours=tuple(float((member.present * hours_h).sum()) for member in there),
    )


def _pace(scenario: Scenario, agent: Agent, kind: Kind) -> int:
    """How many such interactions the agent has at once at most."""
    relaxes = kind.route is not None and any(branch.steps for branch in kind.route.branches)
    if not (may_serve(agent, kind) or (relaxes and kind.channel in agent.channel_maxima)):
        return 0
    costs = scenario.site.channels[kind.channel].capacity_cost
    at_once = agent.channel_maxima[kind.channel]
    return min(at_once, agent.capacity // costs) if costs else at_once
