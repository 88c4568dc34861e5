"""Legs: what a transfer or a consultation makes of a conversation, one interaction after another."""

from enum import StrEnum

from routing.model.ids import AgentId, InteractionId
from routing.model.record import record
from routing.model.time import Duration, Instant


class TransferKind(StrEnum):
    """How a conversation went on to its next leg."""

    BLIND = "blind"
    """Handed on unannounced: the customer waits again."""
    CONSULT = "consult"
    """Announced: another agent was asked first."""
    CONFERENCE = "conference"
    """Both agents were on, and the first one left."""


class Tie(StrEnum):
    """How an interaction hangs together with the leg that came out of it."""

    CONSULT = "consult"
    """Its agent asks another agent, who works on the leg, or the leg still waits for one."""
    CONFERENCE = "conference"
    """Both agents are on with the customer."""
    TRANSFERRED = "transferred"
    """The customer is on the leg, and only after-contact work is left here."""


class Barred(StrEnum):
    """Who must never be offered the next leg."""

    LAST_AGENT = "last_agent"
    """The agent who hands it on."""
    EARLIER_AGENTS = "earlier_agents"
    """Everybody who had the conversation before."""
    NOBODY = "nobody"
    """It may come back to the agent who handed it on. Who consults is barred all the same."""


@record(frozen=True, slots=True, kw_only=True)
class LegAge:
    """How much of its age a conversation takes along to the next leg: at most `limit_ms`, all of it where that is `None`, none at 0.

    It is routing age, a credit in the order of waiting; the reported wait of a leg always begins at zero.
    """

    limit_ms: Duration | None = None


@record(frozen=True, slots=True, kw_only=True)
class Leg:
    """Where a leg comes from.

    `parent_id` is the interaction it came out of and `first_id` the customer's own one, which has no leg record and arrived at `first_at`.
    `number` counts from 1 for the first leg after that. `agents` had the conversation before, earliest first; those in `barred` are never
    offered this leg.
    """

    parent_id: InteractionId
    first_id: InteractionId
    first_at: Instant
    number: int
    kind: TransferKind
    agents: tuple[AgentId, ...]
    barred: tuple[AgentId, ...]
