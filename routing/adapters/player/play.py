"""Playing a plan against a server, from the first arrival to the last end."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import grpc

from routing.adapters.player.clock import PlanClock
from routing.adapters.player.desks import Desks
from routing.adapters.player.link import Link
from routing.adapters.player.plan import Plan
from routing.adapters.player.platform import Platform
from routing.v1 import operators_pb2, operators_pb2_grpc


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What the player saw: how many interactions were accepted, how many of them ended exactly once, and of what; the server's digest."""

    accepted: int
    ended_once: int
    ends: dict[str, int]
    sequence: int
    digest: str

    @property
    def is_complete(self) -> bool:
        """Whether every accepted interaction ended exactly once."""
        return self.accepted == self.ended_once


async def play(
    plan: Plan, address: str, *, speed: float, patience_s: float, on_progress: Callable[[float, int, int], None] = lambda *_: None
) -> Played:
    """Play `plan` against the server at `address`, `speed` times as fast as real time; the server's clock must run at the same speed.

    `on_progress` is told the plan's time (ms), accepted and ended counts. The server may crash and come back within `patience_s` seconds.

    Raises:
        ServerGone: it did not come back.
        Refused: it refused something that a correct platform and desktop may ask.
    """
    clock = PlanClock(plan.starts_at_ms, speed)
    async with grpc.aio.insecure_channel(address, options=_CHANNEL_OPTIONS) as channel:
        link = Link(channel, patience_s)
        operators = operators_pb2_grpc.OperatorServiceStub(channel)
        status = await link.call(lambda: operators.GetStatus(operators_pb2.GetStatusRequest()))
        desks = Desks(plan, clock, link)
        platform = Platform(plan, clock, link)
        platform.on_change = lambda: on_progress(clock.now_ms(), len(platform.accepted), len(platform.ends))
        working = asyncio.create_task(desks.run())
        playing = asyncio.create_task(platform.run(status.at_ms - plan.starts_at_ms))
        await asyncio.wait({working, playing}, return_when=asyncio.FIRST_COMPLETED)
        if working.done() and not playing.done():
            playing.cancel()
            working.result()
        await playing
        working.cancel()
        digest = await link.call(lambda: operators.GetStateDigest(operators_pb2.GetStateDigestRequest()))
    ends = Counter[str]()
    for told in platform.ends.values():
        ends.update(told)
    once = sum(1 for contact_id in platform.accepted if sum(platform.ends.get(contact_id, Counter[str]()).values()) == 1)
    return Played(
        accepted=len(platform.accepted), ended_once=once, ends=dict(sorted(ends.items())), sequence=digest.sequence, digest=digest.digest
    )


_CHANNEL_OPTIONS = (
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 500),  # a restarted server is to be found within half a second
)
