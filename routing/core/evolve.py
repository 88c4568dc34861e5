"""Apply one recorded event to the state. Never refuses, never decides: what an event means is fixed here, why it happened is not known.

An event that does not fit the state is a broken log or a broken `decide`; it raises `InvariantBroken`, most often by way of the lifecycle
tables.
"""

from typing import assert_never

from routing.core import events
from routing.core.deadlines import Deadline, DeadlineKind
from routing.core.errors import InvariantBroken
from routing.core.events import AgentEvent, Event, Recorded
from routing.core.lifecycle import INTERACTION_LIFECYCLE, OFFER_LIFECYCLE, InteractionPhase, OfferPhase
from routing.core.state import AgentRow, Ended, InteractionRow, OfferRow, Remembered, State
from routing.model.agent import Agent, Presence
from routing.model.ids import AgentId, InteractionId, OfferId
from routing.model.route import Route
from routing.model.site import Site
from routing.model.time import Instant


def evolve(state: State, recorded: Recorded) -> None:
    """Apply `recorded`, which must carry the next sequence number and an instant not before the last.

    Raises:
        InvariantBroken: the event does not follow from the state.
    """
    if recorded.seq != state.seq + 1 or recorded.at < state.at:
        raise InvariantBroken(f"event {recorded.seq} at {recorded.at} cannot follow event {state.seq} at {state.at}")
    try:
        _apply(state, recorded.at, recorded.event)
    except KeyError as missing:
        raise InvariantBroken(f"event {recorded.seq} names {missing}, which the state does not hold: {recorded.event}") from missing
    state.seq = recorded.seq
    state.at = recorded.at


def _apply(state: State, at: Instant, event: Event) -> None:  # noqa: PLR0915 - one literal branch per event
    match event:
        case events.InteractionQueued():
            _queue(state, at, event)
        case events.OfferMade():
            _make_offer(state, at, event)
        case events.OfferAccepted():
            _accept(state, at, event)
        case events.HandlingEnded():
            row = _advance(state, event.interaction_id, event)
            row.wrap_up_until = event.wrap_up_until
            state.deadlines.add(Deadline(event.wrap_up_until, DeadlineKind.WRAP_UP_LIMIT, event.interaction_id))
        case events.InteractionEnded():
            _end(state, at, event)
        case events.RequestRecorded():
            _remember(state, at, event)
        case events.OfferExtended():
            offer = _advance_offer(state, event.offer_id, event)
            offer.expires_at = event.expires_at
            state.deadlines.add(Deadline(event.expires_at, DeadlineKind.OFFER_EXPIRY, event.offer_id))
        case events.OfferDeclined():
            _close_offer(state, at, event)
            state.agents[event.agent_id].misses = 0  # a no is an answer
            _exclude(state, at, event.interaction_id, event.agent_id, event.excluded_until)
        case events.OfferExpired():
            _close_offer(state, at, event)
            state.agents[event.agent_id].misses += 1
            _exclude(state, at, event.interaction_id, event.agent_id, event.excluded_until)
        case events.OfferWithdrawn():
            _close_offer(state, at, event)
        case events.ExclusionEnded():
            del state.interactions[event.interaction_id].exclusions[event.agent_id]
            _dirty_interaction(state, at, event.interaction_id)
        case events.HandlingHeld() | events.HandlingResumed():
            _advance(state, event.interaction_id, event)
        case events.HandlingReturned():
            _return(state, at, event)
        case events.InteractionUpdated():
            row = state.interactions[event.interaction.id]
            row.interaction = event.interaction
            row.version += 1
            _dirty_interaction(state, at, event.interaction.id)
        case events.RouteChanged():
            _set_route(state, at, event.interaction_id, event.new)
        case events.RequirementRelaxed():
            _set_route(state, at, event.interaction_id, event.route)
        case events.MatchDeferred():
            state.interactions[event.interaction_id].deferred_until = event.until
            state.deadlines.add(Deadline(event.until, DeadlineKind.MATCH_DEFERRED, event.interaction_id))
        case events.MatchDue():
            state.interactions[event.interaction_id].deferred_until = None
            _dirty_interaction(state, at, event.interaction_id)
        case events.WindowClosed():
            state.window_due_at = None
        case events.SiteApplied():
            _apply_site(state, at, event.site, event.site_hash)
        case (
            events.AgentPut()
            | events.AgentRemoved()
            | events.PresenceChanged()
            | events.SessionOpened()
            | events.SessionLost()
            | events.SessionExpired()
            | events.HandlingGraceEnded()
        ):
            _apply_to_agent(state, at, event)
        case _:
            assert_never(event)


