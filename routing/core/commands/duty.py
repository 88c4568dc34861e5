"""Commands about what keeps an agent from work besides presence: pauses in a queue, commitments, and work of their own."""

from dataclasses import dataclass
from enum import StrEnum

from routing.core.commands.request import Request
from routing.model.agent import Commitment
from routing.model.ids import AgentId, ChannelId, ExternalWorkId, InteractionId, QueueId


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseAgent(Request):
    """The agent takes nothing from one queue until they are unpaused there; `reason` is for people."""

    agent_id: AgentId
    queue_id: QueueId
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpauseAgent(Request):
    """The agent takes work from the queue again."""

    agent_id: AgentId
    queue_id: QueueId


@dataclass(frozen=True, slots=True, kw_only=True)
class PutCommitments(Request):
    """When the agent is expected elsewhere, in place of all that was known: breaks and ends of shifts, earliest first, none overlapping.

    Those that are over by now are left out. Only the last may be without an end.
    """

    agent_id: AgentId
    commitments: tuple[Commitment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StartExternalWork(Request):
    """The agent is busy with something that the router did not route: a call of their own, a consultation.

    `work_id` is the caller's. It counts as one interaction of `channel`, and takes what that channel costs, or all that work in progress
    leaves where that is less. `is_assignment` says whether the idle clock counts it like an interaction.
    """

    agent_id: AgentId
    work_id: ExternalWorkId
    channel: ChannelId
    is_assignment: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndExternalWork(Request):
    """That work is over."""

    agent_id: AgentId
    work_id: ExternalWorkId


class ReleaseOutcome(StrEnum):
    """What becomes of work that is taken from its agent."""

    RETURN = "return"
    """It waits again with its age."""
    END = "end"
    """It is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHandling(Request):
    """A supervisor takes work from its agent: one interaction, or all that an agent holds. Exactly one of both must be named.

    After-contact work can only end.
    """

    interaction_id: InteractionId = ""
    agent_id: AgentId = ""
    outcome: ReleaseOutcome = ReleaseOutcome.RETURN
    reason: str = ""
