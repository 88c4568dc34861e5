"""Facts about interactions that are kept for certain agents."""

from enum import StrEnum

from routing.model.ids import InteractionId
from routing.model.record import record
from routing.model.time import Instant


class ReservationEndCause(StrEnum):
    """Why an interaction is no longer kept for certain agents."""

    DUE = "due"
    """Its time was over."""
    AWAY = "away"
    """None of them was on the floor, for longer than the rule's grace."""
    DECLINED = "declined"
    """None of them was left to ask."""


@record(frozen=True, slots=True, kw_only=True)
class ReservationLimited:
    """The reservation ends at `away_at`, because none of its agents is on the floor; `None` says that one came back before."""

    interaction_id: InteractionId
    away_at: Instant | None


@record(frozen=True, slots=True, kw_only=True)
class ReservationEnded:
    """Everybody may have the interaction from now on."""

    interaction_id: InteractionId
    due_at: Instant
    cause: ReservationEndCause
