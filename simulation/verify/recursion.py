"""A single line worked out without events: the workload recursion, thousands of replications side by side.

First come, first served before n like servers (Kiefer and Wolfowitz 1955), with customers who leave when their wait would exceed their
patience, and a limit on how many wait: whoever arrives at t waits max(0, f - t) for the earliest instant f at which a server is free,
and takes that server if the wait is within patience. It knows no router, no clock and no measures, and draws the very numbers that the
simulated world draws, so that the two can be compared customer by customer.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from simulation import laws
from simulation.demand import stream_name
from simulation.demand.drawing import arrival_instants
from simulation.kpis.measure import Ratio, Sample, Tally
from simulation.laws import Never
from simulation.streams import Purpose, Streams
from simulation.verify.model import CHANNEL, Model, burst_instants, demand_streams

Ints: TypeAlias = npt.NDArray[np.int64]
Bools: TypeAlias = npt.NDArray[np.bool_]

NEVER_MS = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """What became of every customer, arrays of shape (replications, customers), milliseconds; `is_real` is False in the padding."""

    arrived_at: Ints
    wait_ms: Ints
    work_ms: Ints
    is_answered: Bools
    is_turned_away: Bools
    is_real: Bools


def recursion(model: Model, *, seed: int, replications: range) -> Outcomes:
    """The outcomes of a model with one line and one group that never changes."""
    (group,) = model.groups
    (agents,) = group.staff
    arrived_at, patience_ms, work_ms = _padded([_draws(model, Streams(seed=seed, replication=one)) for one in replications])
    is_real = arrived_at < NEVER_MS
    lanes = np.arange(len(replications))
    free_at = np.zeros((len(replications), agents), dtype=np.int64)
    wait_ms = np.zeros_like(arrived_at)
    is_answered, is_turned_away = np.zeros_like(is_real), np.zeros_like(is_real)
    starts = _Starts(len(replications), model.waiting_max)
    for customer in range(arrived_at.shape[1]):
        at = arrived_at[:, customer]
        server = free_at.argmin(axis=1)
        needed_ms = np.maximum(free_at[lanes, server] - at, 0)
        enters = starts.has_room(at) & is_real[:, customer]
        stays = (needed_ms <= patience_ms[:, customer]) & enters
        starts.note(stays, at + needed_ms)
        free_at[lanes[stays], server[stays]] = (at + needed_ms + work_ms[:, customer])[stays]
        wait_ms[:, customer] = np.where(enters, np.minimum(needed_ms, patience_ms[:, customer]), 0)
        is_answered[:, customer] = stays
        is_turned_away[:, customer] = is_real[:, customer] & ~enters
    return Outcomes(
        arrived_at=arrived_at,
        wait_ms=wait_ms,
        work_ms=work_ms,
        is_answered=is_answered,
        is_turned_away=is_turned_away,
        is_real=is_real,
    )


def tallies_of(outcomes: Outcomes, model: Model, names: list[str]) -> list[dict[str, Tally]]:
    """The figures of every replication, worked out from the outcomes alone."""
    return [_tallies(outcomes, lane, model, names) for lane in range(len(outcomes.arrived_at))]


def _tallies(outcomes: Outcomes, lane: int, model: Model, names: list[str]) -> dict[str, Tally]:
    counted = outcomes.is_real[lane] & (outcomes.arrived_at[lane] >= model.warm_up_ms)
    wait_ms, is_answered = outcomes.wait_ms[lane][counted], outcomes.is_answered[lane][counted]
    is_in = ~outcomes.is_turned_away[lane][counted]
    left = is_in & ~is_answered
    in_target = wait_ms <= model.target_ms

    def n(flags: Bools) -> int:
        return int(np.count_nonzero(flags))

    (group,) = model.groups
    begun = is_answered & (outcomes.arrived_at[lane][counted] + wait_ms < model.horizon_ms)
    work_ms = outcomes.work_ms[lane][counted]
    ended = is_answered & (outcomes.arrived_at[lane][counted] + wait_ms + work_ms < model.horizon_ms)
    good, offered = n(is_answered & in_target), len(wait_ms)
    delayed, waited = n(is_in & ((wait_ms > 0) | left)), int(wait_ms.sum())
    figures: dict[str, Tally] = {
        "blocked": Ratio(n(~is_in), offered),
        "lost": Ratio(n(~is_answered), offered),
        "delayed": Ratio(delayed, n(is_in)),
        "not_delayed": Ratio(n(is_in) - delayed, n(is_in)),
        "abandoned": Ratio(n(left), offered),
        "in_target": Ratio(good, offered),
        "in_target_of_answered": Ratio(good, n(is_answered)),
        "in_target_of_answered_and_late": Ratio(good, n(is_answered) + n(left & ~in_target)),
        "answered_or_left_in_target": Ratio(good + n(left & in_target), offered),
        "wait": Ratio(waited, offered),
        "wait_of_answered": Ratio(int(wait_ms[is_answered].sum()), n(is_answered)),
        "wait_p90": Sample(np.sort(wait_ms), 900) if "wait_p90" in names else Ratio(0, 1),
        "queue": Ratio(waited, model.counted_ms),
        "wait_of_begun": Ratio(int(wait_ms[begun].sum()), n(begun)),
        "work_ended": Ratio(int(work_ms[ended].sum()), group.most * model.horizon_ms),
        "occupancy": Ratio(_busy_ms(outcomes, lane, model), group.most * model.counted_ms),
        "good_a_day": Ratio(good, 1),
        "left_a_day": Ratio(n(left), 1),
        "offered_a_day": Ratio(offered, 1),
    }
    return {name: figures[name] for name in names}


def _busy_ms(outcomes: Outcomes, lane: int, model: Model) -> int:
    """The time of all servers with customers between the end of the warm-up and the horizon."""
    served = outcomes.is_answered[lane]
    begins = outcomes.arrived_at[lane][served] + outcomes.wait_ms[lane][served]
    ends = begins + outcomes.work_ms[lane][served]
    within = np.minimum(ends, model.horizon_ms) - np.maximum(begins, model.warm_up_ms)
    return int(np.maximum(within, 0).sum())


class _Starts:
    """When the last `waiting_max` of the admitted began or will begin to be served, in each replication.

    They begin in the order of their arrival, so as many wait at `at` exactly if the earliest of those begins after it.
    """

    def __init__(self, replications: int, waiting_max: int | None) -> None:
        self.turns_away = waiting_max is not None
        self._begins_at = np.full((replications, waiting_max or 0), -1, dtype=np.int64)

    def has_room(self, at: Ints) -> Bools:
        """Whether somebody who arrives at `at` is let in, one answer a replication."""
        return self._begins_at[:, 0] <= at if self.turns_away else np.ones(len(at), dtype=np.bool_)

    def note(self, admitted: Bools, begins_at: Ints) -> None:
        """The next ones, in the replications in which they were let in."""
        if self.turns_away:
            self._begins_at[admitted] = np.column_stack((self._begins_at[admitted, 1:], begins_at[admitted]))


def _draws(model: Model, streams: Streams) -> tuple[Ints, Ints, Ints]:
    """Arrivals, patience and work of one replication in order of arrival, as the world draws them, each of shape (customers,)."""
    if model.streams[0].bursts is None:
        arrivals = [arrival_instants(stream, streams) for stream in demand_streams(model)]
    else:
        arrivals = [np.array(burst_instants(model, streams), dtype=np.int64)]
    patience, work = [], []
    for stream, at in zip(model.streams, arrivals, strict=True):
        name = stream_name(CHANNEL, stream.kind)
        work.append(laws.durations_ms(stream.work, streams.uniforms(Purpose.WORK, name, len(at))))
        if isinstance(stream.patience, Never):
            patience.append(np.full(len(at), NEVER_MS, dtype=np.int64))
        else:
            patience.append(laws.durations_ms(stream.patience, streams.uniforms(Purpose.PATIENCE, name, len(at))))
    at = np.concatenate(arrivals)
    order = np.lexsort((np.repeat(np.arange(len(arrivals)), [len(one) for one in arrivals]), at))
    return at[order], np.concatenate(patience)[order], np.concatenate(work)[order]


def _padded(columns: list[tuple[Ints, Ints, Ints]]) -> tuple[Ints, Ints, Ints]:
    width = max(len(at) for at, _, _ in columns)
    tables = tuple(np.full((len(columns), width), NEVER_MS, dtype=np.int64) for _ in range(3))
    for lane, one in enumerate(columns):
        for table, column in zip(tables, one, strict=True):
            table[lane, : len(column)] = column
    return tables[0], tables[1], tables[2]
