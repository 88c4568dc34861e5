"""Commands about handling: hold, failure of the media leg, end, wrap-up."""

from collections.abc import Iterator

from routing.core import commands
from routing.core.decide.ladders import due_step
from routing.core.decide.lookup import in_phase, queue_of, site_of
from routing.core.errors import InvariantBroken, RefusalReason
from routing.core.events import (
    Event,
    HandlingEnded,
    HandlingHeld,
    HandlingResumed,
    HandlingReturned,
    InteractionEnded,
    ReturnCause,
)
from routing.core.lifecycle import InteractionPhase
from routing.core.state import InteractionRow, State
from routing.core.validate import check_text
from routing.model.ids import AgentId
from routing.model.interaction import EndCause
from routing.model.time import Instant

IN_HANDLING = (InteractionPhase.HANDLING, InteractionPhase.HELD)


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
    row = in_phase(state, command.interaction_id, RefusalReason.NOT_HANDLING, *IN_HANDLING)
    check_text("reason", command.reason)
    excluded_until = now + queue_of(state, row).reoffer.connect_failed_ms
    yield from returned(row, now, ReturnCause.CONNECT_FAILED, excluded_until, command.reason)


def end_handling(state: State, command: commands.EndHandling, now: Instant) -> Iterator[Event]:
    """The contact is over; without wrap-up in its queue the interaction ends at once."""
    row = in_phase(state, command.interaction_id, RefusalReason.NOT_HANDLING, *IN_HANDLING)
    limit_ms = queue_of(state, row).wrap_up_limit_ms
    yield HandlingEnded(interaction_id=command.interaction_id, agent_id=holder_of(row), wrap_up_until=now + limit_ms)
    if not limit_ms:
        yield handled(state, row, now)


def end_wrap_up(state: State, command: commands.EndWrapUp, now: Instant) -> Iterator[Event]:
    """After-contact work is done: the interaction ends as handled."""
    row = in_phase(state, command.interaction_id, RefusalReason.NOT_IN_WRAP_UP, InteractionPhase.WRAP_UP)
    yield handled(state, row, now)


def returned(row: InteractionRow, now: Instant, cause: ReturnCause, excluded_until: Instant, reason: str = "") -> Iterator[Event]:
    """The facts that an interaction waits again, and that it took the steps of its ladder which fell due in the meantime."""
    yield HandlingReturned(
        interaction_id=row.interaction.id, agent_id=holder_of(row), cause=cause, excluded_until=excluded_until, reason=reason
    )
    route = row.route
    while route.steps and route.steps[0].due_at <= now:
        relaxed = due_step(row.interaction.id, route)
        route = relaxed.route
        yield relaxed


def handled(state: State, row: InteractionRow, now: Instant, reason: str = "") -> InteractionEnded:
    """The fact that an interaction ended as handled."""
    return InteractionEnded(
        interaction_id=row.interaction.id,
        agent_id=holder_of(row),
        cause=EndCause.HANDLED,
        forget_before=now - site_of(state).retention_ms,
        reason=reason,
    )


def holder_of(row: InteractionRow) -> AgentId:
    """The agent who holds an interaction in handling or wrap-up.

    Raises:
        InvariantBroken: nobody does.
    """
    if row.agent_id is None:
        raise InvariantBroken(f"interaction {row.interaction.id!r} is {row.phase} without an agent")
    return row.agent_id
