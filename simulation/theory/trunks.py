"""Pools behind a limited number of lines: whoever finds every line taken is turned away, the others wait as long as it takes."""

from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteringFigures:
    """The share of all arrivals that is blocked; of those who enter the share delayed, answered within the target, and the mean wait."""

    blocked: float
    delayed: float
    mean_wait: float
    in_target: float
    utilisation: float


def separate_pools_with_shared_lines(
    *, pools: int, arrival_rate: float, service_rate: float, agents: int, lines: int, target: float
) -> EnteringFigures:
    """Equal pools M/M/`agents`, each with its own arrivals at `arrival_rate`, that share `lines`: a product form, cut where they are full.

    With one pool this is M/M/n/lines. Reversible chains keep their product form under truncation (Kelly 1979).
    """
    load = arrival_rate / service_rate
    numbers = np.arange(lines + 1)
    steps = load / np.minimum(np.maximum(numbers, 1), agents)
    steps[0] = 1.0
    logs = np.cumsum(np.log(steps))
    weights = np.exp(logs - logs.max())  # a common factor cancels
    others = np.zeros(lines + 1)
    others[0] = 1.0
    for _ in range(pools - 1):
        others = np.convolve(others, weights)[: lines + 1]
    upto = np.cumsum(others)
    total = float(np.dot(weights, upto[::-1]))  # this pool holds n, the others at most lines - n
    full = float(np.dot(weights, others[::-1]))
    entering = weights[:-1] * upto[:-1][::-1]  # at least one line is free
    entering /= entering.sum()
    ahead = numbers[:-1] - agents + 1  # services that must end before this customer's begins
    waits = np.maximum(0, ahead) / (agents * service_rate)
    prompt = np.where(ahead > 0, stats.gamma.cdf(agents * service_rate * target, np.maximum(1, ahead)), 1.0)
    blocked = full / total
    return EnteringFigures(
        blocked=blocked,
        delayed=float(entering[ahead > 0].sum()),
        mean_wait=float(np.dot(entering, waits)),
        in_target=float(np.dot(entering, prompt)),
        utilisation=load * (1 - blocked) / agents,
    )
