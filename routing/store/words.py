"""What happened to an interaction, in plain words."""

from collections.abc import Iterable
from typing import Final, TypeAlias, TypeGuard, assert_never

from routing.core import events
from routing.core.events import Event
from routing.model.decision import Candidate, Compared, Decision
from routing.model.diversion import Diversion, DiversionKind
from routing.model.estimate import Estimate
from routing.model.ids import AgentId, InteractionId
from routing.model.interaction import Interaction
from routing.model.leg import TransferKind
from routing.model.queue import ExclusionScope
from routing.model.time import Duration, Instant
from routing.policy.moments import seconds
from routing.store.route_words import route_in_words, spaced, step_in_words

CallbackEvent: TypeAlias = (
    events.CallbackRequested
    | events.CallbackDue
    | events.CallbackRaised
    | events.CallbackLaunched
    | events.CallbackReached
    | events.CallbackAttemptEnded
    | events.PromiseKept
    | events.PromiseBroken
)

InteractionEvent: TypeAlias = (
    events.InteractionQueued
    | events.InteractionUpdated
    | events.RouteChanged
    | events.RequirementRelaxed
    | events.MatchDeferred
    | events.MatchDue
    | events.OfferMade
    | events.OfferExtended
    | events.OfferAccepted
    | events.OfferDeclined
    | events.OfferExpired
    | events.OfferWithdrawn
    | events.ExclusionEnded
    | events.ReservationLimited
    | events.ReservationEnded
    | events.HandlingHeld
    | events.HandlingResumed
    | events.HandlingInterrupted
    | events.InterruptionEnded
    | events.HandlingReturned
    | events.HandlingEnded
    | events.InteractionTransferred
    | events.ConsultStarted
    | events.ConsultEnded
    | events.ConferenceStarted
    | events.ConferenceEnded
    | events.InteractionDiverted
    | events.InteractionEnded
    | CallbackEvent
)


_MAKERS: Final = {"exact": "direct comparison"}


def interaction_of(event: Event) -> InteractionId | None:
    """The interaction an event is about, or `None` for one about agents, sessions, requests, windows or the site."""
    match event:
        case events.InteractionQueued() | events.InteractionUpdated() | events.CallbackRequested():
            return event.interaction.id
        case (
            events.RequestRecorded()
            | events.SiteApplied()
            | events.AgentPut()
            | events.AgentRemoved()
            | events.PresenceChanged()
            | events.SessionOpened()
            | events.SessionLost()
            | events.SessionExpired()
            | events.HandlingGraceEnded()
            | events.AgentPaused()
            | events.AgentUnpaused()
            | events.AssignmentCounted()
            | events.AssignmentLimitEnded()
            | events.CommitmentsPut()
            | events.CommitmentEnded()
            | events.ExternalWorkStarted()
            | events.ExternalWorkEnded()
            | events.WindowClosed()
            | events.CustomerRemembered()
            | events.QueueOpened()
            | events.QueueClosed()
        ):
            return None
        case _:
            return event.interaction_id


def is_about(event: Event, interaction_id: InteractionId) -> TypeGuard[InteractionEvent]:
    """Whether an event belongs to the interaction's story."""
    return interaction_of(event) == interaction_id


def in_words(event: InteractionEvent, at: Instant) -> str:
    """One clause that says what happened at `at`, for people; durations are counted from `at`."""
    match event:
        case events.InteractionQueued(interaction=interaction, route=route):
            told = _told_in_words(event.estimate, event.opens_at, at)
            kind = f" as {interaction.type}" if interaction.type else ""
            arrived = f"{_arrival_in_words(interaction)} on {interaction.channel}{kind}: {route_in_words(route, at)}"
            return arrived + _remembered_in_words(event) + told
        case events.InteractionUpdated(interaction=interaction):
            return f"was updated: attributes {_pairs(interaction.attributes.items())}"
        case events.RouteChanged():
            old, new = route_in_words(event.old, at), route_in_words(event.new, at)
            return f"was classified again ({spaced(event.cause)}): {new}; before, {old}"
        case events.RequirementRelaxed():
            ladder = f"its ladder in queue {event.queue_id}" if event.queue_id else "its ladder"
            return f"took a step of {ladder}{step_in_words(event, at)}: {route_in_words(event.route, at)}"
        case events.MatchDeferred():
            return f"is held for {seconds(event.until - at)}: no pair is worth its cost before"
        case events.MatchDue():
            return "is to be matched again: it was held long enough"
        case events.OfferMade():
            through = f" through queue {event.queue_id}" if event.queue_id else ""
            return f"offered to {event.agent_id}{through} as offer {event.offer_id}, to be answered within {seconds(event.expires_at - at)}"
        case events.OfferExtended():
            return f"offer {event.offer_id} is being accepted: it was extended to {seconds(event.expires_at - at)} from now"
        case events.OfferAccepted():
            return f"accepted by {event.agent_id}"
        case events.OfferDeclined():
            return f"{event.agent_id} did not take it ({event.reason}){_apart(event.excluded_until - at, event.scope)}"
        case events.OfferExpired():
            return f"{event.agent_id} did not answer{_apart(event.excluded_until - at, event.scope)}"
        case _:
            return _later_in_words(event, at)


