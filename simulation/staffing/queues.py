"""Each queue by itself: how many agents it would need with nobody to share, and how many who may serve it are there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from routing.model.agent import Agent
from routing.model.ids import QueueId
from routing.model.time import Duration, Instant
from simulation.staffing.load import Kind, Loads, QueueLoad
from simulation.staffing.required import Aim, Method, Moment, agents_required, moment_of
from simulation.staffing.scheduled import Member

_SHARE_MAX = 0.999
"""A formula never answers everybody in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One interval of one queue. `required` is how many agents it would need if they served nothing else.

    `able` is how many of the present agents may serve its work as it arrives, before any requirement relaxes: the mean over its kinds of
    work by how much of each there is. Who may serve several queues counts in each of them.
    """

    starts_at: Instant
    arrivals: float
    handle_s: float
    load_erlangs: float
    required: int
    able: float
    difference: float


QUEUE_COLUMNS: Final[Mapping[str, Any]] = {
    "queue": pl.String,
    "starts_at": pl.Int64,
    "arrivals": pl.Float64,
    "handle_s": pl.Float64,
    "load_erlangs": pl.Float64,
    "required": pl.Int64,
    "able": pl.Float64,
    "difference": pl.Float64,
}
"""The columns of all queues' rows as a frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffedQueue:
    """One queue, what it aims at, and its intervals."""

    queue: QueueId
    target_ms: Duration
    share: float
    rows: tuple[QueueRow, ...]


def queues_by_themselves(
    loads: Loads, members: Sequence[Member], method: Method, *, target_ms: Duration | None, share: float | None
) -> tuple[StaffedQueue, ...]:
    """Every queue with work, the most work first; without `target_ms` and `share` each aims at its own service level."""
    required = cache(agents_required)  # intervals are often alike: the same rates on many days, the same counts of a log
    found = []
    for name, one in loads.by_queue.items():
        if not one.load.arrivals.any():
            continue
        level = one.kinds[0].kind.service_level
        aim = Aim(
            method=method,
            target_ms=level.target_ms if target_ms is None else target_ms,
            share=min(_SHARE_MAX, level.goal_per_mille / 1_000) if share is None else share,
        )
        able = _able(one, members)
        moments = [moment_of(one.load, place) for place in range(len(one.load.arrivals))]
        rows = tuple(_row(one, place, moment, required(moment, aim), float(able[place])) for place, moment in enumerate(moments))
        found.append(StaffedQueue(queue=name, target_ms=round(aim.target_ms), share=aim.share, rows=rows))
    return tuple(found)


def _row(queue: QueueLoad, place: int, moment: Moment, required: int, able: float) -> QueueRow:
    return QueueRow(
        starts_at=int(queue.load.edges[place]),
        arrivals=float(queue.load.arrivals[place]),
        handle_s=float(queue.load.handle_ms[place]) / 1_000,
        load_erlangs=moment.erlangs,
        required=required,
        able=able,
        difference=able - required,
    )


def _able(queue: QueueLoad, members: Sequence[Member]) -> npt.NDArray[np.float64]:
    """Who of those present may serve the queue, shape (intervals,); where it has no work all its kinds count alike."""
    work = sum((one.work_ms for one in queue.kinds), np.zeros(len(queue.load.arrivals)))
    able = np.zeros(len(work))
    for one in queue.kinds:
        weight = np.where(work > 0, one.work_ms / np.where(work > 0, work, 1.0), 1 / len(queue.kinds))
        able += weight * sum((member.present for member in members if may_serve(member.agent, one.kind)), np.zeros(len(work)))
    return able


def may_serve(agent: Agent, kind: Kind) -> bool:
    """Whether the agent serves the channel and meets what the work requires as it arrives, before any requirement relaxes."""
    serves = kind.channel in agent.channel_maxima
    return serves and (kind.route is None or kind.route.queue_for(agent.attributes) is not None)
