"""The static planning problem: whether pools of agents can carry a load at all."""

from collections.abc import Sequence

import numpy as np
from scipy import optimize


def least_utilisation(*, arrival_rates: Sequence[float], pool_sizes: Sequence[float], service_rates: Sequence[Sequence[float]]) -> float:
    """The smallest highest utilisation of any pool: `min rho` with `sum_j mu_kj n_j x_kj = lambda_k` and `sum_k x_kj <= rho`.

    `service_rates[k][j]` is the rate at which an agent of pool j serves type k, 0 where they cannot. Above one the load cannot be carried,
    whatever the routing (Harrison and Lopez 1999).

    Raises:
        ValueError: a type arrives that nobody serves.
    """
    types, pools = len(arrival_rates), len(pool_sizes)
    rates = np.asarray(service_rates, dtype=np.float64)
    served = np.zeros((types, types * pools + 1))
    used = np.zeros((pools, types * pools + 1))
    for kind in range(types):
        for pool in range(pools):
            served[kind, kind * pools + pool] = rates[kind, pool] * pool_sizes[pool]
            used[pool, kind * pools + pool] = 1.0
    used[:, -1] = -1.0
    goal = np.zeros(types * pools + 1)
    goal[-1] = 1.0
    answer = optimize.linprog(goal, A_ub=used, b_ub=np.zeros(pools), A_eq=served, b_eq=np.asarray(arrival_rates, dtype=np.float64))
    if answer.fun is None:
        raise ValueError(f"no split of the work exists: {answer.message}")
    return float(answer.fun)
