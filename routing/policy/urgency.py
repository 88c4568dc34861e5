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


def urgency_ms(waiting: WaitingColumns, rows: IntArray, now: Instant | IntArray) -> IntArray:
    """`min(cap, base + slope x routing age / 1000 + weight x min(1, true wait / target))`, shape (len(rows),), ms-equivalents.

    `now` is one instant, or one for each row. Urgency never falls as `now` grows, unless a rule has a slope below 0: that is what makes
    waiting safe, and why such a rule is refused beside a policy that holds pairs back. Where a weight times its
    target would not fit 64 bits, both times of the pressure count in units of `2**coarseness` ms: a step of a few seconds in a year.
    """
    urgency: IntArray = _formula(now, np.minimum, waiting.table[_TERMS].take(rows, axis=1))
    return urgency


def urgency_of_row(waiting: WaitingColumns, row: int, now: Instant) -> int:
    """The same for one row, as a plain number: an array of one costs several times as much."""
    terms: list[int] = waiting.table[_TERMS, row].tolist()
    return _formula(now, min, terms)


def _formula(now: int | Number, least: Callable[[Number, Number], Number], terms: Iterable[Number]) -> Number:
    base, slope, cap, weight, target, coarseness, enqueued_at, aged_from = terms
    aged = (now - aged_from) * slope // 1000
    pressure = weight * least(now - enqueued_at >> coarseness, target) // target
    return least(cap, base + aged + pressure)
