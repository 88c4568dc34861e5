"""Holding back: a policy that need not serve at once leaves a pair apart while it costs more than waiting is worth."""

import numpy as np

from routing.core.validate import DURATION_MS_MAX
from routing.model.ids import InteractionId
from routing.model.time import Instant
from routing.policy.arrays import BoolArray, IntArray
from routing.policy.eligible import Eligible, costs
from routing.policy.pipeline import Pairs, Policy


def hold_back(policy: Policy, eligible: Eligible, now: Instant) -> tuple[Eligible, tuple[tuple[InteractionId, Instant], ...]]:
    """The pairs worth their cost now, and for each interaction without any the first instant at which one of its pairs will be, by id.

    No cost rises by time alone, and the price of waiting never falls (the registry refuses any other for a policy that holds pairs back),
    so nothing is missed before that instant unless something changes, and then the interaction is looked at again. An interaction is not
    listed where no pair becomes worth its cost within 366 days.
    """
    problem, waiting = eligible.problem, eligible.pairs.columns.waiting
    is_worth = problem.cost <= problem.urgency
    is_served: BoolArray = np.zeros(waiting.count, dtype=np.bool_)
    is_served[problem.interactions[is_worth]] = True
    held = np.flatnonzero(~is_served[problem.interactions])
    due_at = _first_worth(policy, eligible.part(held), now) if len(held) else {}
    deferred = sorted((waiting.ids[row], instant) for row, instant in due_at.items())
    return eligible.part(np.flatnonzero(is_worth)), tuple(deferred)


def _first_worth(policy: Policy, held: Eligible, now: Instant) -> dict[int, Instant]:
    """For each waiting row the first instant after `now` at which one of its pairs is worth its cost."""
    pairs = held.pairs
    order = np.lexsort((held.problem.cost, pairs.waiting))
    rows, first = np.unique(pairs.waiting[order], return_index=True)
    never = now + DURATION_MS_MAX + 1
    due_at = _bisect(policy, pairs, order[first], now, np.full(len(rows), never, dtype=np.int64))
    # The cheapest pair now need not be the first to be worth it: the costs of the others may fall faster.
    row_of = np.searchsorted(rows, pairs.waiting)
    sooner = np.flatnonzero(_are_worth(policy, pairs.part(np.arange(len(row_of)), due_at[row_of] - 1)))
    np.minimum.at(due_at, row_of[sooner], _bisect(policy, pairs, sooner, now, due_at[row_of[sooner]]))
    return {row: instant for row, instant in zip(rows.tolist(), due_at.tolist(), strict=True) if instant < never}


def _bisect(policy: Policy, pairs: Pairs, chosen: IntArray, now: Instant, bound: IntArray) -> IntArray:
    """The first instant after `now` at which each chosen pair is worth its cost, or its `bound` where it is not before that."""
    low, high = np.full(len(chosen), now, dtype=np.int64), bound
    while len(chosen) and (high - low).max() > 1:
        middle = (low + high) // 2
        is_worth = _are_worth(policy, pairs.part(chosen, middle))
        low, high = np.where(is_worth, low, middle), np.where(is_worth, middle, high)
    return high


def _are_worth(policy: Policy, pairs: Pairs) -> BoolArray:
    cost, _ = costs(policy, pairs)
    is_worth: BoolArray = cost <= policy.wait_price.of_rows(pairs.columns.waiting, pairs.waiting, pairs.now)
    return is_worth
