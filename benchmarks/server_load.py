"""The clients of the server benchmark, each role a process of its own: `python -m benchmarks.server_load ROLE ADDRESS ...`.

`desks` speaks for all agents on a few streams: it accepts every offer at once and ends the contact at once. `platform` enqueues. `echo` and
`echo-server` are the peer: one bare call, no router, no disk. Each prints what it saw as one JSON line at its end.
"""

from __future__ import annotations  # the gRPC classes are generic for the type checker only

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import grpc

from routing.v1 import agents_pb2, agents_pb2_grpc, interactions_pb2, interactions_pb2_grpc, types_pb2

SENT = "sent_ns"
_ECHO = "/bench.Echo/Echo"


async def desks(address: str, agents: int, streams: int, seconds: float) -> dict[str, object]:
    """Serve every offer until `seconds` have passed; how many contacts ended, and the delays from enqueue to offer, ns."""
    served = _Served()
    names = [f"agent-{number:0{len(str(agents))}}" for number in range(1, agents + 1)]
    async with grpc.aio.insecure_channel(address) as channel:
        tasks = [asyncio.create_task(_desk(channel, number, names[number::streams], served)) for number in range(streams)]
        _, pending = await asyncio.wait(tasks, timeout=seconds)
        if len(pending) < streams:
            raise RuntimeError(f"a stream of desks ended early: {[task.exception() for task in tasks if task.done()]}")
        for task in pending:
            task.cancel()
    return {"ended_at_ns": served.ended_at_ns, "delays_ns": served.delays_ns}


class _Served:
    """What the desks saw: when each contact ended, and how long each offer took from its enqueue."""

    def __init__(self) -> None:
        self.ended_at_ns: list[int] = []
        self.delays_ns: list[int] = []


async def _desk(channel: grpc.aio.Channel, number: int, names: list[str], served: _Served) -> None:
    outbox: asyncio.Queue[agents_pb2.AgentCommand] = asyncio.Queue()
    outbox.put_nowait(agents_pb2.AgentCommand(open_session=agents_pb2.OpenSession(session_id=f"desk-{number}", agent_ids=names)))
    for name in names:
        available = agents_pb2.SetPresenceRequest(request_id=f"{name}/available", agent_id=name, presence=types_pb2.PRESENCE_AVAILABLE)
        outbox.put_nowait(agents_pb2.AgentCommand(set_presence=available))
    async for response in agents_pb2_grpc.AgentServiceStub(channel).Connect(_batches(outbox)):
        now = time.monotonic_ns()
        for event in response.events:
            _answer(event, now, outbox, served)


def _answer(event: agents_pb2.AgentEvent, now: int, outbox: asyncio.Queue[agents_pb2.AgentCommand], served: _Served) -> None:
    match event.WhichOneof("event"):
        case "offer_made":
            offer = event.offer_made.offer
            served.delays_ns.append(now - int(offer.interaction.opaque[SENT]))
            accept = agents_pb2.AcceptOfferRequest(request_id=f"{offer.id}/accept", offer_id=offer.id)
            outbox.put_nowait(agents_pb2.AgentCommand(accept_offer=accept))
        case "offer_ended" if event.offer_ended.outcome == types_pb2.OFFER_OUTCOME_ACCEPTED:
            interaction_id = event.offer_ended.interaction_id
            end = agents_pb2.EndHandlingRequest(request_id=f"{interaction_id}/end", interaction_id=interaction_id)
            outbox.put_nowait(agents_pb2.AgentCommand(end_handling=end))
        case "work_changed" if event.work_changed.phase == types_pb2.INTERACTION_PHASE_ENDED:
            served.ended_at_ns.append(now)
        case "refused":
            raise RuntimeError(f"refused: {event.refused.refusal.text}")
        case _:
            pass


async def _batches(outbox: asyncio.Queue[agents_pb2.AgentCommand]) -> AsyncIterator[agents_pb2.ConnectRequest]:
    """All commands that have gathered, as one message."""
    while True:
        commands = [await outbox.get()]
        while len(commands) < 256 and not outbox.empty():
            commands.append(outbox.get_nowait())
        yield agents_pb2.ConnectRequest(commands=commands)


async def platform(address: str, concurrency: int, rate: float, seconds: float) -> dict[str, object]:
    """Enqueue for `seconds`: as fast as answers come with so many calls under way, or at a fixed rate a second where one is given."""
    async with grpc.aio.insecure_channel(address) as channel:
        stub = interactions_pb2_grpc.InteractionServiceStub(channel)

        async def enqueue(number: int) -> None:
            interaction = types_pb2.Interaction(id=f"i{number}", channel="voice", type="call", opaque={SENT: str(time.monotonic_ns())})
            await stub.EnqueueInteraction(
                interactions_pb2.EnqueueInteractionRequest(request_id=f"i{number}/enqueue", interaction=interaction)
            )

        return await _drive(enqueue, concurrency=concurrency, rate=rate, seconds=seconds)


async def echo(address: str, concurrency: int, rate: float, seconds: float) -> dict[str, object]:
    """Call the bare echo in the same way."""
    async with grpc.aio.insecure_channel(address) as channel:
        call: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(_ECHO)
        payload = b"x" * 155

        async def one(_: int) -> None:
            await call(payload)

        return await _drive(one, concurrency=concurrency, rate=rate, seconds=seconds)


async def _drive(call: Callable[[int], Awaitable[None]], *, concurrency: int, rate: float, seconds: float) -> dict[str, object]:
    """Make calls, closed loop or open loop; when each was answered, and how long it took, ns."""
    answered_at_ns: list[int] = []
    latencies_ns: list[int] = []
    began, number = time.monotonic(), 0

    async def timed(number: int) -> None:
        start = time.monotonic_ns()
        await call(number)
        end = time.monotonic_ns()
        answered_at_ns.append(end)
        latencies_ns.append(end - start)

    async def closed_loop() -> None:
        nonlocal number
        while time.monotonic() - began < seconds:
            number += 1
            await timed(number)

    async with asyncio.TaskGroup() as group:
        if rate:
            while (elapsed := time.monotonic() - began) < seconds:
                while number < elapsed * rate:
                    number += 1
                    group.create_task(timed(number))
                await asyncio.sleep(0.001)
        else:
            for _ in range(concurrency):
                group.create_task(closed_loop())
    return {"answered_at_ns": answered_at_ns, "latencies_ns": latencies_ns}


async def echo_server(address: str) -> dict[str, object]:
    """Answer every call with its own content, until the process is ended."""

    async def answer(request: bytes, _: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
        return request

    server = grpc.aio.server()
    handlers: dict[str, grpc.RpcMethodHandler[bytes, bytes]] = {"Echo": grpc.unary_unary_rpc_method_handler(answer)}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("bench.Echo", handlers),))
    server.add_insecure_port(address)
    await server.start()
    await server.wait_for_termination()
    return {}


def main() -> None:
    """Run the role that the command line names, with its numbers in order; print its result as one JSON line."""
    role, address, *numbers = sys.argv[1:]
    match role:
        case "desks":
            agents, streams, seconds = numbers
            result = asyncio.run(desks(address, int(agents), int(streams), float(seconds)))
        case "platform" | "echo":
            concurrency, rate, seconds = numbers
            drive = platform if role == "platform" else echo
            result = asyncio.run(drive(address, int(concurrency), float(rate), float(seconds)))
        case "echo-server":
            result = asyncio.run(echo_server(address))
        case _:
            raise SystemExit(f"unknown role {role!r}")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
