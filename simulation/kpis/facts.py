"""Facts: a ledger as numpy columns, cut into half hours, ready for the formulas."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from routing.model.ids import AgentId, ChannelId, QueueId
from routing.model.time import MINUTE_MS, Duration, Instant
from simulation.kpis.ledger import NO_QUEUE, NOT_YET, AgentChange, Ledger, Outcome
from simulation.kpis.sparse_columns import CustomerColumns
from simulation.penalties import Penalties

INTERVAL_MS: Duration = 30 * MINUTE_MS
"""The interval of all figures "by half hour", counted from the start of the facts."""

Integers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Rows: TypeAlias = Integers | slice
"""Which interactions a measure looks at: their row numbers, or a slice of them."""

ALL_ROWS: Rows = slice(None)

LOST = (Outcome.ABANDONED, Outcome.BLOCKED, Outcome.REFUSED, Outcome.DIVERTED, Outcome.UNSERVED, Outcome.UNREACHED)
"""How an attempt ends that comes to nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentTimes:
    """What the agents' time went into, in milliseconds; every array has shape (agents,) and dtype int64.

    `busy_ms`: holding at least one interaction (handling, hold, wrap-up), whatever the presence. `external_ms`: holding none, not offline,
    and with work at hand that was not routed. `available_ms`: available, with neither; ringing is part of it. `not_ready_ms`: not ready,
    with neither, and `working_ms` the part of it for a reason that counts as working time. `ghost_ms`: the part of `busy_ms` spent offline,
    that is after the shift. So busy + external + available + not ready is the time not offline, and the ghosts'.
    `used_ms` and `budget_ms`: the capacity budget used, and there to be used, times milliseconds; used includes offers and what was not
    routed, and the budget counts while the agent is busy, or available by presence. `elapsed_ms` is the length of the time looked at.
    """

    busy_ms: Integers
    external_ms: Integers
    available_ms: Integers
    not_ready_ms: Integers
    working_ms: Integers
    ghost_ms: Integers
    used_ms: Integers
    budget_ms: Integers
    elapsed_ms: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that the measures need of one log. Interaction columns have shape (interactions,), in order of arrival.

    `is_leg`: it came out of another interaction by a transfer or a consultation. `waited_ms`: from queued to the accept, or to the end
    without one, or to `closes_at` for those still waiting; never negative. The wait
    of one who asked for a call-back ends with the request. `callback_since`: from when it could be called, NOT_YET for what is no
    call-back; `called_at`: its first attempt. `is_answered` is whether an agent has it or had it, call-backs included.
    `told_ms`: the wait it was told to expect on arrival, NOT_YET where it was told none.
    `handled_ms`: accept to end (handling, hold and wrap-up), NOT_YET where it has not ended; `held_ms` and `wrap_up_ms` are parts of it.
    `target_ms`: the queue's, or the time to the interaction's own due time. `channel` and `queue` are positions in `channels` and
    `queues`, both sorted; NOT_YET is the queue of those who heard a busy tone. `contact` and `attempt` count, from 1, the contacts about
    one need and the attempts at each. `is_finally_lost` and `is_resolved_at_once` stand with the first attempt of a contact: it came to
    nothing at all; it was the first about the need and resolved it, which is known where `knows_resolution`. `interval` is the half hour
    of arrival counted from `starts_at`, and `agent_intervals` holds one record for each half hour that begins before the stated end.
    `penalties` are the prices of what went wrong, None where nobody stated any.
    """

    starts_at: Instant
    closes_at: Instant
    channels: tuple[ChannelId, ...]
    queues: tuple[QueueId, ...]
    live_channels: tuple[ChannelId, ...]
    channel: Integers
    queue: Integers
    interval: Integers
    outcome: Integers
    is_leg: Flags
    is_answered: Flags
    waited_ms: Integers
    told_ms: Integers
    handled_ms: Integers
    held_ms: Integers
    wrap_up_ms: Integers
    target_ms: Integers
    short_abandon_ms: Integers
    callback_since: Integers
    called_at: Integers
    attempts: Integers
    is_reached: Flags
    promises_kept: Integers
    promises_broken: Integers
    contact: Integers
    attempt: Integers
    is_balked: Flags
    is_finally_lost: Flags
    is_resolved_at_once: Flags
    knows_resolution: bool
    entries: Mapping[QueueId, int]
    moved_out: Mapping[QueueId, int]
    agent_ids: tuple[AgentId, ...]
    agents: AgentTimes
    agent_intervals: tuple[AgentTimes, ...]
    penalties: Penalties | None = None


def facts_of(
    ledger: Ledger, *, starts_at: Instant | None = None, ends_at: Instant | None = None, penalties: Penalties | None = None
) -> Facts:
    """The facts of a ledger whose log is over; with `penalties` what went wrong has a price.

    `starts_at` is where the half hours begin to count (default: the first event, down to a full half hour of UTC). Time is accounted up to
    `closes_at`, the later of `ends_at` and the last event: an agent who ends a call after the shift is busy until then.
    """
    first = ledger.started_at if starts_at is None else starts_at
    first = first - first % INTERVAL_MS if starts_at is None else first
    closes_at = max(ledger.last_at, first + 1, ends_at or 0)
    intervals = -(-(closes_at - first) // INTERVAL_MS)
    queued_at, due_at, queue_names = _column(ledger.queued_at), _column(ledger.due_at), tuple(sorted(ledger.service_levels))
    queue_at = {name: position for position, name in enumerate(queue_names)} | {NO_QUEUE: NOT_YET}
    channel_names = tuple(sorted(ledger.is_live))
    channel_at = {name: position for position, name in enumerate(channel_names)}
    queue = _column([queue_at[name] for name in ledger.queue])
    answered_at, ended_at = _column(ledger.answered_at), _column(ledger.ended_at)
    is_answered = answered_at != NOT_YET
    callbacks, customers, count = ledger.callbacks, ledger.customers, len(ledger.queue)
    talked_until = _sparse(ledger.talk.ended_at, count)
    outcome, contact = _column(ledger.outcome), _sparse(customers.contact, count, 1)
    hung_up_at = _sparse(callbacks.requested_at, count)
    waited_until = np.where(is_answered, answered_at, np.where(ended_at != NOT_YET, ended_at, closes_at))
    waited_until = np.where(hung_up_at != NOT_YET, hung_up_at, waited_until)
    targets = _column([ledger.service_levels[name].target_ms for name in queue_names])
    short = _column([ledger.service_levels[name].short_abandon_ms for name in queue_names])
    times = _agent_times(ledger.agent_changes, len(ledger.agent_ids), first, closes_at, intervals)
    return Facts(
        starts_at=first,
        closes_at=closes_at,
        channels=channel_names,
        queues=queue_names,
        live_channels=tuple(name for name in channel_names if ledger.is_live[name]),
        channel=_column([channel_at[name] for name in ledger.channel]),
        queue=queue,
        # What arrived before the start (a backlog at opening) belongs to the first half hour.
        interval=np.maximum(queued_at - first, 0) // INTERVAL_MS,
        outcome=outcome,
        is_leg=np.array(ledger.is_leg, dtype=np.bool_),
        is_answered=is_answered,
        waited_ms=waited_until - queued_at,
        told_ms=_column(ledger.told_ms),
        handled_ms=np.where(is_answered & (ended_at != NOT_YET), ended_at - answered_at, NOT_YET),
        held_ms=_sparse(ledger.talk.held_ms, count, 0),
        wrap_up_ms=np.where((talked_until != NOT_YET) & (ended_at != NOT_YET), ended_at - talked_until, 0),
        target_ms=np.where(due_at == NOT_YET, targets[queue], due_at - queued_at),  # of no queue: the last one's, and never looked at
        short_abandon_ms=short[queue],
        callback_since=_sparse(callbacks.since, count),
        called_at=_sparse(callbacks.called_at, count),
        attempts=_sparse(callbacks.attempts, count, 0),
        is_reached=_flags(callbacks.reached, count),
        promises_kept=_sparse(Counter(callbacks.kept), count, 0),
        promises_broken=_sparse(Counter(callbacks.broken), count, 0),
        contact=contact,
        attempt=_sparse(customers.attempt, count, 1),
        is_balked=_flags(customers.balked, count),
        is_finally_lost=_at_first(customers, np.isin(outcome, LOST) & ~_flags(customers.followed, count)),
        is_resolved_at_once=_at_first(customers, _flags(customers.resolved, count) & (contact == 1)),
        knows_resolution=customers.knows_resolution,
        entries=dict(sorted(ledger.entries.items())),
        moved_out=dict(sorted(ledger.moved_out.items())),
        agent_ids=tuple(ledger.agent_ids),
        agents=_whole(times, closes_at - first),
        agent_intervals=tuple(
            _one(times, position, min(INTERVAL_MS, closes_at - first - position * INTERVAL_MS))
            for position in range(-(-((ends_at or closes_at) - first) // INTERVAL_MS))
        ),
        penalties=penalties,
    )


def rows_where(column: Integers, value: int) -> Integers:
    """The rows in which a column has one value."""
    return np.flatnonzero(column == value)


def rows_of_kind(facts: Facts, *, is_live: bool) -> Integers:
    """The rows of interactions on live channels, or on the others."""
    wanted = [position for position, name in enumerate(facts.channels) if (name in facts.live_channels) == is_live]
    return np.flatnonzero(np.isin(facts.channel, wanted))


def parted(facts: Facts, rows: Rows) -> tuple[Rows, Integers]:
    """Rows as customers' own interactions, and as legs that came out of others."""
    is_leg = facts.is_leg[rows]
    if not is_leg.any():
        return rows, np.empty(0, dtype=np.int64)
    positions = np.arange(len(facts.is_leg))[rows]
    return positions[~is_leg], positions[is_leg]


