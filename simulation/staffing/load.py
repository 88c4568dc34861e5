"""The load of each interval: how many interactions are expected, how long one takes, and how long its customer waits.

When an arrival counts is for the caller to say (`counting`): when it comes, or later, when its work is done. Rates are those that the
scenario states, with the mean of what chance lays over them; a replayed log is counted. Times are means of the behaviour's laws, before any
effect of the agent who does the work.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from routing.model.ids import ChannelId, QueueId
from routing.model.interaction import Interaction
from routing.model.queue import ServiceLevel
from routing.model.route import Route
from routing.model.time import Duration, Instant
from routing.policy.classify import RuleClassifier
from simulation import laws
from simulation.births import rule_for
from simulation.demand import DrawnDemand, ReplayedLog
from simulation.demand.modulation import pieces_of
from simulation.laws import Law, Never
from simulation.scenario import Scenario
from simulation.streams import Purpose, Streams

_DAYS_OF_CHANCE = 200
"""Over how many days the chance that lies over the rates is averaged; without any, one day says it all."""
_GRID = (np.arange(2_000) + 0.5) / 2_000
"""The quantiles over which a law with a limit is averaged."""
_STEPS = (0.8191725133961645, 0.6710436067037893, 0.5497004779019703)
"""By how much each part beside the work steps through its quantiles, so that the parts meet in all mixtures: the powers of 1 / x where
x^4 = x + 1 (Roberts 2018)."""


class Arriving(NamedTuple):
    """`expected` interactions like `sample`, spread evenly over [starts_at, ends_at)."""

    sample: Interaction
    starts_at: Instant
    ends_at: Instant
    expected: float


class Kind(NamedTuple):
    """What one kind of interaction takes: mean handling with hold and wrap-up, and the rate at which its customers lose patience, a ms.

    `route` is what becomes of it on arrival at the start of the horizon, None where no rule of the site takes it. `handle_times_ms` are
    handle times of equal weight, smallest first, shape (n,), with that mean.
    """

    channel: ChannelId
    handle_ms: float
    patience_rate: float
    service_level: ServiceLevel
    queue_id: QueueId
    route: Route | None
    handle_times_ms: npt.NDArray[np.float64]


Edges: TypeAlias = npt.NDArray[np.int64]
"""The instants between intervals, shape (intervals + 1,)."""
Counting: TypeAlias = Callable[[Arriving, Kind, Edges], npt.NDArray[np.float64]]
"""How many of those who arrive, interactions of one kind, count in each interval, shape (intervals,)."""


def when_it_comes(one: Arriving, kind: Kind, edges: Edges) -> npt.NDArray[np.float64]:
    """Everybody counts in the interval of their arrival."""
    del kind
    return np.diff(np.clip(edges, one.starts_at, one.ends_at)).astype(np.float64) * (one.expected / (one.ends_at - one.starts_at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The load of every interval; arrays have shape (intervals,), but for the `edges` of the intervals, shape (intervals + 1,).

    `arrivals` are expected numbers. `handle_ms` and `patience_rate` (1/ms, 0 where nobody leaves) are means over them, and 0 where none is
    expected. `targets` are the different (target, goal) pairs of the queues to which they come.
    """

    edges: npt.NDArray[np.int64]
    arrivals: npt.NDArray[np.float64]
    handle_ms: npt.NDArray[np.float64]
    patience_rate: npt.NDArray[np.float64]
    targets: tuple[tuple[Duration, int], ...]


class KindOfWork(NamedTuple):
    """One kind of interaction of a queue and its work in each interval, milliseconds of agents, shape (intervals,)."""

    kind: Kind
    work_ms: npt.NDArray[np.float64]


class QueueLoad(NamedTuple):
    """The load of one queue, and the kinds of work that it is made of."""

    load: Load
    kinds: tuple[KindOfWork, ...]


class Loads(NamedTuple):
    """The load of everything together, and of each queue to which some of it comes, the most work first."""

    whole: Load
    by_queue: Mapping[QueueId, QueueLoad]


def load_of(scenario: Scenario, channels: frozenset[ChannelId], interval_ms: Duration, counting: Counting = when_it_comes) -> Load:
    """The load on some channels by interval, all queues together; see `loads_of`."""
    return loads_of(scenario, channels, interval_ms, counting).whole


def loads_of(scenario: Scenario, channels: frozenset[ChannelId], interval_ms: Duration, counting: Counting = when_it_comes) -> Loads:
    """The load on some channels by interval, counted from the start of the horizon; the last one may be shorter.

    Raises:
        ConfigError: the behaviour does not say how long some of it takes.
    """
    edges = np.append(np.arange(scenario.starts_at, scenario.ends_at, interval_ms, dtype=np.int64), scenario.ends_at)
    kinds, arrivals = _Kinds(scenario), dict[int, npt.NDArray[np.float64]]()
    for one in _offered(scenario, channels):
        number = kinds.number_of(one.sample)
        arrivals[number] = arrivals.get(number, 0.0) + counting(one, kinds.found[number], edges)
    parts = [_Part(kinds.found[number], counts) for number, counts in arrivals.items()]
    queues = dict.fromkeys(part.kind.queue_id for part in parts)
    by_queue = {name: _queue_load(edges, [part for part in parts if part.kind.queue_id == name]) for name in queues}
    most_first = sorted(by_queue, key=lambda name: -sum(float(one.work_ms.sum()) for one in by_queue[name].kinds))
    return Loads(_load(edges, parts), {name: by_queue[name] for name in most_first})


