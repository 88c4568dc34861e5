"""Facts about what is remembered of customers."""

from routing.model.ids import AgentId, CustomerId
from routing.model.record import record
from routing.model.time import Instant


@record(frozen=True, slots=True, kw_only=True)
class CustomerRemembered:
    """All that is remembered of a customer from now on: an agent, instants, and nothing of what it was about.

    `agent_id` served them last, until `served_at`. `aged_from` is the instant from which the routing age of one who gave up counted, and
    `left_at` when they did; both `None` where no place is kept. Who was heard of last before `forget_before` is forgotten, and of the rest
    the oldest beyond `customers_max`.
    """

    customer_id: CustomerId
    agent_id: AgentId | None
    served_at: Instant | None
    aged_from: Instant | None
    left_at: Instant | None
    forget_before: Instant
    customers_max: int
