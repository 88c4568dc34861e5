"""One site's server: the gRPC services around a writer, from start to drain."""

import asyncio
import gc
from dataclasses import dataclass
from typing import Any

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from routing.core.events import Recorded
from routing.core.state import State
from routing.engine import Router
from routing.server.clock import Clock
from routing.server.errors import Refused
from routing.server.estimates import Estimates
from routing.server.feed import Feed
from routing.server.rpc import Calls, handlers
from routing.server.services.agents import AgentService
from routing.server.services.callbacks import CallbackService
from routing.server.services.handling import HandlingService
from routing.server.services.interactions import InteractionService
from routing.server.services.operators import OperatorService
from routing.server.sessions import Sessions
from routing.server.writer import QUEUE_MAX, Release, Writer
from routing.store.journal import Journal
from routing.v1 import agents_pb2, callbacks_pb2, handling_pb2, interactions_pb2, operators_pb2, refusal_pb2

MESSAGE_BYTES_MAX = 256 * 1024
STOP_S = 10.0
FLUSH_S = 0.5
"""Time for the last answers to leave the process."""

_CALLS_MAX = 20_000
"""A backstop far above what the writer's own limit lets through."""

_OPTIONS: tuple[tuple[str, Any], ...] = (
    ("grpc.max_receive_message_length", MESSAGE_BYTES_MAX),
    ("grpc.so_reuseport", 0),  # a second server on the same port must fail, not share its clients
    ("grpc.keepalive_time_ms", 20_000),  # finds desktops that vanished without a word
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),
)
_SERVICES = (
    interactions_pb2.DESCRIPTOR.services_by_name["InteractionService"],
    callbacks_pb2.DESCRIPTOR.services_by_name["CallbackService"],
    agents_pb2.DESCRIPTOR.services_by_name["AgentService"],
    handling_pb2.DESCRIPTOR.services_by_name["HandlingService"],
    operators_pb2.DESCRIPTOR.services_by_name["OperatorService"],
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOptions:
    """Where to listen (`host:port`; port 0 takes a free one), whether to describe the services, and how many requests may wait."""

    listen: str
    has_reflection: bool
    queue_max: int = QUEUE_MAX


class _Audience:
    """Everybody who hears of durable events: the feed of platforms, the desktops, and those who are told places in line."""

    def __init__(self, feed: Feed, sessions: Sessions, estimates: Estimates) -> None:
        self._feed = feed
        self._sessions = sessions
        self._estimates = estimates

    def prepare(self, recorded: tuple[Recorded, ...], state: State) -> Release:
        """Look up what desktops must be told while the state still says so."""
        tell = self._sessions.prepare(recorded, state)

        def publish() -> None:
            self._feed.add(recorded)
            for release in tell:
                release()

        return publish

    def conclude(self, state: State) -> Release:
        """Look up whose place or wait is another one now."""
        return self._estimates.prepare(state)


class SiteServer:
    """Serves one router. `start`, then `run` until `drain` is called; the journal stays the caller's to close."""

    def __init__(self, *, router: Router, journal: Journal, clock: Clock, feed: Feed, options: ServerOptions) -> None:
        self._options = options
        self._feed = feed
        self._sessions = Sessions()
        self._estimates = Estimates()
        audience = _Audience(feed, self._sessions, self._estimates)
        self._writer = Writer(router, journal, clock, audience, queue_max=options.queue_max)
        self._health = health.aio.HealthServicer()
        self._server = grpc.aio.server(options=_OPTIONS, maximum_concurrent_rpcs=_CALLS_MAX)
        self._calls = Calls()
        self.port = 0

    async def start(self) -> None:
        """Open the port and answer health checks.

        Raises:
            OSError: the address cannot be used.
        """
        servicers = (
            InteractionService(self._writer, self._feed, self._estimates),
            CallbackService(self._writer),
            AgentService(self._writer, self._sessions),
            HandlingService(self._writer),
            OperatorService(self._writer),
        )
        self._server.add_generic_rpc_handlers(
            tuple(handlers(service, servicer, self._calls) for service, servicer in zip(_SERVICES, servicers, strict=True))
        )
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        if self._options.has_reflection:
            names = (*(service.full_name for service in _SERVICES), health.SERVICE_NAME, reflection.SERVICE_NAME)
            reflection.enable_server_reflection(names, self._server)
        try:
            self.port = self._server.add_insecure_port(self._options.listen)
        except RuntimeError as error:
            raise OSError(f"cannot listen on {self._options.listen}") from error
        for service in _SERVICES:
            await self._health.set(service.full_name, health_pb2.HealthCheckResponse.SERVING)
        await self._server.start()
        # What the replay built stays for good: the collector need not walk over it again and again.
        gc.collect()
        gc.freeze()

    async def run(self) -> None:
        """Serve until drained, then let every call end.

        Raises:
            JournalError, InvariantBroken: the process must stop at once; nothing unproven was answered.
        """
        await self._writer.run()
        refused = Refused(refusal_pb2.REFUSAL_REASON_SHUTTING_DOWN, "the server is stopping; connect to its successor")
        self._feed.end(refused)
        self._sessions.end_all(refused)
        self._estimates.end_all(refused)
        await self._calls.ended(STOP_S)
        await self._server.stop(FLUSH_S)

    async def drain(self) -> None:
        """Say that this server is going, take no more requests, and let `run` finish what waits."""
        await self._health.enter_graceful_shutdown()
        self._writer.drain()


async def serve(server: SiteServer, stop: asyncio.Event) -> None:
    """Run a started server until `stop` is set and it has drained.

    Raises:
        JournalError, InvariantBroken: as for `SiteServer.run`.
    """
    running = asyncio.create_task(server.run())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not running.done():
        await server.drain()
    await running
