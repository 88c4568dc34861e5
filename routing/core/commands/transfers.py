"""Commands that hand a conversation on, or bring a second agent in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from routing.core.commands.request import Request
from routing.model.ids import AgentId, ChannelId, InteractionId
from routing.model.later import LATER
from routing.model.leg import Barred, LegAge
from routing.model.requirement import AttributeValue, Requirement


@dataclass(frozen=True, slots=True, kw_only=True)
class NextLeg:
    """What is different on the next leg; all else is as on the present one, and the site's rules give it a route.

    `id` may be empty: the router then issues one. `attributes` are merged into the present ones, which is how a rule of the site learns
    where to send it. `requirements`, where given, replace those the interaction asked for itself. Preferred agents are dropped unless they
    are kept. `age` replaces the site's rule for how much age goes along. `agent_id` sends the leg to one agent alone.
    """

    id: InteractionId = ""
    channel: ChannelId | None = None
    type: str | None = None
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    requirements: tuple[Requirement, ...] | None = None
    keeps_preferred: bool = False
    age: LegAge | None = None
    barred: Barred = Barred.LAST_AGENT
    agent_id: AgentId | None = field(default=None, metadata=LATER)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferInteraction(Request):
    """Hand a conversation on unannounced: its agent is done with it, and the customer waits on the next leg."""

    interaction_id: InteractionId
    leg: NextLeg = field(default_factory=NextLeg)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartConsult(Request):
    """Ask another agent while keeping the customer, who is put on hold: the leg is routed like any work."""

    interaction_id: InteractionId
    leg: NextLeg = field(default_factory=NextLeg)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteConsult(Request):
    """The agent leaves, and the customer goes on with the leg: with its agent, or waiting for one."""

    interaction_id: InteractionId


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelConsult(Request):
    """The agent takes the customer back and parts from the leg, whatever its phase."""

    interaction_id: InteractionId


@dataclass(frozen=True, slots=True, kw_only=True)
class StartConference(Request):
    """Bring the customer and the agent of the consultation together."""

    interaction_id: InteractionId
