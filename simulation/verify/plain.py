"""Systems with several lines or unlike agents worked out by a plain loop: arrivals, ends and shifts in the order of time, and nothing else.

It knows no router, no offers, no policy and no measures. Who gets whom is a rule of a few lines, written down a second time from what the
case says. It takes the very draws of the simulated world, so that the two can be compared customer by customer, and is some thirty times
as quick. At equal instants ends come first, then shifts, then arrivals; who has run out of patience is found when they would be served.
"""

from bisect import insort
from collections import deque
from dataclasses import dataclass
from enum import Enum
from heapq import heappop, heappush
from itertools import pairwise

import numpy as np

from routing.model.time import Duration, Instant
from simulation import laws
from simulation.streams import Purpose, Streams
from simulation.verify.drawn import NEVER_MS, Drawn, draws_of
from simulation.verify.model import Model
from simulation.verify.worked_out import Outcomes


class First(Enum):
    """Which free agent is called; among equals the longest idle."""

    LONGEST_IDLE = "longest idle"
    BEST = "best"
    WORST = "worst"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """Who gets whom. A freed agent serves the line of the highest class first, then who has waited longest.

    `is_own_order`: what the agent is best at comes before that. `reserve`: the second line may take a generalist, who serves both, only
    while more than so many generalists are free. `slow_from`: the agent who is not best is called only while at least so many wait.
    """

    first: First = First.LONGEST_IDLE
    is_own_order: bool = False
    reserve: int = 0
    slow_from: int = 0


def plain(model: Model, rule: Pairing, *, seed: int, replication: int) -> Outcomes:
    """The outcomes of one replication.

    Raises:
        ValueError: the model has something that is not known here.
    """
    if model.waiting_max is not None or model.habits.at_once > 1 or model.habits.redial or model.habits.resolution:
        raise ValueError("the plain loop does not know this system")
    drawn = draws_of(model, seed=seed, replication=replication)
    if model.habits.lines is not None and bool((drawn.patience_ms != NEVER_MS).any()):
        raise ValueError("who leaves gives a line of the telephone back, which the plain loop does not know")
    floor = _Floor(model, rule, drawn, Streams(seed=seed, replication=replication))
    for customer, at in enumerate(drawn.arrived_at.tolist()):
        floor.work_until(at)
        floor.arrive(customer, at)
    floor.work_until(NEVER_MS - 1)
    return floor.outcomes()


