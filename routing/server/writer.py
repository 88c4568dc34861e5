"""The single writer: the one task that owns the router, and the gate behind which its results wait for the disk.

Requests queue up and take turns. What a group of turns recorded is appended to the journal as one commit in a thread of its own, and only
when that has returned is anything of the group answered or streamed, refusals and reads included: memory may run ahead of the disk, nobody
else may see it. When an append fails the task ends with its error and the process must stop, because nobody knows what the disk holds.

A group is whatever waits when the writer comes back from the disk. While it is busy it also waits `COMPANY_S` for more, since a commit of a
hundred rows costs little more than one; an idle server answers at once.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Generic, NamedTuple, Protocol, TypeVar

from routing.core.commands import (
    AbandonInteraction,
    AcceptOffer,
    CancelCallback,
    CancelConsult,
    CancelInteraction,
    CompleteConsult,
    DeclineOffer,
    EndHandling,
    EndWrapUp,
    FailConnect,
    Mutation,
    ReportCallbackAttempt,
    Tick,
    TransferInteraction,
)
from routing.core.errors import CommandRefused
from routing.core.events import Recorded
from routing.core.state import State
from routing.engine import Router
from routing.server.clock import Clock
from routing.server.errors import Refused, from_core
from routing.server.turn import Answer, Turn
from routing.store.codec import encode_row
from routing.store.journal import Journal
from routing.store.rows import Row
from routing.v1 import refusal_pb2

GROUP_MAX = 256
GROUP_S_MAX = 0.02
COMPANY_S = 0.0005
QUEUE_MAX = 2_000
TIMER_S_MAX = 3_600.0

FREES_CAPACITY = (
    AbandonInteraction,
    AcceptOffer,
    CancelCallback,
    CancelConsult,
    CancelInteraction,
    CompleteConsult,
    DeclineOffer,
    EndHandling,
    EndWrapUp,
    FailConnect,
    ReportCallbackAttempt,
    TransferInteraction,
)

Result = TypeVar("Result")
Release = Callable[[], None]


class Publisher(Protocol):
    """Who hears of what was recorded, once it is durable."""

    def prepare(self, recorded: tuple[Recorded, ...], state: State) -> Release:
        """Look up in `state`, which is that right after the events, whatever telling of them needs; the result tells, behind the gate."""
        ...

    def conclude(self, state: State) -> Release:
        """Look up what follows from all that a group recorded, once for the group; the result tells, behind the gate after all else."""
        ...


class _Job(NamedTuple, Generic[Result]):
    work: Callable[[Turn], Result]
    release: Callable[[Result | Refused], None]


class Writer:
    """Owns a router: `post` and its friends queue work for it, `run` does it."""

    def __init__(
        self,
        router: Router,
        journal: Journal,
        clock: Clock,
        publisher: Publisher,
        *,
        queue_max: int = QUEUE_MAX,
        group_s_max: float = GROUP_S_MAX,
    ) -> None:
        self._router = router
        self._journal = journal
        self._clock = clock
        self._publisher = publisher
        self._queue_max = queue_max
        self._group_s_max = group_s_max
        self._jobs: deque[_Job[object]] = deque()
        self._rows: list[Row] = []
        self._releases: list[Release] = []
        self._wake = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._is_closing = False

    @property
    def clock(self) -> Clock:
        """The clock that stamps the commands."""
        return self._clock

    @property
    def is_closing(self) -> bool:
        """Whether no more work is taken."""
        return self._is_closing

    # ---- asking ----

    async def submit(self, command: Mutation) -> Answer:
        """Carry out a command and wait until it is durable.

        Raises:
            Refused: by the core, or because too much waits or the server is stopping.
        """
        return await self.ask(lambda turn: turn.answer(command), is_urgent=isinstance(command, FREES_CAPACITY))

    async def ask(self, work: Callable[[Turn], Result], *, is_urgent: bool = False) -> Result:
        """Wait for a turn, do `work` in it, and wait until all that it could see is durable.

        Cancelling the caller does not take back the work.

        Raises:
            Refused: by the work, or because too much waits or the server is stopping.
        """
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self.post(work, partial(_settle, future), is_urgent=is_urgent)
        return await future

    def post(self, work: Callable[[Turn], Result], release: Callable[[Result | Refused], None], *, is_urgent: bool = False) -> None:
        """Queue `work`; `release` gets its result behind the gate. Urgent work, which frees capacity, is taken however much waits.

        Raises:
            Refused: too much waits, or the server is stopping.
        """
        if self._is_closing:
            raise Refused(refusal_pb2.REFUSAL_REASON_SHUTTING_DOWN, "the server is stopping; send the request again to its successor")
        if len(self._jobs) >= self._queue_max and not is_urgent:
            raise Refused(refusal_pb2.REFUSAL_REASON_OVERLOADED, "too many requests wait for their turn; send it again after a pause")
        self._jobs.append(_Job(work, release))  # type: ignore[arg-type]  # a job's result only ever meets its own release
        self._wake.set()

    # ---- doing ----

    async def run(self) -> None:
        """Serve until `drain`.

        Raises:
            JournalError: an append failed; nothing that followed was answered, and the process must stop.
            InvariantBroken: the router contradicts itself; likewise.
        """
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal") as thread:
            is_busy = False
            self._set_timer()
            while not (self._is_closing and not self._jobs):
                await self._wake.wait()
                self._wake.clear()
                await asyncio.sleep(COMPANY_S if is_busy and not self._is_closing else 0)
                handled = self._handle_group()
                if self._rows:
                    rows, self._rows = self._rows, []
                    self._releases.append(self._publisher.conclude(self._router.state))
                    await asyncio.get_running_loop().run_in_executor(thread, self._journal.append, rows)
                self._open_gate()
                self._set_timer()
                is_busy = handled > 1 or bool(self._jobs)
                if self._jobs:
                    self._wake.set()

    def drain(self) -> None:
        """Take no more work; `run` returns once all that waits is done and released."""
        self._is_closing = True
        self._wake.set()

    def _handle_group(self) -> int:
        """Give turns to what waits, up to a number and a time that keep the others of the process alive; how many."""
        began = time.monotonic()
        handled = 0
        self._tick()
        while self._jobs and handled < GROUP_MAX and time.monotonic() - began < self._group_s_max:
            job = self._jobs.popleft()
            handled += 1
            turn = self._tick()
            result: object
            try:
                result = job.work(turn)
            except CommandRefused as refusal:
                result = from_core(refusal)
            except Refused as refused:
                result = refused
            self._releases.append(partial(job.release, result))
        return handled

    def _tick(self) -> Turn:
        """A turn at the present instant, with every deadline that is due carried out."""
        turn = Turn(self._router, self._clock.now(), on_recorded=self._note, afterwards=self._releases.append)
        due_at = self._router.next_deadline()
        if due_at is not None and due_at <= turn.now:
            turn.carry_out(Tick())
        return turn

    def _note(self, recorded: tuple[Recorded, ...]) -> None:
        # Encoded here: in the journal's thread it would fight this one for the interpreter, and the group would wait for both.
        self._rows.append(encode_row(recorded))
        self._releases.append(self._publisher.prepare(recorded, self._router.state))

    def _open_gate(self) -> None:
        for release in self._releases:
            release()
        self._releases.clear()

    def _set_timer(self) -> None:
        """One timer for the next deadline; none where nothing is ever due."""
        if self._timer is not None:
            self._timer.cancel()
        due_at = self._router.next_deadline()
        if due_at is None:
            self._timer = None
            return
        # A millisecond more, because timers round down and the clock is read in whole milliseconds.
        delay_s = max(0.0, self._clock.seconds(due_at - self._clock.now())) + 0.001
        self._timer = asyncio.get_running_loop().call_later(min(delay_s, TIMER_S_MAX), self._wake.set)


def _settle(future: "asyncio.Future[Result]", result: Result | Refused) -> None:
    """Answer whoever waits; a caller who has gone no longer does."""
    with suppress(asyncio.InvalidStateError):
        if isinstance(result, Refused):
            future.set_exception(result)
        else:
            future.set_result(result)
