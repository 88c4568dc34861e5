"""Opening hours, as instants: configuration knows calendars and time zones, the router only when something opens and closes."""

from bisect import bisect_right
from typing import NamedTuple

from routing.model.diversion import Diversion
from routing.model.record import record
from routing.model.time import Instant


class OpenInterval(NamedTuple):
    """Open from `opens_at` until just before `closes_at`."""

    opens_at: Instant
    closes_at: Instant


@record(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When something is open: intervals apart from each other, earliest first, all within what the calendar knows.

    It knows nothing before `known_from` and from `known_until` on: there it is neither open nor closed.
    """

    intervals: tuple[OpenInterval, ...]
    known_from: Instant
    known_until: Instant

    def is_known(self, at: Instant) -> bool:
        """Whether the calendar says anything about that instant."""
        return self.known_from <= at < self.known_until

    def is_open(self, at: Instant) -> bool:
        """Whether it is open at that instant."""
        index = self._started(at)
        return index > 0 and at < self.intervals[index - 1].closes_at

    def next_opening(self, at: Instant) -> Instant | None:
        """The first opening after that instant, `None` where none is known."""
        index = self._started(at)
        return self.intervals[index].opens_at if index < len(self.intervals) else None

    def next_turn(self, at: Instant) -> Instant | None:
        """The first opening or closing after that instant, `None` where none is known."""
        index = self._started(at)
        if index and at < (closes_at := self.intervals[index - 1].closes_at):
            return closes_at
        return self.next_opening(at)

    def _started(self, at: Instant) -> int:
        """How many intervals have begun by then."""
        return bisect_right(self.intervals, at, key=_opens_at)


def _opens_at(interval: OpenInterval) -> Instant:
    return interval.opens_at


@record(frozen=True, slots=True, kw_only=True)
class HoursRule:
    """A queue's opening hours by the name of a calendar of the site, and what they mean.

    `when_closed`: where an arrival goes while it is closed; `None` lets it wait until the queue opens. `at_close`: where those go who still
    wait when it closes; `None` serves them on.
    """

    calendar: str
    when_closed: Diversion | None = None
    at_close: Diversion | None = None
