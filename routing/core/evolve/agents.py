"""Applying facts about agents and the sessions of their desktops."""

from routing.core import events
from routing.core.deadlines import Deadline, DeadlineKind
from routing.core.evolve.marks import dirty_agent, somebody_left
from routing.core.evolve.parts import look_at_set_aside
from routing.core.state import AgentRow, State
from routing.model.agent import Presence
from routing.model.time import Instant


def put(state: State, at: Instant, event: events.AgentPut) -> None:
    """They are registered, or their record is replaced."""
    agent = event.agent
    row = state.agents.get(agent.id)
    state.holders.put(None if row is None else row.agent, agent)
    if row is None:
        state.agents_put += 1
        state.agents[agent.id] = AgentRow(
            agent=agent, sequence=state.agents_put, presence=Presence.OFFLINE, presence_reason="", available_since=at
        )
    else:
        row.agent = agent
        look_at_set_aside(state, at, row)
    if state.attendance.put(agent, state.agents[agent.id].presence):
        somebody_left(state)
    dirty_agent(state, at, agent.id)


def removed(state: State, at: Instant, event: events.AgentRemoved) -> None:
    """They are forgotten."""
    state.holders.put(state.agents.pop(event.agent_id).agent, None)
    if state.attendance.move(event.agent_id, None):
        somebody_left(state)
    state.marks.dirty_agents.pop(event.agent_id, None)
    state.marks.stale_agents[event.agent_id] = None


def presence_changed(state: State, at: Instant, event: events.PresenceChanged) -> None:
    """They say something else of themselves."""
    row = state.agents[event.agent_id]
    if event.presence is Presence.AVAILABLE and row.presence is not Presence.AVAILABLE:
        row.available_since = at
        row.misses = 0
        row.queue_misses.clear()
    if (event.presence is Presence.OFFLINE) != (row.presence is Presence.OFFLINE):
        _count_staffed(row, at, event.presence)
    row.presence = event.presence
    row.presence_reason = event.reason
    if state.attendance.move(event.agent_id, event.presence):
        somebody_left(state)
    dirty_agent(state, at, event.agent_id)


def _count_staffed(row: AgentRow, at: Instant, presence: Presence) -> None:
    """They come on, or leave and have been on for a while longer."""
    if presence is not Presence.OFFLINE:
        row.staffed_since = at
    else:
        row.staffed_ms += at - (at if row.staffed_since is None else row.staffed_since)
        row.staffed_since = None


def session_opened(state: State, at: Instant, event: events.SessionOpened) -> None:
    """A desktop holds the session."""
    row = state.agents[event.agent_id]
    row.session_id = event.session_id
    row.session_expires_at = None
    row.release_at = None
    row.kept = None


def session_lost(state: State, at: Instant, event: events.SessionLost) -> None:
    """The session is a lease from now on."""
    agent = state.agents[event.agent_id]
    agent.session_expires_at = event.expires_at
    state.deadlines.add(Deadline(event.expires_at, DeadlineKind.SESSION_EXPIRY, event.agent_id))


def session_expired(state: State, at: Instant, event: events.SessionExpired) -> None:
    """The lease ran out."""
    row = state.agents[event.agent_id]
    row.session_id = None
    row.session_expires_at = None
    row.release_at = event.release_at
    row.kept = None if event.kept is None else dict.fromkeys(event.kept)
    if event.release_at is not None:
        state.deadlines.add(Deadline(event.release_at, DeadlineKind.HANDLING_GRACE, event.agent_id))


def grace_ended(state: State, at: Instant, event: events.HandlingGraceEnded) -> None:
    """The grace for live handling ran out."""
    row = state.agents[event.agent_id]
    row.release_at = None
    row.kept = None
