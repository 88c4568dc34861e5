"""What an event leaves to be looked at: by the next match, and by the steps of ladders that may be taken early."""

from routing.core.deadlines import Deadline, DeadlineKind
from routing.core.state import State
from routing.model.ids import AgentId, InteractionId
from routing.model.time import Instant


def dirty_interaction(state: State, at: Instant, interaction_id: InteractionId) -> None:
    """Something about an interaction is new: its column is stale, and a match has to look at it."""
    state.marks.stale_interactions[interaction_id] = None
    state.marks.dirty_interactions[interaction_id] = None
    _open_window(state, at)


def dirty_agent(state: State, at: Instant, agent_id: AgentId) -> None:
    """Something about an agent is new: their column is stale, and a match has to look at them."""
    state.marks.stale_agents[agent_id] = None
    state.marks.dirty_agents[agent_id] = None
    _open_window(state, at)


def somebody_left(state: State) -> None:
    """A crew lost the last who was near enough for something: the steps that wait for that are looked at."""
    state.marks.may_step_early.update(dict.fromkeys(state.attendance.watched))


def _open_window(state: State, at: Instant) -> None:
    site = state.site
    if site is not None and site.policy.match_interval_ms and state.window_due_at is None:
        state.window_due_at = at + site.policy.match_interval_ms
        state.deadlines.add(Deadline(state.window_due_at, DeadlineKind.WINDOW, ""))
