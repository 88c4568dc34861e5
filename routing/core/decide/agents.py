"""Commands about agents: registering, presence, and the sessions of their desktops."""

from collections.abc import Iterator

from routing.core import commands
from routing.core.decide.fit import withdraw_unfit
from routing.core.decide.lookup import agent_of, site_of
from routing.core.decide.reoffer import back_on_the_floor
from routing.core.decide.reservations import limits_after, waiting_for
from routing.core.decide.withdraw import withdraw_all_of_agent
from routing.core.errors import CommandRefused, RefusalReason
from routing.core.events import (
    AgentPut,
    AgentRemoved,
    Event,
    PresenceChanged,
    SessionLost,
    SessionOpened,
    WithdrawCause,
)
from routing.core.state import AgentRow, State
from routing.core.validate import check_agent, check_id, check_text
from routing.model.agent import Agent, Presence
from routing.model.site import Site
from routing.model.time import Instant


def put_agents(state: State, command: commands.PutAgents) -> Iterator[Event]:
    """Register or replace agents, all or none; offers that no longer fit the new record are withdrawn."""
    site = site_of(state)
    seen: set[str] = set()
    for index, agent in enumerate(command.agents):
        check_agent(f"agents[{index}]", agent, site)
        if agent.id in seen:
            raise CommandRefused(RefusalReason.DUPLICATE_AGENT, f"agent {agent.id!r} is listed twice", f"agents[{index}].id")
        seen.add(agent.id)
        _check_still_fits(f"agents[{index}]", state.agents.get(agent.id), agent, state)
    for agent in command.agents:
        row = state.agents.get(agent.id)
        if row is not None and row.agent == agent:
            continue
        yield AgentPut(agent=agent)
        if row is not None:
            yield from withdraw_unfit(state, site, row, agent, WithdrawCause.AGENT_CHANGED)


def _check_still_fits(field: str, row: AgentRow | None, agent: Agent, state: State) -> None:
    if row is None:
        return
    kept = [state.interactions[interaction_id] for interaction_id in row.work]
    channels = [item.interaction.channel for item in kept]
    over = [channel for channel in channels if channels.count(channel) > agent.channel_maxima.get(channel, 0)]
    at_work = sum(item.capacity_cost for item in kept) + sum(work.capacity_cost for work in row.external.values())
    if max(at_work, *row.set_aside.values(), 0) > agent.capacity or over:
        text = f"agent {agent.id!r} holds work that the new capacity would not allow; keep it until that work has ended"
        raise CommandRefused(RefusalReason.AGENT_HAS_WORK, text, f"{field}.capacity")


def remove_agents(state: State, command: commands.RemoveAgents, now: Instant) -> Iterator[Event]:
    """Forget agents, all or none; an agent with work, a live offer or a line of their own stays."""
    for agent_id in command.agent_ids:
        row = agent_of(state, agent_id)
        if row.work or row.offers or row.external:
            text = f"agent {agent_id!r} still holds work or an offer; set them offline and wait until it has ended"
            raise CommandRefused(RefusalReason.AGENT_HAS_WORK, text, "agent_ids")
        own = waiting_for(state, agent_id)
        if own:
            text = f"{len(own)} interactions that were sent to agent {agent_id!r} still wait for them, the first is {own[0]!r}; cancel them"
            raise CommandRefused(RefusalReason.AGENT_HAS_WORK, text, "agent_ids")
    yield from limits_after(state, dict.fromkeys(command.agent_ids, Presence.OFFLINE), now)
    for agent_id in dict.fromkeys(command.agent_ids):
        yield from back_on_the_floor(state, agent_id, now)
        yield AgentRemoved(agent_id=agent_id)


def set_presence(state: State, command: commands.SetPresence, now: Instant) -> Iterator[Event]:
    """Change presence; whoever is no longer available loses live offers at once, and once only."""
    row = agent_of(state, command.agent_id)
    check_text("reason", command.reason)
    if command.presence is Presence.NOT_READY:
        _check_declared(site_of(state), command.reason)
    if (row.presence, row.presence_reason) == (command.presence, command.reason):
        return
    yield PresenceChanged(agent_id=command.agent_id, presence=command.presence, reason=command.reason)
    if command.presence is not Presence.AVAILABLE:
        yield from withdraw_all_of_agent(state, row, WithdrawCause.PRESENCE_CHANGED)
    elif row.presence is not Presence.AVAILABLE:
        yield from back_on_the_floor(state, command.agent_id, now)
    yield from limits_after(state, {command.agent_id: command.presence}, now)


def _check_declared(site: Site, reason: str) -> None:
    """A site that lists the codes of agents who are not ready takes no other."""
    codes = [declared.code for declared in site.not_ready_reasons]
    if codes and reason not in codes:
        text = f"reason {reason!r} is not one of: {', '.join(codes)}"
        raise CommandRefused(RefusalReason.UNKNOWN_PRESENCE_REASON, text, "reason")


def open_session(state: State, command: commands.OpenSession) -> Iterator[Event]:
    """A desktop connected; the newest session is the one that counts."""
    row = agent_of(state, command.agent_id)
    check_id("session_id", command.session_id)
    if row.session_id != command.session_id or row.session_expires_at is not None:
        yield SessionOpened(agent_id=command.agent_id, session_id=command.session_id)


def lose_session(state: State, command: commands.LoseSession, now: Instant) -> Iterator[Event]:
    """A desktop vanished: its session becomes a lease. A session that was replaced or is already lost changes nothing."""
    row = agent_of(state, command.agent_id)
    if row.session_id == command.session_id and row.session_expires_at is None:
        expires_at = now + site_of(state).session_lease_ms
        yield SessionLost(agent_id=command.agent_id, session_id=command.session_id, expires_at=expires_at)
