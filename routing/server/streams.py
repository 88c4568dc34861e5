"""Writing to a stream whose reader may be slow or gone."""

import asyncio

import grpc
from google.protobuf.message import Message

from routing.server.errors import Refused
from routing.server.rpc import Context
from routing.v1 import refusal_pb2

WRITE_S_MAX = 5.0


class ReaderGone(Exception):  # noqa: N818 - not an error: the call is over
    """The reader of a stream hung up."""


async def write(context: Context, message: Message, *, within_s: float = WRITE_S_MAX) -> None:
    """Write one message.

    Raises:
        Refused: the reader took nothing for too long.
        ReaderGone: it hung up while the write was waiting, which gRPC tells in various ways.
    """
    try:
        async with asyncio.timeout(within_s):
            await context.write(message)
    except TimeoutError:
        text = f"the stream's reader took nothing for {within_s:g} s; open the stream again from where it was"
        raise Refused(refusal_pb2.REFUSAL_REASON_SLOW_READER, text) from None
    except (grpc.aio.BaseError, grpc.aio.UsageError) as error:
        raise ReaderGone from error
