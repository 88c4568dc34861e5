"""Applying facts about what keeps an agent from work besides presence."""

from routing.core import events
from routing.core.deadlines import Deadline, DeadlineKind
from routing.core.evolve.marks import dirty_agent
from routing.core.evolve.parts import give_back, take
from routing.core.kept import ExternalWork, limit_reached_until
from routing.core.state import AgentRow, State
from routing.model.site import Site
from routing.model.time import Instant


def paused(state: State, at: Instant, event: events.AgentPaused) -> None:
    """They take nothing from that queue."""
    state.agents[event.agent_id].paused[event.queue_id] = event.reason
    dirty_agent(state, at, event.agent_id)


def unpaused(state: State, at: Instant, event: events.AgentUnpaused) -> None:
    """They do again, and misses count anew."""
    row = state.agents[event.agent_id]
    del row.paused[event.queue_id]
    row.queue_misses.pop(event.queue_id, None)
    dirty_agent(state, at, event.agent_id)


def counted(state: State, at: Instant, event: events.AssignmentCounted) -> None:
    """One more counts; perhaps they are given nothing more of that queue for a while."""
    row = state.agents[event.agent_id]
    counting = [until for until in row.assignments.get(event.queue_id, ()) if until > at]
    row.assignments[event.queue_id] = (*counting, event.counts_until)
    if event.limited_until is not None:
        row.limited_until[event.queue_id] = event.limited_until
        state.deadlines.add(Deadline(event.limited_until, DeadlineKind.ASSIGNMENT_LIMIT, event.agent_id, event.queue_id))
        state.marks.stale_agents[event.agent_id] = None


def limit_ended(state: State, at: Instant, event: events.AssignmentLimitEnded) -> None:
    """They are below the limit again."""
    del state.agents[event.agent_id].limited_until[event.queue_id]
    dirty_agent(state, at, event.agent_id)


def follow_limits(state: State, at: Instant, row: AgentRow, site: Site) -> None:
    """Another site is in force: what counts already is held against its limits, and nothing where a queue has none any more."""
    for queue_id, assignments in list(row.assignments.items()):
        limit = site.queues[queue_id].assignment_limit
        counting = () if limit is None else tuple(until for until in assignments if until > at)
        limited_until = None if limit is None else limit_reached_until(counting, limit.count)
        row.assignments[queue_id] = counting
        if not counting:
            del row.assignments[queue_id]
        if limited_until is None:
            row.limited_until.pop(queue_id, None)
        elif limited_until != row.limited_until.get(queue_id):
            row.limited_until[queue_id] = limited_until
            state.deadlines.add(Deadline(limited_until, DeadlineKind.ASSIGNMENT_LIMIT, row.agent.id, queue_id))


def commitments_put(state: State, at: Instant, event: events.CommitmentsPut) -> None:
    """Where they are expected, and when."""
    state.agents[event.agent_id].commitments = event.commitments
    _await_end(state, event.agent_id)
    dirty_agent(state, at, event.agent_id)


def commitment_ended(state: State, at: Instant, event: events.CommitmentEnded) -> None:
    """The next one counts."""
    row = state.agents[event.agent_id]
    row.commitments = row.commitments[1:]
    _await_end(state, event.agent_id)
    dirty_agent(state, at, event.agent_id)


def external_started(state: State, at: Instant, event: events.ExternalWorkStarted) -> None:
    """They are busy with work of their own."""
    row = state.agents[event.agent_id]
    row.external[event.work_id] = ExternalWork(event.channel, event.capacity_cost, event.is_assignment)
    take(state, at, row, event.channel, event.capacity_cost)
    if event.is_assignment:
        row.assigned_at = at
    dirty_agent(state, at, event.agent_id)


def external_ended(state: State, at: Instant, event: events.ExternalWorkEnded) -> None:
    """They are done with it."""
    row = state.agents[event.agent_id]
    work = row.external.pop(event.work_id)
    if work.is_assignment:
        row.free_since = at
    give_back(state, at, row, work.channel, work.capacity_cost)


def _await_end(state: State, agent_id: str) -> None:
    commitments = state.agents[agent_id].commitments
    if commitments and (ends_at := commitments[0].ends_at) is not None:
        state.deadlines.add(Deadline(ends_at, DeadlineKind.COMMITMENT_END, agent_id))
