"""A single line worked out without events: the workload recursion, thousands of replications side by side.

First come, first served before n like servers (Kiefer and Wolfowitz 1955), with customers who leave when their wait would exceed their
patience, and a limit on how many wait: whoever arrives at t waits max(0, f - t) for the earliest instant f at which a server is free,
and takes that server if the wait is within patience. It knows no router, no clock and no measures, and draws the very numbers that the
simulated world draws, so that the two can be compared customer by customer.
"""

import numpy as np

from simulation.verify.drawn import NEVER_MS, Drawn, Ints, draws_of
from simulation.verify.model import Model
from simulation.verify.worked_out import Bools, Outcomes


def recursion(model: Model, *, seed: int, replications: range) -> list[Outcomes]:
    """The outcomes of some replications of a model with like agents who never change, and one line or what is served like one."""
    (group,) = model.groups
    (agents,) = group.staff
    draws = [draws_of(model, seed=seed, replication=one) for one in replications]
    arrived_at, patience_ms, work_ms = _padded(draws)
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
    return [
        Outcomes(
            arrived_at=one.arrived_at,
            wait_ms=wait_ms[lane, : len(one.line)],
            work_ms=one.work_ms,
            is_answered=is_answered[lane, : len(one.line)],
            is_turned_away=is_turned_away[lane, : len(one.line)],
            line=one.line,
            agent=np.full(len(one.line), -1, dtype=np.int64),
        )
        for lane, one in enumerate(draws)
    ]


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


def _padded(draws: list[Drawn]) -> tuple[Ints, Ints, Ints]:
    """Arrivals, patience and work of shape (replications, customers), with NEVER_MS after the last customer of each."""
    width = max(len(one.line) for one in draws)
    tables = tuple(np.full((len(draws), width), NEVER_MS, dtype=np.int64) for _ in range(3))
    for lane, one in enumerate(draws):
        for table, column in zip(tables, (one.arrived_at, one.patience_ms, one.work_ms), strict=True):
            table[lane, : len(column)] = column
    return tables[0], tables[1], tables[2]
