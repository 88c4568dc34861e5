"""Keeping what is derived from the rows in step with them, where the site needs it: lines, paces, and who is there for whom."""

from routing.core import events
from routing.core.cover import Cover, Floor
from routing.core.deadlines import Deadline, DeadlineKind
from routing.core.estimates import learned
from routing.core.events import Event
from routing.core.lines import Lines
from routing.core.state import State
from routing.model.ids import AgentId, InteractionId
from routing.model.interaction import Interaction
from routing.model.site import Site
from routing.model.time import Instant


def begin(state: State, at: Instant, site: Site) -> None:
    """A site came into force: follow what it needs, from the rows as they stand."""
    queues = site.queues.values()
    needs_lines = any(queue.admission is not None or queue.estimate is not None for queue in queues)
    state.lines = Lines(state.interactions.values()) if needs_lines else None
    state.cover = Cover() if any(queue.empty is not None for queue in queues) else None
    state.paces = {queue.id: state.paces[queue.id] for queue in queues if queue.estimate is not None and queue.id in state.paces}
    floor = Floor(site, state)
    for interaction_id in state.interactions:
        if state.cover is not None:
            state.cover.follow_interaction(floor, interaction_id)
        _set_leaving(state, at, interaction_id)


def follow(state: State, at: Instant, event: Event) -> None:
    """Bring what is derived up to date with the interaction and the agent that an event names."""
    if isinstance(event, events.QueueOpened) and state.lines is not None:
        for opened_id, row in state.interactions.items():  # another site may open it sooner than was known
            state.lines.follow(opened_id, row)
    interaction_id, agent_id = _interaction_of(event), _agent_of(event)
    if interaction_id is not None:
        if state.lines is not None:
            state.lines.follow(interaction_id, state.interactions.get(interaction_id))
            if isinstance(event, events.OfferAccepted) and state.interactions[interaction_id].callback is None:
                _learn(state, at, interaction_id)
        if state.cover is not None and state.site is not None:
            state.cover.follow_interaction(Floor(state.site, state), interaction_id)
            _set_leaving(state, at, interaction_id)
    if agent_id is not None and state.cover is not None and state.site is not None:
        for turned in state.cover.follow_agent(Floor(state.site, state), agent_id):
            _set_leaving(state, at, turned)


def _interaction_of(event: Event) -> InteractionId | None:
    """Facts name an interaction by its id, or hold the whole of it."""
    named: InteractionId | None = getattr(event, "interaction_id", None)
    whole: Interaction | None = getattr(event, "interaction", None)
    return named if whole is None else whole.id


def _agent_of(event: Event) -> AgentId | None:
    if isinstance(event, events.AgentPut):
        return event.agent.id
    named: AgentId | None = getattr(event, "agent_id", None)
    return named


def _learn(state: State, at: Instant, interaction_id: InteractionId) -> None:
    row = state.interactions[interaction_id]
    queue_id = row.route.queue_id
    if state.site is not None and state.site.queues[queue_id].estimate is not None:
        state.paces[queue_id] = learned(state.paces.get(queue_id), at - row.eligible_since, row.place)


def _set_leaving(state: State, at: Instant, interaction_id: InteractionId) -> None:
    row = state.interactions.get(interaction_id)
    if row is None:
        return
    if state.cover is None or state.site is None or not state.cover.is_alone(interaction_id):
        row.leave_at = None
    elif row.leave_at is None:
        rule = state.site.queues[row.route.queue_id].empty
        row.leave_at = at + (0 if rule is None else rule.leave_grace_ms)
        state.deadlines.add(Deadline(row.leave_at, DeadlineKind.LEFT_ALONE, interaction_id))
