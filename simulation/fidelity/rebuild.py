"""The command behind what a row of a journal records. A journal keeps facts, not requests, so requests are read back from their facts.

The first fact of what one command caused names the command, but for the few that begin with a consequence (an offer taken back before the
interaction ends); there the fact that follows names it. What a fact does not hold is looked up in the state before it. Where the caller
gave the request an id, the journal holds a hash of the request: of several requests that could have caused the same facts the one with this
hash is taken, and is then known to be the very one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import NamedTuple

from routing.core import commands, events
from routing.core.canonical import content_hash
from routing.core.commands import Command, Mutation, ReleaseOutcome, Tick
from routing.core.events import (
    ConsultEndCause,
    Event,
    ExclusionEndCause,
    Recorded,
    RequestRecorded,
    ReturnCause,
    WithdrawCause,
)
from routing.core.state import State
from routing.model.callback import CallbackOutcome
from routing.model.ids import InteractionId
from routing.model.interaction import EndCause
from routing.model.leg import TransferKind
from routing.model.time import Instant
from simulation.fidelity.details import called_back, declined, legs, new_interactions, scheduled, updates
from simulation.fidelity.without_effect import without_effect

WRAP_UP_LIMIT = "wrap_up_limit"
"""The reason that the router's own deadline gives for the end of after-contact work."""


class Rebuilt(NamedTuple):
    """A command, `None` for a request that left nothing but its id; `is_proven` says whether the journal's hash is its hash.

    It is `None` where the caller gave no id, so that there is no hash.
    """

    command: Command | None
    is_proven: bool | None


def rebuilt(rest: Sequence[Recorded], state: State) -> Rebuilt:
    """The command that the next facts of a row came from; `rest` is what is left of the row, `state` that before it, nothing being due.

    Time passing (`Tick`) is what is behind facts that no command of the outside begins with.
    """
    try:
        return _rebuilt(rest, state)
    except KeyError:
        # A fact about somebody or something that the router does not know: nothing that came from outside explains it.
        return Rebuilt(Tick(), None)


def _rebuilt(rest: Sequence[Recorded], state: State) -> Rebuilt:
    first = rest[0]
    if not isinstance(first.event, RequestRecorded):
        found = next(_candidates([recorded.event for recorded in rest], state, first.at), None)
        return Rebuilt(Tick() if found is None else found, None)
    told = [recorded.event for recorded in takewhile(lambda recorded: recorded.request_id == first.request_id, rest[1:])]
    likely: Mutation | None = None
    for candidate in _candidates(told, state, first.at) if told else ():
        likely = likely or candidate
        if content_hash([type(candidate).__name__, candidate]) == first.event.payload_hash:
            return Rebuilt(replace(candidate, request_id=first.request_id), True)
    if likely is not None:
        return Rebuilt(replace(likely, request_id=first.request_id), False)
    for candidate in without_effect(first.event.subject, state):
        if content_hash([type(candidate).__name__, candidate]) == first.event.payload_hash:
            return Rebuilt(replace(candidate, request_id=first.request_id), True)
    return Rebuilt(None, False)


def _candidates(told: Sequence[Event], state: State, at: Instant) -> Iterator[Mutation]:
    """The commands that could have caused these facts, the likeliest first; none where only time passed."""
    match told[0]:
        case events.InteractionQueued() as queued if queued.interaction.leg is not None:
            yield from legs(queued.interaction, queued.interaction.leg, state, at)
        case events.InteractionQueued() as queued:
            wished = scheduled(told)
            yield from new_interactions(queued) if wished is None else called_back(wished, state, at, queued=queued)
        case events.InteractionUpdated() as updated:
            yield from updates(updated, state)
        case events.CallbackRequested() as requested:
            yield from called_back(requested, state, at)
        case events.CallbackReached() as reached:
            yield commands.ReportCallbackAttempt(interaction_id=reached.interaction_id, outcome=CallbackOutcome.ANSWERED)
        case events.CallbackAttemptEnded() as ended if ended.outcome is not CallbackOutcome.TIMED_OUT:
            yield commands.ReportCallbackAttempt(interaction_id=ended.interaction_id, outcome=ended.outcome)
        case events.OfferWithdrawn() as withdrawn:
            yield from _behind_a_withdrawal(withdrawn, told, state, at)
        case events.HandlingInterrupted() | events.OfferAccepted():
            taken = (event for event in told if isinstance(event, events.OfferAccepted))
            yield from (commands.AcceptOffer(offer_id=event.offer_id) for event in taken)
        case events.OfferDeclined() as no:
            yield from declined(no, state, at)
        case events.OfferExtended() as extended:
            yield commands.ExtendOffer(offer_id=extended.offer_id)
        case _:
            yield from _of_handling(told, state)


