"""Laws fitted by maximum likelihood, censored where they have to be, with intervals from the observed information.

The parameters are moved to a line without bounds (logarithms of what must be positive), where the likelihood is closest to a parabola; the
covariance is the inverse of its curvature at the maximum, and intervals are taken there and moved back. All intervals of fits are stated
with 99 %: a page of fits has many of them, and a planner should not be misled by one in twenty.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

from simulation import laws
from simulation.fits.observed import Durations, Flags, Waits

CONFIDENCE: Final = 0.99
Z: Final = float(stats.norm.ppf(0.5 + CONFIDENCE / 2))
_STEP = 1e-4
"""The step of the numerical curvature, on the logarithmic scale."""

Point: TypeAlias = NDArray[np.float64]
"""Parameters on the line without bounds, shape (parameters,)."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A parameter with its 99 % interval."""

    value: float
    low: float
    high: float

    def holds(self, truth: float) -> bool:
        """Whether the interval covers a value."""
        return self.low <= truth <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A family of laws: its name in a behaviour file, its parameters there, and its likelihood.

    `log_density` and `log_survival` take durations (s, shape (n,)) and a point. `to_parameters` turns a point into the parameters, each a
    monotone function of one coordinate, and `to_law` into the record. `start` guesses a point from durations and the share of them that
    was not censored.
    """

    name: str
    parameters: tuple[str, ...]
    log_density: Callable[[Durations, Point], NDArray[np.float64]]
    log_survival: Callable[[Durations, Point], NDArray[np.float64]]
    to_parameters: Callable[[Point], tuple[float, ...]]
    to_law: Callable[[Point], laws.Law]
    start: Callable[[Durations, float], tuple[float, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A fitted family: its law, parameters with intervals (durations in s), log-likelihood and AIC (smaller is better).

    `point` and `covariance` are on the line without bounds; parameters drawn from that normal law carry the uncertainty of the fit.
    """

    family: Family
    law: laws.Law
    parameters: Mapping[str, Estimate]
    log_likelihood: float
    aic: float
    point: Point
    covariance: NDArray[np.float64]

    def drawn(self, normals: Point) -> laws.Law:
        """The law of parameters drawn from their uncertainty; `normals` are standard normal, shape (parameters,)."""
        return self.family.to_law(self.point + np.linalg.cholesky(self.covariance) @ normals)


def fitted(family: Family, durations_ms: Durations, is_exact: Flags) -> Fit | None:
    """The family at its greatest likelihood; None where there is no maximum with a curvature, as where all durations are equal.

    `is_exact` marks the durations that are known; the others are bounds from below.
    """
    seconds = durations_ms / 1_000
    exact, censored = seconds[is_exact], seconds[~is_exact]

    def cost(point: Point) -> float:
        return -float(np.sum(family.log_density(exact, point)) + np.sum(family.log_survival(censored, point)))

    start = np.array(family.start(seconds, len(exact) / len(seconds)))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        found = optimize.minimize(cost, start, method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-7, "maxiter": 4_000})
        point = np.asarray(found.x, dtype=np.float64)
        curvature = _curvature(cost, point)
    if not np.all(np.isfinite(curvature)) or np.any(np.linalg.eigvalsh(curvature) <= 0):
        return None
    covariance = np.asarray(np.linalg.inv(curvature), dtype=np.float64)
    deviations = np.sqrt(np.diag(covariance))
    middle, low, high = (family.to_parameters(point + side * Z * deviations) for side in (0, -1, 1))
    return Fit(
        family=family,
        law=family.to_law(point),
        parameters={
            name: Estimate(value, min(one, other), max(one, other))
            for name, value, one, other in zip(family.parameters, middle, low, high, strict=True)
        },
        log_likelihood=-float(found.fun),
        aic=2 * len(point) + 2 * float(found.fun),
        point=point,
        covariance=covariance,
    )


def _curvature(cost: Callable[[Point], float], point: Point) -> NDArray[np.float64]:
    """The second derivatives by central differences."""
    size = len(point)
    steps = np.eye(size) * _STEP
    found = np.empty((size, size))
    for row in range(size):
        for column in range(size):
            corners = [
                cost(point + sign_row * steps[row] + sign_column * steps[column]) * sign_row * sign_column
                for sign_row in (1, -1)
                for sign_column in (1, -1)
            ]
            found[row, column] = sum(corners) / (4 * _STEP * _STEP)  # of infinities nothing comes, and the caller sees it
    return found


