"""Control variates: what is known of the days that were drawn tells how lucky they were, and the estimate is corrected for it.

Lavenberg and Welch (1981): the pseudo-values are regressed on the controls' distances from their known means; the estimate is the
regression's value at the known means, with n - 1 - q degrees of freedom for q controls, and the width also pays for the days' own distance.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.statistics.estimates import Interval, Values, student_quantile

_FREEDOM_MIN = 5
"""With fewer degrees of freedom left, no control is worth its price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Controlled:
    """An estimate with its controls. `variance_ratio`: its squared half-width over that without, so that less than 1 is a gain."""

    interval: Interval
    variance_ratio: float


def controlled(values: Values, distances: NDArray[np.float64], comparisons: int = 1) -> Controlled | None:
    """The mean of `values`, one a day, corrected by controls; `distances` has shape (days, controls): each minus its known mean.

    The interval is at 95 %, or of each of so many `comparisons` that shall hold together with 95 %. None where nothing can be corrected:
    too few days, controls that never move, or values that do not.
    """
    moving = distances[:, np.ptp(distances, axis=0) > 0]
    days, count = moving.shape
    freedom = days - 1 - count
    plain = float(np.var(values, ddof=1))
    if not count or freedom < _FREEDOM_MIN or plain == 0:
        return None
    design = np.column_stack([np.ones(days), moving / moving.std(axis=0)])
    if np.linalg.matrix_rank(design) < count + 1:
        return controlled(values, moving[:, :-1], comparisons)  # one says what another has said
    inverse = np.linalg.inv(design.T @ design)
    found = inverse @ design.T @ np.asarray(values)
    residual = np.asarray(values) - design @ found
    variance = float(residual @ residual) / freedom * float(inverse[0, 0])
    half_width = student_quantile(freedom, comparisons) * math.sqrt(variance)
    without = student_quantile(days - 1, comparisons) * math.sqrt(plain / days)
    mean = float(found[0])
    return Controlled(interval=Interval(mean, mean - half_width, mean + half_width), variance_ratio=(half_width / without) ** 2)


def distances_of(drawn: Sequence[tuple[float, ...]], expected: tuple[float, ...]) -> NDArray[np.float64]:
    """Each day's controls minus their known means, shape (days, controls)."""
    return np.asarray(drawn, dtype=np.float64) - np.asarray(expected, dtype=np.float64)
