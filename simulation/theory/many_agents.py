"""Large pools: limits, square roots, fluids and loads that change with time."""

import math
from collections.abc import Callable

from scipy import integrate, optimize, special, stats


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
    """The density of the normal law over what lies beyond; by erfcx, because far out both are zero."""
    return math.sqrt(2 / math.pi) / float(special.erfcx(at / math.sqrt(2)))


def square_root_staffing(load: float, *, delayed: float) -> tuple[float, int]:
    """The beta at which the limit of Halfin and Whitt is `delayed`, and `ceil(load + beta sqrt(load))` agents."""
    beta = float(optimize.brentq(lambda at: halfin_whitt_delayed(at) - delayed, 1e-9, 20.0, xtol=1e-13, rtol=1e-13))
    return beta, math.ceil(load + beta * math.sqrt(load))


def square_root_answered(beta: float, *, load: float, patience: float, target: float) -> float:
    """The share of customers answered within `target` by `load + beta sqrt(load)` agents, in the limit of many agents.

    Times are in mean services; `patience` is the mean of an exponential law, infinite where nobody leaves. Nobody leaves: the wait of those
    delayed is exponential with rate `beta sqrt(load)` (Halfin and Whitt 1981). With patience the virtual wait has the density of Baccelli
    and Hebuterne with its exponent to the second order, `exp(-beta sqrt(R) x - R x^2 / (2 patience))`, the half of a normal law (Garnett,
    Mandelbaum and Reiman 2002; Zeltyn and Mandelbaum 2005), and who is offered a wait x is still there with `exp(-x / patience)`. Customers
    whose patience is a small part of a service are beyond that limit.
    """
    drift = beta * math.sqrt(load)
    if math.isinf(patience):
        return 1 - halfin_whitt_delayed(beta) * math.exp(-drift * target)
    delayed = garnett_delayed(beta, service_rate=1.0, patience_rate=1 / patience)
    curve = load / patience
    waiting = _half_normal(drift, curve, math.inf)
    return 1 - delayed * (1 - _half_normal(drift + 1 / patience, curve, target) / waiting)


def _half_normal(drift: float, curve: float, end: float) -> float:
    """The integral of `exp(-drift x - curve x^2 / 2)` from 0 to `end`; in terms of erfcx, which neither overflows nor cancels."""
    width = math.sqrt(2 * curve)
    whole = float(special.erfcx(drift / width))
    beyond = 0.0 if math.isinf(end) else math.exp(-drift * end - curve * end**2 / 2) * float(special.erfcx((drift + curve * end) / width))
    return math.sqrt(math.pi) / width * (whole - beyond)


def square_root_agents(load: float, *, patience: float, target: float, share: float) -> int:
    """`ceil(load + beta sqrt(load))` with the least beta at which `square_root_answered` is `share`; at least one agent.

    The load is in Erlangs and positive, times in mean services; 0 < share < 1.
    """
    # Further below the load hardly anybody is answered in time, and the integrals are too large for a number.
    least = 1e-9 if math.isinf(patience) else -min(math.sqrt(load), 20 * math.sqrt(2 / patience))

    def missing(beta: float) -> float:
        return square_root_answered(beta, load=load, patience=patience, target=target) - share

    if missing(least) >= 0:
        return max(1, math.ceil(load + least * math.sqrt(load)))
    beta = float(optimize.brentq(missing, least, 8.0, xtol=1e-12, rtol=1e-12))
    return max(1, math.ceil(load + beta * math.sqrt(load)))


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
