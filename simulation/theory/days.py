"""A day of one pool from an empty start: arrival rates and numbers of agents that change by the period, customers who leave or balk.

Solved by uniformisation, period after period. An agent whose period is over finishes the customer in hand and takes no other; who waits at
closing is served by the agents of the last period. Who leaves is either whoever is free or finishes first, or an agent chosen beforehand,
as on a roster: among like agents each is as likely to be with a customer as another.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy import stats

from simulation.theory.chain import Chain, Floats

_CLOSING_PIECE = 30
"""After closing, the rest of the queue is followed in steps of so many mean service times until nobody waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A stretch of the day with constant rates."""

    duration: float
    arrival_rate: float
    agents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodFigures:
    """Expected numbers and times of a period; all are sums, so that ratios over a day are ratios of sums.

    `waited`: time spent waiting, by all customers together. `lost`: left or balked. `busy`: agents' time with customers. `in_target`:
    arrivals who will be answered within the target, where nobody leaves (else nan).
    """

    arrivals: float
    waited: float
    lost: float
    busy: float
    in_target: float


class _State(NamedTuple):
    busy: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolDay:
    """The pool: exponential service and patience; a share `balking` of those who would have to wait leaves at once.

    `cut` bounds the queue. `leave_by_name`: who leaves is chosen beforehand; their last conversations are counted as busy in the period
    that begins as they leave, and stand in nobody's way.
    """

    service_rate: float
    patience_rate: float
    balking: float
    target: float
    cut: int
    leave_by_name: bool = False

    def figures(self, periods: Sequence[Period]) -> list[PeriodFigures]:
        """The figures of every period, and at the end those of the time after closing."""
        most = max(period.agents for period in periods)
        shares = {_State(0, 0): 1.0}
        found = []
        for before, period in zip([periods[0], *periods], periods, strict=False):
            shares, aside = self._changed(shares, before.agents, period.agents)
            shares, figures = self._period(shares, period, most)
            found.append(replace(figures, busy=figures.busy + aside))
        last = periods[-1]
        drained = PeriodFigures(arrivals=0.0, waited=0.0, lost=0.0, busy=0.0, in_target=0.0)
        piece = Period(duration=_CLOSING_PIECE / self.service_rate, arrival_rate=0.0, agents=last.agents)
        while sum(share for state, share in shares.items() if state.busy) > 1e-13:
            shares, figures = self._period(shares, piece, most)
            drained = PeriodFigures(
                arrivals=0.0,
                waited=drained.waited + figures.waited,
                lost=drained.lost + figures.lost,
                busy=drained.busy + figures.busy,
                in_target=0.0,
            )
        return [*found, drained]

    def _changed(self, shares: dict[_State, float], before: int, now: int) -> tuple[dict[_State, float], float]:
        """Without those who leave and the customers they have in hand; and the time these conversations still take, expected."""
        if not self.leave_by_name or now >= before:
            return shares, 0.0
        kept: dict[_State, float] = {}
        aside = 0.0
        for state, share in shares.items():
            if not share:  # more busy than there are agents
                continue
            for leaving in range(min(before - now, state.busy) + 1):
                part = share * float(stats.hypergeom.pmf(leaving, before, before - now, state.busy))
                after = _State(state.busy - leaving, state.waiting)
                kept[after] = kept.get(after, 0.0) + part
                aside += part * leaving / self.service_rate
        return kept, aside

    def _period(self, shares: dict[_State, float], period: Period, most: int) -> tuple[dict[_State, float], PeriodFigures]:
        agents, rate = period.agents, period.arrival_rate
        chain = Chain(_State(most, self.cut), lambda state: self._moves(state, rate, agents))
        start = np.zeros(len(chain.states))
        for state, share in shares.items():
            called = min(state.waiting, max(0, agents - state.busy))  # agents who come on take who waits
            start[chain.index[_State(state.busy + called, state.waiting - called)]] += share
        end, spent = chain.after(start, period.duration)
        waited = chain.mean(spent, lambda state: state.waiting)
        full = chain.mean(spent, lambda state: state.busy >= agents)
        figures = PeriodFigures(
            arrivals=rate * period.duration,
            waited=waited,
            lost=self.patience_rate * waited + rate * self.balking * full,
            busy=chain.mean(spent, lambda state: state.busy),
            in_target=rate * self._in_target(chain, spent, agents),
        )
        return dict(zip(chain.states, end.tolist(), strict=True)), figures

    def _in_target(self, chain: Chain[_State], spent: Floats, agents: int) -> float:
        """The time-integral of the probability that who arrives is answered in time: their wait is a sum of services ahead of them."""
        if self.patience_rate or self.balking:
            return float("nan")
        speed = agents * self.service_rate * self.target
        return chain.mean(
            spent,
            lambda state: 1.0 if state.busy < agents else float(stats.gamma.cdf(speed, state.waiting + 1)),
        )

    def _moves(self, state: _State, arrival_rate: float, agents: int) -> Iterable[tuple[float, _State]]:
        busy, waiting = state
        if arrival_rate:
            if busy < agents:
                yield arrival_rate, _State(busy + 1, waiting)
            elif waiting < self.cut and self.balking < 1:
                yield arrival_rate * (1 - self.balking), _State(busy, waiting + 1)
        if busy:
            is_replaced = waiting > 0 and busy <= agents
            yield busy * self.service_rate, _State(busy, waiting - 1) if is_replaced else _State(busy - 1, waiting)
        if waiting and self.patience_rate:
            yield waiting * self.patience_rate, _State(busy, waiting - 1)
