"""One pool of agents and patient customers: Erlang's formulas.

Erlang, A. K. (1917), "Solution of some problems in the theory of probabilities of significance in automatic telephone exchanges".
"""

import math
from dataclasses import dataclass


def erlang_b(agents: int, offered_load: float) -> float:
    """The share of arrivals that find all agents busy where nobody may wait: `B(0) = 1, B(k) = a B(k-1) / (k + a B(k-1))`.

    Raises:
        ValueError: the number of agents or the load (Erlangs) is negative.
    """
    if agents < 0 or offered_load < 0:
        raise ValueError(f"agents and offered load must not be negative, got {agents} and {offered_load}")
    blocked = 1.0
    for count in range(1, agents + 1):
        blocked = offered_load * blocked / (count + offered_load * blocked)
    return blocked


@dataclass(frozen=True, slots=True, kw_only=True)
class ErlangC:
    """M/M/n: Poisson arrivals, exponential service, nobody leaves. Stable only while the offered load is below the number of agents."""

    arrival_rate: float
    service_rate: float
    agents: int

    def __post_init__(self) -> None:
        if min(self.arrival_rate, self.service_rate) <= 0 or self.offered_load >= self.agents:
            text = f"needs positive rates and more agents than the offered load of {self.offered_load:g} Erlangs, got {self.agents}"
            raise ValueError(f"{text}; the queue grows without bound")

    @property
    def offered_load(self) -> float:
        """Work that arrives per unit of time, Erlangs."""
        return self.arrival_rate / self.service_rate

    @property
    def occupancy(self) -> float:
        """The share of their time that agents are busy."""
        return self.offered_load / self.agents

    @property
    def delayed(self) -> float:
        """The share of customers who wait: `C = B / (1 - rho (1 - B))`."""
        blocked = erlang_b(self.agents, self.offered_load)
        return blocked / (1 - self.occupancy * (1 - blocked))

    @property
    def mean_wait(self) -> float:
        """The mean wait of all customers: `C / (n mu - lambda)`."""
        return self.delayed / self._surplus

    @property
    def mean_queue(self) -> float:
        """The mean number waiting, by Little's law."""
        return self.arrival_rate * self.mean_wait

    def answered_within(self, target: float) -> float:
        """The share of customers who wait at most `target`: `1 - C exp(-(n mu - lambda) target)`."""
        return 1 - self.delayed * math.exp(-self._surplus * target)

    def wait_quantile(self, share: float) -> float:
        """The wait that `share` of all customers do not exceed."""
        return max(0.0, math.log(self.delayed / (1 - share)) / self._surplus)

    @property
    def _surplus(self) -> float:
        return self.agents * self.service_rate - self.arrival_rate


def agents_for_service_level(*, arrival_rate: float, service_rate: float, target: float, share: float) -> int:
    """The smallest number of agents with which at least `share` of patient customers are answered within `target` (Erlang C)."""
    agents = math.floor(arrival_rate / service_rate) + 1
    while ErlangC(arrival_rate=arrival_rate, service_rate=service_rate, agents=agents).answered_within(target) < share:
        agents += 1
    return agents


def agents_for_delay(*, arrival_rate: float, service_rate: float, delayed: float) -> int:
    """The smallest number of agents with which at most a share `delayed` of patient customers wait (Erlang C)."""
    agents = math.floor(arrival_rate / service_rate) + 1
    while ErlangC(arrival_rate=arrival_rate, service_rate=service_rate, agents=agents).delayed > delayed:
        agents += 1
    return agents
