"""Facts about conversations that are handed on, and about a second agent who is asked or joins."""

from enum import StrEnum

from routing.model.ids import AgentId, InteractionId
from routing.model.leg import TransferKind
from routing.model.record import record


class ConsultEndCause(StrEnum):
    """Why a consultation was over without the customer going on with the leg."""

    CANCELLED = "cancelled"
    """The agent took the customer back."""
    LEG_OVER = "leg_over"
    """The agent who was asked left, or the leg was cancelled while it waited."""
    PARENT_OVER = "parent_over"
    """The customer left, or the agent who asked was lost."""


@record(frozen=True, slots=True, kw_only=True)
class InteractionTransferred:
    """The customer goes on with `leg_id`; for `agent_id` the contact is over, and their wrap-up follows."""

    interaction_id: InteractionId
    agent_id: AgentId
    leg_id: InteractionId
    kind: TransferKind


@record(frozen=True, slots=True, kw_only=True)
class ConsultStarted:
    """The customer is on hold while `agent_id` asks another agent by way of `leg_id`."""

    interaction_id: InteractionId
    agent_id: AgentId
    leg_id: InteractionId


@record(frozen=True, slots=True, kw_only=True)
class ConsultEnded:
    """The consultation is over and `agent_id` has the customer back."""

    interaction_id: InteractionId
    agent_id: AgentId
    leg_id: InteractionId
    cause: ConsultEndCause


@record(frozen=True, slots=True, kw_only=True)
class ConferenceStarted:
    """The customer, `agent_id` and the leg's agent `partner_id` are together."""

    interaction_id: InteractionId
    agent_id: AgentId
    leg_id: InteractionId
    partner_id: AgentId


@record(frozen=True, slots=True, kw_only=True)
class ConferenceEnded:
    """The leg's agent is off: `agent_id` has the customer alone, and the leg is a consultation again until more is said."""

    interaction_id: InteractionId
    agent_id: AgentId
    leg_id: InteractionId
    partner_id: AgentId
