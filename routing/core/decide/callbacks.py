"""Commands about call-backs, and the life of an attempt to reach the customer."""

from collections.abc import Iterator

from routing.core import commands
from routing.core.classifier import Classifier
from routing.core.decide.accepting import taken
from routing.core.decide.admission import opening_awaited
from routing.core.decide.handling import overdue_steps
from routing.core.decide.interactions import accepted_as, arrival, leave, reroute, route_of
from routing.core.decide.legs import refuse_tied
from routing.core.decide.lookup import callback_rule_of, in_phase, interaction_of, site_of
from routing.core.decide.withdraw import withdraw_all_of_interaction
from routing.core.errors import CommandRefused, RefusalReason
from routing.core.events import (
    CallbackAttemptEnded,
    CallbackLaunched,
    CallbackReached,
    CallbackRequested,
    Event,
    InteractionEnded,
    PromiseKept,
    RouteCause,
    WithdrawCause,
)
from routing.core.ladder import steps_taken_until
from routing.core.lifecycle import InteractionPhase
from routing.core.state import CallbackRow, InteractionRow, State
from routing.core.validate import DURATION_MS_MAX, check_text, refuse_value
from routing.model.callback import CallbackOutcome, CallbackRule, CallbackStage, Promise
from routing.model.ids import AgentId, QueueId
from routing.model.interaction import EndCause, Interaction
from routing.model.queue import Queue
from routing.model.record import replace
from routing.model.site import Site
from routing.model.time import Duration, Instant


def request(state: State, command: commands.RequestCallback, now: Instant, classify: Classifier) -> Iterator[Event]:
    """A waiting customer hangs up: live offers are withdrawn, and the interaction stands where it stood, on the channel of the call."""
    site = site_of(state)
    row = in_phase(state, command.interaction_id, RefusalReason.NOT_WAITING, InteractionPhase.WAITING)
    refuse_tied(state, row)
    if row.callback is not None and row.callback.is_pending:
        text = f"interaction {command.interaction_id!r} is to be called back already; cancel that call-back first"
        raise CommandRefused(RefusalReason.CALLBACK_PENDING, text, "interaction_id")
    interaction = row.interaction if command.channel is None else replace(row.interaction, channel=command.channel)
    if interaction.channel not in site.channels:
        text = f"channel {interaction.channel!r} is not one of: {', '.join(sorted(site.channels))}"
        raise CommandRefused(RefusalReason.UNKNOWN_CHANNEL, text, "channel")
    begun_at = row.enqueued_at if row.opens_at is None else row.opens_at
    paused_ms = _wished_ms(command, now, max(now, begun_at)) + (0 if row.callback is None else row.callback.paused_ms)
    fresh = route_of(interaction, begun_at + paused_ms, site, classify)
    queue_id = steps_taken_until(fresh, now).queue_id
    requested = _requested(interaction, command, site, queue_id, now=now, paused_ms=paused_ms)
    yield from withdraw_all_of_interaction(row, WithdrawCause.CALLBACK_REQUESTED)
    yield requested
    yield from reroute(state, row, fresh, now, RouteCause.CALLBACK_REQUESTED, site=site, has_offers=False)


def schedule(state: State, command: commands.ScheduleCallback, now: Instant, classify: Classifier) -> Iterator[Event]:
    """Accept an interaction that is a call-back from the beginning; its ladder and its age begin when it may be called."""
    site = site_of(state)
    interaction = accepted_as(state, command.interaction, site)
    wished_ms = _wished_ms(command, now, now)
    queued, follows = arrival(state, interaction, now, classify, eligible_since=now + wished_ms)
    requested = _requested(queued.interaction, command, site, queued.route.queue_id, now=now, paused_ms=wished_ms)
    yield queued
    yield from follows
    yield requested


def cancel(state: State, command: commands.CancelCallback, now: Instant) -> Iterator[Event]:
    """The customer need not be called: reservations are withdrawn and the interaction ends."""
    check_text("reason", command.reason)
    row = in_phase(state, command.interaction_id, RefusalReason.NOT_WAITING, InteractionPhase.WAITING)
    if row.callback is None or not row.callback.is_pending:
        text = f"interaction {command.interaction_id!r} is not to be called back"
        raise CommandRefused(RefusalReason.NO_CALLBACK, text, "interaction_id")
    return leave(state, row, now, EndCause.CANCELLED, command.reason)


def report(state: State, command: commands.ReportCallbackAttempt, now: Instant) -> Iterator[Event]:
    """The running attempt is over: the customer talks to the agent, or is tried again later, or was tried often enough."""
    row = interaction_of(state, command.interaction_id, RefusalReason.NO_ATTEMPT)
    callback = row.callback
    if callback is None or callback.stage is not CallbackStage.CALLING:
        text = f"no attempt to call interaction {command.interaction_id!r} back is running"
        raise CommandRefused(RefusalReason.NO_ATTEMPT, text, "interaction_id")
    if command.outcome is CallbackOutcome.TIMED_OUT:
        refuse_value("outcome", "timed_out is what the router says where nobody reports; say no_answer, busy or failed")
    if command.outcome is CallbackOutcome.ANSWERED:
        return _reached(state, row, now)
    return unreached(state, row, callback, command.outcome, now)


