"""Statistics of replications: ratio estimators with jackknife intervals, paired differences, corrections, and how many days it takes.

Every measure of n days is one number, computed from the sums (or the pooled values) of all days: never a mean of daily ratios. Its
uncertainty comes from leaving out one day at a time: with T the value of all days and T_i the value without day i, the pseudo-values
J_i = n T - (n - 1) T_i behave like n independent days (Quenouille 1956, Tukey 1958), so a Student interval on them is an interval for the
ratio. The pseudo-values of two arms that faced the same customers are subtracted day by day, which is what makes a difference so much more
certain than its parts.
Sums run in the order of replications with `math.fsum`.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias, TypeVar, assert_never

import numpy as np
from numpy.typing import NDArray
from scipy import special

from routing.model.ids import AgentId
from simulation.kpis.measure import Ratio, Sample, Spread, Tally

CONFIDENCE = 0.95
REPLICATIONS_MAX = 1_000_000
"""Advice stops here: a precision that needs more days is out of reach."""

Values: TypeAlias = tuple[float, ...]


class Replicated(NamedTuple):
    """The value of n days (None where its denominator is zero) and its n pseudo-values (None for one day, or where undefined)."""

    value: float | None
    pseudo_values: Values | None


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean, or a difference of means, with its 95 % Student interval; `low` and `high` are None where one day cannot tell."""

    mean: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A paired difference: `interval`, the two-sided p-value of "no difference", and the standard deviation of the daily differences.

    `pairing` is how many times as many replications it would take for the same interval if the arms met different customers: the sum of
    their variances over the variance of the daily differences. None where one day cannot tell, or the arms never differ by chance.
    """

    interval: Interval
    p: float | None
    deviation: float | None
    pairing: float | None = None


def replicate(tallies: Sequence[Tally], scale: float = 1.0) -> Replicated:
    """A measure of the days whose tallies are given, in replication order; there is at least one, and all are of one kind.

    Raises:
        TypeError: the tallies are of different kinds.
    """
    match tallies[0]:
        case Ratio():
            value, left_out = _ratio_of_sums(_all_of(Ratio, tallies))
        case Sample():
            value, left_out = _pooled_quantile(_all_of(Sample, tallies))
        case Spread():
            value, left_out = _gini_of_sums(_all_of(Spread, tallies))
        case unreachable:
            assert_never(unreachable)
    return _jackknifed(value, left_out, scale)


def interval(replicated: Replicated, bounds: tuple[float, float]) -> Interval | None:
    """The value with its Student interval, cut to the values the measure can take; None where the measure is undefined."""
    if replicated.value is None:
        return None
    if replicated.pseudo_values is None:
        return Interval(replicated.value, None, None)
    half_width = _half_width(deviation_of(replicated.pseudo_values), len(replicated.pseudo_values))
    return Interval(replicated.value, max(bounds[0], replicated.value - half_width), min(bounds[1], replicated.value + half_width))


def difference(arm: Replicated, baseline: Replicated) -> Difference | None:
    """`arm` minus `baseline`, paired day by day; both come from the same replications. None where either is undefined."""
    if arm.value is None or baseline.value is None:
        return None
    mean = arm.value - baseline.value
    if arm.pseudo_values is None or baseline.pseudo_values is None:
        return Difference(Interval(mean, None, None), None, None)
    daily = tuple(mine - its for mine, its in zip(arm.pseudo_values, baseline.pseudo_values, strict=True))
    days, deviation = len(daily), deviation_of(daily)
    half_width = _half_width(deviation, days)
    if deviation == 0:
        # Days that all differ by the same amount leave no doubt; days that do not differ at all leave nothing to explain.
        return Difference(Interval(mean, mean, mean), 1.0 if mean == 0 else 0.0, 0.0)
    p = 2 * float(special.stdtr(days - 1, -abs(mean) / (deviation / math.sqrt(days))))
    apart = deviation_of(arm.pseudo_values) ** 2 + deviation_of(baseline.pseudo_values) ** 2
    return Difference(Interval(mean, mean - half_width, mean + half_width), p, deviation, apart / deviation**2)


def joint_interval(one: Difference, days: int, comparisons: int) -> Interval:
    """The interval of a difference of `days` days when all `comparisons` intervals shall hold together with 95 % (Bonferroni)."""
    if one.deviation is None:
        return one.interval
    half_width = student_quantile(days - 1, comparisons) * one.deviation / math.sqrt(days)
    return Interval(one.interval.mean, one.interval.mean - half_width, one.interval.mean + half_width)


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """p-values corrected for looking at several (Holm 1979): those below 0.05 include a false finding in less than 5 % of comparisons."""
    corrected: dict[str, float] = {}
    highest = 0.0
    for position, name in enumerate(sorted(p_values, key=lambda name: (p_values[name], name))):
        highest = max(highest, min(1.0, (len(p_values) - position) * p_values[name]))
        corrected[name] = highest
    return {name: corrected[name] for name in p_values}


def replications_needed(deviation: float, half_width: float) -> int | None:
    """The fewest replications whose 95 % interval is expected to be at most +-`half_width`; None where a million would not do.

    `deviation` is the standard deviation of one replication, taken as known: it comes from those already run.
    """
    if _half_width(deviation, REPLICATIONS_MAX) > half_width:
        return None
    too_few, enough = 1, REPLICATIONS_MAX
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        too_few, enough = (too_few, middle) if _half_width(deviation, middle) <= half_width else (middle, enough)
    return enough


_Kind = TypeVar("_Kind", Ratio, Sample, Spread)


def _all_of(kind: type[_Kind], tallies: Sequence[Tally]) -> list[_Kind]:
    same = [tally for tally in tallies if isinstance(tally, kind)]
    if len(same) != len(tallies):
        raise TypeError("tallies of different kinds cannot be added up")
    return same


def _jackknifed(value: float | None, left_out: Sequence[float | None], scale: float) -> Replicated:
    days = len(left_out)
    if value is None or days < 2:
        return Replicated(None if value is None else scale * value, None)
    defined = [without for without in left_out if without is not None]
    if len(defined) < days:
        return Replicated(scale * value, None)
    return Replicated(scale * value, tuple(scale * (days * value - (days - 1) * without) for without in defined))


def replications_to_tell(mean: float, deviation: float) -> int | None:
    """How many replications find a difference of this mean and daily deviation at 5 % with a chance of four in five; None beyond a million.

    The difference seen is taken for the true one, so that this is advice for the next run and no verdict on this one.
    """
    if mean == 0:
        return None
    needed = ((special.ndtri(0.975) + special.ndtri(0.8)) * deviation / mean) ** 2 + 2  # two more for not knowing the deviation
    return math.ceil(needed) if needed <= REPLICATIONS_MAX else None


def deviation_of(values: Values) -> float:
    """The standard deviation of at least two values, one less than their number in the denominator."""
    mean = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))


def _half_width(deviation: float, days: int) -> float:
    return student_quantile(days - 1) * deviation / math.sqrt(days)


@lru_cache(maxsize=4096)
def student_quantile(degrees_of_freedom: int, comparisons: int = 1) -> float:
    """Student's quantile of a two-sided 95 % interval; of each of several intervals that shall hold together with 95 %."""
    return float(special.stdtrit(degrees_of_freedom, 1 - (1 - CONFIDENCE) / (2 * comparisons)))


