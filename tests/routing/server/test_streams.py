"""Readers that are slow or gone."""

import asyncio
from typing import Any

import grpc
import pytest

from routing.core.events import AgentRemoved, Recorded
from routing.server.errors import Refused
from routing.server.feed import Feed
from routing.server.rpc import Context
from routing.server.streams import ReaderGone, write
from routing.v1 import interactions_pb2, refusal_pb2


def some_events(first: int, last: int) -> list[Recorded]:
    """Events with those sequences."""
    return [Recorded(seq, seq, None, AgentRemoved(agent_id="a1")) for seq in range(first, last + 1)]


async def on_a_stream(serve: Any, message: bytes = b"") -> Any:
    """Serve one method that writes to a stream; gives the open call and what to close afterwards."""
    server = grpc.aio.server()
    handler: grpc.RpcMethodHandler[bytes, Any] = grpc.unary_stream_rpc_method_handler(
        serve, response_serializer=lambda sent: sent.SerializeToString()
    )
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("test", {"Watch": handler}),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    # A small window, and no probing for a larger one: otherwise megabytes fit before a write waits.
    options = (("grpc.http2.lookahead_bytes", 65_536), ("grpc.http2.bdp_probe", 0))
    channel: Any = grpc.aio.insecure_channel(f"127.0.0.1:{port}", options=options)
    return server, channel, channel.unary_stream("/test/Watch")(message)


async def test_a_reader_that_takes_nothing_is_cut_off() -> None:
    """Within the time it is given, by name."""
    seen: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def serve(_: bytes, context: Context) -> None:
        message = interactions_pb2.WatchInteractionsResponse(events=[interactions_pb2.InteractionEvent(interaction_id="x" * 50_000)])
        try:
            while True:
                await write(context, message, within_s=0.2)
        except Refused as refused:
            seen.set_result(refused.reason)

    server, channel, _call = await on_a_stream(serve)
    assert await asyncio.wait_for(seen, 10) == refusal_pb2.REFUSAL_REASON_SLOW_READER
    await channel.close()
    await server.stop(None)


async def test_a_reader_who_hangs_up_ends_the_writing() -> None:
    """However gRPC puts it: the write tells of it, or the handler is cancelled."""
    gone: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def serve(_: bytes, context: Context) -> None:
        try:
            while True:
                await write(context, interactions_pb2.WatchInteractionsResponse(cursor=1))
        except (ReaderGone, asyncio.CancelledError):
            gone.set_result("gone")
            raise

    server, channel, call = await on_a_stream(serve)
    await call.read()
    call.cancel()
    assert await asyncio.wait_for(gone, 10) == "gone"
    await channel.close()
    await server.stop(None)


async def test_a_feed_keeps_the_latest_and_forgets_the_rest() -> None:
    """Readers keep their own place and are refused once it is lost."""
    feed = Feed(10, some_events(1, 4))
    with feed.read(0) as reader:
        assert [item.seq for item in await reader.next(3)] == [1, 2, 3]
        feed.add(some_events(5, 20))
        with pytest.raises(Refused) as caught:
            await reader.next(3)
        assert caught.value.reason == refusal_pb2.REFUSAL_REASON_SLOW_READER
    assert (feed.keeps(9), feed.keeps(10)) == (False, True)
    with feed.read(10) as reader:
        assert [item.seq for item in await reader.next(100)] == list(range(11, 21))


async def test_a_reader_at_the_end_waits_for_more() -> None:
    """And is woken by it."""
    feed = Feed(10)
    with feed.read(None) as reader:
        waiting = asyncio.create_task(reader.next(5))
        await asyncio.sleep(0)
        assert not waiting.done()
        feed.add(some_events(1, 2))
        assert [item.seq for item in await waiting] == [1, 2]
