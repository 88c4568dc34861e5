"""Events: facts in the past tense. They carry all that `evolve` needs, so that replay needs neither policy nor solver."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from routing.core.commands import DeclineReason
from routing.model.agent import Agent, Presence
from routing.model.decision import Decision
from routing.model.ids import AgentId, InteractionId, OfferId, RequestId, SessionId
from routing.model.interaction import EndCause, Interaction
from routing.model.route import Route
from routing.model.site import Site
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


class RouteCause(StrEnum):
    """Why a waiting interaction was classified again."""

    UPDATED = "updated"
    SITE_APPLIED = "site_applied"


class ReturnCause(StrEnum):
    """Why handling ended without a result and the interaction waits again."""

    CONNECT_FAILED = "connect_failed"
    SESSION_EXPIRED = "session_expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRecorded:
    """A request id was used: its payload hash and the subject of its answer are remembered; older ones are forgotten."""

    request_id: RequestId
    payload_hash: str
    subject: str
    forget_before: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteApplied:
    """The site came into force."""

    site: Site
    site_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPut:
    """An agent was registered, or their record replaced."""

    agent: Agent


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRemoved:
    """An agent was forgotten."""

    agent_id: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceChanged:
    """An agent's presence changed; `reason` is a not-ready code or `missed_offer`."""

    agent_id: AgentId
    presence: Presence
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOpened:
    """An agent's desktop connected and holds the session."""

    agent_id: AgentId
    session_id: SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLost:
    """An agent's desktop vanished; the session lives on as a lease until `expires_at`."""

    agent_id: AgentId
    session_id: SessionId
    expires_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionExpired:
    """The lease of a lost session ran out; live handling is kept until `release_at`, where there is any."""

    agent_id: AgentId
    session_id: SessionId
    due_at: Instant
    release_at: Instant | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingGraceEnded:
    """The grace for live handling of an expired session ran out."""

    agent_id: AgentId
    due_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionQueued:
    """An interaction was accepted, with the whole route that classification gave it."""

    interaction: Interaction
    route: Route


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionUpdated:
    """A waiting interaction's own description changed."""

    interaction: Interaction


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteChanged:
    """A waiting interaction was classified again with another result."""

    interaction_id: InteractionId
    old: Route
    new: Route
    cause: RouteCause


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementRelaxed:
    """A timed step of a ladder was taken: `route` is what holds from now on, without that step."""

    interaction_id: InteractionId
    due_at: Instant
    route: Route


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchDeferred:
    """The policy holds an eligible pair until the price of waiting has reached its cost."""

    interaction_id: InteractionId
    until: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchDue:
    """A deferred interaction is to be matched again."""

    interaction_id: InteractionId
    due_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowClosed:
    """A matching window ran out and was matched."""

    due_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferMade:
    """An agent's capacity was leased to an interaction until `expires_at`, for the reasons in `decision`."""

    offer_id: OfferId
    interaction_id: InteractionId
    agent_id: AgentId
    expires_at: Instant
    decision: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferExtended:
    """An accept is in progress: the lease was lengthened once."""

    offer_id: OfferId
    interaction_id: InteractionId
    expires_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAccepted:
    """The agent took the interaction: handling begins."""

    offer_id: OfferId
    interaction_id: InteractionId
    agent_id: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferDeclined:
    """The agent did not take the interaction; the pair is apart until `excluded_until`."""

    offer_id: OfferId
    interaction_id: InteractionId
    agent_id: AgentId
    reason: DeclineReason
    excluded_until: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferExpired:
    """The agent did not answer in time; the pair is apart until `excluded_until`."""

    offer_id: OfferId
    interaction_id: InteractionId
    agent_id: AgentId
    due_at: Instant
    excluded_until: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferWithdrawn:
    """A live offer was taken back, without consequence for the agent."""

    offer_id: OfferId
    interaction_id: InteractionId
    agent_id: AgentId
    cause: WithdrawCause
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionEnded:
    """An agent may be offered the interaction again."""

    interaction_id: InteractionId
    agent_id: AgentId
    due_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingHeld:
    """The customer was put on hold."""

    interaction_id: InteractionId
    agent_id: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingResumed:
    """The customer was taken off hold."""

    interaction_id: InteractionId
    agent_id: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingReturned:
    """Handling ended without a result: the interaction waits again with its age; the pair is apart until `excluded_until`."""

    interaction_id: InteractionId
    agent_id: AgentId
    cause: ReturnCause
    excluded_until: Instant
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingEnded:
    """The contact is over; the agent's after-contact work lasts until `wrap_up_until` at most (now, where there is none)."""

    interaction_id: InteractionId
    agent_id: AgentId
    wrap_up_until: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionEnded:
    """An interaction ended, and with it all it held; ended ones before `forget_before` are forgotten."""

    interaction_id: InteractionId
    agent_id: AgentId | None
    cause: EndCause
    forget_before: Instant
    reason: str = ""


AgentEvent: TypeAlias = AgentPut | AgentRemoved | PresenceChanged | SessionOpened | SessionLost | SessionExpired | HandlingGraceEnded
Event: TypeAlias = (
    AgentEvent
    | RequestRecorded
    | SiteApplied
    | InteractionQueued
    | InteractionUpdated
    | RouteChanged
    | RequirementRelaxed
    | MatchDeferred
    | MatchDue
    | WindowClosed
    | OfferMade
    | OfferExtended
    | OfferAccepted
    | OfferDeclined
    | OfferExpired
    | OfferWithdrawn
    | ExclusionEnded
    | HandlingHeld
    | HandlingResumed
    | HandlingReturned
    | HandlingEnded
    | InteractionEnded
)


class Recorded(NamedTuple):
    """An event in its place in the log: gap-free sequence from 1, the instant it was recorded, and the request that caused it."""

    seq: int
    at: Instant
    request_id: RequestId | None
    event: Event