# ---- what the tallies of several days add up to, of all days and without each of them ----


def _ratio_of_sums(days: Sequence[Ratio]) -> tuple[float | None, list[float | None]]:
    numerator, denominator = sum(day.numerator for day in days), sum(day.denominator for day in days)
    return _ratio(numerator, denominator), [_ratio(numerator - day.numerator, denominator - day.denominator) for day in days]


def _ratio(numerator: int, denominator: int) -> float | None:
    return numerator / denominator if denominator else None


def _pooled_quantile(days: Sequence[Sample]) -> tuple[float | None, list[float | None]]:
    pool = np.sort(np.concatenate([day.values for day in days]))
    share = days[0].share_per_mille
    nobody = np.empty(0, dtype=np.int64)
    return _quantile_without(pool, nobody, share), [_quantile_without(pool, day.values, share) for day in days]


def _quantile_without(pool: NDArray[np.int64], left_out: NDArray[np.int64], share_per_mille: int) -> float | None:
    """The smallest value that at least the share of the pool without `left_out` (both sorted) does not exceed, found by bisection."""
    size = len(pool) - len(left_out)
    if not size:
        return None
    rank = max(1, -(-share_per_mille * size // 1000))
    low, high = 0, len(pool) - 1
    while low < high:
        middle = (low + high) // 2
        at_most = np.searchsorted(pool, pool[middle], side="right") - np.searchsorted(left_out, pool[middle], side="right")
        low, high = (low, middle) if at_most >= rank else (middle + 1, high)
    return float(pool[low])


def _gini_of_sums(days: Sequence[Spread]) -> tuple[float | None, list[float | None]]:
    sums: dict[AgentId, tuple[int, int]] = {}
    for day in days:
        for agent, (numerator, denominator) in day.by_agent.items():
            before = sums.get(agent, (0, 0))
            sums[agent] = (before[0] + numerator, before[1] + denominator)
    left_out = [
        _gini(
            (numerator - mine[0]) / (denominator - mine[1])
            for agent, (numerator, denominator) in sums.items()
            for mine in [day.by_agent.get(agent, (0, 0))]
            if denominator > mine[1]
        )
        for day in days
    ]
    return _gini(numerator / denominator for numerator, denominator in sums.values()), left_out


def _gini(values: Iterable[float]) -> float | None:
    ordered = sorted(values)
    total, count = math.fsum(ordered), len(ordered)
    if not total:
        return None
    return 2 * math.fsum(rank * value for rank, value in enumerate(ordered, start=1)) / (count * total) - (count + 1) / count
