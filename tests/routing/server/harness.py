"""A real server on a free loopback port with a real journal, and short ways to say what a platform or a desktop says."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc

from routing.core.state import State
from routing.model.agent import Agent
from routing.model.site import Site
from routing.policy.registry import default_registry
from routing.server.app import ServerOptions, SiteServer, serve
from routing.server.boot import Configuration, clock_from, configure, restore
from routing.store.sqlite import open_journal
from routing.v1 import (
    agents_pb2,
    agents_pb2_grpc,
    callbacks_pb2_grpc,
    handling_pb2_grpc,
    interactions_pb2,
    interactions_pb2_grpc,
    operators_pb2_grpc,
    refusal_pb2,
    types_pb2,
)
from tests.builders import a_site, an_agent

WAIT_S = 10.0
AVAILABLE = types_pb2.PRESENCE_AVAILABLE


class Desk:
    """The stubs of all services over one channel, with the server's insides for comparison."""

    def __init__(self, channel: grpc.aio.Channel, server: SiteServer, state: State) -> None:
        self.channel = channel
        self.server = server
        self.state = state
        self.interactions = interactions_pb2_grpc.InteractionServiceStub(channel)
        self.callbacks = callbacks_pb2_grpc.CallbackServiceStub(channel)
        self.agents = agents_pb2_grpc.AgentServiceStub(channel)
        self.handling = handling_pb2_grpc.HandlingServiceStub(channel)
        self.operators = operators_pb2_grpc.OperatorServiceStub(channel)
        self._requests = 0

    def request_id(self) -> str:
        """A fresh one."""
        self._requests += 1
        return f"r{self._requests}"

    async def enqueue(self, interaction_id: str = "i1", **fields: Any) -> interactions_pb2.EnqueueInteractionResponse:
        """Bring a sales call in."""
        interaction = types_pb2.Interaction(id=interaction_id, channel=fields.pop("channel", "voice"), type="sales", **fields)
        request = interactions_pb2.EnqueueInteractionRequest(request_id=self.request_id(), interaction=interaction)
        return await self.interactions.EnqueueInteraction(request)

    async def set_presence(self, agent_id: str = "a1", presence: types_pb2.Presence = AVAILABLE) -> None:
        """Make an agent available."""
        await self.agents.SetPresence(agents_pb2.SetPresenceRequest(request_id=self.request_id(), agent_id=agent_id, presence=presence))

    async def status(self, interaction_id: str = "i1") -> interactions_pb2.InteractionStatus:
        """Where an interaction stands."""
        return (await self.interactions.GetInteraction(interactions_pb2.GetInteractionRequest(interaction_id=interaction_id))).status

    def offered(self, agent_id: str = "a1") -> str:
        """The id of the one offer an agent has."""
        (offer_id,) = self.state.agents[agent_id].offers
        return offer_id


@asynccontextmanager
async def a_desk(
    data: Path, *, site: Site | None = None, agents: Iterable[Agent] | None = None, feed_events: int = 1_000, queue_max: int = 2_000
) -> AsyncIterator[Desk]:
    """A served site with one agent, `a1`; on leaving, the server is drained and the journal closed."""
    journal = open_journal(data)
    router, feed = restore(journal, default_registry(), feed_events)
    clock = clock_from(router.state.at, None)
    team = (an_agent(),) if agents is None else tuple(agents)
    configuration = Configuration(site=site or a_site(), site_file=data, agents=team, roster_file=None)
    configure(router, journal, feed, configuration, clock.now())
    options = ServerOptions(listen="127.0.0.1:0", has_reflection=True, queue_max=queue_max)
    server = SiteServer(router=router, journal=journal, clock=clock, feed=feed, options=options)
    await server.start()
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(server, stop))
    try:
        async with asyncio.timeout(30), grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            yield Desk(channel, server, router.state)
    finally:
        stop.set()
        await serving
        journal.close()


class DesktopStream:
    """An open agents' stream as a desktop sees it."""

    def __init__(self, desk: Desk) -> None:
        self.call: Any = desk.agents.Connect()
        self._waiting: list[agents_pb2.AgentEvent] = []

    async def send(self, *commands: agents_pb2.AgentCommand) -> None:
        """Say several things in one message."""
        await self.call.write(agents_pb2.ConnectRequest(commands=commands))

    async def open(self, *agent_ids: str, session_id: str = "s1") -> list[agents_pb2.AgentSnapshot]:
        """Open a session and take its snapshots."""
        await self.send(agents_pb2.AgentCommand(open_session=agents_pb2.OpenSession(session_id=session_id, agent_ids=agent_ids)))
        return [(await self.next("snapshot")).snapshot for _ in agent_ids]

    async def next(self, kind: str) -> agents_pb2.AgentEvent:
        """The next event of a kind; others are kept for later."""
        async with asyncio.timeout(WAIT_S):
            while True:
                for event in self._waiting:
                    if event.WhichOneof("event") == kind:
                        self._waiting.remove(event)
                        return event
                message = await self.call.read()
                if message is grpc.aio.EOF:
                    raise AssertionError(f"the stream ended before {kind}: {await self.call.code()}")
                self._waiting.extend(message.events)

    async def ended(self) -> grpc.StatusCode:
        """How the stream ended; whatever was still told is kept."""
        async with asyncio.timeout(WAIT_S):
            try:
                while (message := await self.call.read()) is not grpc.aio.EOF:
                    self._waiting.extend(message.events)
            except grpc.aio.AioRpcError as error:
                return error.code()
            code: grpc.StatusCode = await self.call.code()
            return code


def refusal_in(error: grpc.aio.AioRpcError) -> refusal_pb2.Refusal:
    """The refusal in the trailing metadata of a failed call."""
    return metadata_refusal(error.trailing_metadata())


def metadata_refusal(metadata: Any) -> refusal_pb2.Refusal:
    """The refusal in trailing metadata."""
    (data,) = [value for key, value in metadata if key == "careroute-refusal-bin"]
    return refusal_pb2.Refusal.FromString(data)


async def refused(call: Any) -> tuple[grpc.StatusCode, str, str]:
    """Status, reason and field of a call that must be refused."""
    try:
        answer = await call
    except grpc.aio.AioRpcError as error:
        refusal = refusal_in(error)
        assert refusal.text
        return error.code(), refusal_pb2.RefusalReason.Name(refusal.reason).removeprefix("REFUSAL_REASON_"), refusal.field
    raise AssertionError(f"it was carried out: {answer}")
