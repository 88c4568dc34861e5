"""Finite Markov chains in continuous time, written as a rule from a state to where it may go."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import linalg

Floats = npt.NDArray[np.float64]
S = TypeVar("S", bound=Hashable)

_TAIL = 1e-14
"""The mass of the Poisson law that uniformisation may leave out."""


class Chain(Generic[S]):
    """All states reachable from `start`. `moves(state)` yields pairs of rate (> 0) and next state; it must reach finitely many.

    `rates` is the generator, shape (states, states), each row adding up to zero.
    """

    def __init__(self, start: S, moves: Callable[[S], Iterable[tuple[float, S]]]) -> None:
        self.states: list[S] = [start]
        self.index: dict[S, int] = {start: 0}
        rows: list[int] = []
        columns: list[int] = []
        values: list[float] = []
        row = 0
        while row < len(self.states):
            for rate, target in moves(self.states[row]):
                column = self.index.setdefault(target, len(self.states))
                if column == len(self.states):
                    self.states.append(target)
                rows += (row, row)
                columns += (column, row)
                values += (rate, -rate)
            row += 1
        size = len(self.states)
        self.rates = sparse.csr_matrix((values, (rows, columns)), shape=(size, size))

    def stationary(self) -> Floats:
        """The long-run share of time in each state, shape (states,): the solution of `pi Q = 0` that adds up to one.

        The chain must come back to its first state from everywhere.
        """
        balance = self.rates.T.tolil()
        balance[-1, :] = 1.0  # one balance equation follows from the others; in its place the shares add up to one
        total = np.zeros(len(self.states))
        total[-1] = 1.0
        shares: Floats = linalg.spsolve(balance.tocsc(), total)
        return shares

    def mean(self, shares: Floats, value: Callable[[S], float]) -> float:
        """The mean of `value` over the states in these shares."""
        return float(np.dot(shares, self.values(value)))

    def values(self, value: Callable[[S], float]) -> Floats:
        """What `value` says of each state, shape (states,)."""
        return np.array([value(state) for state in self.states])

    def after(self, shares: Floats, duration: float) -> tuple[Floats, Floats]:
        """The shares of states after `duration`, and the mean time spent in each until then, both of shape (states,).

        By uniformisation (Jensen 1953): a Poisson number of steps of a chain in discrete time.
        """
        speed = float(-self.rates.diagonal().min())
        if speed == 0 or duration == 0:
            return shares, shares * duration
        step = sparse.identity(len(self.states), format="csr") + self.rates / speed
        weights, beyond = _poisson(speed * duration)
        present, end, spent = shares, np.zeros_like(shares), np.zeros_like(shares)
        for weight, more in zip(weights, beyond, strict=True):
            end += weight * present
            spent += more / speed * present
            present = np.asarray(present @ step)
        return end, spent


def _poisson(mean: float) -> tuple[Sequence[float], Sequence[float]]:
    """The probabilities of k = 0, 1, ... and of more than k, as far as they matter."""
    last = int(mean + 12 * np.sqrt(mean) + 40)
    logs = np.arange(last + 1) * np.log(mean) - mean - np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, last + 1)))])
    weights = np.exp(logs)
    beyond = np.concatenate([np.cumsum(weights[::-1])[::-1][1:], [0.0]])
    if abs(weights.sum() - 1) > 1e3 * _TAIL * max(1.0, mean):
        raise ValueError(f"the Poisson law with mean {mean:g} was cut too early")
    return weights.tolist(), beyond.tolist()
