"""What happens when a deadline falls due."""

from collections.abc import Iterator
from typing import assert_never

from routing.core import events
from routing.core.deadlines import Deadline, DeadlineKind
from routing.core.decide.admission import Turned, divert
from routing.core.decide.callbacks import unreached
from routing.core.decide.closing import handled
from routing.core.decide.handling import returned
from routing.core.decide.ladders import due_step
from routing.core.decide.leaving import end_stay
from routing.core.decide.lookup import IN_HANDS, callback_rule_of, queue_of, queue_of_offer, site_of
from routing.core.decide.misses import after_miss, missed_in
from routing.core.decide.reoffer import after_failure
from routing.core.decide.reservations import limits_after
from routing.core.decide.withdraw import withdraw_all_of_agent
from routing.core.errors import InvariantBroken
from routing.core.events import Event, ReservationEndCause, ReturnCause, WithdrawCause
from routing.core.ladder import next_step
from routing.core.state import AgentRow, InteractionRow, State
from routing.model.agent import Presence
from routing.model.callback import CallbackOutcome
from routing.model.diversion import REFUSAL, DiversionCause
from routing.model.ids import QueueId
from routing.model.queue import ExclusionScope
from routing.model.time import Instant


def decide_deadline(state: State, deadline: Deadline, now: Instant) -> list[Event]:
    """The events of one due deadline; `deadline` must be one that the state carries."""
    return list(_decide_deadline(state, deadline, now))


def _decide_deadline(state: State, deadline: Deadline, now: Instant) -> Iterator[Event]:
    due_at, kind, key, partner = deadline
    match kind:
        case DeadlineKind.OFFER_EXPIRY:
            yield from _expire_offer(state, key, due_at, now)
        case DeadlineKind.WRAP_UP_LIMIT:
            yield handled(state, state.interactions[key], now, reason="wrap_up_limit")
        case DeadlineKind.ROUTE_STEP:
            yield from _take_step(state, state.interactions[key], due_at, now)
        case DeadlineKind.QUEUE_HOURS:
            yield from _turn_hours(state, key, due_at, now)
        case DeadlineKind.LEFT_ALONE:
            empty = queue_of(state, state.interactions[key]).empty
            otherwise = REFUSAL if empty is None else empty.otherwise
            yield from divert(state, state.interactions[key], Turned(DiversionCause.NOBODY_THERE, otherwise, due_at), now)
        case DeadlineKind.CLOSED_ON:
            hours = queue_of(state, state.interactions[key]).hours
            at_close = None if hours is None else hours.at_close
            yield from divert(state, state.interactions[key], Turned(DiversionCause.CLOSING, at_close or REFUSAL, due_at), now)
        case DeadlineKind.EXCLUSION_END:
            yield events.ExclusionEnded(interaction_id=key, agent_id=partner, due_at=due_at)
        case DeadlineKind.MATCH_DEFERRED:
            yield events.MatchDue(interaction_id=key, due_at=due_at)
        case DeadlineKind.SESSION_EXPIRY:
            yield from _expire_session(state, state.agents[key], due_at, now)
        case DeadlineKind.HANDLING_GRACE:
            yield events.HandlingGraceEnded(agent_id=key, due_at=due_at)
            yield from _return_work(state, _kept_for(state, state.agents[key]), now)
        case DeadlineKind.STAY_LIMIT:
            yield from end_stay(state, state.interactions[key], now)
        case DeadlineKind.RESERVATION_END:
            cause = ReservationEndCause.DUE if state.interactions[key].away_at != due_at else ReservationEndCause.AWAY
            yield events.ReservationEnded(interaction_id=key, due_at=due_at, cause=cause)
        case DeadlineKind.CALLBACK_ATTEMPT:
            yield from _time_out(state, state.interactions[key], now)
        case DeadlineKind.CALLBACK_DUE:
            yield events.CallbackDue(interaction_id=key, due_at=due_at)
        case DeadlineKind.CALLBACK_URGENT:
            raised_to = callback_rule_of(state, state.interactions[key]).promise_class_rank or 0
            yield events.CallbackRaised(interaction_id=key, due_at=due_at, class_rank=raised_to)
        case DeadlineKind.PROMISE_END:
            yield events.PromiseBroken(interaction_id=key, due_at=due_at)
        case DeadlineKind.INTERRUPTION_END | DeadlineKind.ASSIGNMENT_LIMIT | DeadlineKind.COMMITMENT_END:
            yield from _of_agent(state, kind, key, partner, due_at)
        case DeadlineKind.WINDOW:
            yield events.WindowClosed(due_at=due_at)
        case _:
            assert_never(kind)


def _take_step(state: State, row: InteractionRow, due_at: Instant, now: Instant) -> Iterator[Event]:
    diversion = next_step(row.route).relaxation.divert_to
    if diversion is None or not row.is_on_line:  # nobody is sent to a machine who waits to be called
        yield due_step(row.interaction.id, row.route)
    else:
        yield from divert(state, row, Turned(DiversionCause.ROUTE_STEP, diversion, due_at), now)


