"""Choosing the best of many: which arms go on (KN), or how a budget is spread (OCBA), from what is known of them so far.

Both take the value of an arm as every other estimate does, a ratio of sums (or a pooled percentile) of all its days, and the variance of a
difference from the pseudo-values of the same customers' days.

KN (Kim and Nelson 2001, with c = 1): with probability of at least 1 - `error` the best arm is chosen if it is better than all others by
the `indifference` or more, for independent days with normal differences; the pairing may correlate arms as it will. Looking at batches and
not after each replication can only make it more careful.
OCBA (Chen, Lin, Yucesan and Chick 2000): no guarantee, but the chance of a right choice grows fast with the budget.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy import special

from simulation.statistics.estimates import Replicated, Values, deviation_of
from simulation.theory.selection import allocate, kim_nelson_constants


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """The constants of one KN selection: `first` replications of every arm, and the variances of the differences seen in them."""

    indifference: float
    h2: float
    variances: Mapping[tuple[str, str], float]

    def replications_max(self, arms: Sequence[str]) -> int:
        """After so many replications the best of these arms is chosen without further ado."""
        pairs = [self.variances[one, other] for one in arms for other in arms if one != other]
        return 1 + max((math.floor(self.h2 * variance / self.indifference**2) for variance in pairs), default=0)

    def survivors(self, values: Mapping[str, float], replications: int) -> list[str]:
        """The arms that none of the others has left behind; `values` are those of the arms in the run, the higher the better."""
        return [
            arm
            for arm, value in values.items()
            if all(value >= its - self._slack(arm, other, replications) for other, its in values.items() if other != arm)
        ]

    def _slack(self, arm: str, other: str, replications: int) -> float:
        bound = self.h2 * self.variances[arm, other] / self.indifference**2 - replications
        return max(0.0, self.indifference / (2 * replications) * bound)


def screening(first: Mapping[str, Replicated], *, indifference: float, error: float) -> Screening:
    """The constants from the first stage, which every arm has run with the same customers; every value is defined."""
    days = {arm: replicated.pseudo_values or () for arm, replicated in first.items()}
    count = len(next(iter(days.values())))
    _, h2 = kim_nelson_constants(alternatives=len(first), error=error, first_stage=count)
    variances = {(one, other): _paired(days[one], days[other]) ** 2 for one in days for other in days if one != other}
    return Screening(indifference=indifference, h2=h2, variances=variances)


def spread(found: Mapping[str, Replicated], done: Mapping[str, int], *, more: int) -> dict[str, int]:
    """How many of `more` replications each arm gets next by OCBA; values are the higher the better.

    Arms that are as good as the best in every figure would ask for endless numbers: they count as a hundredth of a deviation behind.
    """
    arms = list(found)
    values = [-(found[arm].value or 0.0) for arm in arms]
    variances = [deviation_of(found[arm].pseudo_values or (0.0, 0.0)) ** 2 for arm in arms]
    floor = max(max(variances) * 1e-12, 1e-300)
    variances = [max(variance, floor) for variance in variances]
    best = min(range(len(arms)), key=lambda place: values[place])
    apart = [value if place == best else max(value, values[best] + math.sqrt(variances[place]) / 100) for place, value in enumerate(values)]
    return dict(zip(arms, allocate(means=apart, variances=variances, done=[done[arm] for arm in arms], more=more), strict=True))


def chance_of_right_choice(found: Mapping[str, Replicated], best: str) -> float:
    """A lower bound on the probability that `best` is the best, by the days every pair has in common (Bonferroni, normal differences)."""
    its = found[best]
    missed = 0.0
    for arm, other in found.items():
        if arm == best or its.value is None or other.value is None:
            continue
        mine, theirs = its.pseudo_values or (), other.pseudo_values or ()
        common = min(len(mine), len(theirs))
        error = _paired(mine[:common], theirs[:common]) / math.sqrt(common)
        gap = its.value - other.value
        missed += 0.5 if gap == 0 == error else float(special.ndtr(-gap / error)) if error else 0.0
    return max(0.0, 1.0 - missed)


def _paired(one: Values, other: Values) -> float:
    return deviation_of(tuple(mine - its for mine, its in zip(one, other, strict=True)))
