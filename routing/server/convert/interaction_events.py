"""Recorded events as platforms see them: what happened to an interaction, without what concerns only agents or the site."""

from routing.core import events
from routing.core.events import Event, Recorded
from routing.server.convert.callbacks import callback_progress
from routing.server.convert.checks import EnumTable
from routing.server.convert.doors import CAUSES, diversion_to_wire
from routing.server.convert.leg_nouns import CONSULT_END_CAUSES, TRANSFER_KINDS, leg_to_wire
from routing.server.convert.nouns import END_CAUSES, RETURN_CAUSES, STEP_CAUSES, WITHDRAW_CAUSES
from routing.v1 import interactions_pb2, types_pb2
from routing.v1.interactions_pb2 import (
    InteractionConferenceEnded,
    InteractionConferenceStarted,
    InteractionConsultEnded,
    InteractionConsultStarted,
    InteractionDiverted,
    InteractionEnded,
    InteractionEvent,
    InteractionHandlingEnded,
    InteractionHeld,
    InteractionOffered,
    InteractionOfferEnded,
    InteractionQueued,
    InteractionReleased,
    InteractionRerouted,
    InteractionResumed,
    InteractionReturned,
    InteractionSetAside,
    InteractionTransferred,
    InteractionUpdated,
)

RESERVATION_END_CAUSES = EnumTable(interactions_pb2.ReservationEndCause, "RESERVATION_END_CAUSE", events.ReservationEndCause)

_OfferOver = events.OfferAccepted | events.OfferDeclined | events.OfferExpired | events.OfferWithdrawn

OUTCOMES: dict[type[_OfferOver], types_pb2.OfferOutcome] = {
    events.OfferAccepted: types_pb2.OFFER_OUTCOME_ACCEPTED,
    events.OfferDeclined: types_pb2.OFFER_OUTCOME_DECLINED,
    events.OfferExpired: types_pb2.OFFER_OUTCOME_EXPIRED,
    events.OfferWithdrawn: types_pb2.OFFER_OUTCOME_WITHDRAWN,
}


def interaction_id_of(event: Event) -> str:
    """The interaction an event is about; empty where it is about none."""
    match event:
        case events.InteractionQueued() | events.InteractionUpdated() | events.CallbackRequested():
            return event.interaction.id
        case _:
            return getattr(event, "interaction_id", "")


def interaction_event(recorded: Recorded) -> InteractionEvent | None:
    """The event for a platform, or `None` where it is of no concern to one."""
    message = _told(recorded.event)
    if message is None:
        callback = callback_progress(recorded)
        if callback is None:
            return None
        message = InteractionEvent(callback=callback)
    message.sequence = recorded.seq
    message.at_ms = recorded.at
    message.interaction_id = interaction_id_of(recorded.event)
    return message


def _told(event: Event) -> InteractionEvent | None:
    match event:
        case events.InteractionQueued():
            return InteractionEvent(
                queued=InteractionQueued(
                    channel=event.interaction.channel,
                    type=event.interaction.type,
                    correlation_id=event.interaction.correlation_id,
                    queue_id=event.route.queue_id,
                    rule=event.route.rule,
                    leg=leg_to_wire(event.interaction.leg),
                    reserved_agent_ids=() if event.route.reserved is None else event.route.reserved.agents,
                    last_agent_id=event.last_agent_id or "",
                    kept_place_ms=event.kept_place_ms,
                )
            )
        case events.InteractionUpdated():
            return InteractionEvent(updated=InteractionUpdated(correlation_id=event.interaction.correlation_id))
        case events.RouteChanged():
            return InteractionEvent(rerouted=InteractionRerouted(queue_id=event.new.queue_id, rule=event.new.rule))
        case events.RequirementRelaxed():
            relaxed = InteractionRerouted(
                queue_id=event.route.queue_id, rule=event.route.rule, is_relaxation=True, step_cause=STEP_CAUSES.number(event.cause)
            )
            return InteractionEvent(rerouted=relaxed)
        case events.OfferMade():
            return InteractionEvent(
                offered=InteractionOffered(
                    offer_id=event.offer_id, agent_id=event.agent_id, expires_at_ms=event.expires_at, queue_id=event.queue_id
                )
            )
        case events.OfferAccepted() | events.OfferDeclined() | events.OfferExpired() | events.OfferWithdrawn():
            return InteractionEvent(offer_ended=_offer_ended(event))
        case events.ReservationEnded():
            return InteractionEvent(released=InteractionReleased(cause=RESERVATION_END_CAUSES.number(event.cause)))
        case events.HandlingHeld():
            return InteractionEvent(held=InteractionHeld(agent_id=event.agent_id))
        case events.HandlingResumed():
            return InteractionEvent(resumed=InteractionResumed(agent_id=event.agent_id))
        case events.HandlingInterrupted():
            return InteractionEvent(set_aside=InteractionSetAside(agent_id=event.agent_id, by_interaction_id=event.by))
        case events.InterruptionEnded():
            return InteractionEvent(set_aside=InteractionSetAside(agent_id=event.agent_id))
        case events.HandlingReturned():
            returned = InteractionReturned(agent_id=event.agent_id, cause=RETURN_CAUSES.number(event.cause), reason=event.reason)
            return InteractionEvent(returned=returned)
        case events.HandlingEnded():
            ended = InteractionHandlingEnded(agent_id=event.agent_id, wrap_up_until_ms=event.wrap_up_until)
            return InteractionEvent(handling_ended=ended)
        case events.InteractionDiverted():
            diverted = InteractionDiverted(
                queue_id=event.queue_id, cause=CAUSES.number(event.cause), diversion=diversion_to_wire(event.diversion)
            )
            return InteractionEvent(diverted=diverted)
        case events.InteractionEnded():
            over = InteractionEnded(cause=END_CAUSES.number(event.cause), agent_id=event.agent_id or "", reason=event.reason)
            return InteractionEvent(ended=over)
        case _:
            return _told_of_ties(event)


def _told_of_ties(event: Event) -> InteractionEvent | None:
    match event:
        case events.InteractionTransferred():
            moved = InteractionTransferred(agent_id=event.agent_id, leg_id=event.leg_id, kind=TRANSFER_KINDS.number(event.kind))
            return InteractionEvent(transferred=moved)
        case events.ConsultStarted():
            return InteractionEvent(consult_started=InteractionConsultStarted(agent_id=event.agent_id, leg_id=event.leg_id))
        case events.ConsultEnded():
            cause = CONSULT_END_CAUSES.number(event.cause)
            return InteractionEvent(consult_ended=InteractionConsultEnded(agent_id=event.agent_id, leg_id=event.leg_id, cause=cause))
        case events.ConferenceStarted():
            on = InteractionConferenceStarted(agent_id=event.agent_id, leg_id=event.leg_id, partner_id=event.partner_id)
            return InteractionEvent(conference_started=on)
        case events.ConferenceEnded():
            off = InteractionConferenceEnded(agent_id=event.agent_id, leg_id=event.leg_id, partner_id=event.partner_id)
            return InteractionEvent(conference_ended=off)
        case _:
            return None


def _offer_ended(event: _OfferOver) -> InteractionOfferEnded:
    message = InteractionOfferEnded(offer_id=event.offer_id, agent_id=event.agent_id, outcome=OUTCOMES[type(event)])
    if isinstance(event, events.OfferWithdrawn):
        message.withdraw_cause = WITHDRAW_CAUSES.number(event.cause)
    return message
