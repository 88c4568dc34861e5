"""The steady state of a long horizon: where the start from an empty house has worn off, by a stated rule, and what holds from then on.

Warm-up by MSER-5 (White 1997; Franklin and White 2008): the series is averaged over replications and in fives, and cut where the standard
error of the mean of what is left is smallest, looking for the cut in the first half only. A cut at the very end of that half means that
the series never settled.
What holds from the cut on is an interval over replications or, for a single long run, over twenty batches of it (Schmeiser 1982), whose
independence is looked at.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulation.kpis.measure import Ratio

FIVE = 5
BATCHES = 20
_SHORTEST = 10 * FIVE
"""Series shorter than this have no cut to speak of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The number of observations that a rule leaves out at the start, and whether the series is in balance after it."""

    length: int
    is_settled: bool


def mser_5(series: Sequence[float]) -> Cut | None:
    """The cut of a series by MSER-5; None where it is too short to say."""
    if len(series) < _SHORTEST:
        return None
    whole = len(series) // FIVE
    means = np.asarray(series[: whole * FIVE]).reshape(whole, FIVE).mean(axis=1)
    errors = [float(((rest := means[cut:]) - rest.mean()).__pow__(2).sum()) / len(rest) ** 2 for cut in range(whole // 2 + 1)]
    best = min(range(len(errors)), key=lambda cut: (errors[cut], cut))
    return Cut(length=best * FIVE, is_settled=best < whole // 2)


def batches(parts: Sequence[Ratio]) -> tuple[Ratio, ...]:
    """The parts of one run added up in twenty batches of equal length; what does not fill them is left out at the start."""
    size = len(parts) // BATCHES
    first = len(parts) - size * BATCHES
    return tuple(added(parts[first + place * size : first + (place + 1) * size]) for place in range(BATCHES))


def added(parts: Sequence[Ratio]) -> Ratio:
    """The ratio of the sums."""
    return Ratio(sum(part.numerator for part in parts), sum(part.denominator for part in parts))


def are_independent(values: Sequence[float]) -> bool:
    """Whether the correlation of neighbours stays within what chance gives independent values in 95 of 100 cases."""
    deviations = np.asarray(values) - math.fsum(values) / len(values)
    total = float((deviations**2).sum())
    if total == 0:
        return True
    return abs(float((deviations[1:] * deviations[:-1]).sum()) / total) <= 1.959964 / math.sqrt(len(values))
