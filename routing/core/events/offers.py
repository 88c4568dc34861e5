"""Facts about offers and about pairs kept apart."""

from dataclasses import field
from enum import StrEnum

from routing.core.commands import DeclineReason
from routing.model.decision import Decision
from routing.model.ids import AgentId, InteractionId, OfferId, QueueId
from routing.model.later import LATER
from routing.model.queue import ExclusionScope
from routing.model.record import record
from routing.model.time import Instant


class WithdrawCause(StrEnum):
    """Why a live offer was taken back; none of them counts against the agent."""

    TAKEN_BY_ANOTHER = "taken_by_another"
    INTERACTION_ENDED = "interaction_ended"
    ROUTE_CHANGED = "route_changed"
    PRESENCE_CHANGED = "presence_changed"
    AGENT_CHANGED = "agent_changed"
    SESSION_EXPIRED = "session_expired"
    REQUESTED = "requested"
    CALLBACK_REQUESTED = "callback_requested"
    CALLBACK_UNREACHED = "callback_unreached"
    NO_LONGER_FITS = "no_longer_fits"
    QUEUE_PAUSED = "queue_paused"
    ASSIGNMENT_LIMIT = "assignment_limit"


class ExclusionEndCause(StrEnum):
    """Why an agent may be offered an interaction again."""

    DUE = "due"
    """The time apart was over."""
    PRESENCE_CHANGED = "presence_changed"
    """The agent has been away and is available again."""
    EVERYONE_DECLINED = "everyone_declined"
    """Nobody else was left to ask."""


@record(frozen=True, slots=True, kw_only=True)
class OfferMade:
    """An agent's capacity was leased to an interaction until `expires_at`, for the reasons in `decision`.

    `queue_id` is the one of the interaction's queues through which it came to the agent; empty where it stands in one only.
    """

    offer_id: OfferId
    interaction_id: InteractionId
    agent_id: AgentId
    expires_at: Instant
    decision: Decision
    queue_id: QueueId = field(default="", metadata=LATER)


@record(frozen=True, slots=True, kw_only=True)
class OfferExtended:
    """An accept is in progress: the lease was lengthened once."""

    offer_id: OfferId
    interaction_id: InteractionId
    expires_at: Instant


@record(frozen=True, slots=True, kw_only=True)
class OfferAccepted:
    """The agent took the interaction: handling begins."""

    offer_id: OfferId
    interaction_id: InteractionId
    agent_id: AgentId


@record(frozen=True, slots=True, kw_only=True)
class OfferDeclined:
    """The agent did not take the interaction; the pair is apart until `excluded_until`, or for as long as a longer `scope` says.

    `counts_as_miss`: the agent's device could not be reached, and that counts as a missed offer, in the queue `missed_in` alone where it is
    not `None`.
    """

    offer_id: OfferId
    interaction_id: InteractionId
    agent_id: AgentId
    reason: DeclineReason
    excluded_until: Instant
    scope: ExclusionScope = field(default=ExclusionScope.COOLDOWN, metadata=LATER)
    counts_as_miss: bool = field(default=False, metadata=LATER)
    missed_in: QueueId | None = field(default=None, metadata=LATER)


@record(frozen=True, slots=True, kw_only=True)
class OfferExpired:
    """The agent did not answer in time; the pair is apart until `excluded_until`, or for as long as a longer `scope` says.

    The miss counts in the queue `missed_in` alone, or, where that is `None`, for the agent as a whole.
    """

    offer_id: OfferId
    interaction_id: InteractionId
    agent_id: AgentId
    due_at: Instant
    excluded_until: Instant
    scope: ExclusionScope = field(default=ExclusionScope.COOLDOWN, metadata=LATER)
    missed_in: QueueId | None = field(default=None, metadata=LATER)


@record(frozen=True, slots=True, kw_only=True)
class OfferWithdrawn:
    """A live offer was taken back, without consequence for the agent; the pair is apart until `excluded_until`, if that is stated."""

    offer_id: OfferId
    interaction_id: InteractionId
    agent_id: AgentId
    cause: WithdrawCause
    reason: str = ""
    excluded_until: Instant | None = field(default=None, metadata=LATER)


@record(frozen=True, slots=True, kw_only=True)
class ExclusionEnded:
    """An agent may be offered the interaction again."""

    interaction_id: InteractionId
    agent_id: AgentId
    due_at: Instant
    cause: ExclusionEndCause = field(default=ExclusionEndCause.DUE, metadata=LATER)
