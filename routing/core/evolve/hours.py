"""Applying facts about opening hours."""

from routing.core import events
from routing.core.deadlines import Deadline, DeadlineKind
from routing.core.evolve.marks import dirty_interaction
from routing.core.evolve.parts import enter_stage
from routing.core.lifecycle import InteractionPhase
from routing.core.state import State
from routing.model.ids import QueueId
from routing.model.site import Site
from routing.model.time import Instant


def opened(state: State, at: Instant, event: events.QueueOpened) -> None:
    """Who waited for it may be offered from now on."""
    set_turn(state, event.queue_id, event.closes_at)
    for interaction_id, row in state.interactions.items():
        if row.awaits_opening and row.route.queue_id == event.queue_id:
            row.awaits_opening = False
            row.opens_at = event.due_at
            enter_stage(state, row)  # its ladder begins now, and may begin early
            dirty_interaction(state, at, interaction_id)


def closed(state: State, at: Instant, event: events.QueueClosed) -> None:
    """Those who wait are served on, or have to go; who came while it was closed waits for the opening in any case."""
    set_turn(state, event.queue_id, event.opens_at)
    for interaction_id, row in state.interactions.items() if event.keeps_nobody else ():
        stays = row.awaits_opening or not row.is_on_line
        if row.phase is InteractionPhase.WAITING and row.route.queue_id == event.queue_id and not stays:
            row.closed_at = at
            state.deadlines.add(Deadline(at, DeadlineKind.CLOSED_ON, interaction_id))


def set_turns(state: State, at: Instant, site: Site) -> None:
    """A site came into force: note when each of its queues next opens or closes."""
    state.turns_at = {}
    for queue_id in site.queues:
        calendar = site.calendar_of(queue_id)
        if calendar is not None:
            set_turn(state, queue_id, calendar.next_turn(at))


def set_turn(state: State, queue_id: QueueId, turns_at: Instant | None) -> None:
    """Note when a queue next opens or closes, `None` where that is not known."""
    state.turns_at.pop(queue_id, None)
    if turns_at is not None:
        state.turns_at[queue_id] = turns_at
        state.deadlines.add(Deadline(turns_at, DeadlineKind.QUEUE_HOURS, queue_id))
