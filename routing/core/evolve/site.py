"""Applying facts about the site, its windows and requests."""

from routing.core import events
from routing.core.evolve import follow
from routing.core.evolve.duty import follow_limits
from routing.core.evolve.hours import set_turns
from routing.core.evolve.marks import dirty_agent, dirty_interaction
from routing.core.kept import Remembered
from routing.core.lifecycle import InteractionPhase
from routing.core.state import State
from routing.model.time import Instant


def applied(state: State, at: Instant, event: events.SiteApplied) -> None:
    """It is in force, and everything that waits is looked at again."""
    site = event.site
    state.site = site
    state.site_hash = event.site_hash
    state.turns = {queue_id: turn for queue_id, turn in state.turns.items() if queue_id in site.queues}
    if site.memory is None:
        state.customers.clear()
    if not site.policy.match_interval_ms:
        state.window_due_at = None
    for agent_id, agent in state.agents.items():
        for by_queue in (agent.paused, agent.queue_misses, agent.assignments, agent.limited_until):
            for queue_id in [queue_id for queue_id in by_queue if queue_id not in site.queues]:
                del by_queue[queue_id]
        follow_limits(state, at, agent, site)
        dirty_agent(state, at, agent_id)
    for interaction_id, row in state.interactions.items():
        if row.phase is InteractionPhase.WAITING:
            dirty_interaction(state, at, interaction_id)
    set_turns(state, at, site)
    follow.begin(state, at, site)


def window_closed(state: State, at: Instant, event: events.WindowClosed) -> None:
    """The window was matched."""
    state.window_due_at = None


def request_recorded(state: State, at: Instant, event: events.RequestRecorded) -> None:
    """A request is remembered with its answer."""
    state.requests[event.request_id] = Remembered(state.seq + 1, at, event.payload_hash, event.subject)
    if event.reception is not None:
        state.receptions[event.request_id] = event.reception
    while (oldest := next(iter(state.requests))) and state.requests[oldest].at < event.forget_before:
        del state.requests[oldest]
        state.receptions.pop(oldest, None)
