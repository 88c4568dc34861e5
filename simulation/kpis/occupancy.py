"""Occupancy: what share of their working time agents were occupied, by the clock.

    occupancy   busy / (busy + available)
    staffing    (busy + available) / elapsed time: the mean number of agents at work
    busy_agents busy / elapsed time: the mean number of agents with at least one interaction
    ghost_h     busy while offline, in hours a day
    external_h  with work that was not routed and no interaction, in hours a day
    working_time (busy + external + available + not ready for a reason of working time) / (busy + external + available + not ready)

Busy means holding at least one interaction (handling, hold or wrap-up), counted once however many are held; the budget they use is
`load_ratio`. Ringing counts as available, work that was not routed as neither: it keeps an agent from interactions. Ghosts, agents who
end an interaction after their shift, are busy, so they are part of all of these.
"""

from routing.model.ids import AgentId
from routing.model.time import HOUR_MS
from simulation.kpis.facts import AgentTimes
from simulation.kpis.measure import SHARE_BOUNDS, AgentMeasure, Better, Ratio


def _occupancy(_: tuple[AgentId, ...], times: AgentTimes) -> Ratio:
    busy_ms = int(times.busy_ms.sum())
    return Ratio(busy_ms, busy_ms + int(times.available_ms.sum()))


def _staffing(_: tuple[AgentId, ...], times: AgentTimes) -> Ratio:
    return Ratio(int(times.busy_ms.sum() + times.available_ms.sum()), times.elapsed_ms)


def _busy(_: tuple[AgentId, ...], times: AgentTimes) -> Ratio:
    return Ratio(int(times.busy_ms.sum()), times.elapsed_ms)


def _ghosts(_: tuple[AgentId, ...], times: AgentTimes) -> Ratio:
    return Ratio(int(times.ghost_ms.sum()), 1)


def _external(_: tuple[AgentId, ...], times: AgentTimes) -> Ratio:
    return Ratio(int(times.external_ms.sum()), 1)


def _working_time(_: tuple[AgentId, ...], times: AgentTimes) -> Ratio:
    at_work_ms = int((times.busy_ms + times.external_ms + times.available_ms).sum())
    return Ratio(at_work_ms + int(times.working_ms.sum()), at_work_ms + int(times.not_ready_ms.sum()))


OCCUPANCY = AgentMeasure(name="occupancy", unit="share", better=Better.NEITHER, tally=_occupancy, bounds=SHARE_BOUNDS)
STAFFING = AgentMeasure(name="staffing", unit="agents", better=Better.NEITHER, tally=_staffing)
BUSY_AGENTS = AgentMeasure(name="busy_agents", unit="agents", better=Better.NEITHER, tally=_busy)
GHOSTS = AgentMeasure(name="ghost_h", unit="h", better=Better.LOWER, tally=_ghosts, scale=1 / HOUR_MS)
EXTERNAL = AgentMeasure(name="external_h", unit="h", better=Better.NEITHER, tally=_external, scale=1 / HOUR_MS)
WORKING_TIME = AgentMeasure(name="working_time", unit="share", better=Better.NEITHER, tally=_working_time, bounds=SHARE_BOUNDS)
