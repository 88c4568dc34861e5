"""Estimated waits: two named methods, in whole numbers, that learn from the waits of those who were answered."""

from typing import assert_never

from routing.core.state import Pace
from routing.model.estimate import EstimateMethod
from routing.model.time import SECOND_MS, Duration


def learned(pace: Pace | None, waited_ms: Duration, place: int) -> Pace:
    """The pace after one more was answered, who stood at `place` on arrival (0: not known, which teaches nothing of places).

    `hold_s` is Asterisk's moving average, in its own integers: a quarter new, three quarters old, whole seconds cut off; the first wait is
    taken as it is. `per_place_ms` takes an eighth of each new one: a longer memory, because single places vary more than whole waits.
    """
    hold_s, per_place_ms = waited_ms // SECOND_MS, waited_ms // max(1, place)
    if pace is None:
        return Pace(hold_s, per_place_ms)
    return Pace((3 * pace.hold_s + hold_s) >> 2, (7 * pace.per_place_ms + per_place_ms) >> 3 if place else pace.per_place_ms)


def expected_wait_ms(method: EstimateMethod, pace: Pace | None, place: int, waited_ms: Duration = 0) -> Duration | None:
    """The wait still to be expected at a place in line by who waited that long; `None` before anybody was answered."""
    if pace is None:
        return None
    match method:
        case EstimateMethod.PLACE_PACE:
            return place * pace.per_place_ms
        case EstimateMethod.HOLD_EMA:
            return max(0, pace.hold_s * SECOND_MS - waited_ms)
    assert_never(method)