def _behind_a_withdrawal(first: events.OfferWithdrawn, told: Sequence[Event], state: State, at: Instant) -> Iterator[Mutation]:
    if first.cause is WithdrawCause.REQUESTED:
        yield commands.WithdrawOffer(offer_id=first.offer_id, reason=first.reason)
        return
    if first.cause in {WithdrawCause.ROUTE_CHANGED, WithdrawCause.SESSION_EXPIRED}:
        return  # the end of a stay, or of a session
    behind = [
        event
        for event in told
        if isinstance(event, events.OfferAccepted | events.CallbackRequested | events.CallbackAttemptEnded | events.InteractionEnded)
    ]
    if behind:
        yield from _candidates(behind, state, at)


def _of_handling(told: Sequence[Event], state: State) -> Iterator[Mutation]:
    match told[0]:
        case events.HandlingHeld() as held:
            yield commands.HoldHandling(interaction_id=held.interaction_id)
        case events.HandlingResumed() as resumed:
            yield commands.ResumeHandling(interaction_id=resumed.interaction_id)
        case events.HandlingReturned(cause=ReturnCause.CONNECT_FAILED) as returned:
            yield commands.FailConnect(interaction_id=returned.interaction_id, reason=returned.reason)
        case events.HandlingReturned(cause=ReturnCause.RELEASED) as returned:
            yield from _releases(told, returned.interaction_id, returned.reason, state)
        case events.HandlingEnded() as over:
            reason = _reason_at_once(told, over.interaction_id)
            if reason:
                yield from _releases(told, over.interaction_id, reason, state)
            else:
                yield commands.EndHandling(interaction_id=over.interaction_id)
        case events.InteractionEnded() as ended:
            yield from _ends(ended, told, state)
        case events.InteractionTransferred() as onward:
            yield from _leaving_to_leg(onward, told, state)
        case events.ConferenceStarted() as together:
            yield commands.StartConference(interaction_id=together.interaction_id)
        case events.ConferenceEnded() | events.ConsultEnded():
            yield from _behind_a_parting(told, state)
        case _:
            yield from _of_agents(told, state)


def _reason_at_once(told: Sequence[Event], interaction_id: InteractionId) -> str:
    """Why an interaction ended in the same step as its handling; empty where it did not, or ended as it should."""
    ends = (event for event in told if isinstance(event, events.InteractionEnded) and event.interaction_id == interaction_id)
    return next((event.reason for event in ends), "")


def _ends(ended: events.InteractionEnded, told: Sequence[Event], state: State) -> Iterator[Mutation]:
    interaction_id = ended.interaction_id
    callback = state.interactions[interaction_id].callback
    match ended.cause:
        case EndCause.ABANDONED:
            yield commands.AbandonInteraction(interaction_id=interaction_id)
        case EndCause.CANCELLED:
            cancel = commands.CancelInteraction(interaction_id=interaction_id, reason=ended.reason)
            cancel_call = commands.CancelCallback(interaction_id=interaction_id, reason=ended.reason)
            yield from (cancel_call, cancel) if callback is not None and callback.is_pending else (cancel,)
        case EndCause.HANDLED | EndCause.TRANSFERRED if not ended.reason:
            yield commands.EndWrapUp(interaction_id=interaction_id)
        case EndCause.HANDLED | EndCause.TRANSFERRED if ended.reason != WRAP_UP_LIMIT:
            yield from _releases(told, interaction_id, ended.reason, state)
        case _:
            pass  # the router's own rules ended it


def _releases(told: Sequence[Event], interaction_id: InteractionId, reason: str, state: State) -> Iterator[Mutation]:
    """A supervisor took work away: one interaction, or all of an agent's where more than one came back or ended."""
    agent_id = state.interactions[interaction_id].agent_id or ""
    returned = {event.interaction_id for event in told if isinstance(event, events.HandlingReturned)}
    ended = {event.interaction_id for event in told if isinstance(event, events.InteractionEnded) and _is_cut_short(event)}
    # A call-back that was not reached comes back even where the rest is to end, after-contact work ends even where it is to come back.
    outcomes = (ReleaseOutcome.RETURN, ReleaseOutcome.END)
    if not returned or _was_cut_short(told):
        outcomes = (ReleaseOutcome.END, ReleaseOutcome.RETURN)
    reasons = ("", reason) if reason == ReturnCause.RELEASED else (reason,)
    of_one = [{"interaction_id": interaction_id, "agent_id": ""}, {"interaction_id": "", "agent_id": agent_id}]
    for whose in of_one if len(returned | ended) == 1 else reversed(of_one):
        for outcome in outcomes:
            for said in reasons:
                yield commands.ReleaseHandling(**whose, outcome=outcome, reason=said)


