"""Draws one replication's arrivals from rates."""

import hashlib
from itertools import count
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from routing.model.interaction import Interaction
from routing.model.time import Instant
from simulation.demand.modulation import Pieces, pieces_of, whole_spans
from simulation.demand.records import DrawnDemand
from simulation.demand.stream import DemandStream
from simulation.scenario import Calendar
from simulation.streams import Purpose, Streams

_NAME_LENGTH_MAX: Final = 64

Instants = npt.NDArray[np.int64]


class Arrival(NamedTuple):
    """An interaction that comes at an instant; what chance decides about it follows."""

    at: Instant
    interaction: Interaction


def drawn_arrivals(demand: DrawnDemand, calendar: Calendar, streams: Streams) -> list[Arrival]:
    """Poisson arrivals of all streams in order of arrival; `calendar` has the days of the factors.

    Ids count the arrivals of one channel and type. What is drawn under an id is so the same whatever else is demanded.
    """
    instants = [
        instants_within(pieces_of(stream, demand.factors, calendar, streams), streams.generator(Purpose.ARRIVALS, stream.name))
        for stream in demand.streams
    ]
    if not instants:
        return []
    at = np.concatenate(instants)
    stream_of = np.repeat(np.arange(len(demand.streams)), [len(one) for one in instants])
    order = np.lexsort((stream_of, at))
    counts = {(stream.channel, stream.type): count(1) for stream in demand.streams}
    numbers = [counts[stream.channel, stream.type] for stream in demand.streams]
    names = [_name_in_ids(stream) for stream in demand.streams]
    return [
        Arrival(instant, _drawn_interaction(demand.streams[stream], f"{names[stream]}/{next(numbers[stream])}", instant))
        for instant, stream in zip(at[order].tolist(), stream_of[order].tolist(), strict=True)
    ]


def arrival_instants(stream: DemandStream, streams: Streams) -> Instants:
    """The arrivals of a stream over whose rates no factor lies, sorted."""
    return instants_within(whole_spans(stream), streams.generator(Purpose.ARRIVALS, stream.name))


def instants_within(pieces: Pieces, generator: np.random.Generator) -> Instants:
    """A Poisson number in each piece, each arrival uniform within it: the piecewise-constant Poisson process, sorted."""
    counts = generator.poisson(pieces.expected)
    starts, lengths = np.repeat(pieces.starts, counts), np.repeat(pieces.lengths, counts)
    # Cut down, not rounded: an arrival must not leave its piece at the end.
    within = np.floor(generator.random(len(starts)) * lengths).astype(np.int64)
    return np.sort(starts + within)


def _name_in_ids(stream: DemandStream) -> str:
    """Channel and type as no other channel and type are written, and not longer than an id may be with what is put behind it."""
    name = "/".join(part.replace("%", "%25").replace("/", "%2F") for part in (stream.channel, stream.type))
    return name if len(name) <= _NAME_LENGTH_MAX else hashlib.blake2b(name.encode(), digest_size=8).hexdigest()


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