def outcomes(facts: Facts, rows: Rows, outcome: Outcome) -> int:
    """How many of the rows had one outcome."""
    return int(np.count_nonzero(facts.outcome[rows] == outcome))


def _sparse(values: Mapping[int, int], count: int, otherwise: int = NOT_YET) -> Integers:
    """A column of `count` rows of which most have no value."""
    column = np.full(count, otherwise, dtype=np.int64)
    column[list(values)] = list(values.values())
    return column


def _flags(rows: set[int], count: int) -> Flags:
    """A column of `count` rows that says which are in `rows`."""
    column = np.zeros(count, dtype=np.bool_)
    column[sorted(rows)] = True
    return column


def _at_first(customers: CustomerColumns, flags: Flags) -> Flags:
    """The same flags, each in the row of the first attempt at its contact."""
    moved = np.zeros_like(flags)
    rows = np.arange(len(flags))
    rows[list(customers.first_row)] = list(customers.first_row.values())
    moved[rows[flags]] = True
    return moved


def _column(values: list[int] | list[Outcome]) -> Integers:
    return np.array(values, dtype=np.int64)


_PARTS = ("busy_ms", "external_ms", "available_ms", "not_ready_ms", "working_ms", "ghost_ms", "used_ms", "budget_ms")


def _whole(times: Mapping[str, Integers], elapsed_ms: Duration) -> AgentTimes:
    return AgentTimes(**{part: times[part].sum(axis=0) for part in _PARTS}, elapsed_ms=elapsed_ms)


