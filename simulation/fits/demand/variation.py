"""How much counts vary beyond Poisson's: between days, between intervals of a day, and how intervals follow each other.

The model: the count of interval i on day d of group g is Poisson with mean l(g, i) B(d) W(d, i), where B (variance a) and W (variance w)
are independent factors of mean 1, and W of intervals k apart has correlation r^k. Then, for counts of intervals k apart,

    Cov(N(d, i), N(d, i + k)) / (l(i) l(i + k)) = a + b r^k,   b = (1 + a) w,   k >= 1,

and the same for k = 0 once the Poisson part, the mean, is taken off the variance. Sample covariances within groups of days are unbiased for
the left-hand sides; a, b and r are their weighted least-squares fit over all lags.

Intervals are 99 %. Days are independent, so leaving one out at a time (the jackknife) tells the standard error of each parameter. The
variance between days is skewed: its interval is that of a scaled chi-square whose degrees of freedom match that standard error, or those
of a negative binomial total where they are fewer (Satterthwaite 1946), with the part that is not the day's taken off both ends.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from simulation.fits.likelihood import CONFIDENCE
from simulation.statistics import Interval

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_STEP = 0.01
_LEFT_HALF_WAY = 0.1
"""Of the correlation of neighbours, this much at most is left half a day apart: what lasts longer cannot be told from the day's factor."""
_TAIL = (1 - CONFIDENCE) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """Variance of the day factor, of the interval factors (both relative to 1), and the correlation of neighbouring intervals.

    `dispersion` is variance over mean of the interval counts given the day factor; 1 is Poisson. `lags` are the relative covariances by
    lag, shape (intervals,), the first without the Poisson part, and `weights` what each rests on.
    """

    day: Interval
    interval: Interval
    correlation: Interval
    dispersion: Interval
    lags: Floats
    weights: Floats

    @property
    def has_day(self) -> bool:
        """Whether days are shown to differ more than Poisson counts do."""
        return self.day.low is not None and self.day.low > 0

    @property
    def has_intervals(self) -> bool:
        """Whether intervals are shown to vary beyond the day's factor."""
        return self.interval.low is not None and self.interval.low > 0


def variation(counts: Whole, group_of_day: Whole) -> Variation:
    """The variation of counts of shape (days, intervals); each group has two days or more.

    Where intervals are not shown to vary by themselves, the day factor is estimated as if they did not.
    """
    used = counts[:, counts.sum(axis=0) > 0].astype(np.float64)
    lags, weights = _covariances(used, group_of_day)
    full, deviation = _jackknifed(used, group_of_day, is_full=True)
    degrees = len(used) - len(np.unique(group_of_day))
    half = float(stats.t.ppf(1 - _TAIL, degrees)) * deviation
    interval = Interval(full[1], full[1] - half[1], full[1] + half[1])
    correlation = Interval(full[2], max(full[2] - half[2], -1.0), min(full[2] + half[2], 1.0))
    is_plain = interval.low is None or interval.low <= 0
    if is_plain:
        full, deviation = _jackknifed(used, group_of_day, is_full=False)
        half = float(stats.t.ppf(1 - _TAIL, degrees)) * deviation
    dispersion = Interval(full[3], full[3] - half[3], full[3] + half[3])
    day = _day_interval(used, group_of_day, full[0], deviation[0], is_plain=is_plain)
    return Variation(day=day, interval=interval, correlation=correlation, dispersion=dispersion, lags=_over(lags, weights), weights=weights)


def index_of_dispersion(counts: Whole, group_of_day: Whole) -> tuple[Floats, int]:
    """Variance over mean by interval, shape (intervals,), pooled over groups of days, and its degrees of freedom.

    Times its degrees of freedom it is chi-square for Poisson counts (Fisher 1950). NaN where nothing ever arrived.
    """
    squares, degrees = np.zeros(counts.shape[1]), np.zeros(counts.shape[1])
    for group in np.unique(group_of_day):
        days = counts[group_of_day == group].astype(np.float64)
        mean = days.mean(axis=0)
        arrives = mean > 0
        squares[arrives] += ((days - mean) ** 2).sum(axis=0)[arrives] / mean[arrives]
        degrees[arrives] += len(days) - 1
    return np.divide(squares, degrees, out=np.full_like(squares, np.nan), where=degrees > 0), int(degrees.max())


def shared_day_variance(totals: Whole, group_of_day: Whole) -> tuple[Interval, Interval]:
    """The variance of a day factor common to all streams, and of one that each has for itself, from day totals of shape (streams, days).

    Covariances between streams hold the common part alone; variances, less their Poisson part, hold both.
    """

    def parts(chosen: Whole) -> Floats:
        between, of_each, weight_between, weight_each = 0.0, 0.0, 0.0, 0.0
        for group in np.unique(group_of_day[chosen]):
            days = totals[:, chosen][:, group_of_day[chosen] == group].astype(np.float64)
            count = days.shape[1]
            if count < 2:
                continue
            mean, sums = days.mean(axis=1), days.sum(axis=0)
            variance, of_sum = days.var(axis=1, ddof=1), sums.var(ddof=1)
            between += (count - 1) * (of_sum - variance.sum())
            weight_between += (count - 1) * (mean.sum() ** 2 - (mean**2).sum())
            of_each += (count - 1) * (variance - mean).sum()
            weight_each += (count - 1) * (mean**2).sum()
        common, each = between / weight_between, of_each / weight_each
        return np.array([common, (1 + each) / (1 + common) - 1])

    everyone = np.arange(totals.shape[1])
    full, deviation = _left_out(parts, everyone)
    half = float(stats.t.ppf(1 - _TAIL, len(everyone) - len(np.unique(group_of_day)))) * deviation
    common, own = (Interval(float(mean), float(mean - wide), float(mean + wide)) for mean, wide in zip(full, half, strict=True))
    return common, own


