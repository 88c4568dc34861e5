"""Numbers and intervals as plain data, as every document of results writes them."""

from typing import Any, TypeAlias

from simulation.statistics import Interval

_DIGITS = 9
"""Significant digits of every float: far more than any interval is wide, and fewer than the rounding of sums can touch."""

Plain: TypeAlias = dict[str, Any]


def plain_interval(interval: Interval | None) -> Plain:
    """The mean, and the limits as a list or null."""
    if interval is None:
        return {"mean": None, "ci95": None}
    if interval.low is None or interval.high is None:
        return {"mean": rounded(interval.mean), "ci95": None}
    return {"mean": rounded(interval.mean), "ci95": [rounded(interval.low), rounded(interval.high)]}


def rounded(value: float | None) -> float | None:
    """As a document writes it."""
    return None if value is None else float(f"{value:.{_DIGITS}g}")
