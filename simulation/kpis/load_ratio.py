"""Load ratio: the share of the agents' weighted capacity budget in use.

    sum over agents of (budget used x time) / sum over agents of (budget x time), while busy or available

Used are offers, handling, wrap-up and work that was not routed together, because all of them keep capacity from other work. Available is
whoever's presence says so.
"""

from routing.model.ids import AgentId
from simulation.kpis.facts import AgentTimes
from simulation.kpis.measure import SHARE_BOUNDS, AgentMeasure, Better, Ratio


def _used(_: tuple[AgentId, ...], times: AgentTimes) -> Ratio:
    return Ratio(int(times.used_ms.sum()), int(times.budget_ms.sum()))


LOAD_RATIO = AgentMeasure(name="load_ratio", unit="share", better=Better.NEITHER, tally=_used, bounds=SHARE_BOUNDS)
