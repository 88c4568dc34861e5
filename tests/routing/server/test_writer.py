"""The single writer: groups, the gate, limits, and what happens when the disk fails."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from threading import Event

import pytest

from routing.core.commands import AbandonInteraction, ApplySite, EnqueueInteraction, PutAgents, SetPresence
from routing.core.events import OfferExpired, Recorded
from routing.core.state import State
from routing.engine import Router
from routing.model.agent import Presence
from routing.policy.registry import default_registry
from routing.server.clock import ScaledClock, WallClock
from routing.server.errors import Refused
from routing.server.outbox import EVENTS_MAX, EVENTS_MAX_PER_AGENT, Outbox
from routing.server.writer import Release, Writer
from routing.store.codec import encode_row
from routing.store.errors import JournalFailed
from routing.store.memory import MemoryJournal
from routing.store.rows import Row, SealedRow
from routing.v1 import agents_pb2, refusal_pb2
from tests.builders import a_queue, a_site, an_agent, an_interaction


class SlowDisk:
    """A journal whose appends wait until the test lets them through, or fail."""

    def __init__(self) -> None:
        self._rows = MemoryJournal()
        self.is_free = Event()
        self.is_free.set()
        self.fails = False
        self.groups: list[int] = []

    @property
    def last_seq(self) -> int:
        """As of the journal in memory."""
        return self._rows.last_seq

    @property
    def epoch(self) -> int:
        """As of the journal in memory."""
        return self._rows.epoch

    def append(self, rows: Sequence[Row]) -> None:
        """Wait for the test, then keep the rows or fail."""
        self.is_free.wait(10)
        if self.fails:
            raise JournalFailed("the disk is full", remedy="Free space.")
        self.groups.append(len(rows))
        self._rows.append(rows)

    def read(self, from_seq: int = 1) -> Iterator[SealedRow]:
        """The rows."""
        return self._rows.read(from_seq)

    def close(self) -> None:
        """Nothing to let go of."""


class Audience:
    """Remembers what was told."""

    def __init__(self) -> None:
        self.heard: list[Recorded] = []
        self.has_heard = asyncio.Event()

    def prepare(self, recorded: tuple[Recorded, ...], _: State) -> Release:
        """Tell all of it."""

        def tell() -> None:
            self.heard.extend(recorded)
            self.has_heard.set()

        return tell

    def conclude(self, _: State) -> Release:
        """Nothing follows."""
        return lambda: None


class Room:
    """A running writer with its disk and audience."""

    def __init__(self, queue_max: int, speed: float, lease_ms: int) -> None:
        self.disk = SlowDisk()
        self.audience = Audience()
        router = Router(default_registry())
        clock = WallClock(0) if speed == 1 else ScaledClock(1_000_000, speed)
        for command in (ApplySite(site=a_site(queues=[a_queue(offer_timeout_ms=lease_ms)])), PutAgents(agents=(an_agent(),))):
            self.disk.append([encode_row(router.handle(command, clock.now()))])
        self.disk.groups.clear()
        self.state = router.state
        # A minute a group: how many turns fit into a few milliseconds depends on the machine.
        self.writer = Writer(router, self.disk, clock, self.audience, queue_max=queue_max, group_s_max=60)
        self.running = asyncio.create_task(self.writer.run())

    def enqueue(self, interaction_id: str) -> "asyncio.Task[object]":
        """Ask for an interaction to be taken in."""
        command = EnqueueInteraction(request_id=f"r/{interaction_id}", interaction=an_interaction(interaction_id))
        return asyncio.create_task(self.writer.submit(command))


@asynccontextmanager
async def a_room(*, queue_max: int = 100, speed: float = 1, lease_ms: int = 15_000) -> AsyncIterator[Room]:
    """A writer that is drained in the end."""
    room = Room(queue_max, speed, lease_ms)
    async with asyncio.timeout(10):
        yield room
        room.disk.is_free.set()
        room.writer.drain()
        with suppress(JournalFailed):
            await room.running


async def until(is_true: asyncio.Event | None = None, rounds: int = 20) -> None:
    """Let everything that can go on go on."""
    if is_true is not None:
        await is_true.wait()
    for _ in range(rounds):
        await asyncio.sleep(0.001)


async def test_nothing_is_answered_or_told_before_it_is_durable() -> None:
    """Neither a mutation, nor a read that could see it, nor a refusal because of it."""
    async with a_room() as room:
        room.disk.is_free.clear()
        first = room.enqueue("i1")
        read = asyncio.create_task(room.writer.ask(lambda turn: len(turn.state.interactions)))
        again = asyncio.create_task(room.writer.submit(EnqueueInteraction(interaction=an_interaction("i1"))))
        await until()
        assert len(room.state.interactions) == 1
        assert (first.done(), read.done(), again.done(), room.audience.heard) == (False, False, False, [])
        room.disk.is_free.set()
        await first
        assert await read == 1
        with pytest.raises(Refused) as caught:
            await again
        assert caught.value.reason == refusal_pb2.REFUSAL_REASON_DUPLICATE_INTERACTION
        assert len(room.audience.heard) == 2


async def test_a_failed_append_ends_the_writer_and_answers_nobody() -> None:
    """The process must stop: nobody knows what the disk holds."""
    async with a_room() as room:
        room.disk.fails = True
        asked = room.enqueue("i1")
        with pytest.raises(JournalFailed):
            await room.running
        assert (asked.done(), room.audience.heard) == (False, [])
        asked.cancel()


async def test_what_waits_becomes_one_commit() -> None:
    """While the disk is busy, requests gather."""
    async with a_room() as room:
        room.disk.is_free.clear()
        asked = [room.enqueue("i0")]
        await until()
        asked += [room.enqueue(f"i{number}") for number in range(1, 51)]
        await until()
        room.disk.is_free.set()
        await asyncio.gather(*asked)
        assert room.disk.groups == [1, 50]


async def test_too_much_waiting_is_refused_but_for_what_frees_capacity() -> None:
    """An overloaded server still lets customers leave."""
    async with a_room(queue_max=3) as room:
        await room.enqueue("i0")
        room.disk.is_free.clear()
        first = room.enqueue("i1")
        await until()
        waiting = [room.enqueue(f"i{number}") for number in range(2, 5)]
        await until()
        with pytest.raises(Refused) as caught:
            await room.enqueue("i5")
        assert caught.value.reason == refusal_pb2.REFUSAL_REASON_OVERLOADED
        leaving = asyncio.create_task(room.writer.submit(AbandonInteraction(request_id="l", interaction_id="i0")))
        await until()
        room.disk.is_free.set()
        await asyncio.gather(first, *waiting, leaving)


async def test_a_caller_who_leaves_does_not_take_the_work_back() -> None:
    """The command was in the queue: it is carried out, and the writer goes on."""
    async with a_room() as room:
        room.disk.is_free.clear()
        first = room.enqueue("i1")
        await until()
        second = room.enqueue("i2")
        await until()
        second.cancel()
        room.disk.is_free.set()
        await first
        await room.enqueue("i3")
        assert list(room.state.interactions) == ["i1", "i2", "i3"]


async def test_a_drained_writer_finishes_what_waits_and_refuses_the_rest() -> None:
    """Everything in the queue is answered first."""
    async with a_room() as room:
        room.disk.is_free.clear()
        asked = [room.enqueue(f"i{number}") for number in range(3)]
        await until()
        room.writer.drain()
        with pytest.raises(Refused) as caught:
            await room.enqueue("late")
        assert caught.value.reason == refusal_pb2.REFUSAL_REASON_SHUTTING_DOWN
        room.disk.is_free.set()
        await asyncio.gather(*asked)
        await room.running


async def test_deadlines_are_carried_out_without_anybody_asking() -> None:
    """An offer expires by the timer alone; the clock is scaled, so that nobody waits for it."""
    async with a_room(speed=100, lease_ms=2_000) as room:
        await room.writer.submit(SetPresence(agent_id="a1", presence=Presence.AVAILABLE))
        await room.enqueue("i1")
        while not any(isinstance(item.event, OfferExpired) for item in room.audience.heard):
            room.audience.has_heard.clear()
            await until(room.audience.has_heard, rounds=0)
        late = [item.at - item.event.due_at for item in room.audience.heard if isinstance(item.event, OfferExpired)]
        assert len(late) == 1
        assert late[0] >= 0


async def test_an_outbox_that_nobody_empties_ends_the_stream() -> None:
    """It keeps so many events and no more, and says why it ended."""
    outbox = Outbox()
    outbox.agents = 2
    for _ in range(EVENTS_MAX + 2 * EVENTS_MAX_PER_AGENT + 1):
        outbox.put(agents_pb2.AgentEvent())
    with pytest.raises(Refused) as caught:
        await outbox.take()
    assert caught.value.reason == refusal_pb2.REFUSAL_REASON_SLOW_READER


async def test_an_ended_outbox_still_gives_what_it_holds() -> None:
    """Then nothing more, and it takes nothing more."""
    outbox = Outbox()
    outbox.put(agents_pb2.AgentEvent(sequence=1))
    outbox.end(None)
    outbox.put(agents_pb2.AgentEvent(sequence=2))
    message = await outbox.take()
    assert message is not None
    assert [event.sequence for event in message.events] == [1]
    assert await outbox.take() is None
