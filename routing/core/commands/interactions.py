"""Commands about waiting interactions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from routing.core.commands.request import Request
from routing.model.ids import InteractionId
from routing.model.interaction import Interaction
from routing.model.later import LATER
from routing.model.requirement import AttributeValue, Requirement
from routing.model.time import Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class EnqueueInteraction(Request):
    """Accept an interaction and route it."""

    interaction: Interaction


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateInteraction(Request):
    """Change a waiting interaction and classify it again.

    `attributes` are merged into the present ones. `requirements`, where given, replace those the interaction asked for itself.
    `credit_ms` is added to the routing age. `priority`, where given, replaces the present one. `expected_version` must be the interaction's
    present version; `None` is refused unless `overwrite` says that the last writer wins.
    """

    interaction_id: InteractionId
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    requirements: tuple[Requirement, ...] | None = None
    credit_ms: Duration = 0
    expected_version: int | None = None
    overwrite: bool = False
    priority: int | None = field(default=None, metadata=LATER)


@dataclass(frozen=True, slots=True, kw_only=True)
class AbandonInteraction(Request):
    """The customer left while waiting."""

    interaction_id: InteractionId


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelInteraction(Request):
    """The platform or a supervisor takes a waiting interaction out; `reason` is for people."""

    interaction_id: InteractionId
    reason: str
