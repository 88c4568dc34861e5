"""Facts about an interaction in the hands of its agent."""

from enum import StrEnum

from routing.model.ids import AgentId, InteractionId
from routing.model.record import record
from routing.model.time import Instant


class ReturnCause(StrEnum):
    """Why handling ended without a result and the interaction waits again."""

    CONNECT_FAILED = "connect_failed"
    SESSION_EXPIRED = "session_expired"
    RELEASED = "released"


@record(frozen=True, slots=True, kw_only=True)
class HandlingHeld:
    """The customer was put on hold."""

    interaction_id: InteractionId
    agent_id: AgentId


@record(frozen=True, slots=True, kw_only=True)
class HandlingResumed:
    """The customer was taken off hold."""

    interaction_id: InteractionId
    agent_id: AgentId


@record(frozen=True, slots=True, kw_only=True)
class HandlingInterrupted:
    """Handling was set aside, and uses no capacity, because the agent takes interaction `by` and there is no room for both."""

    interaction_id: InteractionId
    agent_id: AgentId
    by: InteractionId


@record(frozen=True, slots=True, kw_only=True)
class InterruptionEnded:
    """There is room again: handling that was set aside goes on."""

    interaction_id: InteractionId
    agent_id: AgentId


@record(frozen=True, slots=True, kw_only=True)
class HandlingReturned:
    """Handling ended without a result: the interaction waits again with its age; the pair is apart until `excluded_until`."""

    interaction_id: InteractionId
    agent_id: AgentId
    cause: ReturnCause
    excluded_until: Instant
    reason: str = ""


@record(frozen=True, slots=True, kw_only=True)
class HandlingEnded:
    """The contact is over; the agent's after-contact work lasts until `wrap_up_until` at most (now, where there is none)."""

    interaction_id: InteractionId
    agent_id: AgentId
    wrap_up_until: Instant
