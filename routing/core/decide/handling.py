"""Commands about handling: hold, failure of the media leg, end, wrap-up."""

from collections.abc import Iterable, Iterator
from itertools import chain

from routing.core import commands
from routing.core.commands import ReleaseOutcome
from routing.core.decide.closing import contact_over, cut_short, handled, holder_of
from routing.core.decide.ladders import due_step
from routing.core.decide.legs import before_leaving, before_returning, left_to_leg, lost_to_leg
from routing.core.decide.lookup import IN_HANDS, agent_of, check_no_attempt, in_phase, queue_of
from routing.core.errors import CommandRefused, RefusalReason
from routing.core.events import (
    Event,
    HandlingHeld,
    HandlingResumed,
    HandlingReturned,
    RequirementRelaxed,
    ReturnCause,
)
from routing.core.ladder import has_step_due
from routing.core.lifecycle import InteractionPhase
from routing.core.state import InteractionRow, State
from routing.core.validate import check_text
from routing.model.leg import Tie
from routing.model.time import Instant


def hold(state: State, command: commands.HoldHandling) -> Iterator[Event]:
    """Put the customer on hold; capacity stays used."""
    row = in_phase(state, command.interaction_id, RefusalReason.NOT_HANDLING, InteractionPhase.HANDLING)
    yield HandlingHeld(interaction_id=command.interaction_id, agent_id=holder_of(row))


def resume(state: State, command: commands.ResumeHandling) -> Iterator[Event]:
    """Take the customer off hold."""
    row = in_phase(state, command.interaction_id, RefusalReason.NOT_HELD, InteractionPhase.HELD)
    yield HandlingResumed(interaction_id=command.interaction_id, agent_id=holder_of(row))


def fail_connect(state: State, command: commands.FailConnect, now: Instant) -> Iterator[Event]:
    """The media leg failed after the accept: the interaction waits on with its age, apart from this agent for the cooldown."""
    row = in_phase(state, command.interaction_id, RefusalReason.NOT_HANDLING, *IN_HANDS)
    check_text("reason", command.reason)
    excluded_until = now + queue_of(state, row).reoffer.connect_failed_ms
    yield from returned(state, row, now, ReturnCause.CONNECT_FAILED, excluded_until=excluded_until, reason=command.reason)


def end_handling(state: State, command: commands.EndHandling, now: Instant) -> Iterable[Event]:
    """The contact is over for this agent; in a conference the customer goes on with the other one."""
    row = in_phase(state, command.interaction_id, RefusalReason.NOT_HANDLING, *IN_HANDS)
    check_no_attempt(row)
    if row.tie is Tie.CONFERENCE:
        return left_to_leg(state, row, now)
    if row.leg_id is not None or row.interaction.leg is not None:
        return chain(before_leaving(state, row, now), contact_over(state, row, now))
    return contact_over(state, row, now)


def release(state: State, command: commands.ReleaseHandling, now: Instant) -> Iterator[Event]:
    """A supervisor takes work from its agent: each interaction waits again, apart from this agent for a while, or ends.

    A call-back whose customer was not reached yet waits again in any case: nobody has served it.
    """
    check_text("reason", command.reason)
    if bool(command.interaction_id) == bool(command.agent_id):
        text = "name an interaction or an agent, one of both"
        raise CommandRefused(RefusalReason.INVALID_VALUE, text, "interaction_id")
    if command.interaction_id:
        phases = IN_HANDS if command.outcome is ReleaseOutcome.RETURN else (*IN_HANDS, InteractionPhase.WRAP_UP)
        items = [in_phase(state, command.interaction_id, RefusalReason.NOT_HANDLING, *phases)]
    else:
        items = [state.interactions[interaction_id] for interaction_id in agent_of(state, command.agent_id).work]
    for row in items:
        is_unserved = row.callback is not None and row.callback.is_pending
        if row.phase is InteractionPhase.WRAP_UP or (command.outcome is ReleaseOutcome.END and not is_unserved):
            yield from _released_to_its_end(state, row, now, command.reason or ReturnCause.RELEASED)
        else:
            excluded_until = now + queue_of(state, row).reoffer.declined_ms
            yield from returned(state, row, now, ReturnCause.RELEASED, excluded_until=excluded_until, reason=command.reason)


def _released_to_its_end(state: State, row: InteractionRow, now: Instant, reason: str) -> Iterator[Event]:
    """It is over for this agent, without after-contact work; in a conference the customer goes on with the other one."""
    if row.phase is InteractionPhase.WRAP_UP:
        yield handled(state, row, now, reason)
    elif row.tie is Tie.CONFERENCE:
        yield from lost_to_leg(state, row, now, reason)
    else:
        yield from before_leaving(state, row, now)
        yield from cut_short(state, row, now, reason)


def end_wrap_up(state: State, command: commands.EndWrapUp, now: Instant) -> Iterator[Event]:
    """After-contact work is done: the interaction ends."""
    row = in_phase(state, command.interaction_id, RefusalReason.NOT_IN_WRAP_UP, InteractionPhase.WRAP_UP)
    yield handled(state, row, now)


def returned(
    state: State, row: InteractionRow, now: Instant, cause: ReturnCause, *, excluded_until: Instant, reason: str = ""
) -> Iterator[Event]:
    """The facts that an interaction waits again, and that it took the steps of its ladder which fell due in the meantime.

    Where the customer is on with another agent in a conference, it goes on there instead.
    """
    if row.tie is Tie.CONFERENCE:
        yield from lost_to_leg(state, row, now, cause)
        return
    yield from before_returning(state, row, now)
    yield HandlingReturned(
        interaction_id=row.interaction.id, agent_id=holder_of(row), cause=cause, excluded_until=excluded_until, reason=reason
    )
    yield from overdue_steps(row, now)


def overdue_steps(row: InteractionRow, now: Instant) -> Iterator[RequirementRelaxed]:
    """The steps of a ladder that fell due while the interaction was handled."""
    route = row.route
    while has_step_due(route, now):
        relaxed = due_step(row.interaction.id, route)
        route = relaxed.route
        yield relaxed
