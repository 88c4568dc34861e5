"""Commands about what keeps an agent from work besides presence: pauses in a queue, commitments, and work of their own."""

from collections.abc import Iterator

from routing.core import commands
from routing.core.decide.fit import withdraw_unfit
from routing.core.decide.lookup import agent_of, site_of
from routing.core.decide.withdraw import withdraw_all_in_queue
from routing.core.errors import CommandRefused, RefusalReason
from routing.core.events import (
    AgentPaused,
    AgentUnpaused,
    AssignmentCounted,
    CommitmentsPut,
    Event,
    ExternalWorkEnded,
    ExternalWorkStarted,
    WithdrawCause,
)
from routing.core.kept import limit_reached_until
from routing.core.state import AgentRow, State
from routing.core.validate import check_commitments, check_id, check_text
from routing.model.ids import OfferId, QueueId
from routing.model.queue import AssignmentLimit
from routing.model.time import Instant


def pause_agent(state: State, command: commands.PauseAgent) -> Iterator[Event]:
    """Nothing more from that queue, and its live offers to them are withdrawn."""
    row = agent_of(state, command.agent_id)
    _check_queue(state, command.queue_id)
    check_text("reason", command.reason)
    if row.paused.get(command.queue_id) != command.reason:
        yield from paused(state, row, command.queue_id, command.reason)


def paused(state: State, row: AgentRow, queue_id: QueueId, reason: str, but: OfferId = "") -> Iterator[Event]:
    """The fact that an agent is paused in a queue, and that their live offers of it, except `but`, are withdrawn."""
    yield AgentPaused(agent_id=row.agent.id, queue_id=queue_id, reason=reason)
    yield from withdraw_all_in_queue(state, row, queue_id, WithdrawCause.QUEUE_PAUSED, but)


def unpause_agent(state: State, command: commands.UnpauseAgent) -> Iterator[Event]:
    """Work from that queue again; nothing changes for an agent who is not paused there."""
    row = agent_of(state, command.agent_id)
    _check_queue(state, command.queue_id)
    if command.queue_id in row.paused:
        yield AgentUnpaused(agent_id=command.agent_id, queue_id=command.queue_id)


def put_commitments(state: State, command: commands.PutCommitments, now: Instant) -> Iterator[Event]:
    """Replace what is known of where an agent is expected; what is over is left out."""
    row = agent_of(state, command.agent_id)
    check_commitments(command.commitments)
    ahead = tuple(one for one in command.commitments if one.ends_at is None or one.ends_at > now)
    if ahead != row.commitments:
        yield CommitmentsPut(agent_id=command.agent_id, commitments=ahead)


def start_external_work(state: State, command: commands.StartExternalWork) -> Iterator[Event]:
    """An agent is busy without the router: a fact, which takes what room it needs and is there; offers that no longer fit are withdrawn."""
    site = site_of(state)
    row = agent_of(state, command.agent_id)
    check_id("work_id", command.work_id)
    check_text("reason", command.reason)
    channel = site.channels.get(command.channel)
    if channel is None:
        known = ", ".join(sorted(site.channels))
        raise CommandRefused(RefusalReason.UNKNOWN_CHANNEL, f"channel {command.channel!r} is not one of: {known}", "channel")
    if command.work_id in row.external:
        text = f"agent {command.agent_id!r} is at external work {command.work_id!r} already; use a new id for new work"
        raise CommandRefused(RefusalReason.DUPLICATE_EXTERNAL_WORK, text, "work_id")
    at_work = row.used - sum(state.offers[offer_id].capacity_cost for offer_id in row.offers)
    cost = min(channel.capacity_cost, row.agent.capacity - at_work)
    yield ExternalWorkStarted(
        agent_id=command.agent_id,
        work_id=command.work_id,
        channel=command.channel,
        capacity_cost=cost,
        is_assignment=command.is_assignment,
        reason=command.reason,
    )
    yield from withdraw_unfit(state, site, row, row.agent, WithdrawCause.NO_LONGER_FITS, taken=cost, taken_on=command.channel)


def end_external_work(state: State, command: commands.EndExternalWork) -> Iterator[Event]:
    """It is over."""
    row = agent_of(state, command.agent_id)
    if command.work_id not in row.external:
        text = f"agent {command.agent_id!r} is not at external work {command.work_id!r}"
        raise CommandRefused(RefusalReason.UNKNOWN_EXTERNAL_WORK, text, "work_id")
    yield ExternalWorkEnded(agent_id=command.agent_id, work_id=command.work_id)


def counted(state: State, row: AgentRow, queue_id: QueueId, limit: AssignmentLimit, now: Instant, *, accepted: OfferId) -> Iterator[Event]:
    """The fact that an assignment counts towards its queue's limit; at the limit their other offers are withdrawn."""
    counts_until = now + limit.window_ms
    counting = [*(until for until in row.assignments.get(queue_id, ()) if until > now), counts_until]
    limited_until = limit_reached_until(counting, limit.count)
    yield AssignmentCounted(agent_id=row.agent.id, queue_id=queue_id, counts_until=counts_until, limited_until=limited_until)
    if limited_until is not None:
        yield from withdraw_all_in_queue(state, row, queue_id, WithdrawCause.ASSIGNMENT_LIMIT, accepted)


def _check_queue(state: State, queue_id: QueueId) -> None:
    site = site_of(state)
    if queue_id not in site.queues:
        known = ", ".join(sorted(site.queues))
        raise CommandRefused(RefusalReason.UNKNOWN_QUEUE, f"queue {queue_id!r} is not one of: {known}", "queue_id")
