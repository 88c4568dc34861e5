"""The certificate: the found plan on days it has never seen, with lower bounds of all goals that hold together."""

import math
from dataclasses import dataclass

from scipy import special

from simulation.kpis.measure import Ratio
from simulation.staffing.cuts.sample import Counts, levels_of
from simulation.statistics.estimates import deviation_of, replicate

ERROR = 0.05
"""The chance, at most, that a certificate is given to a plan that misses a goal in the long run; all attempts together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What so many fresh days say, from the replication `first` on: the share of each goal, and a lower bound.

    All bounds hold together with 1 - `error` (Bonferroni): one-sided Student bounds of ratios of sums over days, by the jackknife. Where
    days do not differ, because everybody was answered in time, the bound is that of so many customers without a single miss.
    """

    first: int
    days: int
    error: float
    levels: tuple[float, ...]
    lower: tuple[float, ...]


def error_of(attempt: int) -> float:
    """The part of the error that an attempt, counted from 0, may use up: half, a quarter and so on, so that trying again is paid for."""
    return ERROR * 0.5 ** (attempt + 1)


def certificate(counts: Counts, *, first: int, error: float) -> Certificate:
    """The certificate of the counted days, shape (days, goals, 2), of which there are at least two."""
    days, goals, _ = counts.shape
    quantile = float(special.stdtrit(days - 1, 1 - error / goals))
    lower: list[float] = []
    for goal in range(goals):
        one = replicate([Ratio(int(in_time), int(arrived)) for in_time, arrived in counts[:, goal].tolist()])
        if one.value is None or one.pseudo_values is None:
            lower.append(0.0)  # hardly anybody came: nothing is known
            continue
        bound = one.value - quantile * deviation_of(one.pseudo_values) / math.sqrt(days)
        arrived = int(counts[:, goal, 1].sum())
        lower.append(max(0.0, min(bound, float((error / goals) ** (1 / arrived)))))
    return Certificate(first=first, days=days, error=error, levels=tuple(levels_of(counts).tolist()), lower=tuple(lower))
