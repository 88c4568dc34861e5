"""What waits to be written to one agents' stream: bounded, so that a desktop that does not read cannot fill the server."""

import asyncio
from collections import deque

from routing.server.errors import Refused
from routing.v1 import agents_pb2, refusal_pb2

EVENTS_MAX = 1_000
EVENTS_MAX_PER_AGENT = 4
EVENTS_PER_MESSAGE = 32
"""Interactions hold up to some 60 kB each, and clients take 4 MB a message unless told otherwise."""


class Outbox:
    """Events for one stream in order, until it is ended; then the rest is still written and the reason given."""

    def __init__(self) -> None:
        self._events: deque[agents_pb2.AgentEvent] = deque()
        self._wake = asyncio.Event()
        self._is_over = False
        self._reason: Refused | None = None
        self.agents = 0

    def put(self, event: agents_pb2.AgentEvent) -> None:
        """Add an event; one too many ends the stream as a slow reader's. After the end nothing is added."""
        if self._is_over:
            return
        if len(self._events) >= EVENTS_MAX + EVENTS_MAX_PER_AGENT * self.agents:
            self._events.clear()
            text = "the stream's reader did not keep up; open the session again, its snapshot tells what was missed"
            self.end(Refused(refusal_pb2.REFUSAL_REASON_SLOW_READER, text))
            return
        self._events.append(event)
        self._wake.set()

    def end(self, reason: Refused | None) -> None:
        """Let the stream end when all has been written, with a reason unless its client wanted it so. The first end counts."""
        if not self._is_over:
            self._is_over = True
            self._reason = reason
            self._wake.set()

    async def take(self) -> agents_pb2.ConnectResponse | None:
        """The next message, or `None` after the last where the client ended the stream.

        Raises:
            Refused: after the last, where the server ended it.
        """
        while not self._events:
            if self._is_over:
                if self._reason is not None:
                    raise self._reason
                return None
            self._wake.clear()
            await self._wake.wait()
        count = min(len(self._events), EVENTS_PER_MESSAGE)
        return agents_pb2.ConnectResponse(events=[self._events.popleft() for _ in range(count)])
