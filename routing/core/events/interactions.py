"""Facts about an interaction while it waits, and its end."""

from dataclasses import dataclass, field
from enum import StrEnum

from routing.model.ids import AgentId, InteractionId
from routing.model.interaction import EndCause, Interaction
from routing.model.later import LATER
from routing.model.route import Relaxation, Route
from routing.model.time import Duration, Instant


class RouteCause(StrEnum):
    """Why a waiting interaction was classified again."""

    UPDATED = "updated"
    SITE_APPLIED = "site_applied"
    CALLBACK_REQUESTED = "callback_requested"


class StepCause(StrEnum):
    """Why a step of a ladder was taken; all but the first mean before its time."""

    DUE = "due"
    NOBODY_REGISTERED = "nobody_registered"
    NOBODY_PRESENT = "nobody_present"
    NOBODY_AVAILABLE = "nobody_available"
    EVERYONE_DECLINED = "everyone_declined"
    STAY_LIMIT = "stay_limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionQueued:
    """An interaction was accepted, with the whole route that classification gave it.

    `last_agent_id` served the customer last and is preferred for that; `kept_place_ms` is the routing credit for the place the customer
    had when they gave up a moment ago. Both are part of the interaction already.
    """

    interaction: Interaction
    route: Route
    last_agent_id: AgentId | None = field(default=None, metadata=LATER)
    kept_place_ms: Duration = field(default=0, metadata=LATER)


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
    """A step of a ladder was taken: `route` is what holds from now on, without that step.

    `due_at` is when it was due, later than now where `cause` says that it was taken early. `relaxation` is what the step says.
    """

    interaction_id: InteractionId
    due_at: Instant
    route: Route
    cause: StepCause = field(default=StepCause.DUE, metadata=LATER)
    relaxation: Relaxation | None = field(default=None, metadata=LATER)


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionEnded:
    """An interaction ended, and with it all it held; ended ones before `forget_before` are forgotten."""

    interaction_id: InteractionId
    agent_id: AgentId | None
    cause: EndCause
    forget_before: Instant
    reason: str = ""
