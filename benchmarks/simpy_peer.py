"""The peer: the same models written by hand in SimPy, as lean as a practitioner would write them for one study.

No offers, no explanations, no other channel: an arrival takes the preferred idle agent, a finished agent takes the longest-waiting
customer they can serve. Patience needs no event: a customer whose time ran out is found gone when their turn comes.
"""

from collections import deque
from collections.abc import Generator
from typing import NamedTuple

import numpy as np
import simpy

from benchmarks.models import Model

_BLOCK = 10_000


class Counts(NamedTuple):
    """What became of the customers of a run."""

    arrived: int
    served: int
    abandoned: int


class HandWritten:
    """One run of a model; `prefers_specialists` sends arrivals to the agents with the fewest skills first."""

    def __init__(self, model: Model, *, interactions: int, seed: int) -> None:
        self._model = model
        self._until = model.minutes_for(interactions) * 60_000
        self._rng = np.random.Generator(np.random.Philox(key=seed))
        self._env = simpy.Environment()
        self._queues: dict[str, deque[tuple[float, float]]] = {name: deque() for name in model.types}
        self._idle: dict[int, float] = dict.fromkeys(range(len(model.agents)), 0.0)
        self._prefers_specialists = bool(model.policy.scorers)
        self._arrived = self._served = self._abandoned = 0
        self._draws: list[float] = []

    def run(self) -> Counts:
        """Simulate until every customer has been served or has left."""
        for name in self._model.types:
            self._env.process(self._arrivals(name))
        self._env.run()
        left = sum(len(queue) for queue in self._queues.values())
        return Counts(self._arrived, self._served, self._abandoned + left)

    def _arrivals(self, name: str) -> Generator[simpy.Event, None, None]:
        gap_ms = 60_000 / self._model.rate_per_minute
        while True:
            yield self._env.timeout(self._exponential() * gap_ms)
            if self._env.now >= self._until:
                return
            self._arrived += 1
            able = [agent for agent in self._idle if name in self._model.agents[agent]]
            if able:
                agent = min(able, key=self._preference)
                del self._idle[agent]
                self._env.process(self._serve(agent))
            else:
                self._queues[name].append((self._env.now, self._env.now + self._exponential() * self._model.patience_mean_ms))

    def _preference(self, agent: int) -> tuple[int, float]:
        return (len(self._model.agents[agent]) if self._prefers_specialists else 0, self._idle[agent])

    def _serve(self, agent: int) -> Generator[simpy.Event, None, None]:
        while True:
            yield self._env.timeout(self._exponential() * self._model.handling_mean_ms)
            self._served += 1
            if not self._takes_next(agent):
                self._idle[agent] = self._env.now
                return

    def _takes_next(self, agent: int) -> bool:
        """Drop who has left, then take the longest waiting of the agent's types."""
        longest: deque[tuple[float, float]] | None = None
        for name in self._model.agents[agent]:
            queue = self._queues[name]
            while queue and queue[0][1] < self._env.now:
                queue.popleft()
                self._abandoned += 1
            if queue and (longest is None or queue[0][0] < longest[0][0]):
                longest = queue
        if longest is None:
            return False
        longest.popleft()
        return True

    def _exponential(self) -> float:
        if not self._draws:
            self._draws = self._rng.exponential(size=_BLOCK).tolist()
        return self._draws.pop()