def _later_in_words(
    event: events.OfferWithdrawn
    | events.ExclusionEnded
    | events.ReservationLimited
    | events.ReservationEnded
    | events.HandlingHeld
    | events.HandlingResumed
    | events.HandlingInterrupted
    | events.InterruptionEnded
    | events.HandlingReturned
    | events.HandlingEnded
    | events.InteractionTransferred
    | events.ConsultStarted
    | events.ConsultEnded
    | events.ConferenceStarted
    | events.ConferenceEnded
    | events.InteractionDiverted
    | events.InteractionEnded
    | CallbackEvent,
    at: Instant,
) -> str:
    match event:
        case events.OfferWithdrawn():
            reason, apart_ms = _reason(event.cause, event.reason), (event.excluded_until or at) - at
            return f"offer {event.offer_id} to {event.agent_id} was withdrawn ({reason}){_apart(apart_ms)}"
        case events.ExclusionEnded():
            return f"{event.agent_id} may be offered it again" + _ended_early(event.cause)
        case events.ReservationLimited(away_at=None):
            return "is kept for its agents as before: one of them is back"
        case events.ReservationLimited(away_at=away_at):
            return f"none of the agents it is kept for is on the floor: everybody may have it in {seconds((away_at or at) - at)}"
        case events.ReservationEnded():
            return f"everybody may have it ({_WHY_NOT_KEPT[event.cause]})"
        case events.HandlingHeld():
            return f"put on hold by {event.agent_id}"
        case events.HandlingResumed():
            return f"taken off hold by {event.agent_id}"
        case events.HandlingInterrupted():
            return f"set aside by {event.agent_id}, who takes {event.by} first"
        case events.InterruptionEnded():
            return f"taken up again by {event.agent_id}"
        case events.HandlingReturned():
            reason = _reason(event.cause, event.reason)
            return f"came back from {event.agent_id} ({reason}) and waits on with its age{_apart(event.excluded_until - at)}"
        case events.HandlingEnded():
            wrap_up_ms = event.wrap_up_until - at
            return f"handling by {event.agent_id} ended" + (f"; wrap-up for {seconds(wrap_up_ms)} at most" if wrap_up_ms else "")
        case events.InteractionTransferred():
            return f"handed on by {event.agent_id} ({spaced(event.kind)}): the customer goes on as {event.leg_id}"
        case events.ConsultStarted():
            return f"on hold while {event.agent_id} asks for advice as {event.leg_id}"
        case events.ConsultEnded():
            return f"back with {event.agent_id}: the consultation {event.leg_id} is over ({spaced(event.cause)})"
        case events.ConferenceStarted():
            return f"in a conference of {event.agent_id} and {event.partner_id}, who is on as {event.leg_id}"
        case events.ConferenceEnded():
            return f"{event.partner_id} left the conference; {event.agent_id} has the customer alone"
        case events.InteractionDiverted():
            told = _told_in_words(event.estimate, event.opens_at, at)
            return f"queue {event.queue_id} did not {_taken(event)}: {_diversion_in_words(event.diversion)}{told}"
        case events.InteractionEnded():
            return f"ended: {_reason(event.cause, event.reason)}"
        case _:
            return _callback_in_words(event, at)


def _callback_in_words(event: CallbackEvent, at: Instant) -> str:
    match event:
        case events.CallbackRequested():
            later = "" if event.not_before is None else f", not before {seconds(event.not_before - at)} from now"
            promise = "" if event.promised_at is None else f", promised within {seconds(event.promised_at - at)}"
            return f"need not stay on the line: to be called back on {event.interaction.channel} ({spaced(event.kind)}){later}{promise}"
        case events.CallbackDue():
            return "may be called back from now on"
        case events.CallbackRaised():
            return f"rises to class {event.class_rank}: the promised call is near"
        case events.CallbackLaunched():
            within = "" if event.expires_at is None else f", to be answered within {seconds(event.expires_at - at)}"
            return f"attempt {event.attempt} to call back began, for {event.agent_id}{within}"
        case events.CallbackReached():
            return f"the customer was reached, {'and waits' if event.agent_id is None else f'for {event.agent_id}'}"
        case events.CallbackAttemptEnded():
            again = "the last one" if event.retry_at is None else f"the next in {seconds(event.retry_at - at)} at the earliest"
            return f"attempt {event.attempt} to call back ended ({spaced(event.outcome)}): {again}"
        case events.PromiseKept():
            return "the promise to call was kept"
        case events.PromiseBroken():
            return "the promise to call was broken"
        case _:
            assert_never(event)


def _arrival_in_words(interaction: Interaction) -> str:
    leg = interaction.leg
    if leg is None:
        return "arrived"
    how = "as a consultation of" if leg.kind is TransferKind.CONSULT else "transferred by"
    age = f" with {seconds(interaction.routing_credit_ms)} of age" if interaction.routing_credit_ms else ""
    return f"came out of {leg.parent_id} {how} {leg.agents[-1]}{age}"


