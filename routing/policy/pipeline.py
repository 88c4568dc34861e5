"""The shapes of a policy and its parts.

A policy is a pipeline: classify -> filter -> score -> price of waiting -> assign. Filters look at a block (some waiting interactions
times some agents), scorers only at the pairs that the filters left.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from routing.core.classifier import Classifier
from routing.model.site import PolicySpec
from routing.model.time import Instant
from routing.policy.arrays import BoolArray, IntArray
from routing.policy.assigners.problem import Assigner
from routing.policy.columns import Columns
from routing.policy.wait_prices import WaitPrice

T = TypeVar("T", bound=np.generic)


@dataclass(slots=True)
class Block:
    """Waiting rows, shape (w,), times agent places, shape (a,), or all agents where `agents` is `None`; looked at at `now`."""

    columns: Columns
    waiting: IntArray
    agents: IntArray | None
    now: Instant

    @property
    def width(self) -> int:
        """How many agents."""
        return self.columns.agents.count if self.agents is None else len(self.agents)

    @property
    def places(self) -> IntArray:
        """The agents' places, shape (a,)."""
        return np.arange(self.columns.agents.count, dtype=np.int64) if self.agents is None else self.agents

    def of_agents(self, column: NDArray[T]) -> NDArray[T]:
        """A column of agents (or a matrix, by its last axis) for the block's agents."""
        if self.agents is None:
            part: NDArray[T] = column[..., : self.columns.agents.count]
        elif len(self.agents) == 1:
            place = self.agents.item(0)
            part = column[..., place : place + 1]  # a view: a list of places costs ten times as much
        else:
            part = column[..., self.agents]
        return part

    def of_both(self, matrix: NDArray[T], field: int) -> NDArray[T]:
        """A matrix whose rows are named by a field of the interactions and whose columns are agents, as shape (w, a).

        One interaction, or one agent, is by far the most frequent block, and needs no copy of more than one row or column.
        """
        names = self.columns.waiting.table[field]
        part: NDArray[T]
        if len(self.waiting) == 1:
            name = names.item(self.waiting.item(0))
            part = matrix[name : name + 1, : self.columns.agents.count] if self.agents is None else self.of_agents(matrix[name : name + 1])
        elif self.agents is not None and len(self.agents) == 1:
            part = matrix[:, self.agents.item(0)][names[self.waiting]][:, np.newaxis]
        else:
            part = self.of_agents(matrix)[names[self.waiting]]
        return part


@dataclass(slots=True)
class Pairs:
    """Eligible pairs: `waiting[i]` with `agents[i]`, both shape (n,), to be priced as at `now`: one instant, or one for each pair.

    `row` is the one waiting row of all pairs, where they are known to have but one.
    """

    columns: Columns
    waiting: IntArray
    agents: IntArray
    now: Instant | IntArray
    row: int | None = None

    def of_both(self, matrix: NDArray[T], field: int) -> NDArray[T]:
        """What each pair has in a matrix whose rows are named by a field of the interactions and whose columns are agents, shape (n,)."""
        names = self.columns.waiting.table[field]
        part: NDArray[T] = matrix[names[self.waiting], self.agents] if self.row is None else matrix[names.item(self.row)][self.agents]
        return part

    def part(self, chosen: IntArray, now: Instant | IntArray) -> "Pairs":
        """Only the pairs at those indices, as at `now`."""
        return Pairs(self.columns, self.waiting[chosen], self.agents[chosen], now)


Filter: TypeAlias = Callable[[Block], BoolArray | None]
"""Which cells of a block may stay, broadcastable to (w, a); `None` when the filter excludes nobody."""

Scorer: TypeAlias = Callable[[Pairs], IntArray]
"""What each pair costs in the scorer's own unit, shape (n,), int64, within 2**35 of 0; higher is worse.

A cost may fall as `now` grows, and must not rise: a policy that holds pairs back finds the instant at which one becomes worth its cost by
bisection.
"""

UNITS_MAX = 1 << 35


class Scale(NamedTuple):
    """A scorer made from parameters, and the most units it can cost: 0 to `units_max`."""

    score: Scorer
    units_max: int


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy built from its specification: named filters in order, scorers with their weights in ms, as numbers that meet arrays,
    the price of waiting, the assigner.

    `needs` names the columns that its parts ask for. `looks_at_all`: a filter looks beyond the pair, so that any change may open any pair.
    `has_doors`: its first three filters are those that `filters.doors` answers for.
    """

    spec: PolicySpec
    hash: str
    classify: Classifier
    filters: tuple[tuple[str, Filter], ...]
    scorers: tuple[tuple[str, IntArray, Scorer], ...]
    assigner: Assigner
    wait_price: WaitPrice
    needs: tuple[str, ...] = ()
    looks_at_all: bool = False
    has_doors: bool = False
