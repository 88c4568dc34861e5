"""What happens to interactions that are kept for certain agents, when those come, go, or say no."""

from collections.abc import Iterator, Mapping

from routing.core.errors import CommandRefused, RefusalReason
from routing.core.events import Event, ReservationEndCause, ReservationEnded, ReservationLimited
from routing.core.ladder import all_steps_taken
from routing.core.lifecycle import InteractionPhase
from routing.core.state import InteractionRow, State
from routing.model.agent import Presence
from routing.model.ids import AgentId, InteractionId
from routing.model.interaction import Interaction
from routing.model.queue import ExclusionScope
from routing.model.route import Route
from routing.model.time import Instant

NOBODY: Mapping[AgentId, Presence] = {}
"""No agent's presence is about to change."""


def check_sent_to(state: State, interaction: Interaction, agent_id: AgentId, route: Route, field: str) -> None:
    """Refuse work sent to an agent who is not known, or who could never serve it, not even after the last step of its route.

    Raises:
        CommandRefused: naming the `field`.
    """
    row = state.agents.get(agent_id)
    if row is None:
        raise CommandRefused(RefusalReason.UNKNOWN_AGENT, f"agent {agent_id!r} is not registered", field)
    agent = row.agent
    widest = all_steps_taken(route)
    is_taken = widest.queue_for(agent.attributes) is not None
    unmet = [] if is_taken else [need for need in widest.requirements if need.is_hard and not need.is_met_by(agent.attributes)]
    if not agent.channel_maxima.get(interaction.channel):
        why = f"does not serve {interaction.channel}"
    elif interaction.leg is not None and agent_id in interaction.leg.barred:
        why = "had the conversation before, and is barred from its next leg"
    elif unmet:
        why = f"does not meet {unmet[0].attribute} {unmet[0].operator} {unmet[0].value}"
    else:
        return
    text = f"agent {agent_id!r} could never have it: {why}; send it to another agent, or to none"
    raise CommandRefused(RefusalReason.AGENT_CANNOT_SERVE, text, field)


def limits(
    state: State,
    interaction: Interaction,
    route: Route,
    now: Instant,
    *,
    away_at: Instant | None = None,
    changing: Mapping[AgentId, Presence] = NOBODY,
    apart: Mapping[AgentId, object] = NOBODY,
) -> Iterator[Event]:
    """What the presence of its agents means for a reservation: it ends, ends sooner, or no longer does.

    An agent who does not serve the channel, or does not meet what `route` requires, is as good as offline: nobody waits for them. `away_at`
    is the end set before, `changing` overrides presences that are about to change, `apart` are agents who cannot be asked.
    """
    reserved, interaction_id = route.reserved, interaction.id
    if reserved is None or reserved.away_grace_ms is None:
        return
    asked = [agent_id for agent_id in reserved.agents if agent_id not in apart and could_serve(state, agent_id, interaction, route)]
    present = [_presence(state, agent_id, changing) for agent_id in asked]
    if Presence.AVAILABLE in present:
        if away_at is not None:
            yield ReservationLimited(interaction_id=interaction_id, away_at=None)
        return
    grace_ms = reserved.away_grace_ms if Presence.NOT_READY in present else 0
    if not grace_ms:
        yield ReservationEnded(interaction_id=interaction_id, due_at=now, cause=ReservationEndCause.AWAY)
    elif away_at is None:
        yield ReservationLimited(interaction_id=interaction_id, away_at=now + grace_ms)


def could_serve(state: State, agent_id: AgentId, interaction: Interaction, route: Route) -> bool:
    """Whether an agent is registered, serves the channel and the queue, and meets what the route requires at present; busy or not."""
    row = state.agents.get(agent_id)
    return (
        row is not None
        and route.queue_id not in row.paused
        and row.agent.channel_maxima.get(interaction.channel, 0) > 0
        and route.queue_for(row.agent.attributes) is not None
    )


def limits_after(state: State, changing: Mapping[AgentId, Presence], now: Instant, but: InteractionId | None = None) -> Iterator[Event]:
    """The same for every waiting interaction that is kept for one of the agents whose presence is about to change, except `but`."""
    touched = [interaction_id for agent_id in changing for interaction_id in state.reserved_for.get(agent_id, ())]
    for interaction_id in dict.fromkeys(touched):
        row = state.interactions[interaction_id]
        if interaction_id != but and row.phase is InteractionPhase.WAITING:
            back = [key for key, scope in row.apart.items() if scope is ExclusionScope.PRESENCE and changing.get(key) is Presence.AVAILABLE]
            kept_from = {key: None for key in (*row.exclusions, *row.apart) if key not in back}
            yield from limits(state, row.interaction, row.route, now, away_at=row.away_at, changing=changing, apart=kept_from)


def has_nobody_left(state: State, row: InteractionRow, declined_by: AgentId) -> bool:
    """Whether an interaction was kept for agents for a while, of whom after this decline or miss none can be asked any more."""
    reserved = row.route.reserved
    if reserved is None or reserved.until is None:
        return False
    left = [key for key in reserved.agents if key != declined_by and key not in row.exclusions and key not in row.apart]
    able = [agent_id for agent_id in left if could_serve(state, agent_id, row.interaction, row.route)]
    return all(_presence(state, agent_id, NOBODY) is not Presence.AVAILABLE for agent_id in able)


def waiting_for(state: State, agent_id: AgentId) -> tuple[InteractionId, ...]:
    """The agent's own line: waiting interactions that were sent to them alone; by class, then routing age, then arrival."""
    kept = [state.interactions[interaction_id] for interaction_id in state.reserved_for.get(agent_id, ())]
    own = [row for row in kept if row.phase is InteractionPhase.WAITING and row.interaction.agent_id == agent_id]
    return tuple(row.interaction.id for row in sorted(own, key=_place))


def _place(row: InteractionRow) -> tuple[int, Instant, int]:
    return -row.class_rank, row.eligible_since - row.interaction.routing_credit_ms, row.sequence


def _presence(state: State, agent_id: AgentId, changing: Mapping[AgentId, Presence]) -> Presence:
    row = state.agents.get(agent_id)
    return changing.get(agent_id, Presence.OFFLINE if row is None else row.presence)