def _turn_hours(state: State, queue_id: QueueId, due_at: Instant, now: Instant) -> Iterator[Event]:
    """A queue opens or closes. A driver that slept over several turns learns where they led: one fact for all of them."""
    calendar, hours = site_of(state).calendar_of(queue_id), site_of(state).queues[queue_id].hours
    if calendar is None or hours is None:
        raise InvariantBroken(f"queue {queue_id!r} opens or closes without hours")
    turns_at = calendar.next_turn(now)
    if calendar.is_open(now):
        yield events.QueueOpened(queue_id=queue_id, due_at=due_at, closes_at=turns_at)
        return
    yield events.QueueClosed(queue_id=queue_id, due_at=due_at, opens_at=turns_at, keeps_nobody=hours.at_close is not None)


def _of_agent(state: State, kind: DeadlineKind, agent_id: str, queue_id: str, due_at: Instant) -> Iterator[Event]:
    """What kept an agent from some work is over."""
    if kind is DeadlineKind.INTERRUPTION_END:
        yield from _end_interruptions(state.agents[agent_id])
    elif kind is DeadlineKind.ASSIGNMENT_LIMIT:
        yield events.AssignmentLimitEnded(agent_id=agent_id, queue_id=queue_id, due_at=due_at)
    else:
        yield events.CommitmentEnded(agent_id=agent_id, due_at=due_at)


def _expire_offer(state: State, offer_id: str, due_at: Instant, now: Instant) -> Iterator[Event]:
    offer = state.offers[offer_id]
    row = state.interactions[offer.interaction_id]
    if row.callback is not None and row.callback.is_reserving:
        yield from _time_out(state, row, now)  # a reservation lasts as long as the attempt it is for
        return
    queue = queue_of_offer(state, offer)
    excluded_until, scope = now + queue.reoffer.expired_ms, queue.reoffer.scope
    yield events.OfferExpired(
        offer_id=offer_id,
        interaction_id=offer.interaction_id,
        agent_id=offer.agent_id,
        due_at=due_at,
        excluded_until=excluded_until,
        scope=scope,
        missed_in=missed_in(queue),
    )
    is_apart = excluded_until > now or scope is not ExclusionScope.COOLDOWN
    yield from after_failure(state, row, offer.agent_id, now, is_apart=is_apart)
    yield from after_miss(state, queue, offer, now)


def _time_out(state: State, item: InteractionRow, now: Instant) -> Iterator[Event]:
    """Nobody said how the attempt ended."""
    if item.callback is None:
        raise InvariantBroken(f"interaction {item.interaction.id!r} has an attempt and no call-back")
    yield from unreached(state, item, item.callback, CallbackOutcome.TIMED_OUT, now)


def _expire_session(state: State, row: AgentRow, due_at: Instant, now: Instant) -> Iterator[Event]:
    """The agent is gone: offers are withdrawn, deferrable work returns with its age, live handling is kept for the grace."""
    site = site_of(state)
    in_handling = _handled_by(state, row)
    live = [item for item in in_handling if site.channels[item.interaction.channel].is_live]
    yield events.SessionExpired(
        agent_id=row.agent.id,
        session_id=row.session_id or "",
        due_at=due_at,
        release_at=now + site.handling_grace_ms if live else None,
        kept=tuple(item.interaction.id for item in live) or None,
    )
    if row.presence is not Presence.OFFLINE:
        yield events.PresenceChanged(agent_id=row.agent.id, presence=Presence.OFFLINE, reason="session_lost")
    yield from withdraw_all_of_agent(state, row, WithdrawCause.SESSION_EXPIRED)
    yield from limits_after(state, {row.agent.id: Presence.OFFLINE}, now)
    yield from _return_work(state, [item for item in in_handling if item not in live], now)


def _handled_by(state: State, row: AgentRow) -> list[InteractionRow]:
    work = [state.interactions[interaction_id] for interaction_id in row.work]
    return [item for item in work if item.phase in IN_HANDS]


def _kept_for(state: State, row: AgentRow) -> list[InteractionRow]:
    """The handling that the grace was for: what the agent has taken since is not lost with that session."""
    in_handling = _handled_by(state, row)
    return in_handling if row.kept is None else [item for item in in_handling if item.interaction.id in row.kept]


def _end_interruptions(row: AgentRow) -> Iterator[Event]:
    """What was set aside last goes on first, and none before it: so many as there is room for."""
    used = row.used
    for interaction_id, cost in reversed(row.set_aside.items()):
        used += cost
        if used > row.agent.capacity:
            return
        yield events.InterruptionEnded(interaction_id=interaction_id, agent_id=row.agent.id)


def _return_work(state: State, items: list[InteractionRow], now: Instant) -> Iterator[Event]:
    for item in items:
        yield from returned(state, item, now, ReturnCause.SESSION_EXPIRED, excluded_until=now)
