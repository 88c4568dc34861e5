"""The peer of the large day: the same day written by hand in SimPy, for this one study and nothing else.

An arrival takes the longest idle agent with room who has the level; a freed agent takes whoever has waited longest among those they may
serve by now, until they have no room. A customer who waits comes forward at each step of the ladder. Patience needs no event: who ran out
of it is found gone when their turn comes.
"""

from collections import deque
from collections.abc import Generator

import numpy as np
import simpy

from benchmarks.large_day import BUDGET, LADDER, MEDIA, PER_HOUR, SKILLS, length_ms_for, staff
from benchmarks.simpy_peer import Counts
from routing.model.time import HOUR_MS

_BLOCK = 10_000


class _Customer:
    __slots__ = ("arrived", "is_taken", "leaves_at", "medium", "skill")

    def __init__(self, arrived: float, leaves_at: float, skill: str, medium: int) -> None:
        self.arrived = arrived
        self.leaves_at = leaves_at
        self.skill = skill
        self.medium = medium
        self.is_taken = False


class _Agent:
    __slots__ = ("free_since", "held", "number", "skills", "used")

    def __init__(self, number: int, skills: dict[str, int]) -> None:
        self.number = number
        self.skills = skills
        self.used = 0
        self.held = [0] * len(MEDIA)
        self.free_since = 0.0

    def has_room(self, medium: int) -> bool:
        return self.used + MEDIA[medium].cost <= BUDGET and self.held[medium] < MEDIA[medium].at_once


class HandWrittenDay:
    """One run of the day, or of as much of it as brings about so many interactions."""

    def __init__(self, interactions: int, seed: int) -> None:
        self._until = length_ms_for(interactions)
        self._rng = np.random.Generator(np.random.Philox(key=seed))
        self._env = simpy.Environment()
        self._agents = [_Agent(number, skills) for number, skills in enumerate(staff())]
        self._names = [f"skill-{skill:02}" for skill in range(SKILLS)]
        self._holders = {name: [agent for agent in self._agents if name in agent.skills] for name in self._names}
        self._queues: dict[tuple[str, int], deque[_Customer]] = {
            (name, medium): deque() for name in self._names for medium in range(len(MEDIA))
        }
        self._arrived = self._served = self._abandoned = 0
        self._draws: list[float] = []

    def play(self) -> Counts:
        """Simulate until every customer has been served or has left."""
        for medium in range(len(MEDIA)):
            self._env.process(self._arrivals(medium))
        self._env.run()
        left = sum(not customer.is_taken for queue in self._queues.values() for customer in queue)
        return Counts(self._arrived, self._served, self._abandoned + left)

    def _arrivals(self, medium: int) -> Generator[simpy.Event, None, None]:
        gap_ms = HOUR_MS / (PER_HOUR * MEDIA[medium].share)
        patience_ms = MEDIA[medium].patience_ms
        while True:
            yield self._env.timeout(self._exponential() * gap_ms)
            now = self._env.now
            if now >= self._until:
                return
            self._arrived += 1
            leaves_at = float("inf") if patience_ms is None else now + self._exponential() * patience_ms
            customer = _Customer(now, leaves_at, self._names[int(self._rng.integers(SKILLS))], medium)
            if not self._finds_agent(customer, LADDER[0][1]):
                self._queues[customer.skill, medium].append(customer)
                self._env.process(self._comes_forward(customer))

    def _finds_agent(self, customer: _Customer, level: int) -> bool:
        medium, skill = customer.medium, customer.skill
        able = [agent for agent in self._holders[skill] if agent.skills[skill] >= level and agent.has_room(medium)]
        if not able:
            return False
        self._begin(min(able, key=lambda agent: (agent.free_since, agent.number)), customer)
        return True

    def _comes_forward(self, customer: _Customer) -> Generator[simpy.Event, None, None]:
        for after_ms, level in LADDER[1:]:
            yield self._env.timeout(customer.arrived + after_ms - self._env.now)
            if customer.is_taken or customer.leaves_at < self._env.now or self._finds_agent(customer, level):
                return

    def _begin(self, agent: _Agent, customer: _Customer) -> None:
        customer.is_taken = True
        agent.used += MEDIA[customer.medium].cost
        agent.held[customer.medium] += 1
        self._env.process(self._serve(agent, customer.medium))

    def _serve(self, agent: _Agent, medium: int) -> Generator[simpy.Event, None, None]:
        kind = MEDIA[medium]
        work_ms = self._exponential() * kind.work_ms
        yield self._env.timeout(work_ms + (self._exponential() * kind.wrap_up_ms if kind.wrap_up_ms else 0))
        self._served += 1
        agent.used -= kind.cost
        agent.held[medium] -= 1
        agent.free_since = self._env.now
        while (customer := self._next_for(agent)) is not None:
            self._begin(agent, customer)

    def _next_for(self, agent: _Agent) -> _Customer | None:
        """The longest waiting of those the agent has room for and may serve by now; who waits behind another is asked for no less."""
        now = self._env.now
        longest: _Customer | None = None
        for medium in range(len(MEDIA)):
            if not agent.has_room(medium):
                continue
            for skill, level in agent.skills.items():
                queue = self._queues[skill, medium]
                while queue and (queue[0].is_taken or queue[0].leaves_at < now):
                    self._abandoned += not queue.popleft().is_taken
                if queue and level >= _level_after(now - queue[0].arrived) and (longest is None or queue[0].arrived < longest.arrived):
                    longest = queue[0]
        return longest

    def _exponential(self) -> float:
        if not self._draws:
            self._draws = self._rng.exponential(size=_BLOCK).tolist()
        return self._draws.pop()


def _level_after(waited_ms: float) -> int:
    return next(level for after_ms, level in reversed(LADDER) if waited_ms >= after_ms)
