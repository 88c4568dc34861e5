"""The first half of every match: which pairs are eligible, and what each is worth."""

from dataclasses import dataclass

import numpy as np

from routing.model.time import Instant
from routing.policy import waiting_columns as field
from routing.policy.arrays import EMPTY_ROWS, BoolArray, IntArray, number, spread
from routing.policy.assigners.problem import NO_PAIRS, Problem
from routing.policy.filters import doors
from routing.policy.pipeline import Block, Pairs, Policy
from routing.policy.wait_prices import CLASS_SHIFT, COST_MAX

_EVERY_CELL: BoolArray = np.ones((1, 1), dtype=np.bool_)

_LEAST_COST, _GREATEST_COST = number(-COST_MAX), number(COST_MAX)
_CLASS_SHIFT = number(CLASS_SHIFT)

_CELLS_MAX = 4_000_000
"""A block is filtered in slices of at most this many cells, which bounds memory, not what is considered."""


@dataclass(slots=True)
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
            pairs=self.pairs.part(chosen, self.pairs.now),
            problem=self.problem.part(chosen),
            terms=tuple((name, term[chosen]) for name, term in self.terms),
            excluded=self.excluded,
        )


def find_eligible(policy: Policy, blocks: tuple[Block, ...], now: Instant) -> Eligible:
    """Filter the blocks, which must not overlap, and price what is left."""
    columns, named = blocks[0].columns, len(policy.spec.filters)
    excluded = [0] * (len(policy.filters) if columns.says_more else named)
    has_one_interaction = len(blocks) == 1 and len(blocks[0].waiting) == 1
    if has_one_interaction:
        waiting, agents = _filter(policy, blocks[0], excluded)
    else:
        found = [_filter(policy, slab, excluded) for block in blocks for slab in _slabs(block)]
        waiting, agents = found[0] if len(found) == 1 else (np.concatenate(rows) for rows in zip(*found, strict=True))
    count = len(waiting)
    pairs = Pairs(columns, waiting, agents, now, waiting.item(0) if count == 1 or (count and has_one_interaction) else None)
    if not count:
        return Eligible(pairs, NO_PAIRS, (), _counts(policy, excluded))
    return _price(policy, pairs, now, _counts(policy, excluded))


def _counts(policy: Policy, excluded: list[int]) -> tuple[tuple[str, int], ...]:
    """What each filter of the specification removed, and those that every policy has besides where they removed anything."""
    names = policy.spec.filters
    counts = tuple(zip(names, excluded, strict=False))
    if len(excluded) > len(names):
        also = zip(policy.filters[len(names) :], excluded[len(names) :], strict=True)
        counts += tuple([(name, count) for (name, _), count in also if count])
    return counts


def costs(policy: Policy, pairs: Pairs) -> tuple[IntArray, tuple[tuple[str, IntArray], ...]]:
    """What each pair costs, shape (n,), ms-equivalents, and the terms that make it."""
    if not policy.scorers:
        return np.zeros(len(pairs.waiting), dtype=np.int64), ()
    terms = tuple([(name, score(pairs) * weight_ms) for name, weight_ms, score in policy.scorers])
    cost = terms[0][1]
    for _, term in terms[1:]:
        cost = cost + term
    return np.minimum(np.maximum(cost, _LEAST_COST), _GREATEST_COST), terms


def _slabs(block: Block) -> tuple[Block, ...]:
    height = max(1, _CELLS_MAX // max(1, block.width))
    if len(block.waiting) <= height:
        return (block,)
    starts = range(0, len(block.waiting), height)
    return tuple(Block(block.columns, block.waiting[start : start + height], block.agents, block.now) for start in starts)


def _filter(policy: Policy, block: Block, excluded: list[int]) -> tuple[IntArray, IntArray]:
    """The pairs of a block that all filters keep; `excluded` has an entry for each filter to be asked."""
    height, width = len(block.waiting), block.width
    cells = left = height * width
    if not cells:
        return EMPTY_ROWS, EMPTY_ROWS
    mask, begin = _EVERY_CELL, 0
    if policy.has_doors:
        mask, (away, full, without_room) = doors(block)
        begin = 3
        excluded[0] += away
        excluded[1] += full
        excluded[2] += without_room
        left -= away + full + without_room
        if not left:
            return EMPTY_ROWS, EMPTY_ROWS
    for index in range(begin, len(excluded)):
        kept = policy.filters[index][1](block)
        if kept is None:
            continue
        mask = kept if mask is _EVERY_CELL else mask & kept
        still = int(np.count_nonzero(mask)) * (cells // mask.size)
        excluded[index] += left - still
        left = still
        if not left:
            return EMPTY_ROWS, EMPTY_ROWS
    # Among the filters every policy has are some that answer for each cell, so the mask has the block's shape by now.
    if height == 1:
        columns = mask[0].nonzero()[0]
        return block.waiting.repeat(len(columns)), columns if block.agents is None else block.agents[columns]
    if width == 1:
        rows = mask[:, 0].nonzero()[0]
        return block.waiting[rows], block.places.repeat(len(rows))
    rows, columns = mask.nonzero()
    return block.waiting[rows], columns if block.agents is None else block.agents[columns]


def _price(policy: Policy, pairs: Pairs, now: Instant, excluded: tuple[tuple[str, int], ...]) -> Eligible:
    cost, terms = costs(policy, pairs)
    waiting, agents = pairs.columns.waiting, pairs.columns.agents
    # Field by field: one index for several fields at once is slower.
    aged_from, enqueued = waiting.table[field.AGED_FROM][pairs.waiting], waiting.table[field.SEQUENCE][pairs.waiting]
    if pairs.row is not None:
        # One interaction has one class and one urgency: computed once as plain numbers, spread over the pairs.
        rank = waiting.table.item(field.CLASS_RANK, pairs.row) if policy.wait_price.heeds_class else 0
        price, count = policy.wait_price.of_row(waiting, pairs.row, now), len(cost)
        class_rank, urgency = spread(rank, count), spread(price, count)
        value = spread((rank << CLASS_SHIFT) + price, count) - cost
    else:
        class_rank = waiting.table[field.CLASS_RANK][pairs.waiting]
        if not policy.wait_price.heeds_class:
            class_rank = np.zeros_like(class_rank)
        urgency = policy.wait_price.of_rows(waiting, pairs.waiting, now)
        if policy.spec.is_interaction_first:
            value = _places(-cost, -enqueued, -aged_from, urgency, class_rank)
        else:
            value = (class_rank << _CLASS_SHIFT) + urgency - cost
    problem = Problem(
        interactions=pairs.waiting,
        agents=pairs.agents,
        class_rank=class_rank,
        urgency=urgency,
        cost=cost,
        value=value,
        aged_from=aged_from,
        enqueued=enqueued,
        idle_since=agents.idle_since[pairs.agents],
        registered=agents.sequence[pairs.agents],
    )
    return Eligible(pairs, problem, terms, excluded)


def _places(*keys: IntArray) -> IntArray:
    """Each pair's place from worst (0) to best by several keys, the last of which counts most, shape (n,); equal keys, equal places.

    A place is a number that no weight can distort: that is why it stands for the keys where their sum would not do.
    """
    order = np.lexsort(keys)
    is_new = np.zeros(len(order), dtype=np.bool_)
    for key in keys:
        ordered = key[order]
        is_new[1:] |= ordered[1:] != ordered[:-1]
    places: IntArray = np.empty(len(order), dtype=np.int64)
    places[order] = np.cumsum(is_new)
    return places
