"""Iterative staffing by simulation: from agents in plenty down to the smallest number in each interval that reaches the aim.

Feldman, Mandelbaum, Massey and Whitt (2008): simulate; from how many each arrival finds in the system, read off for every interval the
smallest number of agents with which so many would find one free; simulate with those, and so on until the numbers stay. Theirs is an aim
of no wait; with a target T > 0 who finds k customers and n agents is taken to be answered in time with the probability that k - n + 1 of n
busy agents' exponential services end within T. That only brings the numbers near. The last steps, one agent at a time, go by the service
level as simulated: an interval that misses the aim gets one more, one that reaches it gives one up unless it has missed with that number
before; so they come to rest, and nothing of the formula is left in them.

Every round meets the same customers. The router is the real one, and so is the behaviour; the agents are alike (`pooled`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import special

from routing.config.errors import ConfigError
from routing.model.agent import Agent
from routing.model.ids import ChannelId
from simulation.kpis.facts import facts_of
from simulation.kpis.ledger import NOT_YET, Ledger
from simulation.kpis.service_level import targets_met
from simulation.run import run_replication
from simulation.scenario import Arm, AtEnd, Scenario
from simulation.staffing.load import Load
from simulation.staffing.pooled import only_channels, pooled_agent, pooled_roster
from simulation.staffing.required import Aim
from simulation.workers import Crew, Shared, Task

_ROUNDS_BY_LAW_MAX = 10
_ROUNDS_BY_STEP_MAX = 30

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Iterated:
    """The numbers of agents by interval, and how they were found.

    `answered_in_time` is the simulated share by interval of arrival, among those whom agents in plenty answer in time, nan where there are
    none. `out_of_reach` is the share of all customers whom no number of agents answers in time. `is_settled`: the numbers came to rest.
    """

    agents: tuple[int, ...]
    answered_in_time: tuple[float, ...]
    out_of_reach: float
    rounds: int
    is_settled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """What a worker needs to simulate one day of a round."""

    scenario: Scenario
    edges: tuple[int, ...]
    target_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """Customers by interval of arrival: `offered`, `in_time`, shape (intervals,), and by how many they `found`, shape (intervals, most)."""

    offered: Counts
    in_time: Counts
    found: Counts


@dataclass(slots=True, kw_only=True)
class _Search:
    """The scenario to simulate and the means to do it."""

    scenario: Scenario
    agent: Agent
    load: Load
    aim: Aim
    replications: int
    crew: Crew
    on_round: Callable[[], None]
    rounds: int = 0

    def simulated(self, counts: Counts) -> _Day:
        """All replications with so many agents, added up."""
        edges = self.load.edges.tolist()
        until = self.scenario.stops_at if self.scenario.at_end is AtEnd.SERVE_OUT else edges[-1]
        # Who still waits at the end is served by the agents of the last interval.
        roster = pooled_roster(self.agent, counts.tolist(), [*edges[:-1], max(until, edges[-1])])
        shared = Shared(
            _Round(scenario=replace(self.scenario, rosters={roster.name: roster}), edges=tuple(edges), target_ms=self.aim.target_ms)
        )
        days = [result for _, result in self.crew.run(Task(_one_day, shared, number) for number in range(self.replications))]
        most = max(day.found.shape[1] for day in days)
        self.rounds += 1
        self.on_round()
        return _Day(
            offered=np.sum([day.offered for day in days], axis=0),
            in_time=np.sum([day.in_time for day in days], axis=0),
            found=np.sum([np.pad(day.found, ((0, 0), (0, most - day.found.shape[1]))) for day in days], axis=0),
        )

    def by_law(self, day: _Day) -> Counts:
        """The smallest numbers with which those who came would have been answered in time, had they found what they found."""
        found = np.arange(day.found.shape[1])
        counts = np.zeros(len(day.offered), dtype=np.int64)
        for place in np.flatnonzero(day.offered).tolist():
            weight = day.found[place] / day.offered[place]
            services = self.aim.target_ms / self.load.handle_ms[place] if self.load.handle_ms[place] else np.inf
            least = 1
            while float(weight @ _in_time(found, least, services)) < self.aim.share - 1e-12:
                least += 1
            counts[place] = least
        return counts


def iterated(
    scenario: Scenario,
    roster: str,
    channels: frozenset[ChannelId],
    *,
    load: Load,
    aim: Aim,
    replications: int,
    crew: Crew,
    on_round: Callable[[], None],
) -> Iterated:
    """The smallest numbers of pooled agents by interval of the load; `on_round` is called after each round of `replications` days.

    Raises:
        ConfigError: nobody is answered in time however many agents there are, or the scenario cannot be simulated.
    """
    search = _Search(
        scenario=only_channels(scenario, channels),
        agent=pooled_agent(scenario.rosters[roster], channels),
        load=load,
        aim=aim,
        replications=replications,
        crew=crew,
        on_round=on_round,
    )
    lengths_ms = np.diff(load.edges)
    erlangs = float(np.max(load.arrivals * load.handle_ms / lengths_ms, initial=0.0))
    plenty = np.full(len(load.arrivals), int(np.ceil(3 * erlangs + 5 * np.sqrt(erlangs) + 10)))
    day = search.simulated(plenty)
    reachable = day.in_time
    offered = int(day.offered.sum())
    if offered and not reachable.any():
        remedy = "Check opening hours, requirements and the answer delay against the target."
        raise ConfigError("answers nobody in time, however many agents there are", key="--rule", value="isa", remedy=remedy)
    counts, day = _near(search, day, reachable)
    counts, day, is_settled = _smallest(search, counts, day, reachable)
    shares = np.divide(day.in_time, reachable, out=np.full(len(reachable), np.nan), where=reachable > 0)
    return Iterated(
        agents=tuple(counts.tolist()),
        answered_in_time=tuple(np.minimum(shares, 1.0).tolist()),
        out_of_reach=1 - int(reachable.sum()) / offered if offered else 0.0,
        rounds=search.rounds,
        is_settled=is_settled,
    )


def _near(search: _Search, day: _Day, reachable: Counts) -> tuple[Counts, _Day]:
    """The rounds by the law of what arrivals find, until no number changes by more than one."""
    counts = np.where(reachable > 0, search.by_law(day), 0)
    for _ in range(_ROUNDS_BY_LAW_MAX):
        day = search.simulated(counts)
        following = np.where(reachable > 0, search.by_law(day), 0)
        if np.max(np.abs(following - counts), initial=0) <= 1:
            break
        counts = following
    return counts, day


def _smallest(search: _Search, counts: Counts, day: _Day, reachable: Counts) -> tuple[Counts, _Day, bool]:
    """The rounds by the service level as simulated; True where they came to rest."""
    has_missed_with = np.zeros_like(counts)
    for _ in range(_ROUNDS_BY_STEP_MAX):
        misses = day.in_time < search.aim.share * reachable
        has_missed_with = np.where(misses, np.maximum(has_missed_with, counts), has_missed_with)
        gives_up = ~misses & (counts - 1 > has_missed_with)
        following = counts + misses - gives_up
        if (following == counts).all():
            return counts, day, True
        counts = following
        day = search.simulated(counts)
    return counts, day, False


def _in_time(found: npt.NDArray[np.int64], agents: int, services: float) -> npt.NDArray[np.float64]:
    """The probability that who finds so many is answered within the time of so many mean services: Erlang's law of the services ahead."""
    ahead = np.maximum(found - agents + 1, 1)
    return np.where(found < agents, 1.0, special.gammainc(ahead, agents * services))


