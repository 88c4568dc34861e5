"""Playing a plan against a server, from the first arrival to the last end."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from routing.adapters.client import Client
from routing.adapters.player.clock import PlanClock
from routing.adapters.player.desks import Desks
from routing.adapters.player.plan import Plan
from routing.adapters.player.platform import Platform
from routing.v1 import operators_pb2


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
        grpc.aio.AioRpcError: it did not come back.
        Refused: it refused something that a correct platform and desktop may ask.
    """
    clock = PlanClock(plan.starts_at_ms, speed)
    async with Client(address, patience_s=patience_s) as client:
        status = await client.call(client.operators.GetStatus, operators_pb2.GetStatusRequest())
        desks = Desks(plan, clock, client)
        platform = Platform(plan, clock, client)
        platform.on_change = lambda: on_progress(clock.now_ms(), len(platform.accepted), len(platform.ends))
        working = asyncio.create_task(desks.run())
        playing = asyncio.create_task(platform.run(status.at_ms - plan.starts_at_ms, since=status.sequence))
        await asyncio.wait({working, playing}, return_when=asyncio.FIRST_COMPLETED)
        if working.done() and not playing.done():
            playing.cancel()
            working.result()
        await playing
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working  # its stream is closed before the client is
        digest = await client.call(client.operators.GetStateDigest, operators_pb2.GetStateDigestRequest())
    ends = Counter[str]()
    for told in platform.ends.values():
        ends.update(told)
    once = sum(1 for contact_id in platform.accepted if sum(platform.ends.get(contact_id, Counter[str]()).values()) == 1)
    return Played(
        accepted=len(platform.accepted), ended_once=once, ends=dict(sorted(ends.items())), sequence=digest.sequence, digest=digest.digest
    )
