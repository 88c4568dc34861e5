"""Applying facts about call-backs and promises."""

from routing.core import events
from routing.core.deadlines import Deadline, DeadlineKind
from routing.core.errors import InvariantBroken
from routing.core.evolve.flight import enter_flight, forget_callback, leave_flight
from routing.core.evolve.marks import dirty_agent, dirty_interaction
from routing.core.evolve.parts import advance, enter_limits, enter_stage, put_route, release_work, wait_again
from routing.core.lifecycle import InteractionPhase
from routing.core.state import CallbackRow, State, callback_due_at
from routing.model.callback import CallbackStage, Promise
from routing.model.ids import InteractionId
from routing.model.record import replace
from routing.model.time import Instant


def requested(state: State, at: Instant, event: events.CallbackRequested) -> None:
    """The customer hung up and keeps the place."""
    interaction_id = event.interaction.id
    row = state.interactions[interaction_id]
    if row.phase is not InteractionPhase.WAITING or row.offers:
        raise InvariantBroken(f"an interaction that is {row.phase} with offers {list(row.offers)} cannot see {event}")
    row.interaction = event.interaction
    row.version += 1
    row.callback = CallbackRow(
        kind=event.kind,
        stage=CallbackStage.READY if event.not_before is None else CallbackStage.DEFERRED,
        requested_at=at,
        not_before=event.not_before,
        promise=Promise.NONE if event.promised_at is None else Promise.OPEN,
        promised_at=event.promised_at,
        urgent_at=event.urgent_at,
        paused_ms=event.paused_ms,
    )
    for kind in (DeadlineKind.CALLBACK_DUE, DeadlineKind.CALLBACK_URGENT, DeadlineKind.PROMISE_END):
        _add_deadline(state, interaction_id, row.callback, kind)
    state.callbacks.pending[interaction_id] = None
    enter_stage(state, row)
    dirty_interaction(state, at, interaction_id)


def due(state: State, at: Instant, event: events.CallbackDue) -> None:
    """It stands in the line."""
    callback = callback_of(state, event.interaction_id)
    callback.stage = CallbackStage.READY
    callback.not_before = None
    enter_stage(state, state.interactions[event.interaction_id])
    dirty_interaction(state, at, event.interaction_id)


def raised(state: State, at: Instant, event: events.CallbackRaised) -> None:
    """Its class is higher until the promise is kept."""
    callback = callback_of(state, event.interaction_id)
    callback.urgent_at = None
    callback.class_rank = event.class_rank
    dirty_interaction(state, at, event.interaction_id)


def launched(state: State, at: Instant, event: events.CallbackLaunched) -> None:
    """An attempt runs."""
    callback = callback_of(state, event.interaction_id)
    callback.stage = CallbackStage.CALLING
    callback.attempt_expires_at = event.expires_at
    _add_deadline(state, event.interaction_id, callback, DeadlineKind.CALLBACK_ATTEMPT)
    enter_flight(state, event.interaction_id)


def reached(state: State, at: Instant, event: events.CallbackReached) -> None:
    """From now on it is an interaction like any other."""
    callback = callback_of(state, event.interaction_id)
    callback.stage = CallbackStage.REACHED
    callback.attempt_expires_at = None
    forget_callback(state, at, event.interaction_id)
    row = state.interactions[event.interaction_id]
    if row.agent_id is not None and state.site is not None and state.site.channels[row.interaction.channel].interruptible_by:
        dirty_agent(state, at, row.agent_id)  # it may be interrupted now
    if event.agent_id is None:
        if row.route.stay is not None and row.route.stay.until <= at:
            put_route(state, row, replace(row.route, stay=None))  # it ran out while nobody was on the line: who answers is not sent away
        dirty_interaction(state, at, event.interaction_id)
    if row.phase is InteractionPhase.WAITING:
        enter_limits(state, row)  # they hold again, if only until the agent in reserve has it


def attempt_ended(state: State, at: Instant, event: events.CallbackAttemptEnded) -> None:
    """Nobody was reached: it waits again, and whoever tried is free."""
    row = advance(state, event.interaction_id, event)
    callback = callback_of(state, event.interaction_id)
    callback.stage = CallbackStage.READY if event.retry_at is None else CallbackStage.DEFERRED
    callback.attempts = event.attempt
    callback.attempt_expires_at = None
    callback.not_before = event.retry_at
    _add_deadline(state, event.interaction_id, callback, DeadlineKind.CALLBACK_DUE)
    if event.agent_id is not None:
        release_work(state, at, row)
        wait_again(state, at, row)
    leave_flight(state, at, event.interaction_id)
    dirty_interaction(state, at, event.interaction_id)


def promise_kept(state: State, at: Instant, event: events.PromiseKept) -> None:
    """Nothing about it is urgent any more."""
    callback = callback_of(state, event.interaction_id)
    callback.promise = Promise.KEPT
    callback.urgent_at = None
    callback.class_rank = None


def promise_broken(state: State, at: Instant, event: events.PromiseBroken) -> None:
    """It stays as urgent as it has become."""
    callback_of(state, event.interaction_id).promise = Promise.BROKEN


def callback_of(state: State, interaction_id: InteractionId) -> CallbackRow:
    """The call-back that an interaction carries; raises `InvariantBroken` where it carries none."""
    callback = state.interactions[interaction_id].callback
    if callback is None:
        raise InvariantBroken(f"interaction {interaction_id!r} is not to be called back")
    return callback


def _add_deadline(state: State, interaction_id: InteractionId, callback: CallbackRow, kind: DeadlineKind) -> None:
    due_at = callback_due_at(callback, kind)
    if due_at is not None:
        state.deadlines.add(Deadline(due_at, kind, interaction_id))
