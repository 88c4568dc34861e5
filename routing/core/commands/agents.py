"""Commands about agents, their presence and their sessions."""

from dataclasses import dataclass

from routing.core.commands.request import Request
from routing.model.agent import Agent, Presence
from routing.model.ids import AgentId, SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPresence(Request):
    """The agent, or a supervisor for them, changes presence; `reason` names a not-ready code."""

    agent_id: AgentId
    presence: Presence
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession(Request):
    """An agent's desktop connected; a newer session replaces an older one."""

    agent_id: AgentId
    session_id: SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class LoseSession(Request):
    """An agent's desktop vanished: the session becomes a lease that runs out. A message of a replaced session changes nothing."""

    agent_id: AgentId
    session_id: SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class PutAgents(Request):
    """Register agents, or replace their records, all or none."""

    agents: tuple[Agent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveAgents(Request):
    """Forget agents who hold no work and no offer, all or none."""

    agent_ids: tuple[AgentId, ...]
