"""Applying facts about offers."""

from routing.core import events
from routing.core.commands import DeclineReason
from routing.core.deadlines import Deadline, DeadlineKind
from routing.core.errors import InvariantBroken
from routing.core.evolve.flight import enter_flight, leave_flight
from routing.core.evolve.marks import dirty_agent, dirty_interaction
from routing.core.evolve.parts import (
    add_stay_deadline,
    advance,
    advance_offer,
    exclude,
    forget_apart,
    give_back,
    keep_apart,
    leave_ladder,
    put_route,
    take,
)
from routing.core.ladder import led_by, once_accepted
from routing.core.lifecycle import InteractionPhase, OfferPhase
from routing.core.state import AgentRow, OfferRow, State
from routing.model.callback import CallbackStage
from routing.model.ids import QueueId
from routing.model.queue import ExclusionScope
from routing.model.time import Instant


def made(state: State, at: Instant, event: events.OfferMade) -> None:
    """An agent's capacity is leased."""
    row = state.interactions[event.interaction_id]
    if state.site is None or row.phase is not InteractionPhase.WAITING or event.offer_id in state.offers:
        raise InvariantBroken(f"an interaction that is {row.phase} cannot see {event}")
    channel = row.interaction.channel
    cost = state.site.channels[channel].capacity_cost
    agent = state.agents[event.agent_id]
    state.offers_made += 1
    state.offers[event.offer_id] = OfferRow(
        offer_id=event.offer_id,
        interaction_id=event.interaction_id,
        agent_id=event.agent_id,
        phase=OfferPhase.LIVE,
        version=1,
        expires_at=event.expires_at,
        capacity_cost=cost,
        queue_id=event.queue_id,
    )
    row.offers[event.offer_id] = event.agent_id
    row.deferred_until = None
    if row.callback is not None and row.callback.is_pending:
        enter_flight(state, event.interaction_id)
    agent.offers[event.offer_id] = None
    agent.offered_at = at
    state.turns[event.queue_id or row.route.queue_id] = agent.sequence
    take(state, at, agent, channel, cost)
    if agent.used > agent.agent.capacity:
        agent.interrupting = event.offer_id
    state.deadlines.add(Deadline(event.expires_at, DeadlineKind.OFFER_EXPIRY, event.offer_id))
    state.marks.stale_interactions[event.interaction_id] = None
    state.marks.stale_agents[event.agent_id] = None


def extended(state: State, at: Instant, event: events.OfferExtended) -> None:
    """The lease lasts longer."""
    offer = advance_offer(state, event.offer_id, event)
    offer.expires_at = event.expires_at
    state.deadlines.add(Deadline(event.expires_at, DeadlineKind.OFFER_EXPIRY, event.offer_id))


def accepted(state: State, at: Instant, event: events.OfferAccepted) -> None:
    """The interaction is handled from now on."""
    offer = advance_offer(state, event.offer_id, event)
    row = advance(state, event.interaction_id, event)
    agent = state.agents[event.agent_id]
    del state.offers[event.offer_id], row.offers[event.offer_id], agent.offers[event.offer_id]
    if offer.queue_id:  # from now on it is the work of the queue through which it was taken
        row.route = led_by(row.route, offer.queue_id)
    row.agent_id = event.agent_id
    row.capacity_cost = offer.capacity_cost
    row.deferred_until = None
    row.is_round_closed = False
    if row.route.reserved is not None or row.route.stay is not None:
        put_route(state, row, once_accepted(row.route))
    if row.apart:
        for agent_id in [key for key, scope in row.apart.items() if scope is ExclusionScope.PRESENCE]:
            forget_apart(state, row, agent_id)
    agent.work[event.interaction_id] = None
    leave_ladder(state, event.interaction_id)
    agent.assigned_at = at
    agent.accepted += 1
    row.handled_since = at
    _answered(agent)
    state.marks.dirty_interactions.pop(event.interaction_id, None)
    state.marks.stale_interactions[event.interaction_id] = None
    state.marks.stale_agents[event.agent_id] = None
    is_interrupting = agent.interrupting == event.offer_id
    if is_interrupting or (state.site is not None and state.site.channels[row.interaction.channel].interruptible_by):
        # Who rang for an interruption may be offered other work again; what may be interrupted is no longer an offer, which may not.
        dirty_agent(state, at, event.agent_id)
    if is_interrupting:
        agent.interrupting = None


def declined(state: State, at: Instant, event: events.OfferDeclined) -> None:
    """The lease is over, and a no is an answer: no miss counts any longer. A device that did not ring is none."""
    _close_offer(state, at, event)
    agent = state.agents[event.agent_id]
    if event.counts_as_miss:
        _missed(agent, event.missed_in)
    elif event.reason is not DeclineReason.UNREACHABLE:
        _answered(agent)
    _part(state, at, event)


def expired(state: State, at: Instant, event: events.OfferExpired) -> None:
    """The lease ran out, and the agent missed one more."""
    _close_offer(state, at, event)
    _missed(state.agents[event.agent_id], event.missed_in)
    _part(state, at, event)


def withdrawn(state: State, at: Instant, event: events.OfferWithdrawn) -> None:
    """The lease is over without consequence."""
    _close_offer(state, at, event)
    if event.excluded_until is not None:
        exclude(state, at, event.interaction_id, event.agent_id, event.excluded_until)


def _part(state: State, at: Instant, event: events.OfferDeclined | events.OfferExpired) -> None:
    if event.scope is ExclusionScope.COOLDOWN:
        exclude(state, at, event.interaction_id, event.agent_id, event.excluded_until)
    else:
        keep_apart(state, event.interaction_id, event.agent_id, event.scope)


def _missed(agent: AgentRow, queue_id: QueueId | None) -> None:
    if queue_id is None:
        agent.misses += 1
    else:
        agent.queue_misses[queue_id] = agent.queue_misses.get(queue_id, 0) + 1


def _answered(agent: AgentRow) -> None:
    """Whoever answers has missed none in a row, in no queue."""
    agent.misses = 0
    agent.queue_misses.clear()


def _close_offer(state: State, at: Instant, event: events.OfferDeclined | events.OfferExpired | events.OfferWithdrawn) -> None:
    offer_id = event.offer_id
    offer = advance_offer(state, offer_id, event)
    del state.offers[offer_id]
    row = state.interactions[offer.interaction_id]
    del row.offers[offer_id]
    if row.callback is not None and not row.offers and row.callback.stage is not CallbackStage.CALLING:
        leave_flight(state, at, offer.interaction_id)
    agent = state.agents[offer.agent_id]
    del agent.offers[offer_id]
    if agent.interrupting == offer_id:
        agent.interrupting = None
    give_back(state, at, agent, row.interaction.channel, offer.capacity_cost)
    queue = None if state.site is None else state.site.queues.get(row.route.queue_id)
    refills = queue is None or queue.refills_offers  # a queue the site no longer has is about to be left
    # What has stayed too long is rung out, and not refilled.
    is_last_round = not refills or (row.route.stay is not None and row.route.stay.until <= at and row.is_on_line)
    if row.is_round_closed or is_last_round:
        row.is_round_closed = len(row.offers) > 0 and is_last_round
    if row.route.stay is not None:
        add_stay_deadline(state, row)
    dirty_interaction(state, at, offer.interaction_id)
