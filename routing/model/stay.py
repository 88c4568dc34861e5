"""Limits of stay: how long an interaction may wait, and what follows."""

from enum import StrEnum

from routing.model.record import record
from routing.model.time import Duration, Instant


class AfterStay(StrEnum):
    """What happens to an interaction that nobody has accepted within its limit of stay."""

    END = "end"
    """It ends as unserved."""
    OVERFLOW = "overflow"
    """Its route's overflow is taken at once; where none is left, it ends as unserved."""


@record(frozen=True, slots=True, kw_only=True)
class StayRule:
    """A queue's limit of stay, counted from the arrival; `limit_ms` `None` leaves it to each interaction.

    Where it `cuts_ring`, an offer rings no longer than the limit; else an offer that rings then is rung out first.
    """

    limit_ms: Duration | None = None
    then: AfterStay = AfterStay.END
    cuts_ring: bool = True


@record(frozen=True, slots=True, kw_only=True)
class Stay:
    """The limit as a route carries it: an absolute instant."""

    until: Instant
    then: AfterStay
    cuts_ring: bool
