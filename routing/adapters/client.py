"""A client for platforms, desktops and tools: stubs of all services, calls that survive a restart of the server, a watch that resumes.

The generated stubs work without it; what it adds is the handful of lines that everyone would write around them.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from types import TracebackType
from typing import TypeVar

import grpc

from routing.v1 import (
    agents_pb2_grpc,
    callbacks_pb2_grpc,
    handling_pb2_grpc,
    interactions_pb2,
    interactions_pb2_grpc,
    operators_pb2_grpc,
    refusal_pb2,
)

REFUSAL_KEY = "careroute-refusal-bin"

_AWAY = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.INTERNAL, grpc.StatusCode.CANCELLED})
"""Codes that do not say whether the request was carried out. It is sent again under the same request id, which is answered once.

INTERNAL is among them because gRPC's own client reports a message that it was writing when the connection broke that way, and CANCELLED
because a call that was under way when its server was killed may end so. (Who cancels a call here gets `asyncio.CancelledError`.)
"""

_CALL_S = 5.0
_PAUSE_S_MIN = 0.05
_PAUSE_S_MAX = 2.0

Request = TypeVar("Request")
Response = TypeVar("Response")


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The server turned a request down and nothing changed. `refusal` has the reason, the field and a sentence for people."""

    def __init__(self, status: grpc.StatusCode, refusal: refusal_pb2.Refusal) -> None:
        super().__init__(refusal.text)
        self.status = status
        self.refusal = refusal

    @property
    def reason(self) -> refusal_pb2.RefusalReason:
        """The machine-readable reason."""
        return self.refusal.reason


class Client:
    """One channel to a server, used as an async context manager.

    `patience_s` is how long the server may stay away before a call or a watch gives up with gRPC's own error.
    """

    def __init__(self, address: str, *, patience_s: float = 30.0) -> None:
        # Tried again within a second, because a server that was killed is back soon and its agents' leases are running.
        self._channel = grpc.aio.insecure_channel(address, options=(("grpc.max_reconnect_backoff_ms", 1_000),))
        self._patience_s = patience_s
        self.interactions = interactions_pb2_grpc.InteractionServiceStub(self._channel)
        self.agents = agents_pb2_grpc.AgentServiceStub(self._channel)
        self.callbacks = callbacks_pb2_grpc.CallbackServiceStub(self._channel)
        self.handling = handling_pb2_grpc.HandlingServiceStub(self._channel)
        self.operators = operators_pb2_grpc.OperatorServiceStub(self._channel)

    async def __aenter__(self) -> "Client":
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._channel.close()

    def patience(self) -> "Patience":
        """A fresh account of how long the server may stay away, for streams that are opened again by hand."""
        return Patience(self._patience_s)

    async def call(self, method: Callable[..., Awaitable[Response]], request: object) -> Response:
        """The answer of a unary method, asked again with the same request while the server is away.

        Example: `await client.call(client.interactions.EnqueueInteraction, request)`

        Raises:
            Refused: the server turned it down.
            grpc.aio.AioRpcError: any other failure, or the server stayed away.
        """
        patience = self.patience()
        while True:
            try:
                return await method(request, timeout=_CALL_S)
            except grpc.aio.AioRpcError as error:
                await patience.pause_or_raise(error)

    async def watch(
        self, cursor: int | None = None, interaction_ids: Iterable[str] = ()
    ) -> AsyncIterator[interactions_pb2.WatchInteractionsResponse]:
        """What happens to interactions after `cursor`, or from now on; resumed by itself when the stream breaks.

        The first message of each stream holds no events. Remember the latest message's cursor to go on from there in another process.

        Raises:
            Refused: the cursor is too old, or of another journal.
            grpc.aio.AioRpcError: any other failure, or the server stayed away.
        """
        patience = self.patience()
        watched = list(interaction_ids)
        while True:
            try:
                async for message in self.interactions.WatchInteractions(
                    interactions_pb2.WatchInteractionsRequest(cursor=cursor, interaction_ids=watched)
                ):
                    patience.restore()
                    cursor = message.cursor
                    yield message
            except grpc.aio.AioRpcError as error:
                if _reason_of(error) == refusal_pb2.REFUSAL_REASON_SLOW_READER:
                    continue
                await patience.pause_or_raise(error)


class Patience:
    """How long a server has been away, and how long to wait before it is asked again."""

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self.restore()

    def restore(self) -> None:
        """It answered."""
        self._away_since: float | None = None
        self._pause_s = _PAUSE_S_MIN

    async def pause_or_raise(self, error: grpc.aio.AioRpcError) -> None:
        """Wait a little longer each time.

        Raises:
            Refused: `error` is an answer.
            grpc.aio.AioRpcError: `error` itself, where waiting does not help or has lasted too long.
        """
        if error.code() not in _AWAY:
            refusal = refusal_of(error)
            if refusal is None:
                raise error
            raise Refused(error.code(), refusal) from error
        now = time.monotonic()
        self._away_since = now if self._away_since is None else self._away_since
        if now - self._away_since > self._patience_s:
            raise error
        await asyncio.sleep(self._pause_s)
        self._pause_s = min(2 * self._pause_s, _PAUSE_S_MAX)


def refusal_of(error: grpc.aio.AioRpcError) -> refusal_pb2.Refusal | None:
    """The refusal that came with an error, or `None` where the error is gRPC's own."""
    for key, value in error.trailing_metadata() or ():
        if key == REFUSAL_KEY and isinstance(value, bytes):
            return refusal_pb2.Refusal.FromString(value)
    return None


def _reason_of(error: grpc.aio.AioRpcError) -> int:
    refusal = refusal_of(error)
    return refusal_pb2.REFUSAL_REASON_UNSPECIFIED if refusal is None else refusal.reason
