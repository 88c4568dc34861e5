"""Requests that changed nothing: a journal keeps their id and a hash of their content, and no other fact."""

from collections.abc import Iterator

from routing.core import commands
from routing.core.commands import Mutation, ReleaseOutcome
from routing.core.state import State
from routing.model.agent import Agent


def without_effect(subject: str, state: State) -> Iterator[Mutation]:
    """Requests about `subject` that find everything as they want it. What they cannot tell apart is left to the hash."""
    site, agents = state.site, tuple(row.agent for row in state.agents.values())
    if site is not None and not subject:
        yield commands.ApplySite(site=site)
        yield commands.PutAgents(agents=agents)
        yield from (commands.PutAgents(agents=(agent,)) for agent in agents)
        yield commands.PutAgents(agents=())
        yield commands.RemoveAgents(agent_ids=())
    row = state.agents.get(subject)
    if row is None or site is None:
        return
    agent: Agent = row.agent
    yield commands.SetPresence(agent_id=agent.id, presence=row.presence, reason=row.presence_reason)
    if row.session_id is not None:
        yield commands.OpenSession(agent_id=agent.id, session_id=row.session_id)
        yield commands.LoseSession(agent_id=agent.id, session_id=row.session_id)
    for queue_id in site.queues:
        yield commands.UnpauseAgent(agent_id=agent.id, queue_id=queue_id)
        yield commands.PauseAgent(agent_id=agent.id, queue_id=queue_id, reason=row.paused.get(queue_id, ""))
    yield commands.PutCommitments(agent_id=agent.id, commitments=row.commitments)
    yield commands.PutCommitments(agent_id=agent.id, commitments=())
    for outcome in ReleaseOutcome:
        yield commands.ReleaseHandling(agent_id=agent.id, outcome=outcome)
