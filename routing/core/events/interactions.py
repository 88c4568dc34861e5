"""Facts about an interaction while it waits, and its end."""

from dataclasses import dataclass
from enum import StrEnum

from routing.model.ids import AgentId, InteractionId
from routing.model.interaction import EndCause, Interaction
from routing.model.route import Route
from routing.model.time import Instant


class RouteCause(StrEnum):
    """Why a waiting interaction was classified again."""

    UPDATED = "updated"
    SITE_APPLIED = "site_applied"


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
class InteractionEnded:
    """An interaction ended, and with it all it held; ended ones before `forget_before` are forgotten."""

    interaction_id: InteractionId
    agent_id: AgentId | None
    cause: EndCause
    forget_before: Instant
    reason: str = ""
