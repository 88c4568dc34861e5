"""The laws of durations, each a frozen record that inverts uniform draws into whole milliseconds.

Inversion, and not a sampler of its own for each law, keeps two runs comparable: the same draw gives the same quantile under another mean.
Durations are rounded to the nearest millisecond, ties to even, and cut at one year, which no sensible law reaches.
"""

import math
from dataclasses import dataclass
from typing import TypeAlias, assert_never

import numpy as np
import numpy.typing as npt
from scipy import special

from routing.model.time import DAY_MS, Duration

_LONGEST_MS = 366 * DAY_MS

Draws: TypeAlias = npt.NDArray[np.float64]
"""Uniform draws on (0, 1), shape (n,)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """Always the same duration."""

    value_ms: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Exponential:
    """Memoryless, with its mean (> 0)."""

    mean_ms: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Lognormal:
    """The logarithm is normal; `mean_ms` (> 0) and `cv`, the standard deviation over the mean (> 0)."""

    mean_ms: float
    cv: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weibull:
    """Survives t with probability exp(-(t / scale)^shape): `scale_ms` (> 0) and `shape` (> 0).

    Below 1 those who have waited are ever less likely to leave, above 1 ever more; at 1 it is exponential with mean `scale_ms`.
    """

    scale_ms: float
    shape: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gamma:
    """Gamma with `mean_ms` (> 0) and `cv`, the standard deviation over the mean (> 0); shape 1/cv^2."""

    mean_ms: Duration
    cv: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Uniform:
    """Equally likely between `low_ms` and `high_ms` (low <= high)."""

    low_ms: Duration
    high_ms: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Triangular:
    """A triangle from `low_ms` over its peak `mode_ms` to `high_ms` (low <= mode <= high, low < high)."""

    low_ms: Duration
    mode_ms: Duration
    high_ms: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Empirical:
    """Each of `values_ms` (at least one, in rising order) equally likely, without interpolation."""

    values_ms: tuple[Duration, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantiles:
    """A share `shares[i]` of the durations is at most `values_ms[i]`, evenly spread between two points.

    Both rise strictly; the shares begin at 0 and end at 1.
    """

    shares: tuple[float, ...]
    values_ms: tuple[Duration, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    """It does not happen: patience without end. Only patience may have this law."""


Law: TypeAlias = Constant | Exponential | Lognormal | Weibull | Gamma | Uniform | Triangular | Empirical | Quantiles
"""A law that always gives a duration."""


def durations_ms(law: Law, draws: Draws) -> npt.NDArray[np.int64]:
    """The durations at the quantiles `draws`, shape (n,), milliseconds >= 0."""
    quantiles = np.minimum(_quantiles(law, draws), _LONGEST_MS)
    return np.rint(quantiles).astype(np.int64)


def duration_ms(law: Law, draw: float) -> Duration:
    """The duration at one quantile."""
    return int(durations_ms(law, np.array([draw]))[0])


def mean_ms(law: Law) -> float:
    """The mean of the law before rounding, for load figures."""
    match law:
        case Constant():
            return float(law.value_ms)
        case Exponential() | Lognormal() | Gamma():
            return float(law.mean_ms)
        case Weibull():
            return law.scale_ms * float(special.gamma(1 + 1 / law.shape))
        case Uniform():
            return (law.low_ms + law.high_ms) / 2
        case Triangular():
            return (law.low_ms + law.mode_ms + law.high_ms) / 3
        case Empirical():
            return math.fsum(law.values_ms) / len(law.values_ms)
        case Quantiles():
            return float(np.trapezoid(np.array(law.values_ms, dtype=np.float64), np.array(law.shares)))
    assert_never(law)


def survival(law: Law, at_ms: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The probability that a duration is longer than `at_ms` (>= 0), element by element, before rounding."""
    at = np.asarray(at_ms, dtype=np.float64)
    match law:
        case Exponential():
            return np.exp(-at / law.mean_ms)
        case Weibull():
            return np.exp(-((at / law.scale_ms) ** law.shape))
        case Lognormal():
            variance = math.log1p(law.cv * law.cv)
            with np.errstate(divide="ignore"):
                above = (math.log(law.mean_ms) - variance / 2 - np.log(at)) / math.sqrt(variance)
            return np.asarray(special.ndtr(above), dtype=np.float64)
        case Gamma():
            shape = 1 / (law.cv * law.cv)
            return np.asarray(special.gammaincc(shape, at * shape / law.mean_ms), dtype=np.float64)
        case Constant():
            return np.asarray(at < law.value_ms, dtype=np.float64)
        case Uniform():
            return np.clip((law.high_ms - at) / max(law.high_ms - law.low_ms, 1), 0.0, 1.0)
        case Triangular():
            left, right = max(law.mode_ms - law.low_ms, 1), max(law.high_ms - law.mode_ms, 1)
            width = law.high_ms - law.low_ms
            rising = np.clip(at - law.low_ms, 0, left) ** 2 / (width * left)
            falling = np.clip(law.high_ms - at, 0, right) ** 2 / (width * right)
            return np.where(at < law.mode_ms, 1 - rising, falling)
        case Empirical():
            values = np.array(law.values_ms, dtype=np.float64)
            return 1 - np.searchsorted(values, at, side="right") / len(values)
        case Quantiles():
            return 1 - np.interp(at, law.values_ms, law.shares)
    assert_never(law)


