"""How agents differ in the time they take, the kind of work being equal."""

import math
from collections.abc import Mapping

import numpy as np
from scipy import stats

from routing.model.ids import AgentId
from simulation.fits.likelihood import CONFIDENCE
from simulation.fits.observed import Group, Work
from simulation.fits.rules import AgentSpeed

HANDLED_MIN = 10
"""Fewer tell next to nothing."""


def agent_speeds(handling: Mapping[Group, Work]) -> tuple[AgentSpeed, ...]:
    """Each agent's factor: the geometric mean of their durations over that of all for the same channel and type, with a Student interval.

    Geometric, because durations are skewed and factors multiply. Sorted by agent; who handled fewer than ten is left out.
    """
    logs: dict[AgentId, list[float]] = {}
    for work in handling.values():
        if not len(work.durations_ms):
            continue
        apart = np.log(work.durations_ms)
        for agent, value in zip(work.agents, (apart - apart.mean()).tolist(), strict=True):
            if agent is not None:
                logs.setdefault(agent, []).append(value)
    found = []
    for agent, values in sorted(logs.items()):
        if len(values) >= HANDLED_MIN:
            mean, deviation = float(np.mean(values)), float(np.std(values, ddof=1))
            half = float(stats.t.ppf(0.5 + CONFIDENCE / 2, len(values) - 1)) * deviation / math.sqrt(len(values))
            found.append(
                AgentSpeed(agent=agent, handled=len(values), factor=math.exp(mean), low=math.exp(mean - half), high=math.exp(mean + half))
            )
    return tuple(found)
