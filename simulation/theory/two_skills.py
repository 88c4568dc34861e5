"""Two types, specialists for each and generalists for both, and customers who leave: the exact figures of a rule.

The state is (generalists serving type 0, type 1, specialists 0 busy, specialists 1 busy, waiting 0, waiting 1), Markov where all laws are
exponential.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from simulation.theory.best_rule import DecisionProcess
from simulation.theory.chain import Chain


class Rule(Enum):
    """What a freed generalist does, and whether one is kept for type 0."""

    TYPE_0_FIRST = "type 0 first"
    TYPE_1_FIRST = "type 1 first"
    TYPE_0_FIRST_RESERVE_1 = "type 0 first, one generalist kept for type 0"


class _State(NamedTuple):
    general_0: int
    general_1: int
    special_0: int
    special_1: int
    waiting_0: int
    waiting_1: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoSkills:
    """Parameters by type. Rates per unit of time; `cut` bounds the two queues."""

    arrival_rates: tuple[float, float]
    patience_rates: tuple[float, float]
    specialists: tuple[int, int]
    special_rates: tuple[float, float]
    generalists: int
    general_rates: tuple[float, float]
    cut: tuple[int, int] = (60, 60)

    def figures(self, rule: Rule) -> Mapping[str, float]:
        """Share abandoned and not delayed and mean queue by type, occupancy by group, abandonments per unit of time."""
        chain = Chain(_State(0, 0, 0, 0, 0, 0), lambda state: self._moves(state, rule))
        shares = chain.stationary()
        queues = (chain.mean(shares, lambda state: state.waiting_0), chain.mean(shares, lambda state: state.waiting_1))
        left = [rate * queue for rate, queue in zip(self.patience_rates, queues, strict=True)]
        return {
            "abandoned_0": left[0] / self.arrival_rates[0],
            "abandoned_1": left[1] / self.arrival_rates[1],
            "not_delayed_0": chain.mean(shares, lambda state: self._starts(state, 0, rule)),
            "not_delayed_1": chain.mean(shares, lambda state: self._starts(state, 1, rule)),
            "mean_queue_0": queues[0],
            "mean_queue_1": queues[1],
            "occupancy_special_0": chain.mean(shares, lambda state: state.special_0) / self.specialists[0],
            "occupancy_special_1": chain.mean(shares, lambda state: state.special_1) / self.specialists[1],
            "occupancy_general": chain.mean(shares, lambda state: state.general_0 + state.general_1) / self.generalists,
            "abandoned_rate": sum(left),
        }

    def least_abandoned_rate(self, weights: tuple[float, float] = (1.0, 1.0), *, span: float = 1e-7) -> float:
        """The smallest long-run rate of abandonments, weighted by type, of any rule that never interrupts a service.

        Specialists serve their type whenever it waits; what generalists do, idling included, is free.
        """
        process = DecisionProcess(
            _State(0, 0, 0, 0, 0, 0),
            moves=self._events,
            choices=self._assignments,
            cost=lambda state: sum(weights[kind] * self.patience_rates[kind] * state[4 + kind] for kind in (0, 1)),
        )
        return process.least_cost(span)

    def _events(self, state: _State) -> Iterable[tuple[float, _State]]:
        """What happens by itself; specialists are never idle beside their own type."""
        for kind in (0, 1):
            has_specialist = state[2 + kind] < self.specialists[kind]
            if has_specialist or state[4 + kind] < self.cut[kind]:
                yield self.arrival_rates[kind], _plus(state, 2 + kind if has_specialist else 4 + kind, 1)
            if state[4 + kind]:
                yield state[4 + kind] * self.patience_rates[kind], _plus(state, 4 + kind, -1)
            if state[2 + kind]:
                yield state[2 + kind] * self.special_rates[kind], _plus(state, 4 + kind if state[4 + kind] else 2 + kind, -1)
            if state[kind]:
                yield state[kind] * self.general_rates[kind], _plus(state, kind, -1)

    def _assignments(self, state: _State) -> list[_State]:
        """Every way to give waiting customers to idle generalists, none at all among them."""
        idle = self.generalists - state.general_0 - state.general_1
        return [
            _State(state.general_0 + first, state.general_1 + second, *state[2:4], state.waiting_0 - first, state.waiting_1 - second)
            for first in range(min(idle, state.waiting_0) + 1)
            for second in range(min(idle - first, state.waiting_1) + 1)
        ]

    def _starts(self, state: _State, kind: int, rule: Rule) -> bool:
        """Whether an arrival of that type is served at once."""
        if (state.special_0, state.special_1)[kind] < self.specialists[kind]:
            return True
        idle = self.generalists - state.general_0 - state.general_1
        return idle > (1 if kind == 1 and rule is Rule.TYPE_0_FIRST_RESERVE_1 else 0)

    def _moves(self, state: _State, rule: Rule) -> Iterable[tuple[float, _State]]:
        for kind in (0, 1):
            if self._starts(state, kind, rule) or state[4 + kind] < self.cut[kind]:
                yield self.arrival_rates[kind], self._settled(_plus(state, 4 + kind, 1), rule)
            if state[4 + kind]:
                yield state[4 + kind] * self.patience_rates[kind], _plus(state, 4 + kind, -1)
            if state[2 + kind]:
                yield state[2 + kind] * self.special_rates[kind], self._settled(_plus(state, 2 + kind, -1), rule)
            if state[kind]:
                yield state[kind] * self.general_rates[kind], self._settled(_plus(state, kind, -1), rule)

    def _settled(self, state: _State, rule: Rule) -> _State:
        """The state once everybody who may be served is served."""
        order = (1, 0) if rule is Rule.TYPE_1_FIRST else (0, 1)
        for kind in (0, 1):
            while state[4 + kind] and state[2 + kind] < self.specialists[kind]:
                state = _plus(_plus(state, 4 + kind, -1), 2 + kind, 1)
        for kind in order:
            while state[4 + kind] and self._starts(state, kind, rule):
                state = _plus(_plus(state, 4 + kind, -1), kind, 1)
        return state


def _plus(state: _State, field: int, by: int) -> _State:
    values = list(state)
    values[field] += by
    return _State(*values)
