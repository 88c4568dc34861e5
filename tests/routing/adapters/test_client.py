"""What a client makes of a server that goes away in the middle of a call."""

from __future__ import annotations  # the gRPC classes are generic for the type checker only

import grpc
import pytest

from routing.adapters.client import Client
from routing.v1 import interactions_pb2

SERVICE = interactions_pb2.DESCRIPTOR.services_by_name["InteractionService"].full_name


@pytest.mark.parametrize("code", [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED, grpc.StatusCode.INTERNAL])
async def test_a_call_under_way_when_its_server_was_killed_is_sent_again(code: grpc.StatusCode) -> None:
    """Under the same request id, however the end of the connection is told."""
    asked: list[str] = []

    async def enqueue(request: bytes, context: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
        asked.append(interactions_pb2.EnqueueInteractionRequest.FromString(request).request_id)
        if len(asked) == 1:
            await context.abort(code, "gone")
        return interactions_pb2.EnqueueInteractionResponse().SerializeToString()

    server = grpc.aio.server()
    handlers: dict[str, grpc.RpcMethodHandler[bytes, bytes]] = {"EnqueueInteraction": grpc.unary_unary_rpc_method_handler(enqueue)}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        async with Client(f"127.0.0.1:{port}") as client:
            await client.call(client.interactions.EnqueueInteraction, interactions_pb2.EnqueueInteractionRequest(request_id="r1"))
    finally:
        await server.stop(None)
    assert asked == ["r1", "r1"]
