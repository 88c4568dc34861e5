"""Applying facts about work in an agent's hands."""

from routing.core import events
from routing.core.deadlines import Deadline, DeadlineKind
from routing.core.evolve.flight import void_attempt
from routing.core.evolve.marks import dirty_agent, dirty_interaction
from routing.core.evolve.parts import advance, exclude, look_at_set_aside, release_work, wait_again
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


def interrupted(state: State, at: Instant, event: events.HandlingInterrupted) -> None:
    """It is set aside, and its budget is free; its place on the channel stays its own."""
    row = advance(state, event.interaction_id, event)
    agent = state.agents[event.agent_id]
    agent.set_aside[event.interaction_id] = row.capacity_cost
    agent.used -= row.capacity_cost
    row.capacity_cost = 0
    look_at_set_aside(state, at, agent)
    dirty_agent(state, at, event.agent_id)


def interruption_ended(state: State, at: Instant, event: events.InterruptionEnded) -> None:
    """It goes on."""
    row = advance(state, event.interaction_id, event)
    agent = state.agents[event.agent_id]
    row.capacity_cost = agent.set_aside.pop(event.interaction_id)
    agent.used += row.capacity_cost
    agent.resume_at = None
    look_at_set_aside(state, at, agent)
    dirty_agent(state, at, event.agent_id)


def ended(state: State, at: Instant, event: events.HandlingEnded) -> None:
    """After-contact work begins; there is none where the work was set aside."""
    row = advance(state, event.interaction_id, event)
    agent = state.agents[event.agent_id]
    if agent.set_aside.pop(event.interaction_id, None) is not None:
        look_at_set_aside(state, at, agent)
    if state.site is not None and state.site.channels[row.interaction.channel].interruptible_by:
        state.marks.stale_agents[event.agent_id] = None  # after-contact work yields to nothing: there is less room than before
    row.wrap_up_until = event.wrap_up_until
    row.handled_until = at
    state.deadlines.add(Deadline(event.wrap_up_until, DeadlineKind.WRAP_UP_LIMIT, event.interaction_id))
