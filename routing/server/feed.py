"""The latest durable events, for streams that follow interactions."""

import asyncio
from collections.abc import Iterable

from routing.core.events import Recorded
from routing.server.errors import Refused
from routing.v1 import refusal_pb2

FEED_EVENTS = 100_000


class Feed:
    """A ring of the last `size` events by sequence number. Readers keep their own place, so that a slow one costs no memory.

    A restart fills it from the journal's tail, so that cursors outlive the process.
    """

    def __init__(self, size: int = FEED_EVENTS, tail: Iterable[Recorded] = ()) -> None:
        self._size = size
        self._events: dict[int, Recorded] = {}
        self._last_seq = 0
        self._readers: dict[int, asyncio.Event] = {}
        self._readers_ever = 0
        self._ended: Refused | None = None
        self.add(tail)

    @property
    def last_seq(self) -> int:
        """The sequence of the last durable event."""
        return self._last_seq

    def add(self, recorded: Iterable[Recorded]) -> None:
        """Take durable events, which follow those before them, and wake the readers."""
        for event in recorded:
            self._events[event.seq] = event
            self._events.pop(event.seq - self._size, None)
            self._last_seq = event.seq
        for reader in self._readers.values():
            reader.set()

    def end(self, refused: Refused) -> None:
        """Let every reader go with `refused`, once it has read to the end."""
        self._ended = refused
        for reader in self._readers.values():
            reader.set()

    def read(self, cursor: int | None) -> "FeedReader":
        """A reader of the events after `cursor`, or of those from now on.

        Raises:
            Refused: events after the cursor are no longer kept, or it lies beyond the end.
        """
        place = self._last_seq if cursor is None else cursor
        if place > self._last_seq:
            text = f"the cursor {place} lies beyond the last event, {self._last_seq}: it belongs to another journal"
            raise Refused(refusal_pb2.REFUSAL_REASON_CURSOR_AHEAD, text, "cursor")
        if not self.keeps(place):
            text = (
                f"the cursor {place} is too old: events up to {self._oldest - 1} are no longer kept; read what is open and watch from now"
            )
            raise Refused(refusal_pb2.REFUSAL_REASON_CURSOR_TOO_OLD, text, "cursor")
        return FeedReader(self, place)

    def keeps(self, cursor: int) -> bool:
        """Whether all events after `cursor` are kept."""
        return cursor >= self._oldest - 1

    @property
    def _oldest(self) -> int:
        return self._last_seq - len(self._events) + 1

    def after(self, place: int, at_most: int) -> list[Recorded]:
        """The next few events after `place`."""
        return [self._events[seq] for seq in range(place + 1, min(place + at_most, self._last_seq) + 1)]

    def join(self, wake: asyncio.Event) -> int:
        """Wake `wake` with every event from now on; the number is for `leave`."""
        self._readers_ever += 1
        self._readers[self._readers_ever] = wake
        return self._readers_ever

    def leave(self, number: int) -> None:
        """Wake that one no longer."""
        del self._readers[number]

    @property
    def ended(self) -> Refused | None:
        """Why no further events will come, if so."""
        return self._ended


class FeedReader:
    """One reader's place in a feed. Used as a context manager, so that it is not woken after it has gone."""

    def __init__(self, feed: Feed, place: int) -> None:
        self._feed = feed
        self._wake = asyncio.Event()
        self._number = 0
        self.place = place

    def __enter__(self) -> "FeedReader":
        self._number = self._feed.join(self._wake)
        return self

    def __exit__(self, *_: object) -> None:
        self._feed.leave(self._number)

    async def next(self, at_most: int) -> list[Recorded]:
        """The next events, at least one; waits for it.

        Raises:
            Refused: the reader fell behind what is kept, or the server is stopping.
        """
        while self.place >= self._feed.last_seq:
            if self._feed.ended is not None:
                raise self._feed.ended
            self._wake.clear()
            await self._wake.wait()
        if not self._feed.keeps(self.place):
            text = f"the reader fell behind: events up to {self.place} were taken, and those that follow are no longer kept"
            raise Refused(refusal_pb2.REFUSAL_REASON_SLOW_READER, text, "cursor")
        events = self._feed.after(self.place, at_most)
        self.place = events[-1].seq
        return events
