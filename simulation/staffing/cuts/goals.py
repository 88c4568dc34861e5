"""Goals: the share of a queue's customers to be answered in time, over the horizon or in every interval of it."""

from collections.abc import Collection
from dataclasses import dataclass

from routing.config.errors import ConfigError, did_you_mean
from routing.model.ids import QueueId
from routing.model.time import Duration, Instant
from simulation.scenario import Scenario
from simulation.staffing.load import Loads


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """At least `share` of those who arrive at the queue from `starts_at` until `ends_at` are answered in time.

    In time is within `target_ms`, or by each interaction's own target where that is None. Those who leave count as not answered.
    """

    queue: QueueId
    starts_at: Instant
    ends_at: Instant
    target_ms: Duration | None
    share: float


def goals_of(
    scenario: Scenario,
    loads: Loads,
    *,
    queues: Collection[QueueId] | None,
    every_ms: Duration | None,
    target_ms: Duration | None,
    share: float | None,
) -> tuple[Goal, ...]:
    """The goals of the named queues, by default all to which live work comes; without `target_ms` and `share` each queue's own.

    With `every_ms` there is one for each interval of that length in which something is expected.

    Raises:
        ConfigError: a queue gets no work, or a share is none that can be promised.
    """
    site = scenario.site
    live = [name for name, one in loads.by_queue.items() if any(site.channels[part.kind.channel].is_live for part in one.kinds)]
    for name in queues or ():
        if name not in loads.by_queue:
            remedy = did_you_mean(name, loads.by_queue)
            raise ConfigError("is not a queue to which the scenario's work comes", key="queues", value=name, remedy=remedy)
    chosen = [name for name in loads.by_queue if (name in live if queues is None else name in queues)]
    if not chosen:
        raise ConfigError("has no queue with work", key="queues", value=scenario.name, remedy="Name a queue that gets some.")
    found = []
    for name in sorted(chosen):
        level = site.queues[name].service_level
        aim = level.goal_per_mille / 1_000 if share is None else share
        if not 0 < aim < 1:
            problem, remedy = f"is no share that can be promised of queue {name}", "State a share below 1, such as --share 0.8."
            raise ConfigError(problem, key="share", value=aim, remedy=remedy)
        load = loads.by_queue[name].load
        edges = [scenario.starts_at, scenario.ends_at] if every_ms is None else load.edges.tolist()
        expected = [float(load.arrivals.sum())] if every_ms is None else load.arrivals.tolist()
        found += [
            Goal(queue=name, starts_at=start, ends_at=end, target_ms=target_ms, share=aim)
            for start, end, count in zip(edges, edges[1:], expected, strict=False)
            if count > 0
        ]
    return tuple(found)
