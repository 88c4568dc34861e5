"""The memory of customers: what is remembered when one was served or gave up, and what it means for the next time."""

from collections.abc import Iterator

from routing.core.decide.lookup import site_of
from routing.core.events import CustomerRemembered
from routing.core.state import Customer, InteractionRow, State
from routing.core.validate import ATTRIBUTES_MAX, DURATION_MS_MAX
from routing.model.ids import AgentId
from routing.model.interaction import Interaction
from routing.model.leg import Tie
from routing.model.record import replace
from routing.model.time import Duration, Instant

_STRANGER = Customer(at=0, agent_id=None, served_at=None, aged_from=None, left_at=None)


def recognized(state: State, interaction: Interaction, now: Instant) -> tuple[Interaction, AgentId | None, Duration]:
    """An interaction with what is remembered of its customer in it: the agent it prefers for that, and the credit for a place kept."""
    rule = site_of(state).memory
    known = state.customers.get(interaction.customer_id or "")
    if rule is None or known is None:
        return interaction, None, 0
    agent_id, credit_ms = None, 0
    preferred = interaction.preferred_agents or {}
    is_recent = known.served_at is not None and now - known.served_at <= rule.last_agent_ms
    if is_recent and known.agent_id in state.agents and known.agent_id not in preferred and len(preferred) < ATTRIBUTES_MAX:
        agent_id = known.agent_id
        interaction = replace(interaction, preferred_agents={**preferred, agent_id: rule.last_agent_score})
    if known.aged_from is not None and known.left_at is not None and now - known.left_at <= rule.return_within_ms:
        # As if they had never left; what the platform credits itself may already say the same, so the greater of both counts.
        credit_ms = max(0, min(now - known.aged_from, DURATION_MS_MAX) - interaction.routing_credit_ms)
        interaction = replace(interaction, routing_credit_ms=interaction.routing_credit_ms + credit_ms)
    return interaction, agent_id, credit_ms


def place_taken(state: State, interaction: Interaction, now: Instant) -> Iterator[CustomerRemembered]:
    """Who came back has their place, and it is not given twice."""
    yield from _remembered(state, interaction, now, aged_from=None, left_at=None)


def served(state: State, row: InteractionRow, agent_id: AgentId, now: Instant) -> Iterator[CustomerRemembered]:
    """An agent served them: whom they gave up waiting for before does not matter any more.

    Who was only asked by the agent who keeps the customer has not served them.
    """
    leg = row.interaction.leg
    parent = None if leg is None else state.interactions.get(leg.parent_id)
    if parent is not None and parent.leg_id == row.interaction.id and parent.tie is Tie.CONSULT:
        return
    yield from _remembered(state, row.interaction, now, agent_id=agent_id, served_at=now, aged_from=None, left_at=None)


def gave_up(state: State, row: InteractionRow, now: Instant) -> Iterator[CustomerRemembered]:
    """They left while waiting: the place they had is kept, where the site keeps any."""
    rule = site_of(state).memory
    if rule is not None and rule.return_within_ms:
        aged_from = row.eligible_since - row.interaction.routing_credit_ms
        yield from _remembered(state, row.interaction, now, aged_from=aged_from, left_at=now)


def _remembered(state: State, interaction: Interaction, now: Instant, **changes: AgentId | Instant | None) -> Iterator[CustomerRemembered]:
    rule = site_of(state).memory
    if rule is None or interaction.customer_id is None:
        return
    known = state.customers.get(interaction.customer_id, _STRANGER)._asdict() | changes
    yield CustomerRemembered(
        customer_id=interaction.customer_id,
        agent_id=known["agent_id"],
        served_at=known["served_at"],
        aged_from=known["aged_from"],
        left_at=known["left_at"],
        forget_before=now - max(rule.last_agent_ms, rule.return_within_ms),
        customers_max=rule.customers_max,
    )
