"""Facts about customers that the router never hears of; the world tells them to whoever measures, beside the router's events."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from routing.model.ids import InteractionId
from routing.model.interaction import Interaction
from routing.model.time import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """A customer found every line of the group `lines` taken and heard a busy tone; nothing of it is in the router's log."""

    interaction: Interaction
    lines: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Balked:
    """A customer who found that they would have to wait leaves because of it; the router's end of the interaction follows."""

    interaction_id: InteractionId


@dataclass(frozen=True, slots=True, kw_only=True)
class CameAgain:
    """A customer comes again after the interaction `after_id`; that the new one is queued, or blocked, follows.

    `contact` counts the conversations about one need, from 1, and `attempt` the tries to begin this one, from 1. So a redial raises the
    attempt, and a repeat contact the contact.
    """

    interaction_id: InteractionId
    after_id: InteractionId
    contact: int
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionKnown:
    """Told once, at the start: this run knows of every handled customer whether the need was resolved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A customer's conversation ended, on their own interaction or on a leg of it, and their need is resolved; the others' is not."""

    interaction_id: InteractionId


CustomerFact: TypeAlias = Blocked | Balked | CameAgain | ResolutionKnown | Resolved
Witness: TypeAlias = Callable[[Instant, CustomerFact], None]
"""Who is told the facts, each with its instant, in their order and among the router's events."""
