"""Facts about agents and the sessions of their desktops."""

from dataclasses import field

from routing.model.agent import Agent, Presence
from routing.model.ids import AgentId, InteractionId, SessionId
from routing.model.later import LATER
from routing.model.record import record
from routing.model.time import Instant


@record(frozen=True, slots=True, kw_only=True)
class AgentPut:
    """An agent was registered, or their record replaced."""

    agent: Agent


@record(frozen=True, slots=True, kw_only=True)
class AgentRemoved:
    """An agent was forgotten."""

    agent_id: AgentId


@record(frozen=True, slots=True, kw_only=True)
class PresenceChanged:
    """An agent's presence changed; `reason` is a not-ready code or `missed_offer`."""

    agent_id: AgentId
    presence: Presence
    reason: str


@record(frozen=True, slots=True, kw_only=True)
class SessionOpened:
    """An agent's desktop connected and holds the session."""

    agent_id: AgentId
    session_id: SessionId


@record(frozen=True, slots=True, kw_only=True)
class SessionLost:
    """An agent's desktop vanished; the session lives on as a lease until `expires_at`."""

    agent_id: AgentId
    session_id: SessionId
    expires_at: Instant


@record(frozen=True, slots=True, kw_only=True)
class SessionExpired:
    """The lease of a lost session ran out; live handling is kept until `release_at`, where there is any.

    `kept` lists that handling; `None`, from before it was listed, means all that the agent has by then.
    """

    agent_id: AgentId
    session_id: SessionId
    due_at: Instant
    release_at: Instant | None
    kept: tuple[InteractionId, ...] | None = field(default=None, metadata=LATER)


@record(frozen=True, slots=True, kw_only=True)
class HandlingGraceEnded:
    """The grace for live handling of an expired session ran out."""

    agent_id: AgentId
    due_at: Instant
