"""Over a real socket: those who wait are told their place and their wait when they change."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import grpc

from routing.core.lifecycle import InteractionPhase
from routing.model.estimate import EstimateMethod
from routing.model.site import Site
from routing.server.convert.sites import site_to_wire
from routing.v1 import agents_pb2, interactions_pb2, operators_pb2, types_pb2
from tests.builders import a_calendar, a_queue, a_site, some_hours
from tests.routing.server.harness import WAIT_S, Desk, a_desk, refused

EVER = a_calendar((2**44, 2**44 + 1), known_until=2**45)
"""Opens in a far future."""


def told(method: EstimateMethod = EstimateMethod.PLACE_PACE) -> Site:
    """One queue that tells its waits."""
    return a_site(queues=[a_queue(estimate=method)])


def watching(desk: Desk, *names: str) -> Any:
    """An open stream."""
    return desk.interactions.WatchEstimates(interactions_pb2.WatchEstimatesRequest(interaction_ids=names))


async def places(stream: Any) -> dict[str, int | None]:
    """Who is told which place by the next message; `None`: they have none."""
    async with asyncio.timeout(WAIT_S):
        message = await stream.read()
    assert message is not grpc.aio.EOF
    return {update.interaction_id: update.estimate.place if update.HasField("estimate") else None for update in message.updates}


async def is_over(stream: Any) -> bool:
    """Whether the stream ends without another word."""
    async with asyncio.timeout(WAIT_S):
        return await stream.read() is grpc.aio.EOF


async def accepts(desk: Desk) -> None:
    """The agent takes the offer they have."""
    request = agents_pb2.AcceptOfferRequest(request_id=desk.request_id(), offer_id=desk.offered())
    await desk.agents.AcceptOffer(request)


async def ends(desk: Desk, name: str) -> None:
    """The agent is done with it, and need not write it up."""
    await desk.agents.EndHandling(agents_pb2.EndHandlingRequest(request_id=desk.request_id(), interaction_id=name))
    if name in desk.state.interactions and desk.state.interactions[name].phase is InteractionPhase.WRAP_UP:
        await desk.agents.EndWrapUp(agents_pb2.EndWrapUpRequest(request_id=desk.request_id(), interaction_id=name))


async def leaves(desk: Desk, name: str) -> None:
    """A caller hangs up."""
    request = interactions_pb2.AbandonInteractionRequest(request_id=desk.request_id(), interaction_id=name)
    await desk.interactions.AbandonInteraction(request)


async def test_the_second_in_line_is_told_when_the_first_is_taken(tmp_path: Path) -> None:
    """Place 2, then 1; the first has no place once an agent has it; the stream ends with the last of them."""
    async with a_desk(tmp_path, site=told()) as desk:
        await desk.enqueue("i1")
        await desk.enqueue("i2")
        both, second = watching(desk, "i1", "i2"), watching(desk, "i2")
        assert {"i1": 1, "i2": 2} == await places(both)
        assert {"i2": 2} == await places(second)
        await desk.set_presence()
        await accepts(desk)
        assert {"i1": None, "i2": 1} == await places(both)
        assert {"i2": 1} == await places(second)
        await ends(desk, "i1")
        await accepts(desk)
        assert {"i2": None} == await places(second)
        await ends(desk, "i2")
        assert await is_over(second)


async def test_what_changes_nothing_for_somebody_is_not_told(tmp_path: Path) -> None:
    """Not who joins behind them, not who waits elsewhere, and not the time: the next message is of the next change."""
    site = a_site(queues=[a_queue("main", estimate=EstimateMethod.HOLD_EMA), a_queue("other")])
    async with a_desk(tmp_path, site=site) as desk:
        for name in ("i1", "i2"):
            await desk.enqueue(name)
        stream = watching(desk, "i2")
        assert {"i2": 2} == await places(stream)
        for name in ("i3", "i4"):
            await desk.enqueue(name)
        await leaves(desk, "i3")
        await asyncio.sleep(0.01)
        await leaves(desk, "i1")
        assert {"i2": 1} == await places(stream)


async def test_an_estimate_changes_with_what_was_learned(tmp_path: Path) -> None:
    """Nobody was answered: unknown. One was: a wait, at the instant that is told, and the same as the status then says."""
    async with a_desk(tmp_path, site=told(EstimateMethod.HOLD_EMA)) as desk:
        for name in ("i1", "i2"):
            await desk.enqueue(name)
        stream = watching(desk, "i2")
        (first,) = (await stream.read()).updates
        assert (2, False) == (first.estimate.place, first.estimate.HasField("wait_ms"))
        await desk.set_presence()
        await accepts(desk)
        (second,) = (await stream.read()).updates
        assert (1, True, types_pb2.ESTIMATE_METHOD_HOLD_EMA) == (
            second.estimate.place,
            second.estimate.HasField("wait_ms"),
            second.estimate.method,
        )
        assert second.at_ms >= first.at_ms


async def test_a_slow_reader_finds_only_the_latest(tmp_path: Path) -> None:
    """However much happened in between; nothing piles up for it, and nothing of it is in the journal."""
    async with a_desk(tmp_path, site=told()) as desk:
        names = [f"i{number}" for number in range(1, 41)]
        for name in names:
            await desk.enqueue(name)
        last = names[-1]
        stream = watching(desk, last)
        assert {last: 40} == await places(stream)
        before = desk.state.seq
        await asyncio.gather(*(leaves(desk, name) for name in names[:-1]))
        assert 2 * 39 == desk.state.seq - before  # each end, and the request that is remembered for it
        seen: list[int | None] = []
        while not seen or seen[-1] != 1:
            seen.append((await places(stream))[last])
        assert sorted(set(seen), key=lambda place: -(place or 0)) == seen


async def test_who_waits_for_an_opening_has_no_place_yet(tmp_path: Path) -> None:
    """They are told so, and the stream ends when they go."""
    site = a_site(queues=[a_queue(hours=some_hours(), estimate=EstimateMethod.PLACE_PACE)], calendars={"office": EVER})
    async with a_desk(tmp_path, site=site) as desk:
        await desk.enqueue("i1")
        stream = watching(desk, "i1")
        assert {"i1": None} == await places(stream)
        await leaves(desk, "i1")
        assert await is_over(stream)


async def test_a_queue_begins_to_tell_when_a_new_site_says_so(tmp_path: Path) -> None:
    """And one interaction that has ended ends its stream at once."""
    async with a_desk(tmp_path, site=a_site()) as desk:
        await desk.enqueue("i1")
        stream = watching(desk, "i1")
        assert {"i1": None} == await places(stream)
        await desk.operators.ApplySite(operators_pb2.ApplySiteRequest(request_id="new", site=site_to_wire(told())))
        assert {"i1": 1} == await places(stream)
        await leaves(desk, "i1")
        assert {"i1": None} == await places(stream)
        assert await is_over(stream)
        again = watching(desk, "i1")
        assert {"i1": None} == await places(again)
        assert await is_over(again)


async def test_nobody_is_watched_who_is_not_known(tmp_path: Path) -> None:
    """Refused by name, like a request for nobody; a server that stops says so."""

    async def first(*names: Sequence[str]) -> Any:
        return await watching(desk, *map(str, names)).read()

    async with a_desk(tmp_path, site=told()) as desk:
        assert (grpc.StatusCode.NOT_FOUND, "UNKNOWN_INTERACTION", "interaction_id") == await refused(first("nobody"))
        assert (grpc.StatusCode.INVALID_ARGUMENT, "interaction_ids") == (await refused(first()))[::2]
        await desk.enqueue("i1")
        stream = watching(desk, "i1")
        assert {"i1": 1} == await places(stream)
        await desk.server.drain()
        assert grpc.StatusCode.UNAVAILABLE == (await refused(stream.read()))[0]


async def test_a_reader_who_hangs_up_is_worked_for_no_longer(tmp_path: Path) -> None:
    """The server goes on, and others are told as before."""
    async with a_desk(tmp_path, site=told()) as desk:
        await desk.enqueue("i1")
        gone, stays = watching(desk, "i1"), watching(desk, "i1")
        assert {"i1": 1} == await places(gone) == await places(stays)
        gone.cancel()
        await leaves(desk, "i1")
        assert {"i1": None} == await places(stays)
        assert await is_over(stays)
