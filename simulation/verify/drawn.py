"""The draws of one replication as columns: who comes when, how long they would wait, and the work they bring.

They are the very numbers that the simulated world draws, taken from the same named streams without any of its records, so that what is
worked out by other means can be compared with the world customer by customer.
"""

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from simulation import laws
from simulation.demand import DrawnDemand, stream_name
from simulation.demand.drawing import instants_within
from simulation.demand.modulation import pieces_of
from simulation.laws import Never
from simulation.streams import Purpose, Streams
from simulation.verify.model import CHANNEL, Model, burst_instants, scenario_of

Ints: TypeAlias = npt.NDArray[np.int64]

NEVER_MS = 2**62


class Drawn(NamedTuple):
    """One entry a customer, shape (customers,), in order of arrival; milliseconds. `patience_ms` is NEVER_MS for who never leaves.

    `line` is the place of their queue in the model's `lines`.
    """

    arrived_at: Ints
    patience_ms: Ints
    work_ms: Ints
    line: Ints


def draws_of(model: Model, *, seed: int, replication: int) -> Drawn:
    """The draws of one replication of a model."""
    streams = Streams(seed=seed, replication=replication)
    arrivals = _arrivals(model, seed=seed, replication=replication)
    patience, work = [], []
    for stream, at in zip(model.streams, arrivals, strict=True):
        name = stream_name(CHANNEL, stream.kind)
        work.append(laws.durations_ms(stream.work, streams.uniforms(Purpose.WORK, name, len(at))))
        if isinstance(stream.patience, Never):
            patience.append(np.full(len(at), NEVER_MS, dtype=np.int64))
        else:
            patience.append(laws.durations_ms(stream.patience, streams.uniforms(Purpose.PATIENCE, name, len(at))))
    at = np.concatenate(arrivals)
    counts = [len(one) for one in arrivals]
    order = np.lexsort((np.repeat(np.arange(len(arrivals)), counts), at))
    line = np.repeat(np.array([model.lines.index(stream.line) for stream in model.streams], dtype=np.int64), counts)
    return Drawn(at[order], np.concatenate(patience)[order], np.concatenate(work)[order], line[order])


def _arrivals(model: Model, *, seed: int, replication: int) -> list[Ints]:
    """The arrivals of each stream, sorted."""
    streams = Streams(seed=seed, replication=replication)
    if model.streams[0].bursts is not None:
        return [np.array(burst_instants(model, streams), dtype=np.int64)]
    scenario = scenario_of(model, seed=seed, replication=replication)
    demand = scenario.demand
    if not isinstance(demand, DrawnDemand):
        raise ValueError("a model without bursts has rates")
    return [
        instants_within(pieces_of(stream, demand.factors, scenario.calendar, streams), streams.generator(Purpose.ARRIVALS, stream.name))
        for stream in demand.streams
    ]
