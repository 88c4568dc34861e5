"""Interactions: one customer request on one channel, as its platform describes it."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from routing.model.ids import AgentId, ChannelId, CustomerId, InteractionId
from routing.model.later import LATER
from routing.model.leg import Leg
from routing.model.record import record
from routing.model.requirement import AttributeValue, Requirement
from routing.model.time import Duration, Instant


class EndCause(StrEnum):
    """Why an interaction ended; every accepted interaction ends with exactly one."""

    HANDLED = "handled"
    ABANDONED = "abandoned"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    TRANSFERRED = "transferred"
    UNSERVED = "unserved"
    """The router gave it up: its limit of stay ran out, or everybody declined."""
    UNREACHED = "unreached"
    DIVERTED = "diverted"


@record(frozen=True, slots=True, kw_only=True)
class Interaction:
    """What the platform says of a request; carried unchanged to the agent who is offered it.

    `id` may be empty on the way in: the router then issues one. `requirements` are asked for beyond those of the matching rule.
    `preferred_agents` maps an agent to a score of 1-100. `due_at` replaces the queue's target for deferrable work.
    `routing_credit_ms` moves the routing age, never the reported wait. `correlation_id` and `opaque` are returned as given. `priority` is
    in points: what one is worth says the matching rule. `leg` is the router's own: where a transfer or a consultation made it.
    `agent_id` sends it to one agent alone. `customer_id` names whom the router may remember. `stay_limit_ms` is the customer's own limit of
    stay, counted from the arrival; the shorter of it and the queue's holds.
    """

    id: InteractionId
    channel: ChannelId
    type: str
    attributes: Mapping[str, AttributeValue]
    requirements: tuple[Requirement, ...] = ()
    preferred_agents: Mapping[AgentId, int] | None = None
    due_at: Instant | None = None
    routing_credit_ms: Duration = 0
    correlation_id: str = ""
    opaque: Mapping[str, str] | None = None
    priority: int = field(default=0, metadata=LATER)
    leg: Leg | None = field(default=None, metadata=LATER)
    agent_id: AgentId | None = field(default=None, metadata=LATER)
    customer_id: CustomerId | None = field(default=None, metadata=LATER)
    stay_limit_ms: Duration | None = field(default=None, metadata=LATER)

    def field(self, name: str) -> AttributeValue | None:
        """What a condition compares: "channel", "type", or the attribute of that name, `None` where there is none."""
        if name == "channel":
            return self.channel
        if name == "type":
            return self.type
        return self.attributes.get(name)
