"""The player's link to the server: calls that are repeated with the same request id until the server has answered."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import grpc

from routing.v1 import refusal_pb2

A = TypeVar("A")

REFUSAL_KEY = "careroute-refusal-bin"
AWAY = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED, grpc.StatusCode.DEADLINE_EXCEEDED})
"""Codes that say nothing about whether the request was carried out: it is sent again under the same id."""

_RETRY_S = 0.1
_CALL_TIMEOUT_S = 5.0


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The server refused a command; `reason` is its machine-readable reason."""

    def __init__(self, reason: int, text: str) -> None:
        super().__init__(text)
        self.reason = reason


class ServerGone(Exception):  # noqa: N818 - the name says what happened
    """The server did not come back within the patience of the player."""


class Link:
    """Repeats calls over one channel until they are answered; gives up `patience_s` after the first failure of a call."""

    def __init__(self, channel: grpc.aio.Channel, patience_s: float) -> None:
        self.channel = channel
        self._patience_s = patience_s

    async def call(self, send: Callable[[], Awaitable[A]]) -> A:
        """The server's answer to `send`, which must start the same call each time.

        Raises:
            Refused: the server refused it.
            ServerGone: the server stayed away.
        """
        failing_since: float | None = None
        while True:
            try:
                return await asyncio.wait_for(send(), _CALL_TIMEOUT_S)
            except grpc.aio.AioRpcError as error:
                if error.code() not in AWAY:
                    raise _refused(error) from error
                failing_since = self.check_patience(failing_since, error.details() or "")
            except TimeoutError:
                failing_since = self.check_patience(failing_since, "no answer")
            await asyncio.sleep(_RETRY_S)

    def check_patience(self, failing_since: float | None, why: str) -> float:
        """Since when it fails, given that it fails now.

        Raises:
            ServerGone: that has lasted too long.
        """
        now = time.monotonic()
        since = now if failing_since is None else failing_since
        if now - since > self._patience_s:
            raise ServerGone(f"the server did not come back within {self._patience_s:g} s: {why}")
        return since


def _refused(error: grpc.aio.AioRpcError) -> Exception:
    for key, value in error.trailing_metadata() or ():
        if key == REFUSAL_KEY and isinstance(value, bytes):
            refusal = refusal_pb2.Refusal.FromString(value)
            return Refused(refusal.reason, refusal.text)
    return error
