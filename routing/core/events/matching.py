"""Facts about matching: what was put off, and until when."""

from routing.model.ids import InteractionId
from routing.model.record import record
from routing.model.time import Instant


@record(frozen=True, slots=True, kw_only=True)
class MatchDeferred:
    """The policy holds an eligible pair until the price of waiting has reached its cost."""

    interaction_id: InteractionId
    until: Instant


@record(frozen=True, slots=True, kw_only=True)
class MatchDue:
    """A deferred interaction is to be matched again."""

    interaction_id: InteractionId
    due_at: Instant


@record(frozen=True, slots=True, kw_only=True)
class WindowClosed:
    """A matching window ran out and was matched."""

    due_at: Instant
