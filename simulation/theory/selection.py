"""How many replications, and of which alternative: constants and allocations of ranking and selection."""

import math
from collections.abc import Sequence

from scipy import special


def days_for_half_width(*, standard_deviation: float, half_width: float, confidence: float) -> int:
    """How many independent days bring a normal interval of a mean down to this half-width: `ceil((z s / h)^2)`."""
    quantile = float(special.ndtri((1 + confidence) / 2))
    return math.ceil((quantile * standard_deviation / half_width) ** 2)


def kim_nelson_constants(*, alternatives: int, error: float, first_stage: int) -> tuple[float, float]:
    """`eta` and `h^2` of the procedure KN with c = 1: `eta = ((2 error / (k - 1))^(-2 / (n0 - 1)) - 1) / 2`, `h^2 = 2 eta (n0 - 1)`.

    Kim and Nelson (2001), "A fully sequential procedure for indifference-zone selection in simulation".
    """
    eta = 0.5 * ((2 * error / (alternatives - 1)) ** (-2 / (first_stage - 1)) - 1)
    return eta, 2 * eta * (first_stage - 1)


def allocate(*, means: Sequence[float], variances: Sequence[float], done: Sequence[int], more: int) -> list[int]:
    """How `more` replications are best spread to find the smallest mean: optimal computing budget allocation (Chen et al. 2000).

    An alternative that already has more than its share gets nothing, and what it has too much is taken from the others' shares. What is
    lost by rounding down goes to the alternative with the largest remainder.
    """
    ratios = _ratios(means, variances)
    open_ = list(range(len(means)))
    while True:
        budget = more + sum(done[index] for index in open_)
        total = sum(ratios[index] for index in open_)
        goals = {index: budget * ratios[index] / total for index in open_}
        full = [index for index in open_ if goals[index] < done[index]]
        if not full:
            break
        open_ = [index for index in open_ if index not in full]
    wanted = {index: goals[index] - done[index] for index in open_}
    given = {index: math.floor(number) for index, number in wanted.items()}
    largest = max(wanted, key=lambda index: wanted[index] - given[index])
    given[largest] += more - sum(given.values())
    return [given.get(index, 0) for index in range(len(means))]


def _ratios(means: Sequence[float], variances: Sequence[float]) -> list[float]:
    best = min(range(len(means)), key=lambda index: means[index])
    ratios = [variances[index] / (means[index] - means[best]) ** 2 if index != best else 0.0 for index in range(len(means))]
    ratios[best] = math.sqrt(
        variances[best] * math.fsum(ratios[index] ** 2 / variances[index] for index in range(len(means)) if index != best)
    )
    return ratios
