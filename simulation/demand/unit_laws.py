"""Laws of random factors: positive, with mean 1, drawn through a normal score so that factors can be tied together.

A factor is F^-1(Phi(z)) for a standard normal z. Normal scores that are correlated give factors that are correlated, with exactly the
marginal laws that were asked for ("normal to anything", Cario and Nelson 1997). The correlation of the factors is smaller in size than
that of the scores; `score_correlation` finds the score correlation that gives a wanted one.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import special

_NODES = 120
_TERMS = 40

Floats = npt.NDArray[np.float64]


class UnitKind(StrEnum):
    """The families of factors."""

    GAMMA = "gamma"
    LOGNORMAL = "lognormal"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLaw:
    """A law with mean 1 and standard deviation `cv` (>= 0; with 0 the factor is always 1)."""

    kind: UnitKind
    cv: float

    def factors(self, scores: Floats) -> Floats:
        """The factors at standard normal scores of any shape; the shape is kept."""
        if self.cv == 0:
            return np.ones_like(scores)
        match self.kind:
            case UnitKind.GAMMA:
                shape = 1 / (self.cv * self.cv)
                # Each half from its own tail: far out, 1 - Phi(z) is all that is left of the digits.
                tail = special.ndtr(-np.abs(scores))
                return np.asarray(
                    np.where(scores > 0, special.gammainccinv(shape, tail), special.gammaincinv(shape, tail)) / shape, dtype=np.float64
                )
            case UnitKind.LOGNORMAL:
                variance = np.log1p(self.cv * self.cv)
                return np.asarray(np.exp(np.sqrt(variance) * scores - variance / 2), dtype=np.float64)


def factor_correlation(one: UnitLaw, other: UnitLaw, score_correlation: float) -> float:
    """The correlation of two factors whose normal scores have the given correlation; both laws vary (cv > 0).

    By Mehler's formula E[f(X) g(Y)] = sum over k of a_k b_k r^k, with a_k and b_k the coefficients of f and g in the normalised Hermite
    polynomials.
    """
    mine, its = _coefficients(one), _coefficients(other)
    powers = score_correlation ** np.arange(1, _TERMS)
    return float(np.sum(mine[1:] * its[1:] * powers) / np.sqrt(np.sum(mine[1:] ** 2) * np.sum(its[1:] ** 2)))


def score_correlation(one: UnitLaw, other: UnitLaw, wanted: float) -> float:
    """The correlation of the normal scores under which two factors have the correlation `wanted` (-1 to 1).

    Raises:
        ValueError: two such laws cannot be as strongly correlated; the text says how strongly they can.
    """
    if wanted == 0 or one.cv == 0 or other.cv == 0:
        return 0.0
    lowest, highest = factor_correlation(one, other, -1.0), factor_correlation(one, other, 1.0)
    if np.isclose(wanted, highest, atol=1e-9):
        return 1.0
    if not lowest < wanted < highest:
        raise ValueError(f"factors with these laws have a correlation between {lowest:.3f} and {highest:.3f}")
    from scipy import optimize  # noqa: PLC0415 - every process that simulates loads this module, and few demands ask for this

    return float(optimize.brentq(lambda trial: factor_correlation(one, other, trial) - wanted, -1.0, 1.0, xtol=1e-12))


@lru_cache(maxsize=256)
def _coefficients(law: UnitLaw) -> Floats:
    """The first coefficients of a law's quantile transform in normalised Hermite polynomials, shape (_TERMS,), by Gauss's quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    values = law.factors(nodes) * weights / np.sqrt(2 * np.pi)
    found = np.empty(_TERMS)
    earlier, present = np.zeros_like(nodes), np.ones_like(nodes)
    for degree in range(_TERMS):
        found[degree] = np.sum(values * present)
        earlier, present = present, (nodes * present - np.sqrt(degree) * earlier) / np.sqrt(degree + 1)
    return found
