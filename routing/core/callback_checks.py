"""What must hold of call-backs whatever happens: the part of the invariants that only they have."""

from collections.abc import Callable, Iterator

from routing.core.deadlines import Deadline, DeadlineKind
from routing.core.lifecycle import InteractionPhase
from routing.core.state import CallbackRow, InteractionRow, State, callback_due_at
from routing.model.callback import CallbackKind, CallbackStage, Promise

CALLBACK_DEADLINES = (DeadlineKind.CALLBACK_ATTEMPT, DeadlineKind.CALLBACK_DUE, DeadlineKind.CALLBACK_URGENT, DeadlineKind.PROMISE_END)

Check = Callable[[bool, str], None]


def check_callback(check: Check, row: InteractionRow, callback: CallbackRow) -> None:
    """The stage, the phase and the due times of one call-back agree; `check` is given what must hold and the text if it does not."""
    name = f"call-back {row.interaction.id!r}"
    stage, is_waiting = callback.stage, row.phase is InteractionPhase.WAITING
    is_reached = stage is CallbackStage.REACHED
    check(row.enqueued_at <= callback.requested_at, f"{name} was asked for before it arrived")
    check((stage is CallbackStage.DEFERRED) == (callback.not_before is not None), f"{name} is {stage}, not before {callback.not_before}")
    check(stage is not CallbackStage.DEFERRED or (is_waiting and not row.offers), f"{name} is put off and yet {row.phase} or offered")
    check(is_waiting or stage in (CallbackStage.CALLING, CallbackStage.REACHED), f"{name} is {row.phase} and yet {stage}")
    is_reserving = callback.kind is CallbackKind.CUSTOMER_FIRST
    check(not is_reserving or is_waiting or is_reached, f"{name} is {row.phase} before its customer was reached")
    check(stage is not CallbackStage.CALLING or is_reserving == is_waiting, f"{name} is being called while it is {row.phase}")
    check(is_reached or not is_reserving or len(row.offers) <= 1, f"{name} keeps more than one agent in reserve")
    is_timed = is_reserving and stage is CallbackStage.CALLING
    check(is_timed == (callback.attempt_expires_at is not None), f"{name} is {stage} with an attempt until {callback.attempt_expires_at}")
    is_open = callback.promise is Promise.OPEN
    check(callback.promised_at is not None or callback.promise is Promise.NONE, f"{name} has a promise without an instant")
    check(not is_open or stage in (CallbackStage.DEFERRED, CallbackStage.READY), f"{name} was called and its promise is still open")
    check(callback.urgent_at is None or is_open, f"{name} is to become urgent for a promise that is {callback.promise}")


def check_callback_index(check: Check, state: State) -> None:
    """The index names exactly the call-backs that did not reach their customer, and those of them that are under way."""
    pending = {key: row for key, row in state.interactions.items() if row.callback is not None and row.callback.is_pending}
    in_flight = [key for key, row in pending.items() if row.offers or row.phase is not InteractionPhase.WAITING or _is_calling(row)]
    check(sorted(state.callbacks.pending) == sorted(pending), f"the index lists the call-backs {list(state.callbacks.pending)}")
    check(sorted(state.callbacks.in_flight) == sorted(in_flight), f"the index lists {list(state.callbacks.in_flight)} as under way")


def callback_deadlines(row: InteractionRow, callback: CallbackRow) -> Iterator[Deadline]:
    """Every due time that a call-back carries."""
    for kind in CALLBACK_DEADLINES:
        due_at = callback_due_at(callback, kind)
        if due_at is not None:
            yield Deadline(due_at, kind, row.interaction.id)


def _is_calling(row: InteractionRow) -> bool:
    return row.callback is not None and row.callback.stage is CallbackStage.CALLING
