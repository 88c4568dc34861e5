"""Places in line and estimated waits for those who watch them: worked out only while somebody does, and told when they change.

Nothing of it is an event: it follows from the rows, changes for many with every answered call, and is of no use a second later. So it is
worked out once after each group of turns, goes into no journal, and a slow reader finds only the latest of each interaction.
"""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

from routing.core.decide.lookup import interaction_of
from routing.core.estimates import expected_wait_ms
from routing.core.lines import Line
from routing.core.state import Pace, State
from routing.model.estimate import EstimateMethod
from routing.model.ids import InteractionId, QueueId
from routing.model.time import Duration, Instant
from routing.server.convert.doors import present_estimate, tells_estimate
from routing.server.errors import Refused
from routing.server.turn import Turn
from routing.server.writer import Release
from routing.v1.interactions_pb2 import EstimateUpdate


class _Standing(NamedTuple):
    """What is told, without what changes by the passing of time alone: `whole_wait_ms` is the wait to be expected from the arrival on."""

    queue_id: QueueId
    place: int
    whole_wait_ms: Duration | None
    method: EstimateMethod


class _Mark(NamedTuple):
    """What the places and waits of a queue follow from. While it is the same, nobody's who stays in the queue has changed."""

    line: Line
    moves: int
    pace: Pace | None
    method: EstimateMethod | None


class EstimateWatch:
    """One reader: what it was told last of each interaction, and what it has not taken yet."""

    def __init__(self, interaction_ids: Iterable[InteractionId]) -> None:
        self._told: dict[InteractionId, _Standing | None] = dict.fromkeys(interaction_ids)
        self._untaken: dict[InteractionId, EstimateUpdate] = {}
        self._wake = asyncio.Event()
        self._has_begun = False
        self._refused: Refused | None = None

    def begin(self, turn: Turn) -> None:
        """Look up where all of them stand.

        Raises:
            CommandRefused: one is not known.
        """
        for interaction_id in self._told:
            if interaction_id not in turn.state.ended:
                interaction_of(turn.state, interaction_id)
        updates = {name: _update(turn.state, name, turn.now) for name in self._told}
        self.look(turn.state, turn.now, moved=None)
        self._has_begun = True
        self.put(updates)

    def look(self, state: State, now: Instant, moved: frozenset[QueueId] | None) -> dict[InteractionId, EstimateUpdate]:
        """Those whose place or wait changed. Only the queues in `moved` need a second look; `None`: all."""
        changed: dict[InteractionId, EstimateUpdate] = {}
        for interaction_id, told in list(self._told.items()):
            row = state.interactions.get(interaction_id)
            method = None if row is None else tells_estimate(state, row)
            if row is None or method is None:
                standing = None
            elif told is not None and told.queue_id == row.route.queue_id and moved is not None and told.queue_id not in moved:
                continue
            else:
                standing = _standing(state, interaction_id, row.route.queue_id, method)
            if row is None:
                del self._told[interaction_id]
            else:
                self._told[interaction_id] = standing
            if standing != told:
                changed[interaction_id] = _update(state, interaction_id, now)
        return changed

    def put(self, updates: dict[InteractionId, EstimateUpdate]) -> None:
        """Have them taken, in place of what was not taken yet."""
        self._untaken |= updates
        self._wake.set()

    def end(self, refused: Refused) -> None:
        """Let the reader go."""
        self._refused = refused
        self._wake.set()

    @property
    def is_waiting_for_changes(self) -> bool:
        """Whether there is anything to look for."""
        return self._has_begun and bool(self._told)

    async def next(self) -> list[EstimateUpdate]:
        """What changed, at least one; waits for it. None once every interaction has ended.

        Raises:
            Refused: the server is stopping.
        """
        while not self._untaken:
            if self._refused is not None:
                raise self._refused
            if not self._told:
                return []
            self._wake.clear()
            await self._wake.wait()
        taken, self._untaken = list(self._untaken.values()), {}
        return taken


class Estimates:
    """All who watch."""

    def __init__(self) -> None:
        self._watches: dict[EstimateWatch, None] = {}
        self._marks: dict[QueueId, _Mark] = {}

    @contextmanager
    def watch(self, interaction_ids: Iterable[InteractionId]) -> Iterator[EstimateWatch]:
        """A reader, known for as long as the context lasts; `begin` is to be called in a turn."""
        watch = EstimateWatch(interaction_ids)
        self._watches[watch] = None
        try:
            yield watch
        finally:
            del self._watches[watch]

    def prepare(self, state: State) -> Release:
        """Look up whose place or wait changed; the result tells them, behind the gate."""
        if not self._watches:
            return _nothing
        moved = self._moved(state)
        found = [(watch, watch.look(state, state.at, moved)) for watch in self._watches if watch.is_waiting_for_changes]
        return partial(_tell, found)

    def end_all(self, refused: Refused) -> None:
        """End every stream with a reason."""
        for watch in self._watches:
            watch.end(refused)

    def _moved(self, state: State) -> frozenset[QueueId]:
        """The queues whose places or waits may have changed since this was last asked."""
        before, self._marks = self._marks, {}
        if state.site is not None and state.lines is not None:
            for name, queue in state.site.queues.items():
                line = state.lines.of(name)
                self._marks[name] = _Mark(line, line.moves, state.paces.get(name), queue.estimate)
        return frozenset(name for name, mark in self._marks.items() if mark != before.get(name))


def _tell(found: list[tuple[EstimateWatch, dict[InteractionId, EstimateUpdate]]]) -> None:
    for watch, updates in found:
        watch.put(updates)


def _nothing() -> None:
    """Nobody watches."""


def _standing(state: State, interaction_id: InteractionId, queue_id: QueueId, method: EstimateMethod) -> _Standing | None:
    if state.lines is None:
        return None
    place = state.lines.place_of(interaction_id)
    return _Standing(queue_id, place, expected_wait_ms(method, state.paces.get(queue_id), place), method)


def _update(state: State, interaction_id: InteractionId, now: Instant) -> EstimateUpdate:
    row = state.interactions.get(interaction_id)
    return EstimateUpdate(interaction_id=interaction_id, at_ms=now, estimate=None if row is None else present_estimate(state, row, now))
