"""Apply one recorded event to the state. Never refuses, never decides: what an event means is fixed here, why it happened is not known.

An event that does not fit the state is a broken log or a broken `decide`; it raises `InvariantBroken`, most often by way of the lifecycle
tables.
"""

from collections.abc import Callable, Mapping
from typing import Any

from routing.core import events
from routing.core.errors import InvariantBroken
from routing.core.events import Event, Recorded
from routing.core.evolve import (
    agents,
    callbacks,
    customers,
    duty,
    follow,
    handling,
    hours,
    interactions,
    offers,
    reservations,
    site,
    transfers,
)
from routing.core.state import State
from routing.model.time import Instant

APPLY: Mapping[type[Event], Callable[[State, Instant, Any], None]] = {
    events.InteractionQueued: interactions.queued,
    events.InteractionUpdated: interactions.updated,
    events.RouteChanged: interactions.rerouted,
    events.RequirementRelaxed: interactions.relaxed,
    events.MatchDeferred: interactions.deferred,
    events.MatchDue: interactions.match_due,
    events.ExclusionEnded: interactions.exclusion_ended,
    events.InteractionDiverted: interactions.diverted,
    events.InteractionEnded: interactions.ended,
    events.QueueOpened: hours.opened,
    events.QueueClosed: hours.closed,
    events.OfferMade: offers.made,
    events.OfferExtended: offers.extended,
    events.OfferAccepted: offers.accepted,
    events.OfferDeclined: offers.declined,
    events.OfferExpired: offers.expired,
    events.OfferWithdrawn: offers.withdrawn,
    events.ReservationLimited: reservations.limited,
    events.ReservationEnded: reservations.ended,
    events.CustomerRemembered: customers.remembered,
    events.HandlingHeld: handling.held,
    events.HandlingResumed: handling.resumed,
    events.HandlingInterrupted: handling.interrupted,
    events.InterruptionEnded: handling.interruption_ended,
    events.HandlingReturned: handling.returned,
    events.HandlingEnded: handling.ended,
    events.InteractionTransferred: transfers.transferred,
    events.ConsultStarted: transfers.consult_started,
    events.ConsultEnded: transfers.consult_ended,
    events.ConferenceStarted: transfers.conference_started,
    events.ConferenceEnded: transfers.conference_ended,
    events.CallbackRequested: callbacks.requested,
    events.CallbackDue: callbacks.due,
    events.CallbackRaised: callbacks.raised,
    events.CallbackLaunched: callbacks.launched,
    events.CallbackReached: callbacks.reached,
    events.CallbackAttemptEnded: callbacks.attempt_ended,
    events.PromiseKept: callbacks.promise_kept,
    events.PromiseBroken: callbacks.promise_broken,
    events.AgentPut: agents.put,
    events.AgentRemoved: agents.removed,
    events.PresenceChanged: agents.presence_changed,
    events.SessionOpened: agents.session_opened,
    events.SessionLost: agents.session_lost,
    events.SessionExpired: agents.session_expired,
    events.HandlingGraceEnded: agents.grace_ended,
    events.AgentPaused: duty.paused,
    events.AgentUnpaused: duty.unpaused,
    events.AssignmentCounted: duty.counted,
    events.AssignmentLimitEnded: duty.limit_ended,
    events.CommitmentsPut: duty.commitments_put,
    events.CommitmentEnded: duty.commitment_ended,
    events.ExternalWorkStarted: duty.external_started,
    events.ExternalWorkEnded: duty.external_ended,
    events.SiteApplied: site.applied,
    events.WindowClosed: site.window_closed,
    events.RequestRecorded: site.request_recorded,
}
"""What each event does to the state: one function an event, and every event has one."""


def evolve(state: State, recorded: Recorded) -> None:
    """Apply `recorded`, which must carry the next sequence number and an instant not before the last.

    Raises:
        InvariantBroken: the event does not follow from the state.
    """
    if recorded.seq != state.seq + 1 or recorded.at < state.at:
        raise InvariantBroken(f"event {recorded.seq} at {recorded.at} cannot follow event {state.seq} at {state.at}")
    try:
        APPLY[type(recorded.event)](state, recorded.at, recorded.event)
        if state.lines is not None or state.cover is not None:
            follow.follow(state, recorded.at, recorded.event)
    except KeyError as missing:
        raise InvariantBroken(f"event {recorded.seq} names {missing}, which the state does not hold: {recorded.event}") from missing
    state.seq = recorded.seq
    state.at = recorded.at