def _one_day(search: _Round, replication: int) -> _Day:
    """One day, told by interval of arrival; a pure function."""
    scenario, ledger = search.scenario, Ledger()
    arm = Arm(name="isa", policy=scenario.site.policy, roster="pooled")
    run_replication(scenario, arm, replication, [ledger], witnesses=[ledger.witness])
    facts = facts_of(ledger, starts_at=scenario.starts_at, ends_at=scenario.ends_at)
    arrived = np.array(ledger.queued_at, dtype=np.int64)
    ended = np.array(ledger.ended_at, dtype=np.int64)
    gone = np.sort(ended[ended != NOT_YET])
    found = np.searchsorted(np.sort(arrived), arrived, side="left") - np.searchsorted(gone, arrived, side="right")
    intervals = len(search.edges) - 1
    place = np.clip(np.searchsorted(search.edges, arrived, side="right") - 1, 0, intervals - 1)
    is_on_line, _ = targets_met(facts, slice(None))
    counts = is_on_line & ~facts.is_leg
    in_time = counts & facts.is_answered & (facts.waited_ms <= search.target_ms)
    found = np.maximum(found, 0)
    table = np.zeros((intervals, int(found.max(initial=0)) + 1), dtype=np.int64)
    np.add.at(table, (place[counts], found[counts]), 1)
    return _Day(
        offered=np.bincount(place[counts], minlength=intervals), in_time=np.bincount(place[in_time], minlength=intervals), found=table
    )
