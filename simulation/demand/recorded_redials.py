"""Redials that a recorded log holds already: recognised, and bound to the attempt that they followed.

Replayed as they are, they come again even where the new policy answers the attempt before, and a day with shorter waits has too many
arrivals: of one bank's identified abandoners half called again within the hour.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from routing.model.ids import InteractionId
from routing.model.interaction import EndCause
from routing.model.time import Duration
from simulation.interactions import RecordedInteraction


class RecordedRedial(NamedTuple):
    """A recorded attempt that followed a lost one, so long after that one's end."""

    delay_ms: Duration
    recorded: RecordedInteraction


def recorded_redials(log: Sequence[RecordedInteraction], *, within_ms: Duration) -> dict[InteractionId, RecordedRedial | None]:
    """By the abandoned interactions of known customers: the next one of the same customer, if it began within the time, else None.

    The time counts from the end of the wait, or from the arrival where the log does not know the end. `log` is in order of arrival.
    """
    found: dict[InteractionId, RecordedRedial | None] = {}
    left_by: dict[str, RecordedInteraction] = {}
    for recorded in log:
        if recorded.customer is None:
            continue
        before = left_by.pop(recorded.customer, None)
        if before is not None:
            delay_ms = recorded.arrived_at_ms - _left_at(before)
            if 0 <= delay_ms <= within_ms:
                found[before.id] = RecordedRedial(delay_ms, recorded)
        if recorded.outcome == EndCause.ABANDONED:
            left_by[recorded.customer] = recorded
            found[recorded.id] = None
    return found


def attempts_followed(redials: Mapping[InteractionId, RecordedRedial | None]) -> dict[InteractionId, InteractionId]:
    """By the redials, the attempt that each followed."""
    return {redial.recorded.id: before for before, redial in redials.items() if redial is not None}


def _left_at(recorded: RecordedInteraction) -> int:
    return recorded.arrived_at_ms if recorded.ended_at_ms is None else recorded.ended_at_ms
