"""What an interaction's waiting is worth: registered functions of the waiting columns, one of which a policy names.

A formula is written once and runs on plain numbers and on columns alike: few interactions are priced as numbers, because each operation on
an array, however short, costs as much as the whole price of one as numbers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from routing.core.validate import DURATION_MS_MAX
from routing.model.time import Instant
from routing.policy import waiting_columns as field
from routing.policy.arrays import IntArray
from routing.policy.waiting_columns import WaitingColumns

_TERMS = slice(field.BASE, field.AGED_FROM + 1)
_FEW = 8

CLASS_SHIFT = 44
"""Prices and costs stay within 2**42, so a class and a net value fit one sortable 64-bit integer without touching."""

COST_MAX = 1 << 42
"""A pair's cost is cut to this, about 139 years of waiting: beyond any price of waiting, so nothing is decided by the cut."""

WAIT_MS_MAX = 10 * DURATION_MS_MAX
"""Where a price has no cap of its own, waiting beyond ten years is worth no more."""


class Formula(Protocol):
    """A price from the instant, the smaller of two, and the terms in the order of the columns from `BASE` to `AGED_FROM`.

    All are integers, or arrays of them with one entry an interaction. The price lies within 2**42 of 0.
    """

    def __call__(self, now: Any, least: Any, terms: Iterable[Any], /) -> Any:
        """The price, ms-equivalents."""
        ...


@dataclass(frozen=True, slots=True)
class WaitPrice:
    """A price of waiting. Where it does not heed classes, all interactions count as of one class.

    One that can fall cannot tell a policy that holds pairs back when a pair will be worth its cost.
    """

    formula: Formula
    heeds_class: bool = True
    never_falls: bool = True

    def of_rows(self, waiting: WaitingColumns, rows: IntArray, now: Instant | IntArray) -> IntArray:
        """The prices of rows, shape (len(rows),), ms-equivalents. `now` is one instant, or one for each row."""
        terms = waiting.table[_TERMS].take(rows, axis=1)
        prices: IntArray
        if len(rows) <= _FEW and isinstance(now, int):
            prices = np.array([self.formula(now, min, of_one) for of_one in terms.T.tolist()], dtype=np.int64)
        else:
            prices = self.formula(now, np.minimum, terms)
        return prices

    def of_row(self, waiting: WaitingColumns, row: int, now: Instant) -> int:
        """The same for one row, as a plain number."""
        price: int = self.formula(now, min, waiting.table[_TERMS, row].tolist())
        return price


def urgency(now: Any, least: Any, terms: Iterable[Any]) -> Any:
    """`min(cap, base + slope x routing age / 1000 + weight x min(1, true wait / target))`.

    It never falls as `now` grows, unless a rule has a slope below 0: that is what makes waiting safe, and why such a rule is refused beside
    a policy that holds pairs back. Where a weight times its target would not fit 64 bits, both times of the pressure count in units of
    `2**coarseness` ms: a step of a few seconds in a year.
    """
    base, slope, cap, weight, target, coarseness, enqueued_at, aged_from = terms
    aged = (now - aged_from) * slope // 1000
    pressure = weight * least(now - enqueued_at >> coarseness, target) // target
    return least(cap, base + aged + pressure)


def acceleration(now: Any, least: Any, terms: Iterable[Any]) -> Any:
    """`min(cap, base + slope x routing age / 1000)`: linear growth to a maximum, and no target presses."""
    base, slope, cap, _, _, _, _, aged_from = terms
    return least(cap, base + (now - aged_from) * slope // 1000)


def head_start(now: Any, least: Any, terms: Iterable[Any]) -> Any:
    """`base + routing age`: a base of a minute is a head start of a minute, whatever slope, cap and target say."""
    base, _, _, _, _, _, _, aged_from = terms
    return base + least(now - aged_from, WAIT_MS_MAX)


def strict(_now: Any, _least: Any, terms: Iterable[Any]) -> Any:
    """`base`: levels that no waiting moves; within a level ties go by routing age."""
    base, *_ = terms
    return base


def arrival_order(now: Any, least: Any, terms: Iterable[Any]) -> Any:
    """The routing age: first come, first served, across all classes."""
    *_, aged_from = terms
    return least(now - aged_from, WAIT_MS_MAX)


def last_in_first_out(now: Any, least: Any, terms: Iterable[Any]) -> Any:
    """Minus the true wait: the newest first, across all classes."""
    *_, enqueued_at, _ = terms
    return -least(now - enqueued_at, WAIT_MS_MAX)


WAIT_PRICES: dict[str, WaitPrice] = {
    "urgency": WaitPrice(urgency),
    "acceleration": WaitPrice(acceleration),
    "head_start": WaitPrice(head_start),
    "strict": WaitPrice(strict),
    "arrival_order": WaitPrice(arrival_order, heeds_class=False),
    "last_in_first_out": WaitPrice(last_in_first_out, heeds_class=False, never_falls=False),
}
"""Those that every installation has, by name."""
