"""Events of a log gathered by call, and let go of as soon as the call is over: memory holds the calls under way, not the log.

A call is folded when it has ended and none of its events came for `QUIET_ROWS` rows; so events may stand in the log in any order over
that many rows, and a log may also run backwards, as some platforms list it. At most `OPEN_CALLS_MAX` calls are held open: beyond that
the one that has been silent longest is taken for one whose end the log does not hold.
"""

from collections.abc import Callable
from enum import IntEnum
from operator import attrgetter
from typing import Final, NamedTuple

from routing.model.time import Duration, Instant
from simulation.importers.report import ImportReport

QUIET_ROWS: Final = 50_000
OPEN_CALLS_MAX: Final = 100_000
EVENTS_OF_A_CALL_MAX: Final = 10_000

CALL_CLOSED: Final = "comes after its call was over, or the id is used again"


class Kind(IntEnum):
    """What an event says of a call."""

    ENTER = 1
    """It joined a queue."""
    OFFER = 2
    MISS = 3
    """An agent was offered it and did not take it."""
    CONNECT = 4
    LEAVE = 5
    """It left the queue without an answer."""
    END = 6
    """The conversation ended."""
    WRAPPED = 7
    """The agent's work after it ended."""


ENDINGS: Final = frozenset((Kind.LEAVE, Kind.END, Kind.WRAPPED))


class CallEvent(NamedTuple):
    """One row of a log about one call. Waits, talks and rings are the log's own figures, where it has them beside its times."""

    at: Instant
    kind: Kind
    line: int
    queue: str | None = None
    agent: str | None = None
    outcome: str | None = None
    wait_ms: Duration | None = None
    talk_ms: Duration | None = None
    ring_ms: Duration | None = None
    channel: str | None = None
    customer: str | None = None
    attributes: tuple[tuple[str, str | int], ...] = ()


class _Call:
    """What is held of a call under way: its events in the order of the log, and when the last came."""

    __slots__ = ("events", "has_ended", "last_row")

    def __init__(self) -> None:
        self.events: list[CallEvent] = []
        self.last_row = 0
        self.has_ended = False


Fold = Callable[[str, list[CallEvent]], None]
"""Makes interactions of a call's events, sorted by time; the account is its own."""


class CallBook:
    """The calls under way; `fold` is called once for each, whether it ended in the log or not."""

    def __init__(self, report: ImportReport, fold: Fold, *, quiet_rows: int = QUIET_ROWS, open_calls_max: int = OPEN_CALLS_MAX) -> None:
        self._report = report
        self._fold = fold
        self._quiet_rows = quiet_rows
        self._open_calls_max = open_calls_max
        self._calls: dict[str, _Call] = {}
        self._closed: set[str] = set()
        self._steps_back = 0
        self._last_at: Instant = 0
        self._rows = 0

    def add(self, call_id: str, event: CallEvent) -> None:
        """Takes the next event of the log; one of a call that is over, and the same row a second time, are counted as dirty."""
        self._rows += 1
        self._steps_back += (event.at < self._last_at) - (event.at > self._last_at)
        self._last_at = event.at
        call = self._calls.pop(call_id, None)
        if call is None:
            if call_id in self._closed:
                self._report.count("dirty", CALL_CLOSED, line=event.line, example=call_id)
                return
            call = _Call()
        self._calls[call_id] = call  # at the end: the first one is the one that has been silent longest
        call.last_row = self._rows
        if len(call.events) == EVENTS_OF_A_CALL_MAX:
            self._report.count("dirty", f"a call with more than {EVENTS_OF_A_CALL_MAX:,} rows", line=event.line, example=call_id)
        elif any(_is_same(event, earlier) for earlier in call.events[-3:]):
            self._report.count("dirty", "the same row twice", line=event.line, example=call_id)
        else:
            call.events.append(event)
            call.has_ended = call.has_ended or event.kind in ENDINGS
        if self._rows % self._quiet_rows == 0:
            self._close_quiet()

    def close(self) -> None:
        """The log is over: folds what is still held."""
        for call_id in list(self._calls):
            self._close(call_id)

    def _close_quiet(self) -> None:
        oldest_first = list(self._calls.items())
        too_many = len(oldest_first) - self._open_calls_max
        for position, (call_id, call) in enumerate(oldest_first):
            if self._rows - call.last_row < self._quiet_rows and position >= too_many:
                break
            if call.has_ended or position < too_many:
                self._close(call_id)

    def _close(self, call_id: str) -> None:
        events = self._calls.pop(call_id).events
        self._closed.add(call_id)
        if self._steps_back > 0:
            events.reverse()
        events.sort(key=attrgetter("at"))  # stable: within an instant the log's own order holds
        entry = next((position for position, event in enumerate(events) if event.kind is Kind.ENTER), 0)
        if entry and events[0].at == events[entry].at:  # written in the same second, but out of order
            events.insert(0, events.pop(entry))
        self._fold(call_id, events)


def _is_same(event: CallEvent, earlier: CallEvent) -> bool:
    return event.at == earlier.at and event.kind == earlier.kind and event._replace(line=0) == earlier._replace(line=0)
