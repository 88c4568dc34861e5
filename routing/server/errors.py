"""Refusals on the wire: every reason with its status code, and how a refusal ends a call."""

from typing import Any, NoReturn

import grpc
from google.protobuf.message import Message

from routing.core.errors import CommandRefused, RefusalReason
from routing.v1 import refusal_pb2

REFUSAL_KEY = "careroute-refusal-bin"
"""Trailing metadata that carries the serialized `Refusal` of a call that was refused."""

_PREFIX = "REFUSAL_REASON_"
_INVALID = grpc.StatusCode.INVALID_ARGUMENT
_PRECONDITION = grpc.StatusCode.FAILED_PRECONDITION

STATUS_BY_REASON: dict[int, grpc.StatusCode] = {
    refusal_pb2.REFUSAL_REASON_NO_SITE: _PRECONDITION,
    refusal_pb2.REFUSAL_REASON_UNKNOWN_INTERACTION: grpc.StatusCode.NOT_FOUND,
    refusal_pb2.REFUSAL_REASON_UNKNOWN_AGENT: grpc.StatusCode.NOT_FOUND,
    refusal_pb2.REFUSAL_REASON_UNKNOWN_OFFER: grpc.StatusCode.NOT_FOUND,
    refusal_pb2.REFUSAL_REASON_UNKNOWN_CHANNEL: _INVALID,
    refusal_pb2.REFUSAL_REASON_UNKNOWN_QUEUE: _INVALID,
    refusal_pb2.REFUSAL_REASON_UNKNOWN_POLICY: _INVALID,
    refusal_pb2.REFUSAL_REASON_NO_ROUTE: _PRECONDITION,
    refusal_pb2.REFUSAL_REASON_INVALID_VALUE: _INVALID,
    refusal_pb2.REFUSAL_REASON_DUPLICATE_INTERACTION: grpc.StatusCode.ALREADY_EXISTS,
    refusal_pb2.REFUSAL_REASON_DUPLICATE_AGENT: _INVALID,
    refusal_pb2.REFUSAL_REASON_REQUEST_ID_REUSED: grpc.StatusCode.ALREADY_EXISTS,
    refusal_pb2.REFUSAL_REASON_VERSION_CONFLICT: _PRECONDITION,
    refusal_pb2.REFUSAL_REASON_NOT_WAITING: _PRECONDITION,
    refusal_pb2.REFUSAL_REASON_NOT_HANDLING: _PRECONDITION,
    refusal_pb2.REFUSAL_REASON_NOT_HELD: _PRECONDITION,
    refusal_pb2.REFUSAL_REASON_NOT_IN_WRAP_UP: _PRECONDITION,
    refusal_pb2.REFUSAL_REASON_OFFER_NOT_PENDING: _PRECONDITION,
    refusal_pb2.REFUSAL_REASON_EXTENSION_EXHAUSTED: _PRECONDITION,
    refusal_pb2.REFUSAL_REASON_AGENT_HAS_WORK: _PRECONDITION,
    refusal_pb2.REFUSAL_REASON_STILL_IN_USE: _PRECONDITION,
    refusal_pb2.REFUSAL_REASON_CALLBACK_NOT_TAKEN: _PRECONDITION,
    refusal_pb2.REFUSAL_REASON_CALLBACK_PENDING: _PRECONDITION,
    refusal_pb2.REFUSAL_REASON_NO_CALLBACK: _PRECONDITION,
    refusal_pb2.REFUSAL_REASON_NO_ATTEMPT: _PRECONDITION,
    refusal_pb2.REFUSAL_REASON_ATTEMPT_RUNNING: _PRECONDITION,
    refusal_pb2.REFUSAL_REASON_DEADLINE_OVERDUE: grpc.StatusCode.UNAVAILABLE,
    refusal_pb2.REFUSAL_REASON_TIME_RAN_BACK: grpc.StatusCode.UNAVAILABLE,
    refusal_pb2.REFUSAL_REASON_MALFORMED_MESSAGE: _INVALID,
    refusal_pb2.REFUSAL_REASON_OVERLOADED: grpc.StatusCode.RESOURCE_EXHAUSTED,
    refusal_pb2.REFUSAL_REASON_SHUTTING_DOWN: grpc.StatusCode.UNAVAILABLE,
    refusal_pb2.REFUSAL_REASON_CURSOR_TOO_OLD: grpc.StatusCode.OUT_OF_RANGE,
    refusal_pb2.REFUSAL_REASON_CURSOR_AHEAD: grpc.StatusCode.OUT_OF_RANGE,
    refusal_pb2.REFUSAL_REASON_SLOW_READER: grpc.StatusCode.RESOURCE_EXHAUSTED,
    refusal_pb2.REFUSAL_REASON_SESSION_REPLACED: _PRECONDITION,
    refusal_pb2.REFUSAL_REASON_NOT_IN_SESSION: _PRECONDITION,
    refusal_pb2.REFUSAL_REASON_NOT_CONSULTING: _PRECONDITION,
    refusal_pb2.REFUSAL_REASON_CONSULTING: _PRECONDITION,
    refusal_pb2.REFUSAL_REASON_AGENT_CANNOT_SERVE: _PRECONDITION,
    refusal_pb2.REFUSAL_REASON_UNKNOWN_PRESENCE_REASON: _INVALID,
    refusal_pb2.REFUSAL_REASON_UNKNOWN_EXTERNAL_WORK: grpc.StatusCode.NOT_FOUND,
    refusal_pb2.REFUSAL_REASON_DUPLICATE_EXTERNAL_WORK: grpc.StatusCode.ALREADY_EXISTS,
}


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A request that the server turns down: the wire's own form of the core's refusal, with reasons of the shell besides."""

    def __init__(self, reason: refusal_pb2.RefusalReason, text: str, field: str = "") -> None:
        super().__init__(text)
        self.reason = reason
        self.text = text
        self.field = field

    @property
    def status(self) -> grpc.StatusCode:
        """The status code the call ends with."""
        return STATUS_BY_REASON[self.reason]

    def to_wire(self) -> refusal_pb2.Refusal:
        """The refusal as a message."""
        return refusal_pb2.Refusal(reason=self.reason, field=self.field, text=self.text)


def wire_reason(reason: RefusalReason) -> Any:
    """The wire's number of a reason of the core; they are the same words."""
    return refusal_pb2.RefusalReason.Value(_PREFIX + reason.name)


def from_core(refusal: CommandRefused) -> Refused:
    """A refusal of the core in the wire's form."""
    return Refused(wire_reason(refusal.reason), refusal.text, refusal.field)


def invalid(field: str, text: str) -> Refused:
    """The refusal of a value that is missing, out of range, or not one of those allowed."""
    return Refused(refusal_pb2.REFUSAL_REASON_INVALID_VALUE, f"{field}: {text}", field)


async def abort(context: "grpc.aio.ServicerContext[Message, Message]", refused: Refused) -> NoReturn:
    """End a call with a refusal: its status code, its text, and the whole of it in the trailing metadata.

    Raises:
        grpc.aio.AbortError: always; it ends the handler.
    """
    context.set_trailing_metadata(((REFUSAL_KEY, refused.to_wire().SerializeToString(deterministic=True)),))
    await context.abort(refused.status, refused.text)
