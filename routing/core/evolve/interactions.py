"""Applying facts about waiting interactions and their end."""

from routing.core import events
from routing.core.deadlines import Deadline, DeadlineKind
from routing.core.evolve.flight import forget_callback
from routing.core.evolve.marks import dirty_interaction
from routing.core.evolve.parts import (
    advance,
    enter_limits,
    enter_stage,
    forget_apart,
    index_reserved,
    leave_ladder,
    next_phase,
    put_route,
    release_work,
)
from routing.core.kept import Ended
from routing.core.lifecycle import InteractionPhase
from routing.core.state import InteractionRow, State
from routing.model.ids import InteractionId
from routing.model.record import replace
from routing.model.route import Route
from routing.model.time import Instant


def queued(state: State, at: Instant, event: events.InteractionQueued) -> None:
    """It waits from now on."""
    interaction_id = event.interaction.id
    known = state.interactions.get(interaction_id)
    phase = next_phase(InteractionPhase.NEW if known is None else known.phase, event)
    state.arrived += 1
    row = state.interactions[interaction_id] = InteractionRow(
        interaction=event.interaction,
        phase=phase,
        sequence=state.arrived,
        version=1,
        enqueued_at=at,
        route=event.route,
        opens_at=event.opens_at,
        awaits_opening=event.opens_at is not None,
        place=0 if event.estimate is None else event.estimate.place,
    )
    enter_stage(state, row)
    if event.route.reserved is not None or event.route.stay is not None:
        index_reserved(state, row)
        enter_limits(state, row)
    dirty_interaction(state, at, interaction_id)


def updated(state: State, at: Instant, event: events.InteractionUpdated) -> None:
    """Its own description changed."""
    row = state.interactions[event.interaction.id]
    row.interaction = event.interaction
    row.version += 1
    dirty_interaction(state, at, event.interaction.id)


def rerouted(state: State, at: Instant, event: events.RouteChanged) -> None:
    """It has another route."""
    _set_route(state, at, event.interaction_id, event.new)
    if event.opens_at is not None or event.old.queue_id != event.new.queue_id:
        _enter_queue(state, at, event.interaction_id, event.opens_at)


def relaxed(state: State, at: Instant, event: events.RequirementRelaxed) -> None:
    """A step of its ladder was taken; one that leads to another queue passes by its door, and the opening that was awaited."""
    left = state.interactions[event.interaction_id].route.queue_id
    _set_route(state, at, event.interaction_id, event.route)
    if event.route.queue_id != left:
        _enter_queue(state, at, event.interaction_id, None)


def deferred(state: State, at: Instant, event: events.MatchDeferred) -> None:
    """The policy holds it until then."""
    state.interactions[event.interaction_id].deferred_until = event.until
    state.deadlines.add(Deadline(event.until, DeadlineKind.MATCH_DEFERRED, event.interaction_id))


def match_due(state: State, at: Instant, event: events.MatchDue) -> None:
    """The policy looks at it again."""
    state.interactions[event.interaction_id].deferred_until = None
    dirty_interaction(state, at, event.interaction_id)


def exclusion_ended(state: State, at: Instant, event: events.ExclusionEnded) -> None:
    """A pair is no longer kept apart."""
    row = state.interactions[event.interaction_id]
    if event.agent_id in row.apart:
        forget_apart(state, row, event.agent_id)
    else:
        del row.exclusions[event.agent_id]
    dirty_interaction(state, at, event.interaction_id)


def diverted(state: State, at: Instant, event: events.InteractionDiverted) -> None:
    """It goes on in another queue; where it does not, its end follows."""
    if event.route is not None:
        _set_route(state, at, event.interaction_id, event.route)
        _enter_queue(state, at, event.interaction_id, event.opens_at)
        state.interactions[event.interaction_id].place = 0 if event.estimate is None else event.estimate.place


def ended(state: State, at: Instant, event: events.InteractionEnded) -> None:
    """It ended, and gives back all it held."""
    row = advance(state, event.interaction_id, event)
    if row.agent_id is not None:
        release_work(state, at, row)
    if row.apart:
        for agent_id in list(row.apart):
            forget_apart(state, row, agent_id)
    if row.route.reserved is not None:
        put_route(state, row, replace(row.route, reserved=None))
    if row.callback is not None:
        forget_callback(state, at, event.interaction_id)
    del state.interactions[event.interaction_id]
    leave_ladder(state, event.interaction_id)
    state.marks.dirty_interactions.pop(event.interaction_id, None)
    state.marks.stale_interactions[event.interaction_id] = None
    state.ended_by_cause[event.cause] += 1
    parent_id = None if row.interaction.leg is None else row.interaction.leg.parent_id
    state.ended[event.interaction_id] = Ended(at, event.cause, row.route.queue_id, event.agent_id, parent_id, row.leg_id)
    while (oldest := next(iter(state.ended))) and state.ended[oldest].at < event.forget_before:
        del state.ended[oldest]


def _set_route(state: State, at: Instant, interaction_id: InteractionId, route: Route) -> None:
    row = state.interactions[interaction_id]
    put_route(state, row, route)
    enter_stage(state, row)
    enter_limits(state, row)
    dirty_interaction(state, at, interaction_id)


def _enter_queue(state: State, at: Instant, interaction_id: InteractionId, opens_at: Instant | None) -> None:
    """It stands in another queue, to wait for its opening or to be offered from now on; who was eligible before stays so since then."""
    row = state.interactions[interaction_id]
    if opens_at is not None or row.opens_at is None:
        row.opens_at = opens_at
    else:
        row.opens_at = min(row.opens_at, at)
    row.awaits_opening = opens_at is not None
    row.closed_at = None
    row.leave_at = None  # what the queue before would have waited for; this one has a grace of its own
