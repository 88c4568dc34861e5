"""Commands: what the outside asks of the router. Imperative, and refusable without a trace."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from routing.model.agent import Agent, Presence
from routing.model.ids import AgentId, InteractionId, OfferId, RequestId, SessionId
from routing.model.interaction import Interaction
from routing.model.requirement import AttributeValue, Requirement
from routing.model.site import Site
from routing.model.time import Duration, Instant


class DeclineReason(StrEnum):
    """Why an agent's side did not take an offer."""

    DECLINED = "declined"
    BUSY = "busy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What every mutating command carries: an id that makes it idempotent, or none (a driver inside the process needs none)."""

    request_id: RequestId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnqueueInteraction(Request):
    """Accept an interaction and route it."""

    interaction: Interaction


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateInteraction(Request):
    """Change a waiting interaction and classify it again.

    `attributes` are merged into the present ones. `requirements`, where given, replace those the interaction asked for itself.
    `credit_ms` is added to the routing age. `expected_version` must be the interaction's present version; `None` is refused unless
    `overwrite` says that the last writer wins.
    """

    interaction_id: InteractionId
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    requirements: tuple[Requirement, ...] | None = None
    credit_ms: Duration = 0
    expected_version: int | None = None
    overwrite: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AbandonInteraction(Request):
    """The customer left while waiting."""

    interaction_id: InteractionId


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelInteraction(Request):
    """The platform or a supervisor takes a waiting interaction out; `reason` is for people."""

    interaction_id: InteractionId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptOffer(Request):
    """The agent takes the interaction; the first accept wins."""

    offer_id: OfferId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineOffer(Request):
    """The agent does not take the interaction; `retry_at` replaces the queue's cooldown for this pair."""

    offer_id: OfferId
    reason: DeclineReason = DeclineReason.DECLINED
    retry_at: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendOffer(Request):
    """An accept is in progress: lengthen the lease once, by the queue's bound."""

    offer_id: OfferId


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawOffer(Request):
    """Take a live offer back from its agent; the interaction waits on and may be offered elsewhere."""

    offer_id: OfferId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailConnect(Request):
    """The media leg of an accepted offer failed: the interaction waits on with its age."""

    interaction_id: InteractionId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldHandling(Request):
    """Put the customer on hold."""

    interaction_id: InteractionId


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeHandling(Request):
    """Take the customer off hold."""

    interaction_id: InteractionId


@dataclass(frozen=True, slots=True, kw_only=True)
class EndHandling(Request):
    """The contact is over; wrap-up begins where the queue has one."""

    interaction_id: InteractionId


@dataclass(frozen=True, slots=True, kw_only=True)
class EndWrapUp(Request):
    """The agent finished after-contact work before its limit."""

    interaction_id: InteractionId


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplySite(Request):
    """Replace the site; waiting interactions are classified again."""

    site: Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Time passed: carry out every deadline that is due."""


Mutation: TypeAlias = (
    EnqueueInteraction
    | UpdateInteraction
    | AbandonInteraction
    | CancelInteraction
    | AcceptOffer
    | DeclineOffer
    | ExtendOffer
    | WithdrawOffer
    | FailConnect
    | HoldHandling
    | ResumeHandling
    | EndHandling
    | EndWrapUp
    | SetPresence
    | OpenSession
    | LoseSession
    | PutAgents
    | RemoveAgents
    | ApplySite
)
Command: TypeAlias = Mutation | Tick
