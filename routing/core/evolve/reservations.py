"""Applying facts about interactions that are kept for certain agents."""

from routing.core import events
from routing.core.deadlines import Deadline, DeadlineKind
from routing.core.evolve.marks import dirty_interaction
from routing.core.evolve.parts import put_route
from routing.core.state import State
from routing.model.record import replace
from routing.model.time import Instant


def limited(state: State, at: Instant, event: events.ReservationLimited) -> None:
    """It ends sooner because its agents are away, or no longer does."""
    row = state.interactions[event.interaction_id]
    row.away_at = event.away_at
    for due_at in (event.away_at, None if row.route.reserved is None else row.route.reserved.until):
        if due_at is not None:
            state.deadlines.add(Deadline(due_at, DeadlineKind.RESERVATION_END, event.interaction_id))


def ended(state: State, at: Instant, event: events.ReservationEnded) -> None:
    """Everybody may have it."""
    row = state.interactions[event.interaction_id]
    put_route(state, row, replace(row.route, reserved=None))
    dirty_interaction(state, at, event.interaction_id)
