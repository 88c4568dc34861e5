"""How work leaves an agent's hands for good: the contact ends, after-contact work follows, the interaction ends."""

from collections.abc import Iterator

from routing.core.decide import customers
from routing.core.decide.fit import withdraw_before_firm
from routing.core.decide.lookup import queue_of, site_of
from routing.core.errors import InvariantBroken
from routing.core.events import Event, HandlingEnded, InteractionEnded
from routing.core.lifecycle import InteractionPhase
from routing.core.state import InteractionRow, State
from routing.model.agent import Agent
from routing.model.ids import AgentId
from routing.model.interaction import EndCause
from routing.model.leg import Tie
from routing.model.queue import Queue
from routing.model.time import Duration, Instant


def contact_over(state: State, row: InteractionRow, now: Instant, cause: EndCause = EndCause.HANDLED) -> list[Event]:
    """The contact is over; without wrap-up, or while it is set aside, the interaction ends at once, with `cause`."""
    agent = state.agents[holder_of(row)].agent
    limit_ms = 0 if row.phase is InteractionPhase.INTERRUPTED else wrap_up_ms(agent, queue_of(state, row))
    events: list[Event] = [HandlingEnded(interaction_id=row.interaction.id, agent_id=agent.id, wrap_up_until=now + limit_ms)]
    if row.interaction.customer_id is not None:
        events += customers.served(state, row, agent.id, now)
    if not limit_ms:
        events.append(_finished(state, row, now, cause, ""))
    else:
        events += withdraw_before_firm(state, row)
    return events


def wrap_up_ms(agent: Agent, queue: Queue) -> Duration:
    """The bound of after-contact work: the agent's own before the queue's, and the queue's cap above both."""
    own_ms = queue.wrap_up_limit_ms if agent.wrap_up_limit_ms is None else agent.wrap_up_limit_ms
    return own_ms if queue.wrap_up_cap_ms is None else min(own_ms, queue.wrap_up_cap_ms)


def cut_short(state: State, row: InteractionRow, now: Instant, reason: str) -> Iterator[Event]:
    """The interaction ends as handled at once, without after-contact work."""
    yield HandlingEnded(interaction_id=row.interaction.id, agent_id=holder_of(row), wrap_up_until=now)
    yield _finished(state, row, now, EndCause.HANDLED, reason)


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
