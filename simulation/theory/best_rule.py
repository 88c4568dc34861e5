"""The best rule of a small system: relative value iteration over a Markov decision process with finitely many states.

Puterman (1994), "Markov decision processes", section 8.5: the long-run cost per unit of time lies between the smallest and the largest
change of one sweep.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

import numpy as np
from scipy import sparse

S = TypeVar("S", bound=Hashable)


class DecisionProcess(Generic[S]):
    """Uniformised: in each state something happens at `moves(state)` (rate, next state), after which one of `choices(next)` is taken.

    `cost(state)` is per unit of time. `start` must reach every state that matters; `choices` always includes the state itself.
    """

    def __init__(
        self,
        start: S,
        *,
        moves: Callable[[S], Iterable[tuple[float, S]]],
        choices: Callable[[S], Sequence[S]],
        cost: Callable[[S], float],
    ) -> None:
        self._index: dict[S, int] = {}
        self._states: list[S] = []
        self._choices: dict[S, list[int]] = {}
        self._chosen_from = choices
        self._number(start)
        rows, columns, rates = [], [], []
        self._arrivals: dict[S, int] = {}
        row = 0
        while row < len(self._states):
            for rate, target in moves(self._states[row]):
                column = self._arrivals.setdefault(target, len(self._arrivals))
                if target not in self._choices:
                    self._choices[target] = [self._number(choice) for choice in choices(target)]
                rows.append(row)
                columns.append(column)
                rates.append(rate)
            row += 1
        size = len(self._states)
        out = np.zeros(size)
        np.add.at(out, rows, rates)
        self._speed = float(out.max())
        self._steps = sparse.csr_matrix((np.array(rates) / self._speed, (rows, columns)), shape=(size, len(self._arrivals)))
        self._stay = 1 - out / self._speed
        self._cost = np.array([cost(state) for state in self._states]) / self._speed
        self._options = self._padded()

    def _number(self, state: S) -> int:
        if state not in self._index:
            self._index[state] = len(self._states)
            self._states.append(state)
        return self._index[state]

    def _padded(self) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
        width = max(len(options) for options in self._choices.values())
        table = np.empty((len(self._arrivals), width), dtype=np.int64)
        for target, row in self._arrivals.items():
            options = self._choices[target]
            table[row] = options + [options[0]] * (width - len(options))
        return table

    def least_cost(self, span: float, *, sweeps: int = 1_000_000) -> float:
        """The smallest long-run cost per unit of time, to within `span` of it, found in at most so many sweeps.

        Raises:
            ValueError: the sweeps do not settle.
        """
        values = np.zeros(len(self._states))
        for _ in range(sweeps):
            best = values[self._options].min(axis=1)
            fresh = self._cost + self._steps @ best + self._stay * values
            change = fresh - values
            low, high = float(change.min()) * self._speed, float(change.max()) * self._speed
            if high - low < span:
                return (low + high) / 2
            values = fresh - fresh[0]
        raise ValueError("value iteration did not settle; a smaller system or a wider span is needed")
