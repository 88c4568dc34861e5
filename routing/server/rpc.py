"""From a service's methods to gRPC handlers: bytes are parsed and refusals are sent in one place."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeAlias

import grpc
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass

from routing.server.errors import Refused, abort
from routing.v1 import refusal_pb2

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class Malformed:
    """Stands for bytes that are not the message a call takes: gRPC's own answer would show the names of Python classes."""


class Calls:
    """Counts the calls in progress, so that a server that is stopping can wait for its own and not for others, such as health watches."""

    def __init__(self) -> None:
        self._count = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def __enter__(self) -> None:
        self._count += 1
        self._idle.clear()

    def __exit__(self, *_: object) -> None:
        self._count -= 1
        if not self._count:
            self._idle.set()

    async def ended(self, within_s: float) -> None:
        """Wait until no call is in progress, or for so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._idle.wait()


def handlers(service: ServiceDescriptor, servicer: object, calls: Calls) -> grpc.GenericRpcHandler:
    """The handlers of a service; `servicer` has a coroutine method for every method of it, `EndWrapUp` as `end_wrap_up`.

    A unary method takes (request, context) and returns its response. A method whose response is a stream returns nothing and writes to
    the context; one whose request is a stream too takes an iterator of requests. Every method may raise `Refused`.

    Raises:
        AttributeError: the servicer lacks a method.
    """
    return grpc.method_handlers_generic_handler(
        service.full_name,
        {method.name: _handler(method, getattr(servicer, _python_name(method.name)), calls) for method in service.methods},
    )


def _handler(
    method: MethodDescriptor, implementation: Callable[[Any, Context], Awaitable[Any]], calls: Calls
) -> "grpc.RpcMethodHandler[Any, Any]":
    make: Callable[..., grpc.RpcMethodHandler[Any, Any]]
    answer: Callable[[Any, Context], Awaitable[Any]]
    if method.client_streaming:
        make, answer = grpc.stream_stream_rpc_method_handler, _refusing(_parsed_each(implementation), calls)
    elif method.server_streaming:
        make, answer = grpc.unary_stream_rpc_method_handler, _refusing(_parsed(implementation), calls)
    else:
        make, answer = grpc.unary_unary_rpc_method_handler, _refusing(_parsed(implementation), calls)
    return make(answer, request_deserializer=_parser(GetMessageClass(method.input_type)), response_serializer=_serialized)


def _python_name(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _serialized(message: Message) -> bytes:
    return message.SerializeToString()


def _parser(kind: type[Message]) -> Callable[[bytes], Message | Malformed]:
    def parse(data: bytes) -> Message | Malformed:
        try:
            return kind.FromString(data)
        except DecodeError:
            return Malformed()

    return parse


def _refusing(implementation: Callable[[Any, Context], Awaitable[Any]], calls: Calls) -> Callable[[Any, Context], Awaitable[Any]]:
    async def answer(request: Any, context: Context) -> Any:
        with calls:
            try:
                return await implementation(request, context)
            except Refused as refused:
                await abort(context, refused)

    return answer


def _parsed(implementation: Callable[[Any, Context], Awaitable[Any]]) -> Callable[[Any, Context], Awaitable[Any]]:
    async def answer(request: Any, context: Context) -> Any:
        return await implementation(_sound(request), context)

    return answer


def _parsed_each(implementation: Callable[[Any, Context], Awaitable[Any]]) -> Callable[[Any, Context], Awaitable[Any]]:
    async def answer(requests: AsyncIterator[Message | Malformed], context: Context) -> Any:
        async def sound() -> AsyncIterator[Message]:
            async for request in requests:
                yield _sound(request)

        return await implementation(sound(), context)

    return answer


def _sound(request: Message | Malformed) -> Message:
    if isinstance(request, Malformed):
        raise Refused(refusal_pb2.REFUSAL_REASON_MALFORMED_MESSAGE, "the bytes are not the message that this call takes")
    return request