def launched(state: State, row: InteractionRow, callback: CallbackRow, agent_id: AgentId, now: Instant) -> Iterator[Event]:
    """An agent has the call-back in hand or is reserved for it: unless an attempt runs already it begins, and keeps the promise."""
    if callback.stage is not CallbackStage.READY:
        return
    timeout_ms = callback_rule_of(state, row).answer_timeout_ms
    yield CallbackLaunched(
        interaction_id=row.interaction.id,
        agent_id=agent_id,
        attempt=callback.attempts + 1,
        expires_at=now + timeout_ms if callback.is_reserving else None,
    )
    # A driver that comes late may close a window when the promised instant has passed, too: that is carried out next, in this call.
    if callback.promise is Promise.OPEN and callback.promised_at is not None and now <= callback.promised_at:
        yield PromiseKept(interaction_id=row.interaction.id)


def lease_expires_at(queue: Queue, row: InteractionRow, now: Instant) -> Instant:
    """Until when an offer made now lasts: as long as its queue says, or as long as the attempt that it reserves the agent for."""
    callback = row.callback
    if callback is None or not callback.is_reserving:
        return now + queue.offer_timeout_ms
    return callback.attempt_expires_at or now + queue.callback.answer_timeout_ms


def unreached(state: State, row: InteractionRow, callback: CallbackRow, outcome: CallbackOutcome, now: Instant) -> Iterator[Event]:
    """The running attempt did not reach the customer: its agent is free without a miss; after the last the interaction ends."""
    interaction_id = row.interaction.id
    rule = callback_rule_of(state, row)
    attempt = callback.attempts + 1
    is_last = attempt >= rule.attempts_max
    yield from withdraw_all_of_interaction(row, WithdrawCause.CALLBACK_UNREACHED)
    yield CallbackAttemptEnded(
        interaction_id=interaction_id,
        agent_id=row.agent_id,
        outcome=outcome,
        attempt=attempt,
        retry_at=None if is_last else in_hours(site_of(state), row.route.queue_id, now + rule.spacing_ms),
    )
    if is_last:
        forget_before = now - site_of(state).retention_ms
        yield InteractionEnded(interaction_id=interaction_id, agent_id=None, cause=EndCause.UNREACHED, forget_before=forget_before)
    elif row.agent_id is not None:
        yield from overdue_steps(row, now)


def _reached(state: State, row: InteractionRow, now: Instant) -> Iterator[Event]:
    reserved = next(iter(row.offers.items()), None)
    if reserved is None:
        yield CallbackReached(interaction_id=row.interaction.id, agent_id=row.agent_id)
        return
    offer_id, agent_id = reserved
    yield CallbackReached(interaction_id=row.interaction.id, agent_id=agent_id)
    yield from taken(state, state.offers[offer_id], now)


def _requested(
    interaction: Interaction,
    command: commands.RequestCallback | commands.ScheduleCallback,
    site: Site,
    queue_id: QueueId,
    *,
    now: Instant,
    paused_ms: Duration,
) -> CallbackRequested:
    """The fact of a call-back in a queue, which is not made before the queue is open.

    Raises:
        CommandRefused: the queue takes none, or the promise lies before the first instant of a call.
    """
    rule = _rule_taking(site, queue_id)
    begins_at = in_hours(site, queue_id, max(now, command.not_before or now))
    if command.promised_at is not None and command.promised_at < begins_at:
        refuse_value("promised_at", f"{command.promised_at} lies before the first instant of a call, {begins_at}")
    urgent_at = None
    if command.promised_at is not None and rule.promise_class_rank is not None:
        urgent_at = max(now, command.promised_at - rule.promise_lead_ms)
    return CallbackRequested(
        interaction=interaction,
        kind=command.kind,
        not_before=begins_at if begins_at > now else None,
        promised_at=command.promised_at,
        urgent_at=urgent_at,
        paused_ms=paused_ms,
    )


def in_hours(site: Site, queue_id: QueueId, at: Instant) -> Instant:
    """The first instant from `at` on at which customers of a queue may be rung up: its next opening, where it is closed then."""
    return opening_awaited(site, queue_id, at) or at


def _wished_ms(command: commands.RequestCallback | commands.ScheduleCallback, now: Instant, since: Instant) -> Duration:
    """For how long from `since` on the customer wishes not to be called; the night before an opening makes nobody older anyway.

    Raises:
        CommandRefused: an instant lies in the past or too far ahead.
    """
    for field, instant in (("not_before", command.not_before), ("promised_at", command.promised_at)):
        if instant is not None and not now <= instant <= now + DURATION_MS_MAX:
            refuse_value(field, f"{instant} must lie within 366 days from now, {now}")
    return 0 if command.not_before is None else max(0, command.not_before - since)


def _rule_taking(site: Site, queue_id: QueueId) -> CallbackRule:
    """The rule of a queue that takes call-backs.

    Raises:
        CommandRefused: it takes none.
    """
    rule = site.queues[queue_id].callback
    if not rule.attempts_max:
        raise CommandRefused(RefusalReason.CALLBACK_NOT_TAKEN, f"queue {queue_id!r} takes no call-backs; give it a number of attempts")
    return rule
