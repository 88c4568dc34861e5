"""Deadlines as data: an index over the due times that the state's rows carry.

The rows are the truth; the heap here only finds the earliest. An entry whose row has moved on is dropped when it reaches the top, so that
cancelling a deadline costs nothing; and because a far one may never reach the top, the heap is swept whenever it has doubled. Equal
instants come out in the order (due, kind, id).
"""

import heapq
from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

from routing.model.time import Instant


class DeadlineKind(IntEnum):
    """What falls due; the number is the order in which equal instants are carried out."""

    STAY_LIMIT = 0
    """Before the offers it cuts short: nobody missed those."""
    OFFER_EXPIRY = 1
    SESSION_EXPIRY = 2
    HANDLING_GRACE = 3
    WRAP_UP_LIMIT = 4
    ROUTE_STEP = 5
    EXCLUSION_END = 6
    MATCH_DEFERRED = 7
    RESERVATION_END = 9
    INTERRUPTION_END = 10
    ASSIGNMENT_LIMIT = 11
    COMMITMENT_END = 12
    CALLBACK_ATTEMPT = 31
    CALLBACK_DUE = 32
    CALLBACK_URGENT = 33
    PROMISE_END = 34
    QUEUE_HOURS = 41
    CLOSED_ON = 42
    LEFT_ALONE = 43
    WINDOW = 99
    """Last: whatever falls due at the same instant is matched in the window that ends there."""


_SWEEP_AT_LEAST = 1_024


class Deadline(NamedTuple):
    """One due time: `key` is the id of the row it belongs to, and `partner` the other side of a pair: an agent, or a queue."""

    due_at: Instant
    kind: DeadlineKind
    key: str
    partner: str = ""


class DeadlineIndex:
    """A heap of deadlines that forgets lazily. `is_current` says whether a row still carries that due time."""

    __slots__ = ("_heap", "_is_current", "_sweep_at")

    def __init__(self, is_current: Callable[[Deadline], bool]) -> None:
        self._heap: list[Deadline] = []
        self._is_current = is_current
        self._sweep_at = _SWEEP_AT_LEAST

    def add(self, deadline: Deadline) -> None:
        """Note a due time that a row carries from now on."""
        if len(self._heap) >= self._sweep_at:
            self._sweep()
        heapq.heappush(self._heap, deadline)

    def first(self) -> Deadline | None:
        """The earliest deadline still carried by a row, or `None`."""
        heap = self._heap
        while heap and not self._is_current(heap[0]):
            heapq.heappop(heap)
        return heap[0] if heap else None

    def due(self, now: Instant) -> Deadline | None:
        """The earliest deadline still carried by a row and due at `now`, or `None`.

        Every command asks this twice and hardly ever is anything due: entries later than `now` need no look at their rows.
        """
        heap = self._heap
        while heap and heap[0].due_at <= now:
            if self._is_current(heap[0]):
                return heap[0]
            heapq.heappop(heap)
        return None

    def may_be_before(self, at: Instant) -> bool:
        """Whether an entry lies before `at`, current or not: where none does, `first` is not worth asking."""
        return bool(self._heap) and self._heap[0].due_at < at

    def __contains__(self, deadline: Deadline) -> bool:
        return deadline in self._heap

    def __len__(self) -> int:
        return len(self._heap)

    def _sweep(self) -> None:
        self._heap = [deadline for deadline in dict.fromkeys(self._heap) if self._is_current(deadline)]
        heapq.heapify(self._heap)
        self._sweep_at = max(_SWEEP_AT_LEAST, 2 * len(self._heap))