def decision_in_words(decision: Decision) -> list[str]:
    """Why this pair: who decided, who was left out, and the best few with what each was worth; seconds are seconds of waiting."""
    among = "interactions waiting" if decision.compared is Compared.INTERACTIONS else "agents"
    out = ", ".join(f"{count} by {name}" for name, count in decision.excluded if count) or "none"
    chosen, *losers = decision.best
    maker = _MAKERS.get(decision.made_by, spaced(decision.made_by))
    lines = [
        f"decided by {maker} among {decision.eligible} eligible {among}; left out: {out}",
        f"its waiting was worth {seconds(decision.urgency)}; what told them apart: {spaced(decision.tie_break)}",
        f"chosen {chosen.id}: class {chosen.class_rank}{_cost_in_words(chosen)}",
    ]
    return [*lines, *(f"next   {loser.id}: {_behind(loser, chosen)}{_cost_in_words(loser)}" for loser in losers)]


def passed_over_in_words(agent_id: AgentId, chosen: Candidate, own: Candidate) -> str:
    """One clause that says who had room, what was offered to them instead, and what would have turned that."""
    before = f"{agent_id} had room and was offered {chosen.id} instead"
    if own.class_rank != chosen.class_rank:
        return f"{before}, which is of class {chosen.class_rank}; this one is of class {own.class_rank}"
    gap_ms = chosen.net - own.net
    if not gap_ms:
        return f"{before}, which is worth as much and came first"
    return f"{before}; this one was {seconds(gap_ms)} of waiting short"


def _cost_in_words(candidate: Candidate) -> str:
    cost = ", ".join(f"{spaced(name)} {seconds(value)}" for name, value in candidate.terms)
    return f", worth {seconds(candidate.net)} after its cost ({cost or 'none'})"


def _behind(loser: Candidate, chosen: Candidate) -> str:
    """How far a loser was behind; ahead where a joint optimum gave up this pair for a better whole."""
    if loser.class_rank != chosen.class_rank:
        return f"class {loser.class_rank}"
    gap_ms = chosen.net - loser.net
    if not gap_ms:
        return f"class {loser.class_rank}, equal"
    return f"class {loser.class_rank}, {seconds(abs(gap_ms))} {'behind' if gap_ms > 0 else 'ahead'}"


def _remembered_in_words(event: events.InteractionQueued) -> str:
    served = f"; {event.last_agent_id} served this customer last" if event.last_agent_id is not None else ""
    kept = f"; keeps {seconds(event.kept_place_ms)} of an earlier wait" if event.kept_place_ms else ""
    return served + kept


_WHY_NOT_KEPT = {
    events.ReservationEndCause.DUE: "it was kept for certain agents long enough",
    events.ReservationEndCause.AWAY: "none of the agents it was kept for is on the floor",
    events.ReservationEndCause.DECLINED: "none of the agents it was kept for is left to ask",
}


def _ended_early(cause: events.ExclusionEndCause) -> str:
    match cause:
        case events.ExclusionEndCause.DUE:
            return ""
        case events.ExclusionEndCause.PRESENCE_CHANGED:
            return ": they have been away"
        case events.ExclusionEndCause.EVERYONE_DECLINED:
            return ": nobody else is left to ask"
    assert_never(cause)


def _taken(event: events.InteractionDiverted) -> str:
    return f"{'take it' if event.due_at is None else 'keep it'} ({spaced(event.cause)})"


def _diversion_in_words(diversion: Diversion) -> str:
    match diversion.kind:
        case DiversionKind.QUEUE:
            return f"it goes on in queue {diversion.target}"
        case DiversionKind.REFUSE:
            return "it is refused"
        case DiversionKind.VOICEMAIL | DiversionKind.SELF_SERVICE:
            return f"it goes to {spaced(diversion.kind)}" + (f" {diversion.target}" if diversion.target else "")
    assert_never(diversion.kind)


def _told_in_words(estimate: Estimate | None, opens_at: Instant | None, at: Instant) -> str:
    if opens_at is not None:
        return f"; it waits {seconds(opens_at - at)} for the queue to open"
    if estimate is None:
        return ""
    wait = "an unknown wait" if estimate.wait_ms is None else f"{seconds(estimate.wait_ms)} to wait"
    return f"; told place {estimate.place} and {wait} ({estimate.method})"


def _apart(duration_ms: Duration, scope: ExclusionScope = ExclusionScope.COOLDOWN) -> str:
    match scope:
        case ExclusionScope.PRESENCE:
            return "; not offered to them again before they have been away"
        case ExclusionScope.FOR_EVER:
            return "; not offered to them again"
        case ExclusionScope.COOLDOWN:
            pass
    return f"; not offered to them again for {seconds(duration_ms)}" if duration_ms > 0 else ""


def _reason(cause: str, reason: str) -> str:
    return f"{spaced(cause)}, {spaced(reason)}" if reason else spaced(cause)


def _pairs(items: Iterable[tuple[str, object]]) -> str:
    return ", ".join(f"{name} {value}" for name, value in items) or "none"