def _covariances(counts: Floats, group_of_day: Whole) -> tuple[Floats, Floats]:
    """Sums over pairs of intervals by lag, shape (intervals,) each: covariances without the Poisson part, and products of means."""
    size = counts.shape[1]
    found, weights = np.zeros(size), np.zeros(size)
    for group in np.unique(group_of_day):
        days = counts[group_of_day == group]
        if len(days) < 2:
            continue
        mean = days.mean(axis=0)
        centred = days - mean
        covariance = centred.T @ centred / (len(days) - 1)
        found += (len(days) - 1) * _by_lag(covariance - np.diag(mean))
        # The product of two means is larger than that of what they estimate, by their own covariance.
        weights += (len(days) - 1) * _by_lag(np.outer(mean, mean) - covariance / len(days))
    return found, weights


def _over(above: Floats, below: Floats) -> Floats:
    """The ratio, and 0 where nothing arrived that it could be of."""
    return np.asarray(np.divide(above, below, out=np.zeros(np.broadcast_shapes(np.shape(above), np.shape(below))), where=below != 0))


def _by_lag(matrix: Floats) -> Floats:
    return np.array([np.trace(matrix, offset=lag) * (1 if lag == 0 else 2) for lag in range(len(matrix))])


def _estimates(counts: Floats, group_of_day: Whole, *, is_full: bool) -> Floats:
    """The variance between days, b, r and the dispersion within days, shape (4,)."""
    found, weights = _covariances(counts, group_of_day)
    if is_full and len(found) > 2:
        day, between, ratio = _least_squares(_over(found, weights), weights)
    else:
        # Pairs of intervals; in a day of one interval all that varies is the day's.
        first = 1 if len(found) > 1 else 0
        day, between, ratio = float(_over(found[first:].sum(), weights[first:].sum())), 0.0, 0.0
    means = math.fsum(
        float(days.mean(axis=0).sum()) * (len(days) - 1)
        for group in np.unique(group_of_day)
        if len(days := counts[group_of_day == group]) > 1
    )
    return np.array([day, between, ratio, 1 + float(_over(found[0] - day * weights[0], np.asarray(means)))])


def _least_squares(values: Floats, weights: Floats) -> tuple[float, float, float]:
    """The weighted fit of a + b r^k to values by lag, over a grid of r; b is not negative unless no r fits better."""
    ratios = np.arange(0.0, _LEFT_HALF_WAY ** (2 / len(values)), _STEP)
    powers = ratios[:, None] ** np.arange(len(values))
    total, with_power, with_square = weights.sum(), powers @ weights, (powers**2) @ weights
    of_value, of_both = float(weights @ values), powers @ (weights * values)
    slope = _over(total * of_both - with_power * of_value, total * with_square - with_power**2)
    level = _over(of_value - slope * with_power, total)
    misfit = ((values - level[:, None] - slope[:, None] * powers) ** 2) @ weights
    best = int(np.argmin(np.where(slope > 0, misfit, misfit + misfit.max() + 1)))
    return float(level[best]), float(slope[best]), float(ratios[best])


def _jackknifed(counts: Floats, group_of_day: Whole, *, is_full: bool) -> tuple[Floats, Floats]:
    def estimate(chosen: Whole) -> Floats:
        return _estimates(counts[chosen], group_of_day[chosen], is_full=is_full)

    return _left_out(estimate, np.arange(len(counts)))


def _left_out(estimate: Callable[[Whole], Floats], everyone: Whole) -> tuple[Floats, Floats]:
    """The estimates from all days, and their standard errors by leaving one day out at a time."""
    without = np.array([estimate(np.delete(everyone, day)) for day in everyone])
    count = len(everyone)
    spread = (count - 1) / count * ((without - without.mean(axis=0)) ** 2).sum(axis=0)
    return estimate(everyone), np.sqrt(spread)


def _day_interval(counts: Floats, group_of_day: Whole, day: float, deviation: float, *, is_plain: bool) -> Interval:
    all_totals = [counts[group_of_day == group].sum(axis=1) for group in np.unique(group_of_day)]
    totals: Sequence[Floats] = [one for one in all_totals if one.sum() > 0]
    known = sum(len(one) - 1 for one in totals)
    spread = sum(float(((one - one.mean()) ** 2).sum()) / one.mean() ** 2 for one in totals) / known
    mean = known / sum((len(one) - 1) / one.mean() for one in totals)
    degrees = _degrees(known, mean, max(day, 0.0))
    if is_plain:
        day = spread - 1 / mean
    elif deviation > 0:
        degrees = min(degrees, 2 * (spread / deviation) ** 2)
    ends = [spread * degrees / float(stats.chi2.ppf(level, degrees)) - (spread - day) for level in (1 - _TAIL, _TAIL)]
    return Interval(float(day), float(ends[0]), float(ends[1]))


def _degrees(known: int, mean: float, variance: float) -> float:
    """The degrees of freedom of the sample variance of negative binomial totals, from their fourth cumulant."""
    fourth = mean * (1 + 7 * mean * variance + 12 * (mean * variance) ** 2 + 6 * (mean * variance) ** 3)
    excess = fourth / (mean * (1 + mean * variance)) ** 2
    return known / (1 + excess / 2 * known / (known + 1))
