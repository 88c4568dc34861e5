"""One pool, two types that lose patience at different speeds, more work than the agents can do: whom to serve first.

Atar, Giat and Shimkin (2010), "The c mu / theta rule for many-server queues with abandonment".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from simulation.theory.best_rule import DecisionProcess
from simulation.theory.chain import Chain


class _State(NamedTuple):
    busy: int
    waiting_0: int
    waiting_1: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OverloadedPool:
    """Both types take equally long. `holding_costs` are per waiting customer and unit of time; `cut` bounds the two queues."""

    arrival_rates: tuple[float, float]
    service_rate: float
    patience_rates: tuple[float, float]
    holding_costs: tuple[float, float]
    agents: int
    cut: tuple[int, int] = (110, 40)

    def cost(self, *, first: int) -> float:
        """The long-run cost of waiting per unit of time where type `first` (0 or 1) is always served before the other."""

        def settled(state: _State) -> _State:
            for kind in (first, 1 - first):
                while state.busy < self.agents and state[1 + kind]:
                    state = _started(state, kind)
            return state

        chain = Chain(_State(0, 0, 0), lambda state: [(rate, settled(target)) for rate, target in self._events(state)])
        return chain.mean(chain.stationary(), self._holding_cost)

    def least_cost(self, *, may_idle: bool, span: float = 1e-7) -> float:
        """The smallest such cost of any rule that never interrupts a service; with `may_idle` also of those that keep agents idle."""

        def choices(state: _State) -> list[_State]:
            idle = self.agents - state.busy
            fewest = 0 if may_idle else min(idle, state.waiting_0 + state.waiting_1)
            return [
                _State(state.busy + first + second, state.waiting_0 - first, state.waiting_1 - second)
                for first in range(min(idle, state.waiting_0) + 1)
                for second in range(min(idle - first, state.waiting_1) + 1)
                if first + second >= fewest
            ]

        return DecisionProcess(_State(0, 0, 0), moves=self._events, choices=choices, cost=self._holding_cost).least_cost(span)

    def _holding_cost(self, state: _State) -> float:
        return self.holding_costs[0] * state.waiting_0 + self.holding_costs[1] * state.waiting_1

    def _events(self, state: _State) -> Iterable[tuple[float, _State]]:
        busy, *waiting = state
        for kind in (0, 1):
            if waiting[kind] < self.cut[kind]:
                yield self.arrival_rates[kind], _plus(state, kind, 1)
            if waiting[kind]:
                yield waiting[kind] * self.patience_rates[kind], _plus(state, kind, -1)
        if busy:
            yield busy * self.service_rate, state._replace(busy=busy - 1)


def _plus(state: _State, kind: int, by: int) -> _State:
    return state._replace(waiting_0=state.waiting_0 + by) if kind == 0 else state._replace(waiting_1=state.waiting_1 + by)


def _started(state: _State, kind: int) -> _State:
    return _plus(state, kind, -1)._replace(busy=state.busy + 1)
