"""The price of waiting: one urgency function for every interaction and every policy."""

import numpy as np

from routing.model.time import Instant
from routing.policy import waiting_columns as field
from routing.policy.arrays import IntArray
from routing.policy.waiting_columns import WaitingColumns

CLASS_SHIFT = 44
"""Urgency and cost stay within 2**42, so a class and a net value fit one sortable 64-bit integer without touching."""

COST_MAX = 1 << 42
"""A pair's cost is cut to this, about 139 years of waiting: beyond any urgency, so nothing is decided by the cut."""


def urgency_ms(waiting: WaitingColumns, rows: IntArray | slice, now: Instant) -> IntArray:
    """`min(cap, base + slope x routing age / 1000 + weight x min(1, true wait / target))`, shape (len(rows),), ms-equivalents.

    It never falls as `now` grows: that is what makes waiting safe.
    """
    base, slope, cap, weight, target, enqueued_at, aged_from = waiting.table[field.BASE : field.AGED_FROM + 1, rows]
    aged = (now - aged_from) * slope // 1000
    pressure = weight * np.minimum(now - enqueued_at, target) // target
    urgency: IntArray = np.minimum(cap, base + aged + pressure)
    return urgency


def first_instant_worth(waiting: WaitingColumns, row: int, cost: int, now: Instant, horizon_ms: int) -> Instant | None:
    """The first instant after `now` at which the urgency of `row` has reached `cost`, or `None` if not within the horizon.

    Found by bisection, since urgency never falls.
    """
    rows = np.array([row], dtype=np.int64)
    low, high = now, now + horizon_ms
    if int(urgency_ms(waiting, rows, high)[0]) < cost:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if int(urgency_ms(waiting, rows, middle)[0]) >= cost:
            high = middle
        else:
            low = middle
    return high
