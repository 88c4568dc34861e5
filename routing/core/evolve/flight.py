"""Which call-backs are under way. Reaching the site's limit takes the others out of the matching room, leaving it brings them back."""

from routing.core.evolve.marks import dirty_interaction
from routing.core.lifecycle import InteractionPhase
from routing.core.state import InteractionRow, State
from routing.model.callback import CallbackStage
from routing.model.ids import InteractionId
from routing.model.time import Instant


def enter_flight(state: State, interaction_id: InteractionId) -> None:
    """A call-back is offered, or an attempt runs."""
    in_flight = state.callbacks.in_flight
    if interaction_id in in_flight:
        return
    in_flight[interaction_id] = None
    if len(in_flight) == _limit(state):
        state.marks.stale_interactions.update(state.callbacks.pending)


def leave_flight(state: State, at: Instant, interaction_id: InteractionId) -> None:
    """A call-back has neither offers nor an attempt any more."""
    in_flight = state.callbacks.in_flight
    if interaction_id not in in_flight:
        return
    was_full = len(in_flight) == _limit(state)
    del in_flight[interaction_id]
    if was_full:
        for pending_id in state.callbacks.pending:
            if state.interactions[pending_id].phase is InteractionPhase.WAITING:
                dirty_interaction(state, at, pending_id)


def forget_callback(state: State, at: Instant, interaction_id: InteractionId) -> None:
    """A call-back reached its customer, or ended."""
    state.callbacks.pending.pop(interaction_id, None)
    leave_flight(state, at, interaction_id)


def void_attempt(state: State, at: Instant, row: InteractionRow) -> None:
    """The agent of a running attempt was lost before it came to anything: it does not count."""
    callback = row.callback
    if callback is not None and callback.stage is CallbackStage.CALLING:
        callback.stage = CallbackStage.READY
        callback.attempt_expires_at = None
        leave_flight(state, at, row.interaction.id)


def _limit(state: State) -> int:
    return 0 if state.site is None else state.site.running_callbacks_max