class _Part(NamedTuple):
    kind: Kind
    arrivals: npt.NDArray[np.float64]


def _queue_load(edges: npt.NDArray[np.int64], parts: Sequence[_Part]) -> QueueLoad:
    return QueueLoad(_load(edges, parts), tuple(KindOfWork(part.kind, part.arrivals * part.kind.handle_ms) for part in parts))


def _load(edges: npt.NDArray[np.int64], parts: Sequence[_Part]) -> Load:
    arrivals, work, leaving = (np.zeros(len(edges) - 1) for _ in range(3))
    for part in parts:
        arrivals += part.arrivals
        work += part.arrivals * part.kind.handle_ms
        leaving += part.arrivals * part.kind.patience_rate
    divisor = np.where(arrivals > 0, arrivals, 1.0)
    levels = {(part.kind.service_level.target_ms, part.kind.service_level.goal_per_mille) for part in parts}
    return Load(edges=edges, arrivals=arrivals, handle_ms=work / divisor, patience_rate=leaving / divisor, targets=tuple(sorted(levels)))


class _Kinds:
    """What each kind of interaction takes, found once."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._classify = RuleClassifier()
        self._numbers: dict[str, int] = {}
        self.found: list[Kind] = []

    def number_of(self, sample: Interaction) -> int:
        """The place in `found` of what interactions like this take."""
        key = json.dumps([sample.channel, sample.type, dict(sample.attributes)], sort_keys=True)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.found)
            self.found.append(self._new(sample))
        return number

    def _new(self, sample: Interaction) -> Kind:
        scenario = self._scenario
        route = self._classify(sample, scenario.starts_at, scenario.site)
        queue = scenario.site.queues[route.queue_id] if route is not None else next(iter(scenario.site.queues.values()))
        work_law, wrap_up_law = (rule_for(scenario, purpose, sample).law for purpose in (Purpose.WORK, Purpose.WRAP_UP))
        held = scenario.behaviour.hold_for(sample)
        hold_law, hold_share = (None, 0.0) if held is None else (held.law, held.share)
        hold = 0.0 if hold_law is None else hold_share * laws.mean_ms(hold_law)
        mean_ms = _mean_ms(work_law) + hold + _mean_ms(wrap_up_law, at_most_ms=queue.wrap_up_limit_ms)
        times = _times_ms(work_law, _GRID)
        if hold_law is not None:
            times += _times_ms(hold_law, _shuffled(0)) * (_shuffled(1) < hold_share)
        times += np.minimum(_times_ms(wrap_up_law, _shuffled(2)), queue.wrap_up_limit_ms)
        patience = rule_for(scenario, Purpose.PATIENCE, sample).law
        rate = 0.0 if isinstance(patience, Never) else 1 / max(1.0, laws.mean_ms(patience))
        # The quantiles of a law with a long tail have not quite its mean, and a load must not depend on who asks.
        times *= mean_ms / max(times.mean(), 1e-9)
        return Kind(sample.channel, mean_ms, rate, queue.service_level, queue.id, route, np.sort(times))


def _times_ms(law: Law | Never, draws: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.zeros(len(draws)) if isinstance(law, Never) else laws.durations_ms(law, draws).astype(np.float64)


def _shuffled(part: int) -> npt.NDArray[np.float64]:
    """The quantiles in another order: each of the grid's points once, as near as a lattice allows."""
    points: npt.NDArray[np.float64] = (_GRID[0] + np.arange(len(_GRID)) * _STEPS[part]) % 1.0
    return np.clip(points, _GRID[0], _GRID[-1])


def _mean_ms(law: Law | Never, at_most_ms: Duration | None = None) -> float:
    if isinstance(law, Never):
        return 0.0
    if at_most_ms is None:
        return laws.mean_ms(law)
    return float(np.minimum(laws.durations_ms(law, _GRID), at_most_ms).mean())


def _offered(scenario: Scenario, channels: frozenset[ChannelId]) -> Iterator[Arriving]:
    """What is expected to be offered on the channels, within their opening hours."""
    match scenario.demand:
        case ReplayedLog(log=log):
            for one in log:
                if one.channel in channels and scenario.is_open(one.channel, one.arrived_at_ms):
                    sample = Interaction(id="sample", channel=one.channel, type=one.type, attributes=one.attributes)
                    yield Arriving(sample, one.arrived_at_ms, one.arrived_at_ms + 1, 1.0)
        case DrawnDemand(factors=factors) as demand:
            days = _DAYS_OF_CHANCE if factors else 1
            for stream in demand.streams:
                sample = Interaction(id="sample", channel=stream.channel, type=stream.type, attributes=stream.attributes)
                for day in range(days) if stream.channel in channels else ():
                    streams = Streams(seed=scenario.seed, replication=day)
                    pieces = pieces_of(stream, factors, scenario.calendar, streams)
                    for start, length, expected in zip(*(column.tolist() for column in pieces[:3]), strict=True):
                        yield from _while_open(scenario, Arriving(sample, start, start + length, expected / days))


def _while_open(scenario: Scenario, one: Arriving) -> Iterator[Arriving]:
    spans = scenario.opening_hours.get(one.sample.channel)
    if spans is None:
        yield one
        return
    for span in spans:
        starts_at, ends_at = max(one.starts_at, span.starts_at), min(one.ends_at, span.ends_at)
        if starts_at < ends_at:
            share = (ends_at - starts_at) / (one.ends_at - one.starts_at)
            yield Arriving(one.sample, starts_at, ends_at, one.expected * share)