def _apply_to_agent(state: State, at: Instant, event: AgentEvent) -> None:
    match event:
        case events.AgentPut():
            _put_agent(state, at, event.agent)
        case events.AgentRemoved():
            del state.agents[event.agent_id]
            state.marks.dirty_agents.pop(event.agent_id, None)
            state.marks.stale_agents[event.agent_id] = None
        case events.PresenceChanged():
            _set_presence(state, at, event)
        case events.SessionOpened():
            _session(state, event)
        case events.SessionLost():
            agent = state.agents[event.agent_id]
            agent.session_expires_at = event.expires_at
            state.deadlines.add(Deadline(event.expires_at, DeadlineKind.SESSION_EXPIRY, event.agent_id))
        case events.SessionExpired():
            _expire_session(state, event)
        case events.HandlingGraceEnded():
            state.agents[event.agent_id].release_at = None
        case _:
            assert_never(event)


# ---- interactions ----


def _queue(state: State, at: Instant, event: events.InteractionQueued) -> None:
    interaction_id = event.interaction.id
    known = state.interactions.get(interaction_id)
    phase = _next_phase(InteractionPhase.NEW if known is None else known.phase, event)
    state.arrived += 1
    state.interactions[interaction_id] = InteractionRow(
        interaction=event.interaction,
        phase=phase,
        sequence=state.arrived,
        version=1,
        enqueued_at=at,
        route=event.route,
    )
    _add_step_deadline(state, interaction_id, event.route)
    _dirty_interaction(state, at, interaction_id)


def _set_route(state: State, at: Instant, interaction_id: InteractionId, route: Route) -> None:
    state.interactions[interaction_id].route = route
    _add_step_deadline(state, interaction_id, route)
    _dirty_interaction(state, at, interaction_id)


def _add_step_deadline(state: State, interaction_id: InteractionId, route: Route) -> None:
    if route.steps:
        state.deadlines.add(Deadline(route.steps[0].due_at, DeadlineKind.ROUTE_STEP, interaction_id))


def _exclude(state: State, at: Instant, interaction_id: InteractionId, agent_id: AgentId, until: Instant) -> None:
    if until > at:
        state.interactions[interaction_id].exclusions[agent_id] = until
        state.deadlines.add(Deadline(until, DeadlineKind.EXCLUSION_END, interaction_id, agent_id))


def _accept(state: State, at: Instant, event: events.OfferAccepted) -> None:
    offer = _advance_offer(state, event.offer_id, event)
    row = _advance(state, event.interaction_id, event)
    agent = state.agents[event.agent_id]
    del state.offers[event.offer_id], row.offers[event.offer_id], agent.offers[event.offer_id]
    row.agent_id = event.agent_id
    row.capacity_cost = offer.capacity_cost
    row.deferred_until = None
    agent.work[event.interaction_id] = None
    agent.assigned_at = at
    agent.misses = 0
    state.marks.dirty_interactions.pop(event.interaction_id, None)
    state.marks.stale_interactions[event.interaction_id] = None
    state.marks.stale_agents[event.agent_id] = None


def _return(state: State, at: Instant, event: events.HandlingReturned) -> None:
    row = _advance(state, event.interaction_id, event)
    _release_work(state, at, row)
    # Deadlines of a waiting interaction slept while it was handled: exclusions that ran out are over, the rest is entered again.
    row.exclusions = {agent_id: until for agent_id, until in row.exclusions.items() if until > at}
    _exclude(state, at, event.interaction_id, event.agent_id, event.excluded_until)
    _add_step_deadline(state, event.interaction_id, row.route)
    for agent_id, until in row.exclusions.items():
        state.deadlines.add(Deadline(until, DeadlineKind.EXCLUSION_END, event.interaction_id, agent_id))
    _dirty_interaction(state, at, event.interaction_id)


def _end(state: State, at: Instant, event: events.InteractionEnded) -> None:
    row = _advance(state, event.interaction_id, event)
    if row.agent_id is not None:
        _release_work(state, at, row)
    del state.interactions[event.interaction_id]
    state.marks.dirty_interactions.pop(event.interaction_id, None)
    state.marks.stale_interactions[event.interaction_id] = None
    state.ended_by_cause[event.cause] += 1
    state.ended[event.interaction_id] = Ended(at, event.cause, row.route.queue_id, event.agent_id)
    while (oldest := next(iter(state.ended))) and state.ended[oldest].at < event.forget_before:
        del state.ended[oldest]


def _release_work(state: State, at: Instant, row: InteractionRow) -> None:
    if row.agent_id is None:
        raise InvariantBroken(f"interaction {row.interaction.id} holds no agent to release")
    agent = state.agents[row.agent_id]
    del agent.work[row.interaction.id]
    agent.free_since = at
    _give_back(state, at, agent, row.interaction.channel, row.capacity_cost)
    row.agent_id = None
    row.capacity_cost = 0
    row.wrap_up_until = None


def _advance(state: State, interaction_id: InteractionId, event: Event) -> InteractionRow:
    row = state.interactions[interaction_id]
    row.phase = _next_phase(row.phase, event)
    return row


