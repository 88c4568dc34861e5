"""Requests that change something, as commands of the core."""

from collections.abc import Callable
from typing import Any

from google.protobuf.message import Message

from routing.core import commands
from routing.core.commands import DeclineReason, Mutation
from routing.model.ids import RequestId
from routing.server.convert import callbacks, duty
from routing.server.convert.checks import AGENTS_MAX, count, identifier, instant, short
from routing.server.convert.legs import consult_of, transfer_of
from routing.server.convert.nouns import (
    DECLINE_REASONS,
    PRESENCES,
    agent_of,
    attributes_of,
    interaction_of,
    requirements_of,
)
from routing.server.convert.sites import site_of
from routing.server.errors import invalid
from routing.v1 import agents_pb2, callbacks_pb2, handling_pb2, interactions_pb2, operators_pb2, types_pb2


def command_of(message: Message) -> Mutation:
    """The command a request stands for.

    Raises:
        Refused: naming the field at fault.
    """
    convert: Callable[[Any], Mutation] = _CONVERSIONS[type(message)]
    return convert(message)


def _request_id(message: Any) -> RequestId:
    return identifier("request_id", message.request_id)


def _interaction_id(message: Any) -> str:
    return identifier("interaction_id", message.interaction_id)


def _offer_id(message: Any) -> str:
    return identifier("offer_id", message.offer_id)


# ---- interactions ----


def _enqueue(message: interactions_pb2.EnqueueInteractionRequest) -> commands.EnqueueInteraction:
    if not message.HasField("interaction"):
        raise invalid("interaction", "is required")
    return commands.EnqueueInteraction(request_id=_request_id(message), interaction=interaction_of(message.interaction))


def _update(message: interactions_pb2.UpdateInteractionRequest) -> commands.UpdateInteraction:
    requirements = requirements_of("requirements", message.requirements.requirements) if message.HasField("requirements") else None
    return commands.UpdateInteraction(
        request_id=_request_id(message),
        interaction_id=_interaction_id(message),
        attributes=attributes_of("attributes", message.attributes),
        requirements=requirements,
        credit_ms=message.credit_ms,
        expected_version=message.expected_version if message.HasField("expected_version") else None,
        overwrite=message.overwrite,
        priority=message.priority if message.HasField("priority") else None,
    )


def _abandon(message: interactions_pb2.AbandonInteractionRequest) -> commands.AbandonInteraction:
    return commands.AbandonInteraction(request_id=_request_id(message), interaction_id=_interaction_id(message))


def _cancel(message: interactions_pb2.CancelInteractionRequest) -> commands.CancelInteraction:
    return commands.CancelInteraction(
        request_id=_request_id(message), interaction_id=_interaction_id(message), reason=short("reason", message.reason)
    )


def _fail_connect(message: interactions_pb2.FailConnectRequest) -> commands.FailConnect:
    return commands.FailConnect(
        request_id=_request_id(message), interaction_id=_interaction_id(message), reason=short("reason", message.reason)
    )


# ---- agents ----


def _set_presence(message: agents_pb2.SetPresenceRequest) -> commands.SetPresence:
    return commands.SetPresence(
        request_id=_request_id(message),
        agent_id=identifier("agent_id", message.agent_id),
        presence=PRESENCES.member("presence", message.presence),
        reason=short("reason", message.reason),
    )


def _accept(message: agents_pb2.AcceptOfferRequest) -> commands.AcceptOffer:
    return commands.AcceptOffer(request_id=_request_id(message), offer_id=_offer_id(message))


def _decline(message: agents_pb2.DeclineOfferRequest) -> commands.DeclineOffer:
    is_stated = message.reason != types_pb2.DECLINE_REASON_UNSPECIFIED
    return commands.DeclineOffer(
        request_id=_request_id(message),
        offer_id=_offer_id(message),
        reason=DECLINE_REASONS.member("reason", message.reason) if is_stated else DeclineReason.DECLINED,
        retry_at=instant("retry_at_ms", message.retry_at_ms) if message.HasField("retry_at_ms") else None,
    )


def _extend(message: agents_pb2.ExtendOfferRequest) -> commands.ExtendOffer:
    return commands.ExtendOffer(request_id=_request_id(message), offer_id=_offer_id(message))


def _hold(message: agents_pb2.HoldHandlingRequest) -> commands.HoldHandling:
    return commands.HoldHandling(request_id=_request_id(message), interaction_id=_interaction_id(message))


def _resume(message: agents_pb2.ResumeHandlingRequest) -> commands.ResumeHandling:
    return commands.ResumeHandling(request_id=_request_id(message), interaction_id=_interaction_id(message))


