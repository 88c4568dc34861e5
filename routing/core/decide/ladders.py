"""Taking the steps of ladders: when they are due, or early, where nobody is there to wait for."""

from collections.abc import Iterable, Iterator, Mapping

from routing.core.attendance import Wanted
from routing.core.decide.admission import Turned, divert
from routing.core.events import Event, RequirementRelaxed, StepCause
from routing.core.ladder import earliest_branch, next_step_taken, step_taken_early
from routing.core.lifecycle import InteractionPhase
from routing.core.state import InteractionRow, State
from routing.model.agent import Agent, Presence
from routing.model.callback import CallbackStage
from routing.model.diversion import DiversionCause
from routing.model.ids import InteractionId
from routing.model.route import Reach, Route
from routing.model.time import Instant

_CAUSE: Mapping[Reach, StepCause] = {
    Reach.REGISTERED: StepCause.NOBODY_REGISTERED,
    Reach.PRESENT: StepCause.NOBODY_PRESENT,
    Reach.AVAILABLE: StepCause.NOBODY_AVAILABLE,
}


def due_step(interaction_id: InteractionId, route: Route) -> RequirementRelaxed:
    """The next step of a route, taken because it is due."""
    branch = route.branches[earliest_branch(route)]
    step = branch.steps[0]
    return RequirementRelaxed(
        interaction_id=interaction_id,
        due_at=step.due_at,
        route=next_step_taken(route),
        relaxation=step.relaxation,
        queue_id=branch.queue_id if route.also else "",
    )


def decide_early_steps(state: State, interaction_ids: Iterable[InteractionId], now: Instant) -> list[Event]:
    """One step at most of each of these interactions, taken before its time because nobody is there whom it would wait for.

    The stage that follows may be as empty: who applies the events asks again for those that enter one.
    """
    return [event for interaction_id in interaction_ids for event in _early_step(state, state.interactions.get(interaction_id), now)]


def _early_step(state: State, row: InteractionRow | None, now: Instant) -> Iterator[Event]:
    """The step, unless it is due anyway, or there is somebody, or the interaction has moved on since it was marked.

    What waits for its queue to open has not begun its ladder; it is marked again when it does.
    """
    if row is None or row.phase is not InteractionPhase.WAITING or row.awaits_opening:
        return
    if row.callback is not None and row.callback.stage is CallbackStage.DEFERRED:
        return
    for place, branch in enumerate(row.route.branches):
        step = branch.steps[0] if branch.steps else None
        if step is None or step.early is None or step.due_at <= now:
            continue
        reach = step.early.if_nobody
        wanted = Wanted(row.interaction.channel, branch.requirements)
        if state.attendance.has(reach, wanted, candidates(state, wanted)):
            continue
        if step.relaxation.divert_to is not None and row.is_on_line:
            yield from divert(state, row, Turned(DiversionCause.ROUTE_STEP, step.relaxation.divert_to, step.due_at), now)
            return
        yield RequirementRelaxed(
            interaction_id=row.interaction.id,
            due_at=step.due_at,
            route=step_taken_early(row.route, place, now),
            cause=_CAUSE[reach],
            relaxation=step.relaxation,
            queue_id=branch.queue_id if row.route.also else "",
        )
        return


def candidates(state: State, wanted: Wanted) -> Iterator[tuple[Agent, Presence]]:
    """All agents who may belong to a crew, and others, with what they say of themselves; nobody is looked for before the first is asked."""
    for row in state.holders.candidates(wanted.requirements, state.agents):
        yield row.agent, row.presence