def _next_phase(phase: InteractionPhase, event: Event) -> InteractionPhase:
    try:
        return INTERACTION_LIFECYCLE[phase, type(event)]
    except KeyError:
        raise InvariantBroken(f"an interaction that is {phase} cannot see {event}") from None


# ---- offers ----


def _make_offer(state: State, at: Instant, event: events.OfferMade) -> None:
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
    )
    row.offers[event.offer_id] = event.agent_id
    row.deferred_until = None
    agent.offers[event.offer_id] = None
    agent.used += cost
    agent.held_by_channel[channel] = agent.held_by_channel.get(channel, 0) + 1
    state.deadlines.add(Deadline(event.expires_at, DeadlineKind.OFFER_EXPIRY, event.offer_id))
    state.marks.stale_interactions[event.interaction_id] = None
    state.marks.stale_agents[event.agent_id] = None


def _close_offer(state: State, at: Instant, event: events.OfferDeclined | events.OfferExpired | events.OfferWithdrawn) -> None:
    offer_id = event.offer_id
    offer = _advance_offer(state, offer_id, event)
    del state.offers[offer_id]
    row = state.interactions[offer.interaction_id]
    del row.offers[offer_id]
    agent = state.agents[offer.agent_id]
    del agent.offers[offer_id]
    _give_back(state, at, agent, row.interaction.channel, offer.capacity_cost)
    _dirty_interaction(state, at, offer.interaction_id)


def _advance_offer(state: State, offer_id: OfferId, event: Event) -> OfferRow:
    offer = state.offers[offer_id]
    try:
        offer.phase = OFFER_LIFECYCLE[offer.phase, type(event)]
    except KeyError:
        raise InvariantBroken(f"an offer that is {offer.phase} cannot see {event}") from None
    offer.version += 1
    return offer


def _give_back(state: State, at: Instant, agent: AgentRow, channel: str, cost: int) -> None:
    agent.used -= cost
    agent.held_by_channel[channel] -= 1
    _dirty_agent(state, at, agent.agent.id)


# ---- agents and sessions ----


def _put_agent(state: State, at: Instant, agent: Agent) -> None:
    row = state.agents.get(agent.id)
    if row is None:
        state.agents_put += 1
        state.agents[agent.id] = AgentRow(
            agent=agent, sequence=state.agents_put, presence=Presence.OFFLINE, presence_reason="", available_since=at
        )
    else:
        row.agent = agent
    _dirty_agent(state, at, agent.id)


def _set_presence(state: State, at: Instant, event: events.PresenceChanged) -> None:
    row = state.agents[event.agent_id]
    if event.presence is Presence.AVAILABLE and row.presence is not Presence.AVAILABLE:
        row.available_since = at
        row.misses = 0
    row.presence = event.presence
    row.presence_reason = event.reason
    _dirty_agent(state, at, event.agent_id)


def _session(state: State, event: events.SessionOpened) -> None:
    row = state.agents[event.agent_id]
    row.session_id = event.session_id
    row.session_expires_at = None
    row.release_at = None


def _expire_session(state: State, event: events.SessionExpired) -> None:
    row = state.agents[event.agent_id]
    row.session_id = None
    row.session_expires_at = None
    row.release_at = event.release_at
    if event.release_at is not None:
        state.deadlines.add(Deadline(event.release_at, DeadlineKind.HANDLING_GRACE, event.agent_id))


# ---- site, requests, marks ----


def _apply_site(state: State, at: Instant, site: Site, site_hash: str) -> None:
    state.site = site
    state.site_hash = site_hash
    if not site.policy.match_interval_ms:
        state.window_due_at = None
    for agent_id in state.agents:
        _dirty_agent(state, at, agent_id)
    for interaction_id, row in state.interactions.items():
        if row.phase is InteractionPhase.WAITING:
            _dirty_interaction(state, at, interaction_id)


def _remember(state: State, at: Instant, event: events.RequestRecorded) -> None:
    state.requests[event.request_id] = Remembered(state.seq + 1, at, event.payload_hash, event.subject)
    while (oldest := next(iter(state.requests))) and state.requests[oldest].at < event.forget_before:
        del state.requests[oldest]


def _dirty_interaction(state: State, at: Instant, interaction_id: InteractionId) -> None:
    state.marks.stale_interactions[interaction_id] = None
    state.marks.dirty_interactions[interaction_id] = None
    _open_window(state, at)


def _dirty_agent(state: State, at: Instant, agent_id: AgentId) -> None:
    state.marks.stale_agents[agent_id] = None
    state.marks.dirty_agents[agent_id] = None
    _open_window(state, at)


def _open_window(state: State, at: Instant) -> None:
    site = state.site
    if site is not None and site.policy.match_interval_ms and state.window_due_at is None:
        state.window_due_at = at + site.policy.match_interval_ms
        state.deadlines.add(Deadline(state.window_due_at, DeadlineKind.WINDOW, ""))
