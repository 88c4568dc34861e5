"""Applying facts about what is remembered of customers."""

from routing.core import events
from routing.core.state import Customer, State
from routing.model.time import Instant


def remembered(state: State, at: Instant, event: events.CustomerRemembered) -> None:
    """They were heard of just now; who was not for too long is forgotten."""
    customers = state.customers
    customers.pop(event.customer_id, None)
    customers[event.customer_id] = Customer(at, event.agent_id, event.served_at, event.aged_from, event.left_at)
    while (oldest := next(iter(customers))) and (customers[oldest].at < event.forget_before or len(customers) > event.customers_max):
        del customers[oldest]
