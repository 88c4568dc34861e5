"""The shapes of a policy's parts, and the first half of every match: which pairs are eligible, and what each is worth.

A policy is a pipeline: classify -> filter -> score -> price of waiting -> assign. Filters look at a block (some waiting interactions
times some agents), scorers only at the pairs that the filters left.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from routing.core.classifier import Classifier
from routing.model.site import PolicySpec
from routing.model.time import Instant
from routing.policy import waiting_columns as field
from routing.policy.arrays import EMPTY_ROWS, BoolArray, IntArray
from routing.policy.assigners.problem import NO_PAIRS, Assigner, Problem
from routing.policy.columns import Columns
from routing.policy.urgency import CLASS_SHIFT, COST_MAX, urgency_ms

T = TypeVar("T", bound=np.generic)

_CELLS_MAX = 4_000_000
"""A block is filtered in slices of at most this many cells, which bounds memory, not what is considered."""


@dataclass(frozen=True, slots=True)
class Block:
    """Waiting rows, shape (w,), times agent places, shape (a,).

    `of_agents(array)` gives the part of a column or matrix for the block's agents; it is a view when the block has all of them.
    """

    columns: Columns
    waiting: IntArray
    agents: IntArray

    def of_agents(self, array: NDArray[T]) -> NDArray[T]:
        """The last axis of `array` reduced to the block's agents."""
        part: NDArray[T] = array[..., : len(self.agents)] if len(self.agents) == self.columns.agents.count else array[..., self.agents]
        return part


@dataclass(frozen=True, slots=True)
class Pairs:
    """Eligible pairs: `waiting[i]` with `agents[i]`, both shape (n,)."""

    columns: Columns
    waiting: IntArray
    agents: IntArray
    now: Instant


Filter: TypeAlias = Callable[[Block], BoolArray | None]
"""Which cells of a block may stay, broadcastable to (w, a); `None` when the filter excludes nobody."""

Scorer: TypeAlias = Callable[[Pairs], IntArray]
"""What each pair costs in the scorer's own unit, shape (n,), int64; higher is worse."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy built from its specification: named filters in order, scorers with their weights in ms, and the assigner."""

    spec: PolicySpec
    hash: str
    classify: Classifier
    filters: tuple[tuple[str, Filter], ...]
    scorers: tuple[tuple[str, int, Scorer], ...]
    assigner: Assigner


@dataclass(frozen=True, slots=True)
class Eligible:
    """Eligible pairs with their problem and cost terms. `excluded` counts the pairs each filter removed, in order.

    Each array of `terms` has shape (n,), ms-equivalents.
    """

    pairs: Pairs
    problem: Problem
    terms: tuple[tuple[str, IntArray], ...]
    excluded: tuple[tuple[str, int], ...]

    def part(self, chosen: IntArray) -> "Eligible":
        """Only the pairs at those indices."""
        return Eligible(
            pairs=Pairs(self.pairs.columns, self.pairs.waiting[chosen], self.pairs.agents[chosen], self.pairs.now),
            problem=self.problem.part(chosen),
            terms=tuple((name, term[chosen]) for name, term in self.terms),
            excluded=self.excluded,
        )


def find_eligible(policy: Policy, blocks: tuple[Block, ...], now: Instant) -> Eligible:
    """Filter the blocks, which must not overlap, and price what is left."""
    excluded = [0] * len(policy.filters)
    found = [_filter(policy, slab, excluded) for block in blocks for slab in _slabs(block)]
    waiting, agents = found[0] if len(found) == 1 else (np.concatenate(rows) for rows in zip(*found, strict=True))
    pairs = Pairs(columns=blocks[0].columns, waiting=waiting, agents=agents, now=now)
    counts = tuple([(name, count) for (name, _), count in zip(policy.filters, excluded, strict=True)])
    if not len(waiting):
        return Eligible(pairs=pairs, problem=NO_PAIRS, terms=(), excluded=counts)
    return _price(policy, pairs, counts)


def _slabs(block: Block) -> tuple[Block, ...]:
    height = max(1, _CELLS_MAX // max(1, len(block.agents)))
    if len(block.waiting) <= height:
        return (block,)
    return tuple(
        Block(block.columns, block.waiting[start : start + height], block.agents) for start in range(0, len(block.waiting), height)
    )


def _filter(policy: Policy, block: Block, excluded: list[int]) -> tuple[IntArray, IntArray]:
    places = block.agents
    shape = (len(block.waiting), len(places))
    left = shape[0] * shape[1]
    mask: BoolArray | None = None
    for index, (_, keeps) in enumerate(policy.filters):
        kept = keeps(block)
        if kept is None:
            continue
        mask = kept if mask is None else mask & kept
        still = int(np.count_nonzero(mask)) * (shape[0] * shape[1] // max(1, mask.size))
        excluded[index] += left - still
        left = still
        if not left:
            break
    if not left:
        return EMPTY_ROWS, EMPTY_ROWS
    if mask is None or mask.shape != shape:
        mask = np.broadcast_to(np.True_ if mask is None else mask, shape)
    if shape[0] == 1:
        chosen = places[mask[0]]
        return np.full(len(chosen), block.waiting[0]), chosen
    rows, columns = np.nonzero(mask)
    return block.waiting[rows], places[columns]


def _urgency(pairs: Pairs) -> IntArray:
    """The urgency of each pair's interaction, computed once an interaction where there are more pairs than interactions."""
    waiting = pairs.columns.waiting
    if len(pairs.waiting) <= waiting.count:
        return urgency_ms(waiting, pairs.waiting, pairs.now)
    return urgency_ms(waiting, slice(0, waiting.count), pairs.now)[pairs.waiting]


def _price(policy: Policy, pairs: Pairs, excluded: tuple[tuple[str, int], ...]) -> Eligible:
    urgency = _urgency(pairs)
    terms = [(name, score(pairs) * weight_ms) for name, weight_ms, score in policy.scorers]
    cost: IntArray = np.zeros(len(urgency), dtype=np.int64)
    for _, term in terms:
        cost = cost + term
    cost = np.minimum(np.maximum(cost, -COST_MAX), COST_MAX)
    table, agents = pairs.columns.waiting.table, pairs.columns.agents
    class_rank = table[field.CLASS_RANK, pairs.waiting]
    problem = Problem(
        interactions=pairs.waiting,
        agents=pairs.agents,
        class_rank=class_rank,
        urgency=urgency,
        cost=cost,
        value=(class_rank << CLASS_SHIFT) + urgency - cost,
        aged_from=table[field.AGED_FROM, pairs.waiting],
        enqueued=table[field.SEQUENCE, pairs.waiting],
        idle_since=agents.idle_since[pairs.agents],
        registered=agents.sequence[pairs.agents],
    )
    return Eligible(pairs=pairs, problem=problem, terms=tuple(terms), excluded=excluded)
