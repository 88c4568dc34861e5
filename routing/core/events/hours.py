"""Facts about the opening hours of queues."""

from routing.model.ids import QueueId
from routing.model.record import record
from routing.model.time import Instant


@record(frozen=True, slots=True, kw_only=True)
class QueueOpened:
    """A queue opened: who waited for that may be offered to agents. It closes at `closes_at`, where that is known."""

    queue_id: QueueId
    due_at: Instant
    closes_at: Instant | None


@record(frozen=True, slots=True, kw_only=True)
class QueueClosed:
    """A queue closed, until `opens_at` where that is known. Where it `keeps_nobody`, those who wait are diverted, one after the other."""

    queue_id: QueueId
    due_at: Instant
    opens_at: Instant | None
    keeps_nobody: bool