def _one(times: Mapping[str, Integers], interval: int, elapsed_ms: Duration) -> AgentTimes:
    return AgentTimes(**{part: times[part][interval] for part in _PARTS}, elapsed_ms=elapsed_ms)


def _agent_times(changes: bytearray, agents: int, starts_at: Instant, closes_at: Instant, intervals: int) -> dict[str, Integers]:
    """Milliseconds by part, each of shape (intervals, agents): every change holds until the agent's next one, or until the close."""
    table = np.frombuffer(changes, dtype=np.int64).reshape(-1, len(AgentChange._fields))
    table = table[np.argsort(table[:, 0], kind="stable")]  # by agent, in the order of the log
    agent, since = table[:, 0], table[:, 1]
    until = np.full_like(since, closes_at)
    is_followed = agent[:-1] == agent[1:]
    until[:-1][is_followed] = since[1:][is_followed]
    since, until = np.clip(since, starts_at, closes_at), np.clip(until, starts_at, closes_at)
    lasting = np.flatnonzero(until > since)
    first = (since[lasting] - starts_at) // INTERVAL_MS
    pieces = (until[lasting] - 1 - starts_at) // INTERVAL_MS - first + 1
    # One line for each (change, half hour) that overlap; most changes lie within one half hour.
    line = np.repeat(lasting, pieces)
    starts_of_runs = np.repeat(np.cumsum(pieces) - pieces, pieces)
    interval = np.repeat(first, pieces) + np.arange(len(line)) - starts_of_runs
    opens = starts_at + interval * INTERVAL_MS
    lasted = np.minimum(until[line], opens + INTERVAL_MS) - np.maximum(since[line], opens)
    is_available, is_offline, is_busy = table[line, 2] == 1, table[line, 3] == 1, table[line, 4] > 0
    is_external = (table[line, 8] > 0) & ~is_busy & ~is_offline
    is_not_ready = ~is_available & ~is_offline & ~is_busy & ~is_external
    amounts = {
        "busy_ms": lasted * is_busy,
        "external_ms": lasted * is_external,
        "available_ms": lasted * (is_available & ~is_busy & ~is_external),
        "not_ready_ms": lasted * is_not_ready,
        "working_ms": lasted * (is_not_ready & (table[line, 7] == 1)),
        "ghost_ms": lasted * (is_busy & is_offline),
        "used_ms": lasted * table[line, 5] * (is_busy | is_available),
        "budget_ms": lasted * table[line, 6] * (is_busy | is_available),
    }
    times = {part: np.zeros((intervals, agents), dtype=np.int64) for part in _PARTS}
    for part, amount in amounts.items():
        np.add.at(times[part], (interval, agent[line]), amount)
    return times
