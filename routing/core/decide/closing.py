"""How work leaves an agent's hands for good: the contact ends, after-contact work follows, the interaction ends."""

from collections.abc import Iterator

from routing.core.decide import customers
from routing.core.decide.lookup import queue_of, site_of
from routing.core.errors import InvariantBroken
from routing.core.events import Event, HandlingEnded, InteractionEnded
from routing.core.state import InteractionRow, State
from routing.model.ids import AgentId
from routing.model.interaction import EndCause
from routing.model.leg import Tie
from routing.model.time import Instant


def contact_over(state: State, row: InteractionRow, now: Instant, cause: EndCause = EndCause.HANDLED) -> Iterator[Event]:
    """The contact is over; without wrap-up in its queue the interaction ends at once, with `cause`."""
    limit_ms = queue_of(state, row).wrap_up_limit_ms
    yield HandlingEnded(interaction_id=row.interaction.id, agent_id=holder_of(row), wrap_up_until=now + limit_ms)
    yield from customers.served(state, row, holder_of(row), now)
    if not limit_ms:
        yield _finished(state, row, now, cause, "")


def handled(state: State, row: InteractionRow, now: Instant, reason: str = "") -> InteractionEnded:
    """The fact that after-contact work is done: the interaction ends as handled, or as transferred where the customer went on."""
    cause = EndCause.TRANSFERRED if row.tie is Tie.TRANSFERRED else EndCause.HANDLED
    return _finished(state, row, now, cause, reason)


def abandoned_by_agent(state: State, row: InteractionRow, now: Instant, reason: str) -> Iterator[Event]:
    """The agent is gone while the customer goes on with the leg: nobody is there for after-contact work."""
    yield HandlingEnded(interaction_id=row.interaction.id, agent_id=holder_of(row), wrap_up_until=now)
    yield _finished(state, row, now, EndCause.TRANSFERRED, reason)


def holder_of(row: InteractionRow) -> AgentId:
    """The agent who holds an interaction in handling or wrap-up.

    Raises:
        InvariantBroken: nobody does.
    """
    if row.agent_id is None:
        raise InvariantBroken(f"interaction {row.interaction.id!r} is {row.phase} without an agent")
    return row.agent_id


def _finished(state: State, row: InteractionRow, now: Instant, cause: EndCause, reason: str) -> InteractionEnded:
    return InteractionEnded(
        interaction_id=row.interaction.id,
        agent_id=holder_of(row),
        cause=cause,
        forget_before=now - site_of(state).retention_ms,
        reason=reason,
    )