# ---- the families ----


def _exponential_start(seconds: Durations, share: float) -> tuple[float, ...]:
    return (math.log(float(seconds.mean()) / share),)


def _cv_of(log_sigma: float) -> float:
    """The coefficient of variation of a lognormal law; huge ones are cut where a behaviour file cuts them."""
    return math.sqrt(math.expm1(min(math.exp(2 * min(log_sigma, 5.0)), 9.2)))


EXPONENTIAL: Final = Family(
    name="exponential",
    parameters=("mean_s",),
    log_density=lambda t, p: -p[0] - t * math.exp(-p[0]),
    log_survival=lambda t, p: -t * math.exp(-p[0]),
    to_parameters=lambda p: (math.exp(p[0]),),
    to_law=lambda p: laws.Exponential(mean_ms=max(1, round(1_000 * math.exp(p[0])))),
    start=_exponential_start,
)
"""Memoryless. Its maximum is the total wait over the number who left."""

WEIBULL: Final = Family(
    name="weibull",
    parameters=("scale_s", "shape"),
    log_density=lambda t, p: p[1] - p[0] + np.expm1(p[1]) * (np.log(t) - p[0]) - np.exp(np.exp(p[1]) * (np.log(t) - p[0])),
    log_survival=lambda t, p: -np.exp(np.exp(p[1]) * (np.log(t) - p[0])),
    to_parameters=lambda p: (math.exp(p[0]), math.exp(p[1])),
    to_law=lambda p: laws.Weibull(scale_ms=1_000 * math.exp(p[0]), shape=math.exp(p[1])),
    start=lambda seconds, share: (*_exponential_start(seconds, share), 0.0),
)

LOGNORMAL: Final = Family(
    name="lognormal",
    parameters=("median_s", "cv"),
    log_density=lambda t, p: stats.norm.logpdf(np.log(t), p[0], np.exp(p[1])) - np.log(t),
    log_survival=lambda t, p: np.asarray(special.log_ndtr((p[0] - np.log(t)) / np.exp(p[1]))),
    to_parameters=lambda p: (math.exp(p[0]), _cv_of(p[1])),
    to_law=lambda p: laws.lognormal_of(median_ms=1_000 * math.exp(p[0]), cv=_cv_of(p[1])),
    start=lambda seconds, share: (float(np.log(seconds).mean()) - math.log(share), 0.0),
)

GAMMA: Final = Family(
    name="gamma",
    parameters=("mean_s", "cv"),
    log_density=lambda t, p: stats.gamma.logpdf(t, np.exp(-2 * p[1]), scale=np.exp(p[0] + 2 * p[1])),
    log_survival=lambda t, p: stats.gamma.logsf(t, np.exp(-2 * p[1]), scale=np.exp(p[0] + 2 * p[1])),
    to_parameters=lambda p: (math.exp(p[0]), math.exp(p[1])),
    to_law=lambda p: laws.Gamma(mean_ms=max(1, round(1_000 * math.exp(p[0]))), cv=math.exp(p[1])),
    start=lambda seconds, share: (math.log(float(seconds.mean()) / share), math.log(max(0.05, float(seconds.std() / seconds.mean())))),
)

PATIENCE_FAMILIES: Final = (EXPONENTIAL, WEIBULL, LOGNORMAL)
WORK_FAMILIES: Final = (LOGNORMAL, GAMMA)


def fits_of_waits(waits: Waits) -> tuple[Fit, ...]:
    """Every family of patience fitted to censored waits, the smallest AIC first; empty where nobody left."""
    if not waits.left:
        return ()
    found = (fitted(family, waits.waits_ms, waits.has_left) for family in PATIENCE_FAMILIES)
    return tuple(sorted((fit for fit in found if fit is not None), key=lambda fit: fit.aic))


def fits_of_work(durations_ms: Durations) -> tuple[Fit, ...]:
    """Every family of work fitted to durations, the smallest AIC first."""
    exact = np.ones(len(durations_ms), dtype=np.bool_)
    found = (fitted(family, durations_ms, exact) for family in WORK_FAMILIES)
    return tuple(sorted((fit for fit in found if fit is not None), key=lambda fit: fit.aic))
