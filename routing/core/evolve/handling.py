"""Applying facts about work in an agent's hands."""

from routing.core import events
from routing.core.deadlines import Deadline, DeadlineKind
from routing.core.evolve.flight import void_attempt
from routing.core.evolve.marks import dirty_interaction
from routing.core.evolve.parts import advance, exclude, release_work, wait_again
from routing.core.state import State
from routing.model.time import Instant


def held(state: State, at: Instant, event: events.HandlingHeld) -> None:
    """The customer waits on the line."""
    advance(state, event.interaction_id, event)


def resumed(state: State, at: Instant, event: events.HandlingResumed) -> None:
    """The customer is back."""
    advance(state, event.interaction_id, event)


def returned(state: State, at: Instant, event: events.HandlingReturned) -> None:
    """It waits again."""
    row = advance(state, event.interaction_id, event)
    release_work(state, at, row)
    wait_again(state, at, row)
    exclude(state, at, event.interaction_id, event.agent_id, event.excluded_until)
    void_attempt(state, at, row)
    dirty_interaction(state, at, event.interaction_id)


def ended(state: State, at: Instant, event: events.HandlingEnded) -> None:
    """After-contact work begins."""
    row = advance(state, event.interaction_id, event)
    row.wrap_up_until = event.wrap_up_until
    row.handled_until = at
    state.deadlines.add(Deadline(event.wrap_up_until, DeadlineKind.WRAP_UP_LIMIT, event.interaction_id))
