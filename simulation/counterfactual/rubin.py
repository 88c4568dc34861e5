"""Rubin's rules: one interval from several imputations of the same log."""

import math
from collections.abc import Sequence
from typing import Final

from scipy import stats

from simulation.statistics import Interval

CONFIDENCE: Final = 0.99
"""What rests on imputations is stated with 99 %, as the fits are that they are drawn from."""
IMPUTATIONS_MIN: Final = 5


def combined(
    values: Sequence[float | None], bounds: tuple[float, float] = (-math.inf, math.inf), *, within: float = 0.0
) -> Interval | None:
    """The mean of a measure's values, one an imputation, with its 99 % interval; None where an imputation leaves it undefined.

    The variance is within + (1 + 1/m) between (Rubin 1987, 3.1.5): `within` is the variance that the measure would have were nothing
    missing, 0 for a day that is asked about itself, and `between` that of the m values. Student's t has
    (m - 1) (1 + within / ((1 + 1/m) between))^2 degrees of freedom. With `within` = 0 it is the interval for one value more: the day as
    it would have been is one more draw from what the imputations are drawn from.
    """
    known = [value for value in values if value is not None]
    count = len(known)
    if not known or count < len(values):
        return None
    mean = math.fsum(known) / count
    between = math.fsum((value - mean) ** 2 for value in known) / (count - 1) if count > 1 else 0.0
    added = (1 + 1 / count) * between
    if not within + added:
        return Interval(mean, mean, mean)
    degrees = (count - 1) * (1 + within / added) ** 2 if added else math.inf
    half = float(stats.t.ppf(0.5 + CONFIDENCE / 2, degrees)) * math.sqrt(within + added)
    return Interval(mean, max(bounds[0], mean - half), min(bounds[1], mean + half))
