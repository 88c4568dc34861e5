"""Requests about what keeps agents from work besides presence, and about work that is taken from them, as commands of the core."""

from routing.core import commands
from routing.core.commands import ReleaseOutcome
from routing.core.validate import COMMITMENTS_MAX
from routing.model.agent import Commitment
from routing.server.convert.checks import EnumTable, count, identifier, instant, short
from routing.server.errors import invalid
from routing.v1 import operators_pb2, types_pb2

RELEASE_OUTCOMES = EnumTable(operators_pb2.ReleaseOutcome, "RELEASE_OUTCOME", ReleaseOutcome)


def release_of(message: operators_pb2.ReleaseHandlingRequest) -> commands.ReleaseHandling:
    """Take work from its agent."""
    subject = message.WhichOneof("subject")
    if subject is None:
        raise invalid("interaction_id", "name an interaction or an agent")
    is_stated = message.outcome != operators_pb2.RELEASE_OUTCOME_UNSPECIFIED
    return commands.ReleaseHandling(
        request_id=identifier("request_id", message.request_id),
        interaction_id=identifier(subject, message.interaction_id) if subject == "interaction_id" else "",
        agent_id=identifier(subject, message.agent_id) if subject == "agent_id" else "",
        outcome=RELEASE_OUTCOMES.member("outcome", message.outcome) if is_stated else ReleaseOutcome.RETURN,
        reason=short("reason", message.reason),
    )


def pause_of(message: operators_pb2.PauseAgentRequest) -> commands.PauseAgent:
    """Keep an agent from the work of one queue."""
    return commands.PauseAgent(
        request_id=identifier("request_id", message.request_id),
        agent_id=identifier("agent_id", message.agent_id),
        queue_id=identifier("queue_id", message.queue_id),
        reason=short("reason", message.reason),
    )


def unpause_of(message: operators_pb2.UnpauseAgentRequest) -> commands.UnpauseAgent:
    """Let an agent take work of that queue again."""
    return commands.UnpauseAgent(
        request_id=identifier("request_id", message.request_id),
        agent_id=identifier("agent_id", message.agent_id),
        queue_id=identifier("queue_id", message.queue_id),
    )


def commitments_of(message: operators_pb2.PutCommitmentsRequest) -> commands.PutCommitments:
    """When an agent is expected elsewhere; whether they fit together is checked by the core."""
    count("commitments", message.commitments, at_most=COMMITMENTS_MAX)
    return commands.PutCommitments(
        request_id=identifier("request_id", message.request_id),
        agent_id=identifier("agent_id", message.agent_id),
        commitments=tuple(_commitment_of(f"commitments[{index}]", one) for index, one in enumerate(message.commitments)),
    )


def _commitment_of(field: str, message: types_pb2.Commitment) -> Commitment:
    if not message.starts_at_ms:
        # Taken at its word, one without start and end would have begun in 1970 and keep the agent from work for good.
        raise invalid(f"{field}.starts_at_ms", "is required")
    return Commitment(
        starts_at=instant(f"{field}.starts_at_ms", message.starts_at_ms),
        ends_at=instant(f"{field}.ends_at_ms", message.ends_at_ms) if message.HasField("ends_at_ms") else None,
    )


def start_external_of(message: operators_pb2.StartExternalWorkRequest) -> commands.StartExternalWork:
    """An agent is busy with what was not routed."""
    return commands.StartExternalWork(
        request_id=identifier("request_id", message.request_id),
        agent_id=identifier("agent_id", message.agent_id),
        work_id=identifier("work_id", message.work_id),
        channel=identifier("channel", message.channel),
        is_assignment=not message.leaves_idle_clock,
        reason=short("reason", message.reason),
    )


def end_external_of(message: operators_pb2.EndExternalWorkRequest) -> commands.EndExternalWork:
    """That is over."""
    return commands.EndExternalWork(
        request_id=identifier("request_id", message.request_id),
        agent_id=identifier("agent_id", message.agent_id),
        work_id=identifier("work_id", message.work_id),
    )


def commitment_to_wire(commitment: Commitment) -> types_pb2.Commitment:
    """A commitment as a message."""
    return types_pb2.Commitment(starts_at_ms=commitment.starts_at, ends_at_ms=commitment.ends_at)
