"""Scorers by the agents' own attributes, in an order the policy states, and by chance."""

import numpy as np
from numpy.typing import NDArray

from routing.core.validate import ATTRIBUTE_VALUE_MAX
from routing.policy import waiting_columns as field
from routing.policy.arrays import IntArray
from routing.policy.errors import BadPolicy
from routing.policy.pipeline import UNITS_MAX, Pairs, Scale

RANDOM_BITS = 20
_ASCENDING, _DESCENDING = "asc", "desc"
_FIRST, _LAST = "first", "last"


def attribute_order(*, order_by: str, highest: int, missing: str) -> Scale:
    """Agents in the order of their numbers: `"penalty.{queue} asc, seniority desc"`, the first key counting most; unit: one.

    `{queue}` stands for the interaction's queue. Numbers run from 0 to `highest` and what lies beyond counts as the nearest; an agent
    without the attribute comes `first` or `last`. The order is exact because the keys are digits of one number, `highest + 2` to the power
    of the number of keys, which must stay within 2**35.

    Raises:
        BadPolicy: naming the parameter.
    """
    keys = _keys(order_by)
    if missing not in (_FIRST, _LAST):
        raise BadPolicy(f"scorer 'attribute_order' has missing {missing!r}; it must be {_FIRST!r} or {_LAST!r}")
    base = highest + 2
    if highest < 1 or base ** len(keys) > UNITS_MAX:
        raise BadPolicy(
            f"scorer 'attribute_order' has {len(keys)} keys with highest {highest}; (highest + 2)**keys must be 3 to {UNITS_MAX}"
        )

    def score(pairs: Pairs) -> IntArray:
        costs: IntArray = np.zeros(len(pairs.agents), dtype=np.int64)
        for name, is_descending in keys:
            held = of_queue(pairs, name, missing=ATTRIBUTE_VALUE_MAX + 1)
            digits = np.clip(held, 0, highest)
            digits = (highest - digits if is_descending else digits) + 1
            digits[held > ATTRIBUTE_VALUE_MAX] = 0 if missing == _FIRST else highest + 1
            costs = costs * base + digits
        return costs

    return Scale(score, base ** len(keys) - 1)


def _keys(order_by: str) -> list[tuple[str, bool]]:
    keys = []
    for clause in order_by.split(","):
        name, _, direction = clause.strip().partition(" ")
        if not name or direction.strip().lower() not in ("", _ASCENDING, _DESCENDING):
            raise BadPolicy(f"scorer 'attribute_order' has order_by {order_by!r}; write attributes with asc or desc, separated by commas")
        keys.append((name, direction.strip().lower() == _DESCENDING))
    return keys


def random_order(*, seed: int) -> Scale:
    """A number drawn for each pair from the seed and the order of arrival and of registration: the same in every replay; unit: one."""

    def score(pairs: Pairs) -> IntArray:
        return _drawn(pairs, seed) & ((1 << RANDOM_BITS) - 1)

    return Scale(score, (1 << RANDOM_BITS) - 1)


def weighted_random(*, seed: int, attribute: str, highest: int) -> Scale:
    """A number drawn between 0 and `1000 x (1 + penalty)`, so that a higher penalty is likely, and not certain, to come later; unit: one.

    The penalty is the agent's attribute, 0 where they have none and at most `highest`. `{queue}` stands for the interaction's queue.

    Raises:
        BadPolicy: naming the parameter.
    """
    if not 0 <= highest <= ATTRIBUTE_VALUE_MAX:
        raise BadPolicy(f"scorer 'weighted_random' has highest {highest}; it must be 0 to {ATTRIBUTE_VALUE_MAX}")

    def score(pairs: Pairs) -> IntArray:
        penalties = np.clip(of_queue(pairs, attribute, missing=0), 0, highest)
        return _drawn(pairs, seed) % (1_000 * (1 + penalties))

    return Scale(score, 1_000 * (1 + highest))


def of_queue(pairs: Pairs, attribute: str, *, missing: int) -> IntArray:
    """What the agents hold of an attribute whose name may hold `{queue}`, shape (n,); a symbol counts as missing."""
    agents = pairs.columns.agents
    held: IntArray = np.empty(len(pairs.agents), dtype=np.int64)
    if "{queue}" not in attribute:
        held[:] = agents.values_of(attribute, pairs.agents)
    else:
        queues = pairs.columns.waiting.table[field.QUEUE][pairs.waiting]
        names = tuple(pairs.columns.queue_index)
        for queue in np.unique(queues).tolist():
            chosen = np.flatnonzero(queues == queue)
            held[chosen] = agents.values_of(attribute.replace("{queue}", names[queue]), pairs.agents[chosen])
    held[np.abs(held) > ATTRIBUTE_VALUE_MAX] = missing
    return held


def _drawn(pairs: Pairs, seed: int) -> IntArray:
    """A hash of (seed, arrival, registration), 0 to 2**62 - 1: the finaliser of SplitMix64 (Steele, Lea and Flood 2014), once for each."""
    arrivals = pairs.columns.waiting.table[field.SEQUENCE][pairs.waiting].astype(np.uint64)
    registrations = pairs.columns.agents.sequence[pairs.agents].astype(np.uint64)
    mixed = _mixed(np.full(len(arrivals), seed % (1 << 63), dtype=np.uint64))
    mixed = _mixed(_mixed(mixed ^ arrivals) ^ registrations)
    drawn: IntArray = (mixed >> np.uint64(2)).astype(np.int64)
    return drawn


def _mixed(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
