"""What generic tools see: reflection and health."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from tests.routing.server.harness import Desk, a_desk


async def grpcurl(desk: Desk, *words: str) -> str:
    """What grpcurl prints."""
    program = Path(sys.executable).parent / "grpcurl"
    options, words = (words[:2], words[2:]) if words[0] == "-d" else ((), words)
    command = [str(program), "-plaintext", *options, f"127.0.0.1:{desk.server.port}", *words]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


async def test_grpcurl_lists_describes_and_calls(tmp_path: Path) -> None:
    """By reflection alone, without our proto files."""
    async with a_desk(tmp_path) as desk:
        listed = (await grpcurl(desk, "list")).split()
        assert [name for name in listed if name.startswith("routing")] == [
            "routing.v1.AgentService",
            "routing.v1.CallbackService",
            "routing.v1.HandlingService",
            "routing.v1.InteractionService",
            "routing.v1.OperatorService",
        ]
        described = await grpcurl(desk, "describe", "routing.v1.InteractionService")
        assert "rpc EnqueueInteraction ( .routing.v1.EnqueueInteractionRequest )" in described
        body = json.dumps({"request_id": "r", "interaction": {"id": "i1", "channel": "voice", "type": "sales"}})
        answer = json.loads(await grpcurl(desk, "-d", body, "routing.v1.InteractionService/EnqueueInteraction"))
        assert answer.get("interactionId", answer.get("interaction_id")) == "i1"
        refused = await grpcurl(desk, "-d", body.replace('"r"', '"s"'), "routing.v1.InteractionService/EnqueueInteraction")
        assert "AlreadyExists" in refused


async def test_health_is_told_for_each_service_until_the_drain(tmp_path: Path) -> None:
    """Serving, unknown for other names, and not serving once the server is going."""
    async with a_desk(tmp_path) as desk:
        stub: Any = health_pb2_grpc.HealthStub(desk.channel)
        for service in (
            "",
            "routing.v1.AgentService",
            "routing.v1.HandlingService",
            "routing.v1.InteractionService",
            "routing.v1.OperatorService",
        ):
            answer = await stub.Check(health_pb2.HealthCheckRequest(service=service))
            assert answer.status == health_pb2.HealthCheckResponse.SERVING
        watching = stub.Watch(health_pb2.HealthCheckRequest(service="routing.v1.AgentService"))
        await watching.read()
        await desk.server.drain()
        assert (await watching.read()).status == health_pb2.HealthCheckResponse.NOT_SERVING
        assert await watching.code() is not grpc.StatusCode.OK