def _is_cut_short(ended: events.InteractionEnded) -> bool:
    """Whether an interaction ended as handled for a reason; a leg that nobody waits for any more is cancelled."""
    return bool(ended.reason) and ended.cause in {EndCause.HANDLED, EndCause.TRANSFERRED}


def _was_cut_short(told: Sequence[Event]) -> bool:
    """Whether work in an agent's hands was ended for its customer, too."""
    handled = {event.interaction_id for event in told if isinstance(event, events.HandlingEnded)}
    ends = (event for event in told if isinstance(event, events.InteractionEnded) and event.cause is EndCause.HANDLED and event.reason)
    return any(event.interaction_id in handled for event in ends)


def _leaving_to_leg(onward: events.InteractionTransferred, told: Sequence[Event], state: State) -> Iterator[Mutation]:
    """The customer goes on with the leg, because its agent left or was lost."""
    interaction_id, reason = onward.interaction_id, _reason_at_once(told, onward.interaction_id)
    if onward.kind is TransferKind.CONSULT:
        yield commands.CompleteConsult(interaction_id=interaction_id)
    elif reason == ReturnCause.CONNECT_FAILED:
        yield commands.FailConnect(interaction_id=interaction_id, reason="")
    elif reason == ReturnCause.SESSION_EXPIRED:
        return
    elif reason:
        yield from _releases(told, interaction_id, reason, state)
    else:
        yield commands.EndHandling(interaction_id=interaction_id)
        yield commands.CompleteConsult(interaction_id=interaction_id)


def _behind_a_parting(told: Sequence[Event], state: State) -> Iterator[Mutation]:
    """A consultation or conference is over because of what became of one of its sides, which is what follows."""
    side, rest = "", told
    for position, event in enumerate(told):
        if isinstance(event, events.ConsultEnded):
            if event.cause is ConsultEndCause.CANCELLED:
                yield commands.CancelConsult(interaction_id=event.interaction_id)
                return
            side = event.leg_id if event.cause is ConsultEndCause.LEG_OVER else event.interaction_id
            rest = told[position + 1 :]
            break
        if not isinstance(event, events.ConferenceEnded):
            rest = told[position:]
            break
    fate = events.HandlingReturned | events.HandlingEnded | events.InteractionEnded
    found = [event for event in rest if isinstance(event, fate) and (not side or event.interaction_id == side)]
    if found:
        # What else became of it in this step stays in view: it tells a release from an end.
        yield from _of_handling([found[0], *(event for event in rest if event is not found[0])], state)


def _of_agents(told: Sequence[Event], state: State) -> Iterator[Mutation]:
    match told[0]:
        case events.SiteApplied() as applied:
            yield commands.ApplySite(site=applied.site)
        case events.AgentPut():
            yield commands.PutAgents(agents=tuple(event.agent for event in told if isinstance(event, events.AgentPut)))
        case events.AgentRemoved() | events.ReservationLimited() | events.ExclusionEnded(cause=ExclusionEndCause.PRESENCE_CHANGED):
            removed = tuple(event.agent_id for event in told if isinstance(event, events.AgentRemoved))
            if removed:
                yield commands.RemoveAgents(agent_ids=removed)
        case events.PresenceChanged() as changed:
            yield commands.SetPresence(agent_id=changed.agent_id, presence=changed.presence, reason=changed.reason)
        case events.SessionOpened() as opened:
            yield commands.OpenSession(agent_id=opened.agent_id, session_id=opened.session_id)
        case events.SessionLost() as lost:
            yield commands.LoseSession(agent_id=lost.agent_id, session_id=lost.session_id)
        case events.AgentPaused() as paused:
            yield commands.PauseAgent(agent_id=paused.agent_id, queue_id=paused.queue_id, reason=paused.reason)
        case events.AgentUnpaused() as unpaused:
            yield commands.UnpauseAgent(agent_id=unpaused.agent_id, queue_id=unpaused.queue_id)
        case events.CommitmentsPut() as put:
            yield commands.PutCommitments(agent_id=put.agent_id, commitments=put.commitments)
        case events.ExternalWorkStarted() as started:
            yield commands.StartExternalWork(
                agent_id=started.agent_id,
                work_id=started.work_id,
                channel=started.channel,
                is_assignment=started.is_assignment,
                reason=started.reason,
            )
        case events.ExternalWorkEnded() as over:
            yield commands.EndExternalWork(agent_id=over.agent_id, work_id=over.work_id)
        case _:
            pass
