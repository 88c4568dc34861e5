"""The price of waiting: one urgency function for every interaction and every policy."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import numpy as np

from routing.model.time import Instant
from routing.policy import waiting_columns as field
from routing.policy.arrays import IntArray
from routing.policy.waiting_columns import WaitingColumns

Number = TypeVar("Number", int, IntArray)

_TERMS = slice(field.BASE, field.AGED_FROM + 1)

CLASS_SHIFT = 44
"""Urgency and cost stay within 2**42, so a class and a net value fit one sortable 64-bit integer without touching."""

COST_MAX = 1 << 42
"""A pair's cost is cut to this, about 139 years of waiting: beyond any urgency, so nothing is decided by the cut."""


def urgency_ms(waiting: WaitingColumns, rows: IntArray | slice, now: Instant) -> IntArray:
    """`min(cap, base + slope x routing age / 1000 + weight x min(1, true wait / target))`, shape (len(rows),), ms-equivalents.

    It never falls as `now` grows: that is what makes waiting safe.
    """
    return _formula(now, np.minimum, waiting.table[_TERMS, rows])


def urgency_of_row(waiting: WaitingColumns, row: int, now: Instant) -> int:
    """The same for one row, as a plain number: an array of one costs several times as much."""
    terms: list[int] = waiting.table[_TERMS, row].tolist()
    return _formula(now, min, terms)


def _formula(now: Instant, least: Callable[[Number, Number], Number], terms: Iterable[Number]) -> Number:
    base, slope, cap, weight, target, enqueued_at, aged_from = terms
    aged = (now - aged_from) * slope // 1000
    pressure = weight * least(now - enqueued_at, target) // target
    return least(cap, base + aged + pressure)


def first_instant_worth(waiting: WaitingColumns, row: int, cost: int, now: Instant, horizon_ms: int) -> Instant | None:
    """The first instant after `now` at which the urgency of `row` has reached `cost`, or `None` if not within the horizon.

    Found by bisection, since urgency never falls.
    """
    low, high = now, now + horizon_ms
    if urgency_of_row(waiting, row, high) < cost:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if urgency_of_row(waiting, row, middle) >= cost:
            high = middle
        else:
            low = middle
    return high
