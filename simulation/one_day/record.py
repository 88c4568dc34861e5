"""The recorder of a timeline: it keeps the state that a log leads to, and looks at it at every full step of the clock.

The state is the router's own, folded by the core, so nothing about who waits or works is decided here a second time. Busy tones, of which
the router never hears, are told by the world. A timeline is one simulated day: it shows how things happen, and says nothing about what
happens on average.
"""

from collections import Counter
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from routing.core.events import Recorded
from routing.core.evolve import evolve
from routing.core.lifecycle import InteractionPhase
from routing.core.state import AgentRow, State
from routing.model.agent import Presence
from routing.model.ids import AgentId, QueueId
from routing.model.time import Duration, Instant
from simulation.customers.facts import Blocked, CustomerFact


class Doing(IntEnum):
    """What an agent is doing; of several things the one furthest down that list of work: talking before holding before wrapping up."""

    OFFLINE = 0
    NOT_READY = 1
    AVAILABLE = 2
    RINGING = 3
    WRAPPING_UP = 4
    HOLDING = 5
    OWN_WORK = 6
    HANDLING = 7


_OF_PHASE = {
    InteractionPhase.HANDLING: Doing.HANDLING,
    InteractionPhase.HELD: Doing.HOLDING,
    InteractionPhase.INTERRUPTED: Doing.HOLDING,
    InteractionPhase.WRAP_UP: Doing.WRAPPING_UP,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What stood at each of `instants`, ms, after everything that happened at them.

    `doing` has shape (agents, instants) and holds members of `Doing`. `waiting` and `longest_wait_s` have shape (queues, instants): how
    many waited in a queue on live channels, with no agent yet, and how long the first of them had done so, in seconds. `deferred`, of the
    same shape, is how much deferrable work lay there. Agents stand in the order in which they came to work, those who never did are left
    out; queues in the site's order. `busy_tones` has shape (lines, instants): how many found all lines of a group taken from
    the instant on, before the next.
    """

    instants: tuple[Instant, ...]
    agents: tuple[AgentId, ...]
    queues: tuple[QueueId, ...]
    doing: NDArray[np.int8]
    waiting: NDArray[np.int64]
    longest_wait_s: NDArray[np.float64]
    deferred: NDArray[np.int64]
    lines: tuple[str, ...]
    busy_tones: NDArray[np.int64]


class TimelineRecorder:
    """Takes the events of one log in order, and looks at the state at `starts_at` and every `step_ms` from then on.

    `lines` are the names of the groups of lines that the scenario has.
    """

    def __init__(self, *, starts_at: Instant, step_ms: Duration, lines: tuple[str, ...] = ()) -> None:
        self._state = State()
        self._starts_at = starts_at
        self._lines = lines
        self._busy_tones: Counter[tuple[str, int]] = Counter()
        self._step_ms = step_ms
        self._next_at = starts_at
        self._instants: list[Instant] = []
        self._doing: list[dict[AgentId, Doing]] = []
        self._waiting: list[Counter[QueueId]] = []
        self._oldest: list[dict[QueueId, Instant]] = []
        self._deferred: list[Counter[QueueId]] = []

    def __call__(self, recorded: Recorded) -> None:
        """Takes the next event; what stood before it is looked at where a step lies between."""
        self._look_until(recorded.at)
        evolve(self._state, recorded)

    def witness(self, at: Instant, fact: CustomerFact) -> None:
        """Takes what the router never hears: who hears a busy tone, counted in the step that it falls into."""
        if isinstance(fact, Blocked):
            self._busy_tones[fact.lines, (at - self._starts_at) // self._step_ms] += 1

    def timeline(self, ends_at: Instant) -> Timeline:
        """The timeline up to and without `ends_at`, or to the last busy tone where that came later, once the log is over."""
        steps = [step for _, step in self._busy_tones]
        self._look_until(max(ends_at, self._starts_at + max(steps, default=-1) * self._step_ms + 1))
        agents = tuple(dict.fromkeys(name for look in self._doing for name, doing in look.items() if doing is not Doing.OFFLINE))
        queues = () if self._state.site is None else tuple(self._state.site.queues)
        shape = (len(queues), len(self._instants))
        waiting, deferred = (
            np.array([[look[name] for look in looks] for name in queues], dtype=np.int64).reshape(shape)
            for looks in (self._waiting, self._deferred)
        )
        waits = [[(at - look.get(name, at)) / 1_000 for at, look in zip(self._instants, self._oldest, strict=True)] for name in queues]
        doing = [[look.get(name, Doing.OFFLINE) for look in self._doing] for name in agents]
        return Timeline(
            instants=tuple(self._instants),
            agents=agents,
            queues=queues,
            doing=np.array(doing, dtype=np.int8).reshape(len(agents), len(self._instants)),
            waiting=waiting,
            longest_wait_s=np.array(waits, dtype=np.float64).reshape(shape),
            deferred=deferred,
            lines=self._lines,
            busy_tones=self._turned_away(),
        )

    def _turned_away(self) -> NDArray[np.int64]:
        steps = range(len(self._instants))
        counts = [[self._busy_tones[name, step] for step in steps] for name in self._lines]
        return np.array(counts, dtype=np.int64).reshape(len(self._lines), len(self._instants))

    def _look_until(self, at: Instant) -> None:
        while self._next_at < at:
            self._look()
            self._next_at += self._step_ms

    def _look(self) -> None:
        state = self._state
        waiting: Counter[QueueId] = Counter()
        deferred: Counter[QueueId] = Counter()
        oldest: dict[QueueId, Instant] = {}
        for row in state.interactions.values():
            queue_id = row.route.queue_id
            if row.phase is not InteractionPhase.WAITING:
                continue
            if state.site is not None and state.site.channels[row.interaction.channel].is_live:
                waiting[queue_id] += 1
                oldest[queue_id] = min(oldest.get(queue_id, row.enqueued_at), row.enqueued_at)
            else:
                deferred[queue_id] += 1
        self._instants.append(self._next_at)
        self._waiting.append(waiting)
        self._deferred.append(deferred)
        self._oldest.append(oldest)
        self._doing.append({name: doing_of(state, row) for name, row in state.agents.items()})


def doing_of(state: State, row: AgentRow) -> Doing:
    """What an agent is doing, the weightiest of several things; work in hand counts though they are offline or not ready by now."""
    works = [_OF_PHASE[state.interactions[key].phase] for key in row.work]
    if row.external:
        works.append(Doing.OWN_WORK)
    if works:
        return max(works)
    if row.presence is Presence.AVAILABLE:
        return Doing.RINGING if row.offers else Doing.AVAILABLE
    return Doing.OFFLINE if row.presence is Presence.OFFLINE else Doing.NOT_READY
