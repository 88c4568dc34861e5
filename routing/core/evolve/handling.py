"""Applying facts about work in an agent's hands."""

from routing.core import events
from routing.core.deadlines import Deadline, DeadlineKind
from routing.core.evolve.marks import dirty_interaction
from routing.core.evolve.parts import advance, enter_limits, enter_stage, exclude, release_work
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
    # Deadlines of a waiting interaction slept while it was handled: exclusions that ran out are over, the rest is entered again.
    row.exclusions = {agent_id: until for agent_id, until in row.exclusions.items() if until > at}
    exclude(state, at, event.interaction_id, event.agent_id, event.excluded_until)
    enter_stage(state, row)
    enter_limits(state, row)
    for agent_id, until in row.exclusions.items():
        state.deadlines.add(Deadline(until, DeadlineKind.EXCLUSION_END, event.interaction_id, agent_id))
    dirty_interaction(state, at, event.interaction_id)


def ended(state: State, at: Instant, event: events.HandlingEnded) -> None:
    """After-contact work begins."""
    row = advance(state, event.interaction_id, event)
    row.wrap_up_until = event.wrap_up_until
    row.handled_until = at
    state.deadlines.add(Deadline(event.wrap_up_until, DeadlineKind.WRAP_UP_LIMIT, event.interaction_id))
