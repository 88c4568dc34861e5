"""The table of commands: dedupe, then the room that knows the answer."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import assert_never

from routing.core import commands
from routing.core.canonical import content_hash
from routing.core.classifier import Classifier
from routing.core.commands import Mutation
from routing.core.decide import admission, agents, callbacks, duty, handling, interactions, offers, sites, transfers
from routing.core.errors import CommandRefused, RefusalReason
from routing.core.events import Event, RequestRecorded
from routing.core.kept import Remembered
from routing.core.state import State
from routing.core.validate import check_id
from routing.model.ids import RequestId
from routing.model.time import Instant


def decide(state: State, command: Mutation, now: Instant, classify: Classifier) -> list[Event]:
    """The events that `command` causes at `now`; none when nothing changes or when its request was answered before.

    Raises:
        CommandRefused: the command does not fit the state; nothing has changed.
    """
    request_id = command.request_id
    if request_id is None:
        return list(_decide(state, command, now, classify))
    check_id("request_id", request_id)
    payload_hash = content_hash([type(command).__name__, replace(command, request_id=None)])
    remembered = recall(state, request_id)
    if remembered is not None:
        if remembered.payload_hash == payload_hash:
            return []
        text = f"request id {request_id!r} was used before with another content; use a new id for a new request"
        raise CommandRefused(RefusalReason.REQUEST_ID_REUSED, text, "request_id")
    decided = list(_decide(state, command, now, classify))
    retention_ms = state.site.retention_ms if state.site is not None else 0
    subject = _subject(state, command)
    recorded = RequestRecorded(
        request_id=request_id,
        payload_hash=payload_hash,
        subject=subject,
        forget_before=now - retention_ms,
        reception=admission.reception_of(decided) if isinstance(command, commands.EnqueueInteraction) else None,
    )
    return [recorded, *decided]


def recall(state: State, request_id: RequestId) -> Remembered | None:
    """What was answered to a request, as long as it is remembered."""
    return state.requests.get(request_id)


def _decide(state: State, command: Mutation, now: Instant, classify: Classifier) -> Iterable[Event]:
    match command:
        case commands.EnqueueInteraction():
            return interactions.enqueue(state, command, now, classify)
        case commands.AcceptOffer():
            return offers.accept(state, command, now)
        case commands.EndHandling():
            return handling.end_handling(state, command, now)
        case commands.EndWrapUp():
            return handling.end_wrap_up(state, command, now)
        case commands.AbandonInteraction():
            return interactions.abandon(state, command, now)
        case commands.CancelInteraction():
            return interactions.cancel(state, command, now)
        case commands.UpdateInteraction():
            return interactions.update(state, command, now, classify)
        case commands.DeclineOffer():
            return offers.decline(state, command, now)
        case commands.ExtendOffer():
            return offers.extend(state, command)
        case commands.WithdrawOffer():
            return offers.withdraw(state, command, now)
        case commands.FailConnect():
            return handling.fail_connect(state, command, now)
        case commands.HoldHandling():
            return handling.hold(state, command)
        case commands.ResumeHandling():
            return handling.resume(state, command)
        case commands.TransferInteraction():
            return transfers.transfer(state, command, now, classify)
        case commands.StartConsult():
            return transfers.start_consult(state, command, now, classify)
        case commands.CompleteConsult():
            return transfers.complete_consult(state, command, now)
        case commands.CancelConsult():
            return transfers.cancel_consult(state, command, now)
        case commands.StartConference():
            return transfers.start_conference(state, command)
        case commands.RequestCallback():
            return callbacks.request(state, command, now, classify)
        case commands.ScheduleCallback():
            return callbacks.schedule(state, command, now, classify)
        case commands.CancelCallback():
            return callbacks.cancel(state, command, now)
        case commands.ReportCallbackAttempt():
            return callbacks.report(state, command, now)
        case commands.SetPresence():
            return agents.set_presence(state, command, now)
        case commands.OpenSession():
            return agents.open_session(state, command)
        case commands.LoseSession():
            return agents.lose_session(state, command, now)
        case commands.PutAgents():
            return agents.put_agents(state, command)
        case commands.RemoveAgents():
            return agents.remove_agents(state, command, now)
        case commands.ApplySite():
            return sites.apply_site(state, command, now, classify)
        case _:
            return _decide_duty(state, command, now)


def _decide_duty(
    state: State,
    command: commands.ReleaseHandling
    | commands.PauseAgent
    | commands.UnpauseAgent
    | commands.PutCommitments
    | commands.StartExternalWork
    | commands.EndExternalWork,
    now: Instant,
) -> Iterator[Event]:
    match command:
        case commands.ReleaseHandling():
            return handling.release(state, command, now)
        case commands.PauseAgent():
            return duty.pause_agent(state, command)
        case commands.UnpauseAgent():
            return duty.unpause_agent(state, command)
        case commands.PutCommitments():
            return duty.put_commitments(state, command, now)
        case commands.StartExternalWork():
            return duty.start_external_work(state, command)
        case commands.EndExternalWork():
            return duty.end_external_work(state, command)
    assert_never(command)


def _subject(state: State, command: Mutation) -> str:
    match command:
        case commands.EnqueueInteraction() | commands.ScheduleCallback():
            return command.interaction.id or interactions.next_issued_id(state)
        case commands.TransferInteraction() | commands.StartConsult():
            return command.leg.id or interactions.next_issued_id(state)
        case commands.AcceptOffer() | commands.DeclineOffer() | commands.ExtendOffer() | commands.WithdrawOffer():
            return state.offers[command.offer_id].interaction_id
        case (
            commands.SetPresence()
            | commands.OpenSession()
            | commands.LoseSession()
            | commands.PauseAgent()
            | commands.UnpauseAgent()
            | commands.PutCommitments()
            | commands.StartExternalWork()
            | commands.EndExternalWork()
        ):
            return command.agent_id
        case commands.ReleaseHandling():
            return command.interaction_id or command.agent_id
        case commands.PutAgents() | commands.RemoveAgents() | commands.ApplySite():
            return ""
        case _:
            return command.interaction_id
