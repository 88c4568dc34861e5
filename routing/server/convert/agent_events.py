"""Recorded events as an agent's desktop sees them, and the agent's situation as a whole."""

from collections.abc import Iterator

from routing.core import events
from routing.core.events import Event, Recorded
from routing.core.lifecycle import InteractionPhase
from routing.core.state import AgentRow, OfferRow, State
from routing.model.ids import AgentId
from routing.server.convert.callbacks import callback_to_wire
from routing.server.convert.interaction_events import OUTCOMES
from routing.server.convert.leg_nouns import tie_to_wire
from routing.server.convert.nouns import PHASES, PRESENCES, WITHDRAW_CAUSES, interaction_to_wire
from routing.server.errors import Refused
from routing.v1 import types_pb2
from routing.v1.agents_pb2 import (
    AgentEvent,
    AgentSnapshot,
    CommandAcknowledged,
    CommandRefused,
    OfferEnded,
    OfferExtended,
    OfferMade,
    PresenceChanged,
    SessionReplaced,
    WorkChanged,
)


def agent_id_of(event: Event, state: State) -> AgentId:
    """The agent an event is about, in the state right after it; empty where it is about none."""
    if isinstance(event, events.OfferExtended):
        return state.offers[event.offer_id].agent_id
    return getattr(event, "agent_id", None) or ""


def agent_event(recorded: Recorded, state: State) -> AgentEvent | None:
    """The event for the desktop of its agent, with what `state` right after it adds; `None` where it is of no concern to one."""
    message = _told(recorded.event, state)
    if message is not None:
        message.sequence = recorded.seq
        message.at_ms = recorded.at
    return message


def _told(event: Event, state: State) -> AgentEvent | None:
    match event:
        case events.OfferMade():
            row = state.offers.get(event.offer_id)
            # Made and over within one command: the desktop never sees it, and may ignore the end that follows.
            return None if row is None else AgentEvent(offer_made=OfferMade(offer=offer_to_wire(row, state)))
        case events.OfferExtended():
            agent_id = agent_id_of(event, state)
            return AgentEvent(offer_extended=OfferExtended(offer_id=event.offer_id, agent_id=agent_id, expires_at_ms=event.expires_at))
        case events.OfferAccepted() | events.OfferDeclined() | events.OfferExpired() | events.OfferWithdrawn():
            ended = OfferEnded(
                offer_id=event.offer_id, interaction_id=event.interaction_id, agent_id=event.agent_id, outcome=OUTCOMES[type(event)]
            )
            if isinstance(event, events.OfferWithdrawn):
                ended.withdraw_cause = WITHDRAW_CAUSES.number(event.cause)
            return AgentEvent(offer_ended=ended)
        case events.HandlingHeld() | events.ConsultStarted():
            return _work_changed(event.interaction_id, event.agent_id, InteractionPhase.HELD)
        case events.HandlingInterrupted():
            return _work_changed(event.interaction_id, event.agent_id, InteractionPhase.INTERRUPTED)
        case events.HandlingResumed() | events.InterruptionEnded() | events.ConsultEnded() | events.ConferenceStarted():
            return _work_changed(event.interaction_id, event.agent_id, InteractionPhase.HANDLING)
        case events.HandlingReturned():
            return _work_changed(event.interaction_id, event.agent_id, InteractionPhase.WAITING, reason=event.reason)
        case events.CallbackAttemptEnded() if event.agent_id is not None:
            return _work_changed(event.interaction_id, event.agent_id, InteractionPhase.WAITING, reason=event.outcome)
        case events.HandlingEnded():
            return _work_changed(event.interaction_id, event.agent_id, InteractionPhase.WRAP_UP, wrap_up_until=event.wrap_up_until)
        case events.InteractionEnded() if event.agent_id is not None:
            return _work_changed(event.interaction_id, event.agent_id, InteractionPhase.ENDED, reason=event.reason)
        case events.PresenceChanged():
            changed = PresenceChanged(agent_id=event.agent_id, presence=PRESENCES.number(event.presence), reason=event.reason)
            return AgentEvent(presence_changed=changed)
        case _:
            return None


def _work_changed(
    interaction_id: str, agent_id: str, phase: InteractionPhase, *, wrap_up_until: int | None = None, reason: str = ""
) -> AgentEvent:
    changed = WorkChanged(
        interaction_id=interaction_id,
        agent_id=agent_id,
        phase=PHASES.number(phase),
        wrap_up_until_ms=wrap_up_until,
        reason=reason,
    )
    return AgentEvent(work_changed=changed)


def snapshot(row: AgentRow, state: State) -> AgentSnapshot:
    """An agent's presence, live offers and work."""
    return AgentSnapshot(
        agent_id=row.agent.id,
        presence=PRESENCES.number(row.presence),
        reason=row.presence_reason,
        offers=offers_of(row, state),
        work=work_of(row, state),
    )


def offers_of(row: AgentRow, state: State) -> Iterator[types_pb2.Offer]:
    """The live offers of an agent, oldest first."""
    for offer_id in row.offers:
        yield offer_to_wire(state.offers[offer_id], state)


def work_of(row: AgentRow, state: State) -> Iterator[types_pb2.Work]:
    """What an agent has accepted and not ended, oldest first."""
    for interaction_id in row.work:
        item = state.interactions[interaction_id]
        yield types_pb2.Work(
            interaction=interaction_to_wire(item.interaction),
            phase=PHASES.number(item.phase),
            queue_id=item.route.queue_id,
            wrap_up_until_ms=item.wrap_up_until,
            leg_id=item.leg_id or "",
            tie=tie_to_wire(item.tie),
            callback=callback_to_wire(item.callback),
        )


def offer_to_wire(offer: OfferRow, state: State) -> types_pb2.Offer:
    """A live offer with its interaction."""
    item = state.interactions[offer.interaction_id]
    return types_pb2.Offer(
        id=offer.offer_id,
        agent_id=offer.agent_id,
        interaction=interaction_to_wire(item.interaction),
        queue_id=offer.queue_id or item.route.queue_id,
        expires_at_ms=offer.expires_at,
        enqueued_at_ms=item.enqueued_at,
        callback=callback_to_wire(item.callback),
    )


def acknowledged(request_id: str, sequence: int, at: int) -> AgentEvent:
    """A command was carried out."""
    return AgentEvent(sequence=sequence, at_ms=at, acknowledged=CommandAcknowledged(request_id=request_id))


def refused(request_id: str, refusal: Refused, sequence: int, at: int) -> AgentEvent:
    """A command changed nothing."""
    return AgentEvent(sequence=sequence, at_ms=at, refused=CommandRefused(request_id=request_id, refusal=refusal.to_wire()))


def replaced(agent_id: str, sequence: int, at: int) -> AgentEvent:
    """A newer session took over."""
    return AgentEvent(sequence=sequence, at_ms=at, session_replaced=SessionReplaced(agent_id=agent_id))
