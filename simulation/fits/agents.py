"""How agents differ in the time they take, the kind of work being equal, and what a behaviour file says of it."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy import stats

from routing.model.ids import AgentId
from simulation.fits.likelihood import CONFIDENCE
from simulation.fits.observed import Durations, Group, Work
from simulation.fits.rules import AgentSpeed

HANDLED_MIN = 10
"""Fewer tell next to nothing."""
_ROUNDS_MAX = 200
_CLOSE = 1e-10


def agent_speeds(handling: Mapping[Group, Work]) -> tuple[AgentSpeed, ...]:
    """Each agent's factor on the duration of handling, beside what all agents take for the same channel and type, with a Student interval.

    Logarithms of durations are the sum of an effect of the channel and type and one of the agent, by least squares; effects of agents are
    0 on average over the interactions. Logarithms, because durations are skewed and factors multiply. Sorted by agent; who handled fewer
    than ten is left out.
    """
    logs, groups, agents, names = _columns(handling)
    if not len(logs):
        return ()
    effects, rest = _least_squares(logs, groups, agents)
    found = []
    for place, name in enumerate(names):
        own = rest[agents == place]
        if len(own) >= HANDLED_MIN:
            error = float(np.std(own, ddof=1)) / math.sqrt(len(own))
            found.append((name, len(own), float(effects[place]), error))
    spread = _spread([effect for _, _, effect, _ in found], [error for _, _, _, error in found])
    return tuple(_speed(name, count, effect, error, spread) for name, count, effect, error in found)


def at_common_pace(handling: Mapping[Group, Work], agents: tuple[AgentSpeed, ...]) -> dict[Group, Work]:
    """Durations as they would be, had all agents the same pace: each over the pace of its agent, as a scenario multiplies it in again."""
    pace = {one.agent: one.pace for one in agents}
    return {group: replace(work, durations_ms=_over(work, pace)) for group, work in handling.items()}


def _over(work: Work, pace: Mapping[AgentId, float]) -> Durations:
    factors = [1.0 if agent is None else pace.get(agent, 1.0) for agent in work.agents]
    return work.durations_ms / np.array(factors, dtype=np.float64)


def _columns(
    handling: Mapping[Group, Work],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.int64], list[AgentId]]:
    """The logarithm, the group and the agent of every duration whose agent is known, shape (n,), and the names of the agents, sorted."""
    rows = [
        (duration, place, agent)
        for place, work in enumerate(handling.values())
        for duration, agent in zip(work.durations_ms.tolist(), work.agents, strict=True)
        if agent is not None
    ]
    names = sorted({agent for _, _, agent in rows})
    number = {name: place for place, name in enumerate(names)}
    logs = np.log(np.array([duration for duration, _, _ in rows], dtype=np.float64))
    groups = np.array([place for _, place, _ in rows], dtype=np.int64)
    return logs, groups, np.array([number[agent] for _, _, agent in rows], dtype=np.int64), names


def _least_squares(
    logs: npt.NDArray[np.float64], groups: npt.NDArray[np.int64], agents: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Effects of the agents, shape (agents,), and what is left of each logarithm beside its group's, shape (n,), by alternating means."""
    in_group, by_agent = np.maximum(1, np.bincount(groups)), np.bincount(agents)
    effects, rest = np.zeros(len(by_agent)), logs
    for _ in range(_ROUNDS_MAX):
        rest = logs - (np.bincount(groups, logs - effects[agents]) / in_group)[groups]
        new = np.bincount(agents, rest) / by_agent
        new -= new[agents].mean()
        is_done = float(np.abs(new - effects).max()) < _CLOSE
        effects = new
        if is_done:
            break
    return effects, rest


def _spread(effects: list[float], errors: list[float]) -> float:
    """The variance between agents: that of the estimates, less what their errors alone would make of it.

    0 where nothing is left, or where Cochran's test of agents who are all alike does not reject that at 99 %.
    """
    if len(effects) < 2:
        return 0.0
    statistic = math.fsum((effect / error) ** 2 for effect, error in zip(effects, errors, strict=True) if error)
    if all(errors) and statistic <= float(stats.chi2.ppf(CONFIDENCE, len(effects) - 1)):
        return 0.0
    return max(0.0, float(np.mean(np.square(effects)) - np.mean(np.square(errors))))


def _speed(name: AgentId, count: int, effect: float, error: float, spread: float) -> AgentSpeed:
    half = float(stats.t.ppf(0.5 + CONFIDENCE / 2, count - 1)) * error
    kept = spread / (spread + error**2) if spread else 0.0
    return AgentSpeed(
        agent=name,
        handled=count,
        factor=math.exp(effect),
        low=math.exp(effect - half),
        high=math.exp(effect + half),
        pace=round(math.exp(kept * effect), 3),
    )
