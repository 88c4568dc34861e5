"""Draws one replication's arrivals from rates."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing.model.interaction import Interaction
from routing.model.time import Instant
from simulation.demand.records import DemandStream, DrawnDemand
from simulation.streams import Purpose, Streams


class Arrival(NamedTuple):
    """An interaction that comes at an instant; what chance decides about it follows."""

    at: Instant
    interaction: Interaction


def drawn_arrivals(demand: DrawnDemand, streams: Streams) -> list[Arrival]:
    """Poisson arrivals of all streams in order of arrival, with ids by place in that order."""
    instants = [arrival_instants(stream, streams) for stream in demand.streams]
    if not instants:
        return []
    at = np.concatenate(instants)
    stream_of = np.repeat(np.arange(len(demand.streams)), [len(one) for one in instants])
    order = np.lexsort((stream_of, at))
    width = len(str(len(order)))
    return [
        Arrival(instant, _drawn_interaction(demand.streams[stream], f"drawn-{place:0{width}}", instant))
        for place, (instant, stream) in enumerate(zip(at[order].tolist(), stream_of[order].tolist(), strict=True), start=1)
    ]


def arrival_instants(stream: DemandStream, streams: Streams) -> npt.NDArray[np.int64]:
    """A Poisson number in each span, each arrival uniform within it: the piecewise-constant Poisson process, sorted."""
    generator = streams.generator(Purpose.ARRIVALS, stream.name)
    counts = generator.poisson([span.expected for span in stream.spans])
    starts = np.repeat(np.array([span.starts_at for span in stream.spans], dtype=np.int64), counts)
    lengths = np.repeat(np.array([span.ends_at - span.starts_at for span in stream.spans], dtype=np.int64), counts)
    # Cut down, not rounded: an arrival must not leave its span at the end.
    within = np.floor(generator.random(len(starts)) * lengths).astype(np.int64)
    return np.sort(starts + within)


def _drawn_interaction(stream: DemandStream, interaction_id: str, at: Instant) -> Interaction:
    due_at = None if stream.due_after_ms is None else at + stream.due_after_ms
    return Interaction(
        id=interaction_id,
        channel=stream.channel,
        type=stream.type,
        attributes=stream.attributes,
        due_at=due_at,
        priority=stream.priority,
    )