def _end_handling(message: agents_pb2.EndHandlingRequest) -> commands.EndHandling:
    return commands.EndHandling(request_id=_request_id(message), interaction_id=_interaction_id(message))


def _end_wrap_up(message: agents_pb2.EndWrapUpRequest) -> commands.EndWrapUp:
    return commands.EndWrapUp(request_id=_request_id(message), interaction_id=_interaction_id(message))


# ---- conversations of several legs ----


def _complete_consult(message: handling_pb2.CompleteConsultRequest) -> commands.CompleteConsult:
    return commands.CompleteConsult(request_id=_request_id(message), interaction_id=_interaction_id(message))


def _cancel_consult(message: handling_pb2.CancelConsultRequest) -> commands.CancelConsult:
    return commands.CancelConsult(request_id=_request_id(message), interaction_id=_interaction_id(message))


def _start_conference(message: handling_pb2.StartConferenceRequest) -> commands.StartConference:
    return commands.StartConference(request_id=_request_id(message), interaction_id=_interaction_id(message))


# ---- operators ----


def _put_agents(message: operators_pb2.PutAgentsRequest) -> commands.PutAgents:
    count("agents", message.agents, at_least=1, at_most=AGENTS_MAX)
    agents = tuple(agent_of(f"agents[{index}]", agent) for index, agent in enumerate(message.agents))
    return commands.PutAgents(request_id=_request_id(message), agents=agents)


def _remove_agents(message: operators_pb2.RemoveAgentsRequest) -> commands.RemoveAgents:
    count("agent_ids", message.agent_ids, at_least=1, at_most=AGENTS_MAX)
    agent_ids = tuple(identifier(f"agent_ids[{index}]", agent_id) for index, agent_id in enumerate(message.agent_ids))
    return commands.RemoveAgents(request_id=_request_id(message), agent_ids=agent_ids)


def _apply_site(message: operators_pb2.ApplySiteRequest) -> commands.ApplySite:
    if not message.HasField("site"):
        raise invalid("site", "is required")
    return commands.ApplySite(request_id=_request_id(message), site=site_of(message.site))


def _withdraw(message: operators_pb2.WithdrawOfferRequest) -> commands.WithdrawOffer:
    return commands.WithdrawOffer(request_id=_request_id(message), offer_id=_offer_id(message), reason=short("reason", message.reason))


_CONVERSIONS: dict[type[Message], Callable[[Any], Mutation]] = {
    interactions_pb2.EnqueueInteractionRequest: _enqueue,
    interactions_pb2.UpdateInteractionRequest: _update,
    interactions_pb2.AbandonInteractionRequest: _abandon,
    interactions_pb2.CancelInteractionRequest: _cancel,
    interactions_pb2.FailConnectRequest: _fail_connect,
    callbacks_pb2.RequestCallbackRequest: callbacks.request_callback,
    callbacks_pb2.ScheduleCallbackRequest: callbacks.schedule_callback,
    callbacks_pb2.CancelCallbackRequest: callbacks.cancel_callback,
    callbacks_pb2.ReportCallbackAttemptRequest: callbacks.report_callback_attempt,
    agents_pb2.SetPresenceRequest: _set_presence,
    agents_pb2.AcceptOfferRequest: _accept,
    agents_pb2.DeclineOfferRequest: _decline,
    agents_pb2.ExtendOfferRequest: _extend,
    agents_pb2.HoldHandlingRequest: _hold,
    agents_pb2.ResumeHandlingRequest: _resume,
    agents_pb2.EndHandlingRequest: _end_handling,
    agents_pb2.EndWrapUpRequest: _end_wrap_up,
    handling_pb2.TransferInteractionRequest: transfer_of,
    handling_pb2.StartConsultRequest: consult_of,
    handling_pb2.CompleteConsultRequest: _complete_consult,
    handling_pb2.CancelConsultRequest: _cancel_consult,
    handling_pb2.StartConferenceRequest: _start_conference,
    operators_pb2.PutAgentsRequest: _put_agents,
    operators_pb2.RemoveAgentsRequest: _remove_agents,
    operators_pb2.ApplySiteRequest: _apply_site,
    operators_pb2.WithdrawOfferRequest: _withdraw,
    operators_pb2.ReleaseHandlingRequest: duty.release_of,
    operators_pb2.PauseAgentRequest: duty.pause_of,
    operators_pb2.UnpauseAgentRequest: duty.unpause_of,
    operators_pb2.PutCommitmentsRequest: duty.commitments_of,
    operators_pb2.StartExternalWorkRequest: duty.start_external_of,
    operators_pb2.EndExternalWorkRequest: duty.end_external_of,
}
