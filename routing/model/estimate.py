"""Estimates: what wait somebody in a queue may expect, and by which method it was found."""

from enum import StrEnum

from routing.model.record import record
from routing.model.time import Duration


class EstimateMethod(StrEnum):
    """How a queue estimates the wait; both learn from the waits of those who were answered."""

    PLACE_PACE = "place-pace"
    """Place in line times what each place has lately cost those who were answered."""
    HOLD_EMA = "hold-ema"
    """A moving average of the waits of those who were answered, whatever the place: three quarters old, one quarter new, whole seconds."""


@record(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A place in line, 1 for the next, and the wait still to be expected; unknown (`None`) until somebody was answered."""

    place: int
    wait_ms: Duration | None
    method: EstimateMethod
