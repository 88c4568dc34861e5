"""Demand fitted to a log: what is estimated, with 99 % intervals, and which parts of the model the log establishes."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from routing.model.time import HOUR_MS
from simulation.fits.demand.counts import CountTable
from simulation.fits.demand.poisson_test import PoissonTest, poisson_test
from simulation.fits.demand.variation import Floats, Variation, Whole, index_of_dispersion, shared_day_variance, variation
from simulation.fits.likelihood import CONFIDENCE
from simulation.statistics import Interval

_TAIL = (1 - CONFIDENCE) / 2
_COUNTS_TAIL = 0.025


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Arrivals an hour with 99 % intervals; arrays of shape (..., groups, intervals)."""

    mean: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedDemand:
    """What a log tells about demand.

    `rates` are by stream, `site_rates` of all streams together. `common` and `own` split the variance of the day factor into what all
    streams share and what each has for itself; None where there is one stream. `dispersion` is variance over mean by interval with
    `dispersion_degrees` degrees of freedom.
    """

    table: CountTable
    rates: Rates
    site_rates: Rates
    variation: Variation
    common: Interval | None
    own: Interval | None
    dispersion: Floats
    dispersion_degrees: int
    test: PoissonTest | None

    @property
    def day_cv(self) -> Interval:
        """The cv of the day factor of all streams together; 0 where the variance is not positive."""
        return root(self.variation.day)

    @property
    def interval_cv(self) -> Interval:
        """The cv of the interval factors."""
        scale = 1 + max(self.variation.day.mean, 0.0)
        parts = self.variation.interval
        return root(Interval(parts.mean / scale, _over(parts.low, scale), _over(parts.high, scale)))

    @property
    def is_by_stream(self) -> bool:
        """Whether streams are shown to have busy days of their own, beyond those they share."""
        return self.own is not None and self.own.low is not None and self.own.low > 0

    @property
    def is_correlated(self) -> bool:
        """Whether neighbouring intervals are shown to be alike."""
        return self.variation.has_intervals and self.variation.correlation.low is not None and self.variation.correlation.low > 0

    @property
    def is_overdispersed_by_mean(self) -> bool:
        """Whether independent intervals vary in proportion to their mean (negative binomial counts) rather than to its square."""
        return self.variation.has_intervals and not self.is_correlated and _varies_by_mean(self.table, self.variation)

    def variance_of_counts(self, mean: Floats) -> Floats:
        """The variance of an interval's count of that mean under the fitted law."""
        return mean * _Extra.of(self.table, self.variation).variance_over_mean(mean)

    def variance_of_totals(self, mean: Floats) -> Floats:
        """The variance of a day's total of that mean under the fitted law, shape of `mean`."""
        shape = self.table.total.mean(axis=0)
        share = shape / shape.sum()
        tied = self.variation.correlation.mean ** np.abs(np.subtract.outer(np.arange(len(share)), np.arange(len(share))))
        extra, has = _Extra.of(self.table, self.variation), self.variation.has_intervals and not self.is_overdispersed_by_mean
        within = max(self.variation.interval.mean, 0.0) * float(share @ tied @ share) if has else 0.0
        return mean * (1 + extra.constant) + mean**2 * (max(self.variation.day.mean, 0.0) + within)

    def count_band(self, mean: Floats) -> tuple[Floats, Floats]:
        """Between which counts 95 % fall under the fitted law (negative binomial, Poisson where nothing else varies)."""
        low, high = (_law(mean, self.variance_of_counts(mean)).ppf(level) for level in (_COUNTS_TAIL, 1 - _COUNTS_TAIL))
        return low, high

    def ranks(self, counts: Whole, generator: np.random.Generator) -> Floats:
        """Where counts of days alike, shape (days, intervals), fall within the law fitted to the other days: uniform on (0, 1) if it fits.

        Within the step of a count the place is drawn, so that whole numbers do not show. Intervals in which fewer than one arrives on
        average are left out: without its own day too little is left to fit them.
        """
        days = counts[:, counts.mean(axis=0) >= 1].astype(np.float64)
        others = (days.sum(axis=0) - days) / (len(days) - 1)
        # What is not known of the mean is as uncertain as a mean of the other days.
        law = _law(others, self.variance_of_counts(others) * (1 + 1 / (len(days) - 1)))
        below, up_to = law.cdf(days - 1), law.cdf(days)
        return np.asarray(below + generator.random(days.shape) * (up_to - below), dtype=np.float64).ravel()


