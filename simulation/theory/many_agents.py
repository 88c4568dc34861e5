"""Large pools: limits, square roots, fluids and loads that change with time."""

import math
from collections.abc import Callable

from scipy import integrate, optimize, stats


def halfin_whitt_delayed(beta: float) -> float:
    """The limit of the share delayed with `n = R + beta sqrt(R)` agents: `1 / (1 + beta Phi(beta) / phi(beta))` (Halfin and Whitt 1981)."""
    return float(1 / (1 + beta * stats.norm.cdf(beta) / stats.norm.pdf(beta)))


def garnett_delayed(beta: float, *, service_rate: float, patience_rate: float) -> float:
    """The same with exponential patience: `1 / (1 + sqrt(theta / mu) h(beta sqrt(mu / theta)) / h(-beta))`, h the normal hazard rate.

    Garnett, Mandelbaum and Reiman (2002).
    """
    ratio = math.sqrt(service_rate / patience_rate)
    return 1 / (1 + _hazard(beta * ratio) / ratio / _hazard(-beta))


def _hazard(at: float) -> float:
    return float(stats.norm.pdf(at) / stats.norm.sf(at))


def square_root_staffing(load: float, *, delayed: float) -> tuple[float, int]:
    """The beta at which the limit of Halfin and Whitt is `delayed`, and `ceil(load + beta sqrt(load))` agents."""
    beta = float(optimize.brentq(lambda at: halfin_whitt_delayed(at) - delayed, 1e-9, 20.0, xtol=1e-13, rtol=1e-13))
    return beta, math.ceil(load + beta * math.sqrt(load))


def fluid_abandoned(utilisation: float) -> float:
    """The share abandoned of an overloaded large pool, whatever the law of patience: `1 - 1 / rho`.

    Raises:
        ValueError: the utilisation is not above one.
    """
    if utilisation <= 1:
        raise ValueError(f"a fluid pool loses customers only above a utilisation of 1, got {utilisation:g}")
    return 1 - 1 / utilisation


def fluid_wait(utilisation: float, patience_quantile: Callable[[float], float]) -> float:
    """The wait of everybody who is served there: the quantile of patience at the share abandoned (Whitt 2006)."""
    return patience_quantile(fluid_abandoned(utilisation))


def mean_busy_unlimited(rate_at: Callable[[float], float], *, service_rate: float, at: float) -> float:
    """The mean number busy where nobody ever waits: `m(t)` = the integral over all ages u of `lambda(t - u) exp(-mu u)` (Khinchine 1955).

    With exponential service the number in the system has a Poisson law with this mean.
    """
    horizon = 40 / service_rate
    mean, _ = integrate.quad(
        lambda age: rate_at(at - age) * math.exp(-service_rate * age), 0, horizon, epsabs=1e-12, epsrel=1e-12, limit=500
    )
    return float(mean)


def all_busy(mean: float, agents: int) -> float:
    """The share of time that all agents are busy where the number in the system is Poisson: patience and service have one law."""
    return float(stats.poisson.sf(agents - 1, mean))