class _Floor:
    """Agents by their place in the roster, customers by their place in the order of arrival, lines by their place in the model's."""

    def __init__(self, model: Model, rule: Pairing, drawn: Drawn, streams: Streams) -> None:
        self._rule = rule
        self._drawn = drawn
        self._arrived, self._line_of, self._work = drawn.arrived_at.tolist(), drawn.line.tolist(), drawn.work_ms.tolist()
        self._leaves = np.minimum(drawn.arrived_at + np.minimum(drawn.patience_ms, NEVER_MS // 2), NEVER_MS).tolist()
        places = {line: place for place, line in enumerate(model.lines)}
        groups = [group for group in model.groups for _ in range(group.most)]
        self._skills = [{places[line]: level for line, level in group.levels.items()} for group in groups]
        self._per_mille = [{line: _per_mille(model, level) for line, level in held.items()} for held in self._skills]
        ranks = {places[stream.line]: stream.class_rank for stream in model.streams}
        self._tiers = [_tiers(held, ranks, is_own_order=rule.is_own_order) for held in self._skills]
        self._top = {line: max((held.get(line, 0) for held in self._skills), default=0) for line in places.values()}
        self._waiting: list[deque[int]] = [deque() for _ in places]
        self._idle: list[tuple[Instant, int]] = []
        """Free agents on duty with the instant they became free, in that order and then in the roster's."""
        self._on_duty = [False] * len(groups)
        self._is_busy = [False] * len(groups)
        self._ends: list[tuple[Instant, int, int]] = []
        self._changes = _changes(model)
        self._started = 0
        self._room = model.habits.lines
        count = len(self._line_of)
        self._wait, self._took, self._agent = [0] * count, [0] * count, [-1] * count
        self._refused: list[int] = []
        self._jobs = _Jobs(model, streams) if model.outbound else None
        self._looks_at = 0 if self._jobs else NEVER_MS
        """When the dialler looks at the agents next, after everything else of that instant."""

    def work_until(self, at: Instant) -> None:
        """Everything that happens up to an instant, short of the arrivals in it."""
        ends, changes = self._ends, self._changes
        while True:
            end = ends[0][0] if ends else NEVER_MS
            change = changes[-1][0] if changes else NEVER_MS
            if self._looks_at < min(end, change, at):
                self._look()
            elif end <= change and end <= at:
                _, _, agent = heappop(ends)
                self._is_busy[agent] = False
                if self._room is not None:
                    self._room += 1
                if self._on_duty[agent]:
                    self._free(agent, end)
            elif change <= at:
                _, agent, is_on = changes.pop()
                self._on_duty[agent] = is_on
                if is_on and not self._is_busy[agent]:
                    self._free(agent, change)
                elif not is_on:
                    self._idle = [one for one in self._idle if one[1] != agent]
            else:
                return

    def arrive(self, customer: int, at: Instant) -> None:
        """A customer comes: turned away, served at once, or left to wait."""
        if self._room is not None:
            if not self._room:
                self._refused.append(customer)
                return
            self._room -= 1
        line = self._line_of[customer]
        self._waiting[line].append(customer)
        if self._idle:
            place = self._called(line)
            if place is not None:
                self._start(place, line, at)

    def outcomes(self) -> Outcomes:
        """What became of everybody, jobs included. Who was neither served nor turned away has left when their patience ended."""
        arrived_at, agent = np.array(self._arrived, dtype=np.int64), np.array(self._agent, dtype=np.int64)
        is_answered = agent >= 0
        is_turned_away = np.zeros_like(is_answered)
        is_turned_away[self._refused] = True
        wait_ms = np.where(is_answered, np.array(self._wait, dtype=np.int64), np.array(self._leaves, dtype=np.int64) - arrived_at)
        order = np.argsort(arrived_at, kind="stable")
        return Outcomes(
            arrived_at=arrived_at,
            wait_ms=np.where(is_turned_away, 0, wait_ms),
            work_ms=np.array(self._took, dtype=np.int64),
            is_answered=is_answered,
            is_turned_away=is_turned_away,
            line=np.array(self._line_of, dtype=np.int64),
            agent=agent,
        ).of(order)

    def _free(self, agent: int, at: Instant) -> None:
        """An agent has nothing to do: the next customer, or none."""
        insort(self._idle, (at, agent))
        for tier in self._tiers[agent]:
            heads = [head for line in tier if (head := self._head(line, at)) is not None]
            if not heads:
                continue
            line = self._line_of[min(heads)]
            place = self._called(line) if self._rule.reserve or self._rule.slow_from else self._idle.index((at, agent))
            if place is not None:
                self._start(place, line, at)
                return
        if self._jobs is not None:
            self._looks_at = at

    def _look(self) -> None:
        """Nobody waits whom a free agent could serve: the dialler starts what it may."""
        at, self._looks_at = self._looks_at, NEVER_MS
        jobs = self._jobs
        while jobs is not None and self._idle and not any(self._waiting) and jobs.may_start(at, sum(self._is_busy)):
            self._waiting[jobs.line].append(len(self._arrived))
            self._arrived.append(at)
            self._line_of.append(jobs.line)
            self._work.append(jobs.next_work())
            self._leaves.append(NEVER_MS)
            for column, nothing in ((self._wait, 0), (self._took, 0), (self._agent, -1)):
                column.append(nothing)
            self._start(0, jobs.line, at)

    def _head(self, line: int, at: Instant) -> int | None:
        """Who has waited longest in a line; those who left are forgotten."""
        waiting = self._waiting[line]
        while waiting and self._leaves[waiting[0]] < at:
            waiting.popleft()
        return waiting[0] if waiting else None

    def _called(self, line: int) -> int | None:
        """The place among the free agents of the one who serves the line next, if one may."""
        first, top = self._rule.first, self._top[line]
        best, found = 0, None
        generals = sum(len(self._skills[agent]) > 1 for _, agent in self._idle) if self._rule.reserve else 0
        for place, (_, agent) in enumerate(self._idle):
            level = self._skills[agent].get(line, 0)
            if not level or (self._rule.slow_from and level < top and len(self._waiting[line]) < self._rule.slow_from):
                continue
            if self._rule.reserve and line == 1 and len(self._skills[agent]) > 1 and generals <= self._rule.reserve:
                continue
            if first is First.LONGEST_IDLE or (first is First.BEST and level == top):
                return place
            if found is None or (level > best if first is First.BEST else level < best):
                best, found = level, place
        return found

    def _start(self, place: int, line: int, at: Instant) -> None:
        """The free agent at that place takes the first of a line."""
        _, agent = self._idle.pop(place)
        customer = self._waiting[line].popleft()
        took = self._work[customer] * self._per_mille[agent][line] // 1_000
        self._is_busy[agent] = True
        self._wait[customer] = at - self._arrived[customer]
        self._took[customer] = took
        self._agent[customer] = agent
        self._started += 1
        heappush(self._ends, (at + took, self._started, agent))


class _Jobs:
    """The work that a dialler starts: when it may, and how long each takes, drawn under the job's own name."""

    def __init__(self, model: Model, streams: Streams) -> None:
        (jobs,) = model.outbound
        (self.line,) = (model.lines.index(stream.line) for stream in model.streams if stream.kind == jobs.type)
        (self._law,) = (stream.work for stream in model.streams if stream.kind == jobs.type)
        self._name, self._streams, self._ends_at, self._count = jobs.name, streams, model.horizon_ms, 0
        self._busy_below = jobs.busy_below or 0

    def may_start(self, at: Instant, busy: int) -> bool:
        """Whether with so many agents busy another is started."""
        return at < self._ends_at and busy < self._busy_below

    def next_work(self) -> Duration:
        """How long the next one takes."""
        self._count += 1
        return laws.duration_ms(self._law, self._streams.uniform(Purpose.WORK, f"outbound-{self._name}-{self._count}"))


def _per_mille(model: Model, level: int) -> int:
    """What part of the work an agent of that level needs."""
    effect = model.proficiency
    return 1_000 if effect is None else 1_000 - effect.faster_per_level_per_mille * (level - effect.reference_level)


def _tiers(held: dict[int, int], ranks: dict[int, int], *, is_own_order: bool) -> list[list[int]]:
    """The lines of an agent, those that are equal to them together, the first to be looked at first."""
    key = {line: (level if is_own_order else 0, ranks[line]) for line, level in held.items()}
    return [[line for line in held if key[line] == tier] for tier in sorted(set(key.values()), reverse=True)]


def _changes(model: Model) -> list[tuple[Instant, int, bool]]:
    """When agents come and go, as (instant, agent, whether they come), the last first; equal instants in the roster's order."""
    changes: list[tuple[Instant, int, bool]] = []
    first = 0
    for group in model.groups:
        for number in range(group.most):
            duty = [False, *(count > number for count in group.staff)]
            for period, (before, now) in enumerate(pairwise(duty)):
                if before is not now:
                    changes.append((group.period_ms * period, first + number, now))
        first += group.most
    return sorted(changes, reverse=True)