def beyond_ms(law: Law, waited_ms: npt.NDArray[np.int64], draws: Draws) -> npt.NDArray[np.int64]:
    """Durations of a law, given that each is longer than `waited_ms`, at the quantiles `draws` of what is left of it; shapes (n,).

    The quantile u of what lies beyond w is the law's quantile 1 - S(w) (1 - u). Where the law leaves next to nothing beyond w, so that
    the quantile is no longer above w in floating point, the duration is a millisecond more than w. Rounded up, so that no duration
    ends before it must.
    """
    remaining = survival(law, waited_ms.astype(np.float64)) * (1 - draws)
    with np.errstate(divide="ignore"):
        quantiles = np.minimum(_quantiles(law, np.minimum(1 - remaining, 1 - 2.0**-53)), _LONGEST_MS)
    return np.maximum(np.ceil(quantiles).astype(np.int64), waited_ms + 1)


def lognormal_of(*, mean_ms: float | None = None, median_ms: float | None = None, cv: float | None = None) -> Lognormal:
    """The lognormal law from two of its mean, median and cv: mean = median x sqrt(1 + cv^2).

    Raises:
        ValueError: not exactly two are given, or the mean is not above the median.
    """
    match (mean_ms, median_ms, cv):
        case (float() | int(), None, float() | int()):
            return Lognormal(mean_ms=mean_ms, cv=cv)
        case (None, float() | int(), float() | int()):
            return Lognormal(mean_ms=median_ms * math.sqrt(1 + cv * cv), cv=cv)
        case (float() | int(), float() | int(), None) if mean_ms > median_ms:
            return Lognormal(mean_ms=mean_ms, cv=math.sqrt((mean_ms / median_ms) ** 2 - 1))
        case (float() | int(), float() | int(), None):
            raise ValueError("the mean of a lognormal law lies above its median")
        case _:
            raise ValueError("a lognormal law needs exactly two of mean, median and cv")


def _quantiles(law: Law, draws: Draws) -> Draws:
    match law:
        case Constant():
            return np.full(draws.shape, float(law.value_ms))
        case Exponential():
            return -law.mean_ms * np.log1p(-draws)
        case Lognormal():
            variance = math.log1p(law.cv * law.cv)
            scale = law.mean_ms * math.exp(-variance / 2)
            return np.asarray(scale * np.exp(math.sqrt(variance) * special.ndtri(draws)), dtype=np.float64)
        case Weibull():
            return np.asarray(law.scale_ms * (-np.log1p(-draws)) ** (1 / law.shape), dtype=np.float64)
        case Gamma():
            shape = 1 / (law.cv * law.cv)
            return np.asarray(special.gammaincinv(shape, draws) * (law.mean_ms / shape), dtype=np.float64)
        case Uniform():
            return law.low_ms + (law.high_ms - law.low_ms) * draws
        case Triangular():
            return _triangular(law, draws)
        case Empirical():
            values = np.array(law.values_ms, dtype=np.float64)
            return values[np.minimum((draws * len(values)).astype(np.int64), len(values) - 1)]
        case Quantiles():
            return np.interp(draws, law.shares, law.values_ms)
    assert_never(law)


def _triangular(law: Triangular, draws: Draws) -> Draws:
    """The share of the triangle left of its mode decides on which side the quantile lies."""
    width, left, right = law.high_ms - law.low_ms, law.mode_ms - law.low_ms, law.high_ms - law.mode_ms
    rising = law.low_ms + np.sqrt(draws * width * left)
    falling = law.high_ms - np.sqrt((1 - draws) * width * right)
    return np.where(draws * width < left, rising, falling)
