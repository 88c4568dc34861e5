"""First come first served with the longest idle agent first: the exact product form for agents of any skills.

Adan and Weiss (2014), "A skill based parallel service system under FCFS-ALIS: steady state, overloads, and abandonments". A state is the
order of the agents, the busy ones by the age of their customers and the idle ones by the time since they became idle, with the numbers of
customers who wait behind each busy agent. Exponential in the number of agents: for handfuls.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations


@dataclass(frozen=True, slots=True, kw_only=True)
class LongestIdleFigures:
    """By type: the share delayed and the mean wait. By agent, in the order given: the share of time busy."""

    delayed: Mapping[str, float]
    mean_wait: Mapping[str, float]
    busy: tuple[float, ...]


def longest_idle(
    *, arrival_rates: Mapping[str, float], service_rates: Sequence[float], skills: Sequence[frozenset[str]]
) -> LongestIdleFigures:
    """The figures of agents with these service rates and skills under first come first served and longest idle agent.

    Raises:
        ValueError: some set of agents is overloaded by the types that only they serve.
    """
    agents = range(len(service_rates))
    total = 0.0
    busy = [0.0 for _ in agents]
    delayed = dict.fromkeys(arrival_rates, 0.0)
    queue = dict.fromkeys(arrival_rates, 0.0)
    for order in permutations(agents):
        for count in range(len(order) + 1):
            serving, idle = order[:count], order[count:]
            weight, waiting = _weight(serving, idle, arrival_rates, service_rates, skills)
            total += weight
            for agent in serving:
                busy[agent] += weight
            idle_skills = frozenset[str]().union(*(skills[agent] for agent in idle))
            for kind in arrival_rates:
                delayed[kind] += weight * (kind not in idle_skills)
                queue[kind] += weight * waiting.get(kind, 0.0)
    return LongestIdleFigures(
        delayed={kind: share / total for kind, share in delayed.items()},
        mean_wait={kind: number / total / arrival_rates[kind] for kind, number in queue.items()},
        busy=tuple(share / total for share in busy),
    )


def _weight(
    serving: tuple[int, ...],
    idle: tuple[int, ...],
    arrival_rates: Mapping[str, float],
    service_rates: Sequence[float],
    skills: Sequence[frozenset[str]],
) -> tuple[float, dict[str, float]]:
    """The weight of one order of agents, summed over the numbers waiting, and the mean number waiting of each type there."""
    weight = 1.0
    waiting: dict[str, float] = {}
    for place in range(1, len(serving) + 1):
        group = serving[:place]
        only = [kind for kind in arrival_rates if all(group_has for group_has in _only_here(kind, group, skills))]
        into, out = sum(arrival_rates[kind] for kind in only), sum(service_rates[agent] for agent in group)
        if into >= out:
            raise ValueError(
                f"the agents {[agent + 1 for agent in sorted(group)]} are overloaded by what only they serve: {into:g} >= {out:g}"
            )
        # sum over n of into^n / out^(n + 1), and the mean n under those weights
        weight /= out - into
        behind = into / (out - into)
        for kind in only:
            waiting[kind] = waiting.get(kind, 0.0) + behind * arrival_rates[kind] / into
    for place in range(len(idle)):
        group = idle[place:]
        weight /= sum(rate for kind, rate in arrival_rates.items() if any(kind in skills[agent] for agent in group))
    return weight, waiting


def _only_here(kind: str, group: tuple[int, ...], skills: Sequence[frozenset[str]]) -> list[bool]:
    """For every agent who serves the type, whether they are of the group."""
    return [agent in group for agent, held in enumerate(skills) if kind in held]
