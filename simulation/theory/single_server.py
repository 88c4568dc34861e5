"""One server, or several with priorities: waits in closed form."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy import optimize

from simulation.theory.erlang import ErlangC


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """A class of customers: Poisson arrivals, and the first two moments of the time a service takes."""

    arrival_rate: float
    mean: float
    second_moment: float

    @property
    def load(self) -> float:
        """The share of the server's time it takes."""
        return self.arrival_rate * self.mean


def mean_wait_fifo(classes: Sequence[Class]) -> float:
    """M/G/1, first come first served: `W0 / (1 - rho)` (Pollaczek 1930, Khinchine 1932)."""
    return mean_residual_work(classes) / (1 - sum(one.load for one in classes))


def mean_residual_work(classes: Sequence[Class]) -> float:
    """What is left of the service in progress that an arrival finds: `W0 = sum lambda E[S^2] / 2`."""
    return sum(one.arrival_rate * one.second_moment for one in classes) / 2


def mean_waits_by_priority(classes: Sequence[Class]) -> list[float]:
    """M/G/1 with non-preemptive priorities, first class first: `W0 / ((1 - s(k-1)) (1 - s(k)))` (Cobham 1954)."""
    residual, waits, above = mean_residual_work(classes), [], 0.0
    for one in classes:
        upto = above + one.load
        waits.append(residual / ((1 - above) * (1 - upto)))
        above = upto
    return waits


def mean_waits_by_priority_in_a_pool(arrival_rates: Sequence[float], *, service_rate: float, agents: int) -> list[float]:
    """M/M/c with non-preemptive priorities and one service rate: `C / (c mu (1 - s(k-1)) (1 - s(k)))` (Cobham 1954)."""
    delayed = ErlangC(arrival_rate=sum(arrival_rates), service_rate=service_rate, agents=agents).delayed
    waits, above = [], 0.0
    for rate in arrival_rates:
        upto = above + rate / (agents * service_rate)
        waits.append(delayed / (agents * service_rate * (1 - above) * (1 - upto)))
        above = upto
    return waits


def mean_time_shared(work: float, *, load: float) -> float:
    """M/G/1 with processor sharing: the mean time in the system of a customer who brings `work`, `work / (1 - rho)` (Kleinrock 1967)."""
    return work / (1 - load)


@dataclass(frozen=True, slots=True, kw_only=True)
class HyperexponentialArrivals:
    """Bursty arrivals: each gap is exponential with one of several rates, drawn with these probabilities."""

    probabilities: tuple[float, ...]
    rates: tuple[float, ...]

    def transform(self, at: float) -> float:
        """The Laplace transform of a gap."""
        return math.fsum(share * rate / (rate + at) for share, rate in zip(self.probabilities, self.rates, strict=True))


def bursty_queue(arrivals: HyperexponentialArrivals, *, service_rate: float) -> tuple[float, float]:
    """GI/M/1: the root z of `z = A*(mu (1 - z))` below one, and the mean wait `z / (mu (1 - z))` (Kendall 1953)."""
    root = float(optimize.brentq(lambda z: arrivals.transform(service_rate * (1 - z)) - z, 0.0, 1 - 1e-9, xtol=1e-15, rtol=1e-14))
    return root, root / (service_rate * (1 - root))
