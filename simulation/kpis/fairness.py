"""Fairness: how unequally work falls on agents, as the Gini coefficient of their occupancies.

    G = sum over i, j of |x_i - x_j| / (2 n^2 mean(x)),  x_i = busy_i / (busy_i + available_i)

0 means all are equally occupied. Agents who never worked are left out; days are added agent by agent first, so that one quiet
day of one agent does not count as unfair. Computed with x sorted: G = 2 sum(k x_k) / (n sum(x)) - (n + 1) / n, k from 1 (C. Gini 1912).
"""

from routing.model.ids import AgentId
from simulation.kpis.facts import AgentTimes
from simulation.kpis.measure import SHARE_BOUNDS, AgentMeasure, Better, Spread


def _occupancies(agent_ids: tuple[AgentId, ...], times: AgentTimes) -> Spread:
    busy_ms, worked_ms = times.busy_ms.tolist(), (times.busy_ms + times.available_ms).tolist()
    return Spread({agent: (busy, worked) for agent, busy, worked in zip(agent_ids, busy_ms, worked_ms, strict=True) if worked})


FAIRNESS_GINI = AgentMeasure(name="fairness_gini", unit="gini", better=Better.LOWER, tally=_occupancies, bounds=SHARE_BOUNDS)
