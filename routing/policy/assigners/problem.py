"""What an assigner is given, and what it answers."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from routing.model.record import row

IntArray = NDArray[np.int64]


@row(slots=True, kw_only=True)
class Problem:
    """Priced pairs; every array has shape (n,), int64.

    `interactions` and `agents` say which interaction and agent a pair joins; the numbers mean nothing else. `class_rank` is
    lexicographic; `urgency` (the price of waiting) and `cost` are ms-equivalents, and `value` is `class_rank x 2**44 + urgency - cost`.
    The rest breaks ties, in this order: `aged_from` (routing age, earlier first), `enqueued` (sequence of arrival), `idle_since` (earlier
    first), `registered` (sequence of agents). `enqueued` and `registered` name an interaction and an agent, so no two pairs are equal.
    """

    interactions: IntArray
    agents: IntArray
    class_rank: IntArray
    urgency: IntArray
    cost: IntArray
    value: IntArray
    aged_from: IntArray
    enqueued: IntArray
    idle_since: IntArray
    registered: IntArray

    def __len__(self) -> int:
        return len(self.value)

    def order(self) -> IntArray:
        """The pairs from best to worst in the full order, shape (n,)."""
        ranked: IntArray = np.lexsort((self.registered, self.idle_since, self.enqueued, self.aged_from, -self.value))
        return ranked

    def part(self, chosen: IntArray) -> "Problem":
        """The problem of only those pairs."""
        return Problem(
            interactions=self.interactions[chosen],
            agents=self.agents[chosen],
            class_rank=self.class_rank[chosen],
            urgency=self.urgency[chosen],
            cost=self.cost[chosen],
            value=self.value[chosen],
            aged_from=self.aged_from[chosen],
            enqueued=self.enqueued[chosen],
            idle_since=self.idle_since[chosen],
            registered=self.registered[chosen],
        )


_NONE: IntArray = np.empty(0, dtype=np.int64)
NO_PAIRS = Problem(
    interactions=_NONE,
    agents=_NONE,
    class_rank=_NONE,
    urgency=_NONE,
    cost=_NONE,
    value=_NONE,
    aged_from=_NONE,
    enqueued=_NONE,
    idle_since=_NONE,
    registered=_NONE,
)
"""The problem without pairs."""


@dataclass(frozen=True, slots=True)
class Matching:
    """Which pairs come together: indices into the problem, each interaction and each agent at most once, and who decided."""

    pairs: IntArray
    made_by: str


class Assigner(Protocol):
    """Chooses pairs. Called with at least two interactions and two agents; a single row is decided exactly before it gets here."""

    def __call__(self, problem: Problem, *, is_work_conserving: bool) -> Matching:
        """A matching, deterministic in the content of `problem`.

        A work-conserving matching leaves no pair apart whose interaction and agent are both free; otherwise an interaction may be left
        waiting where that is worth more (its urgency is not gained).
        """
        ...
