"""What a log shows of patience and of work, by channel and type: waits, how many of them ended with the customer leaving, and durations.

A wait that ended with an answer tells only that the customer would have waited so long at least: it is censored. The words of a log's
outcomes say which waits are which (docs/reference/interactions.md); rows that tell nothing are counted by their reason.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from routing.model.ids import AgentId
from routing.model.interaction import EndCause
from routing.model.time import SECOND_MS, Duration
from simulation.interactions import RecordedInteraction

Durations: TypeAlias = NDArray[np.float64]
"""Milliseconds, shape (n,)."""
Flags: TypeAlias = NDArray[np.bool_]

SHORT_MS: Duration = 10 * SECOND_MS
"""Services below this are counted apart: agents who hang up, misdials, lines that dropped."""
_TURNED_AWAY = frozenset({EndCause.REFUSED.value, EndCause.DIVERTED.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Waits above zero, and which of them ended with the customer leaving; the others are censored. All shapes (n,).

    `answered_at_once` and `left_at_once` are waits of zero: the first tell nothing, the second no law of durations holds.
    """

    waits_ms: Durations
    has_left: Flags
    answered_at_once: int = 0
    left_at_once: int = 0

    @property
    def left(self) -> int:
        """How many left."""
        return int(np.count_nonzero(self.has_left))

    @property
    def censored(self) -> int:
        """How many waits ended otherwise."""
        return len(self.waits_ms) - self.left


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Durations of one kind of work, above zero, shape (n,), with the agents who did it; those of zero are counted."""

    durations_ms: Durations
    agents: tuple[AgentId | None, ...]
    of_zero: int = 0

    @property
    def short(self) -> int:
        """How many took less than ten seconds."""
        return int(np.count_nonzero(self.durations_ms < SHORT_MS))


Group: TypeAlias = tuple[str, str]
"""Channel and type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A log as fits need it. `counts` says by name how many rows were what, and how many tell nothing."""

    waits: Mapping[Group, Waits]
    handling: Mapping[Group, Work]
    wrap_up: Mapping[Group, Work]
    ringing: Mapping[Group, Work]
    counts: Mapping[str, int]


def observe(interactions: Iterable[RecordedInteraction]) -> Observed:
    """What recorded interactions show, groups sorted by channel and type."""
    waits: dict[Group, list[tuple[Duration, bool]]] = {}
    at_once: Counter[tuple[Group, bool]] = Counter()
    work: dict[str, dict[Group, list[tuple[Duration, AgentId | None]]]] = {"handling": {}, "wrap_up": {}, "ringing": {}}
    counts: Counter[str] = Counter()
    for row in interactions:
        group = (row.channel, row.type)
        word, has_left = _told(row)
        counts[word] += 1
        if has_left is not None and row.wait_ms is not None:
            waits.setdefault(group, [])
            if row.wait_ms:
                waits[group].append((row.wait_ms, has_left))
            else:
                at_once[group, has_left] += 1
        for kind, duration in (("handling", row.handling_ms), ("wrap_up", row.wrap_up_ms), ("ringing", row.ring_ms)):
            if duration is not None and row.answered_at_ms is not None:
                work[kind].setdefault(group, []).append((duration, row.agent))
    return Observed(
        waits={
            group: Waits(
                waits_ms=np.array([wait for wait, _ in found], dtype=np.float64),
                has_left=np.array([left for _, left in found], dtype=np.bool_),
                answered_at_once=at_once[group, False],
                left_at_once=at_once[group, True],
            )
            for group, found in sorted(waits.items())
        },
        handling=_work(work["handling"]),
        wrap_up=_work(work["wrap_up"]),
        ringing=_work(work["ringing"]),
        counts=dict(sorted(counts.items())),
    )


def pooled(waits: Iterable[Waits]) -> Waits:
    """Several groups as one."""
    all_of = list(waits)
    return Waits(
        waits_ms=np.concatenate([one.waits_ms for one in all_of]),
        has_left=np.concatenate([one.has_left for one in all_of]),
        answered_at_once=sum(one.answered_at_once for one in all_of),
        left_at_once=sum(one.left_at_once for one in all_of),
    )


def pooled_work(work: Iterable[Work]) -> Work:
    """Several groups as one."""
    all_of = list(work)
    return Work(
        durations_ms=np.concatenate([one.durations_ms for one in all_of]),
        agents=tuple(agent for one in all_of for agent in one.agents),
        of_zero=sum(one.of_zero for one in all_of),
    )


def _told(row: RecordedInteraction) -> tuple[str, bool | None]:
    """What a row is called in the counts, and what it tells of patience: the wait it ended, a bound, or nothing (`None`)."""
    if row.answered_at_ms is not None:
        return "answered: patience is at least the wait", False
    if row.outcome in _TURNED_AWAY:
        return "turned away: nothing is known", None
    if row.wait_ms is None:
        return "without an end: nothing is known", None
    if row.outcome == EndCause.ABANDONED.value:
        return "left: patience is the wait", True
    return "ended otherwise while waiting: patience is at least the wait", False


def _work(found: Mapping[Group, list[tuple[Duration, AgentId | None]]]) -> dict[Group, Work]:
    return {
        group: Work(
            durations_ms=np.array([duration for duration, _ in rows if duration], dtype=np.float64),
            agents=tuple(agent for duration, agent in rows if duration),
            of_zero=sum(1 for duration, _ in rows if not duration),
        )
        for group, rows in sorted(found.items())
    }