def fit_demand(table: CountTable) -> FittedDemand:
    """Rates by interval and group of days, how much they vary, and whether arrivals within intervals are Poisson."""
    groups = table.group_of_day
    found = variation(table.total, groups)
    has_many = len(table.streams) > 1
    common, own = shared_day_variance(np.asarray(table.counts.sum(axis=2)), groups) if has_many else (None, None)
    extra = _Extra.of(table, found)
    dispersion, degrees = index_of_dispersion(table.total, groups)
    return FittedDemand(
        table=table,
        rates=_rates(table.counts, table, extra),
        site_rates=_rates(table.total, table, extra),
        variation=found,
        common=common,
        own=own,
        dispersion=dispersion,
        dispersion_degrees=degrees,
        test=poisson_test(table),
    )


@dataclass(frozen=True, slots=True)
class _Extra:
    """Variance over mean of a count beyond Poisson's 1: a part that does not depend on the mean, and one in proportion to it."""

    constant: float
    per_mean: float

    @classmethod
    def of(cls, table: CountTable, found: Variation) -> "_Extra":
        day, interval = max(found.day.mean, 0.0), max(found.interval.mean, 0.0)
        if not found.has_intervals:
            return cls(0.0, day)
        is_by_mean = not (found.correlation.low is not None and found.correlation.low > 0) and _varies_by_mean(table, found)
        return cls(max(found.dispersion.mean - 1, 0.0), day) if is_by_mean else cls(0.0, day + interval)

    def variance_over_mean(self, mean: Floats) -> Floats:
        return 1 + self.constant + mean * self.per_mean


def _law(mean: Floats, variance: Floats) -> Any:
    """A law of counts with that mean (at least a millionth) and variance, of any shape: negative binomial, or all but Poisson."""
    mean = np.maximum(mean, 1e-6)
    ratio = np.maximum(variance / mean, 1 + 1e-6)
    return stats.nbinom(mean / (ratio - 1), 1 / ratio)


def _varies_by_mean(table: CountTable, found: Variation) -> bool:
    """Whether the variance of interval counts beyond Poisson and the day's grows with the mean rather than with its square."""
    counts, groups = table.total.astype(np.float64), table.group_of_day
    mean = np.array([counts[groups == group].mean(axis=0) for group in np.unique(groups)])
    spread = np.array([counts[groups == group].var(axis=0, ddof=1) for group in np.unique(groups)])
    excess = spread - mean - max(found.day.mean, 0.0) * mean**2
    weights = 1 / np.maximum(mean, 1) ** 2
    misfits = [float((weights * (excess - _slope(excess, shape, weights) * shape) ** 2).sum()) for shape in (mean, mean**2)]
    return misfits[0] < misfits[1]


def _rates(counts: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]", table: CountTable, extra: "_Extra") -> Rates:
    """Rates of counts of shape (..., days, intervals).

    The interval of a Poisson mean (Garwood 1936) with the count divided, and the ends multiplied, by variance over mean.
    """
    per_hour = HOUR_MS / table.interval_ms
    means, lows, highs = [], [], []
    for group in np.unique(table.group_of_day):
        days = counts[..., table.group_of_day == group, :]
        number, total = days.shape[-2], days.sum(axis=-2).astype(np.float64)
        ratio = extra.variance_over_mean(total / number)
        scaled = total / ratio
        low = np.where(total > 0, stats.chi2.ppf(_TAIL, np.maximum(2 * scaled, 1e-9)), 0.0) * ratio / 2
        high = stats.chi2.ppf(1 - _TAIL, 2 * scaled + 2) * ratio / 2
        means.append(total / number * per_hour)
        lows.append(low / number * per_hour)
        highs.append(high / number * per_hour)
    return Rates(mean=np.stack(means, axis=-2), low=np.stack(lows, axis=-2), high=np.stack(highs, axis=-2))


def _slope(excess: Floats, shape: Floats, weights: Floats) -> float:
    return float((weights * excess * shape).sum() / (weights * shape**2).sum())


def root(variance: Interval) -> Interval:
    """The interval of a standard deviation; a variance below 0 has none."""
    low, high = (None if end is None else math.sqrt(max(end, 0.0)) for end in (variance.low, variance.high))
    return Interval(math.sqrt(max(variance.mean, 0.0)), low, high)


def _over(value: float | None, scale: float) -> float | None:
    return None if value is None else value / scale
