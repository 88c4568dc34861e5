"""Reservations: for a while, or until a step of the route lets go, an interaction is for certain agents alone."""

from routing.model.ids import AgentId
from routing.model.record import record
from routing.model.time import Duration, Instant


@record(frozen=True, slots=True, kw_only=True)
class StickyRule:
    """How long a rule's interactions are kept for the agents they prefer, counted from when they became eligible.

    At most `hold_ms`, and at most `share_per_mille` of the interaction's target; only for agents preferred with `minimum_score` or more.
    Where all of these are off the floor it ends after `away_grace_ms`, and at once where all of them are offline. `expedite_ms` is how
    many milliseconds of wait being reserved is worth: a large number puts it at the front of its class for as long.
    """

    hold_ms: Duration
    share_per_mille: int = 1_000
    minimum_score: int = 1
    away_grace_ms: Duration = 0
    expedite_ms: Duration = 0


@record(frozen=True, slots=True, kw_only=True)
class Reservation:
    """Who alone may have an interaction at present.

    `until` is `None` for work sent to one agent: it waits for them until a step of its route releases it. `away_grace_ms` is `None` where
    it waits however long they are away.
    """

    agents: tuple[AgentId, ...]
    until: Instant | None
    away_grace_ms: Duration | None
    expedite_ms: Duration = 0
