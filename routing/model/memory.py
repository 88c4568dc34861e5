"""The memory of customers: who served them last, and the place of one who gave up a moment ago."""

from routing.model.record import record
from routing.model.time import Duration


@record(frozen=True, slots=True, kw_only=True)
class MemoryRule:
    """What a site remembers of a customer, for how long, and of how many.

    For `last_agent_ms` the agent who served a customer last becomes one whom their next interaction prefers, with `last_agent_score`
    (1-100); 0 remembers no agent. A customer who gave up and comes again within `return_within_ms` keeps the routing age they had; 0 keeps
    no place. Beyond `customers_max` whoever was heard of longest ago is forgotten first.
    """

    last_agent_ms: Duration
    last_agent_score: int
    return_within_ms: Duration
    customers_max: int
