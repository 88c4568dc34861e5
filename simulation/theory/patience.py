"""One pool of agents and customers who leave: M/M/n+G.

The virtual wait of an arrival has density `v(x) = lambda P(n-1) exp(lambda H(x) - n mu x)` with `H(x)` the integral of the probability that
patience exceeds u, u from 0 to x; every figure is an integral over it (Baccelli and Hebuterne 1981; Zeltyn and Mandelbaum 2005).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from scipy import integrate, optimize


class Patience(Protocol):
    """A law of patience, for the integrals here."""

    def survival(self, wait: float) -> float:
        """The share of customers whose patience exceeds `wait`."""
        ...

    def survival_integral(self, wait: float) -> float:
        """The integral of the survival from 0 to `wait`."""
        ...

    @property
    def kinks(self) -> tuple[float, ...]:
        """The waits at which the survival jumps."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ExponentialPatience:
    """Exponential with this mean; a share `balking` of the customers has no patience at all."""

    mean: float
    balking: float = 0.0
    kinks: tuple[float, ...] = ()

    def survival(self, wait: float) -> float:
        """The share of customers whose patience exceeds `wait`."""
        return (1 - self.balking) * math.exp(-wait / self.mean)

    def survival_integral(self, wait: float) -> float:
        """The integral of the survival from 0 to `wait`."""
        return (1 - self.balking) * self.mean * -math.expm1(-wait / self.mean)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstantPatience:
    """Everybody waits exactly so long."""

    limit: float

    @property
    def kinks(self) -> tuple[float, ...]:
        """The one jump."""
        return (self.limit,)

    def survival(self, wait: float) -> float:
        """One before the limit, zero from it on."""
        return float(wait < self.limit)

    def survival_integral(self, wait: float) -> float:
        """The smaller of the wait and the limit."""
        return min(wait, self.limit)


class PoolWithPatience:
    """M/M/n+G in the long run. `horizon` bounds the integrals; beyond it the density is negligible."""

    def __init__(self, *, arrival_rate: float, service_rate: float, agents: int, patience: Patience) -> None:
        self.arrival_rate = arrival_rate
        self.service_rate = service_rate
        self.agents = agents
        self.patience = patience
        self._horizon = self._end_of_density()
        below = self._weight_below_full()
        self._scale = 1 / (below + self._integral(lambda _: 1.0))

    @property
    def delayed(self) -> float:
        """The share of arrivals that find all agents busy."""
        return self._scale * self._integral(lambda _: 1.0)

    @property
    def abandoned(self) -> float:
        """The share of arrivals that leave without being answered."""
        return self._scale * self._integral(lambda wait: 1 - self.patience.survival(wait))

    @property
    def mean_wait(self) -> float:
        """The mean wait of all arrivals, answered or not."""
        return self._scale * self._integral(self.patience.survival_integral)

    @property
    def mean_wait_of_answered(self) -> float:
        """The mean wait of those who were answered (average speed of answer)."""
        return self._scale * self._integral(lambda wait: wait * self.patience.survival(wait)) / (1 - self.abandoned)

    @property
    def mean_queue(self) -> float:
        """The mean number waiting, by Little's law over all arrivals."""
        return self.arrival_rate * self.mean_wait

    @property
    def occupancy(self) -> float:
        """The share of their time that agents are busy."""
        return self.arrival_rate * (1 - self.abandoned) / (self.agents * self.service_rate)

    def answered_within(self, target: float) -> float:
        """The share of all arrivals that are answered within `target`."""
        return 1 - self.delayed + self._scale * self._integral(self.patience.survival, 0.0, target)

    def abandoned_within(self, target: float) -> float:
        """The share of all arrivals that leave within `target`."""
        early = self._scale * self._integral(lambda wait: 1 - self.patience.survival(wait), 0.0, target)
        late = self._scale * self._integral(lambda _: 1.0, target, self._horizon)
        return early + (1 - self.patience.survival(target)) * late

    def wait_quantile(self, share: float) -> float:
        """The wait that `share` of all arrivals, answered or not, do not exceed."""

        def exceeding(wait: float) -> float:
            beyond = self._scale * self._integral(lambda _: 1.0, wait, self._horizon)
            return self.patience.survival(wait) * beyond - (1 - share)

        if exceeding(0.0) <= 0:
            return 0.0
        return float(optimize.brentq(exceeding, 0.0, self._horizon, xtol=1e-12, rtol=1e-13))

    def _density(self, wait: float) -> float:
        """The density of the virtual wait beyond zero, up to a common factor: `lambda x exp(lambda H(x) - n mu x)`."""
        growth = self.arrival_rate * self.patience.survival_integral(wait) - self.agents * self.service_rate * wait
        return self.arrival_rate * math.exp(growth)

    def _weight_below_full(self) -> float:
        """The weight of all states with a free agent, where the state with one free agent has weight one."""
        weight, total = 1.0, 1.0
        load = self.arrival_rate / self.service_rate
        for busy in range(self.agents - 1, 0, -1):
            weight *= busy / load
            total += weight
        return total

    def _end_of_density(self) -> float:
        end = max((1.0 / self.service_rate, *self.patience.kinks))
        peak = max(self._density(0.0), self._density(end))
        while self._density(end) > 1e-18 * peak:
            end *= 1.5
            peak = max(peak, self._density(end))
        return end

    def _integral(self, weight: Callable[[float], float], low: float = 0.0, high: float | None = None) -> float:
        end = self._horizon if high is None else high
        # Piecewise: jumps of the survival must lie on borders, and a long tail must not hide the peak.
        borders = sorted({low, end, *(point for point in (*self.patience.kinks, *self._grid()) if low < point < end)})
        pieces = [
            integrate.quad(lambda wait: weight(wait) * self._density(wait), start, stop, epsabs=0, epsrel=1e-12, limit=200)[0]
            for start, stop in pairwise(borders)
        ]
        return math.fsum(pieces)

    def _grid(self) -> tuple[float, ...]:
        return tuple(self._horizon * 2.0**-power for power in range(1, 9))
