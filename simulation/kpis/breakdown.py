"""The breakdown of one day beyond the measures: every queue by half hour, every agent, and how many still wait after how long.

Only the figures that a planner looks at as a picture: for each queue and half hour of arrival what was offered and the service level, for
each agent the occupancy, and the share of interactions whose wait lasted longer than each of `WAITS_S`. They are tallies as those of the
measures are, so days add up in the same way.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from routing.model.ids import AgentId, QueueId
from routing.model.time import SECOND_MS
from simulation.kpis.facts import ALL_ROWS, Facts, Integers, Rows, parted, rows_of_kind
from simulation.kpis.ledger import NOT_YET, Outcome
from simulation.kpis.measure import Ratio
from simulation.kpis.service_level import targets_met

WAITS_S = (
    *(0, 1, 2, 3, 5, 7, 10, 15, 20, 25, 30, 40, 50),
    *(60, 75, 90, 120, 150, 180, 240, 300, 420, 600, 900),
    *(1_200, 1_800, 2_700, 3_600, 5_400, 7_200, 10_800, 14_400, 28_800),
)
"""The waits, in seconds, of which it is said how many last longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """`service_level` by queue has one ratio a half hour, answered within the target over offered, in order.

    `occupancy`: by agent who was at work. `waits_longer`: one ratio for each of `WAITS_S`, of the interactions on live channels where the
    site has any: those whose wait lasted longer, answered or not, over all. Who left waited until then.
    """

    service_level: Mapping[QueueId, tuple[Ratio, ...]]
    occupancy: Mapping[AgentId, Ratio]
    waits_longer: tuple[Ratio, ...]


def breakdown_of(facts: Facts) -> Breakdown:
    """The breakdown of one day's facts; legs count nowhere, those to be called back and the blocked in no wait."""
    rows = rows_of_kind(facts, is_live=True) if facts.live_channels else ALL_ROWS
    return Breakdown(service_level=_by_queue(facts), occupancy=_by_agent(facts), waits_longer=_longer(facts, parted(facts, rows)[0]))


def _by_queue(facts: Facts) -> dict[QueueId, tuple[Ratio, ...]]:
    intervals = len(facts.agent_intervals)
    own, _ = parted(facts, np.flatnonzero((facts.interval < intervals) & (facts.queue != NOT_YET)))
    is_on_line, is_within = targets_met(facts, own)
    cells = facts.queue[own] * intervals + facts.interval[own]
    offered, within = (_counts(cells[flags], len(facts.queues), intervals) for flags in (is_on_line, is_within))
    pairs = [tuple(map(Ratio, *rows)) for rows in zip(within, offered, strict=True)]
    return dict(zip(facts.queues, pairs, strict=True))


def _counts(cells: Integers, queues: int, intervals: int) -> list[list[int]]:
    counted: list[list[int]] = np.bincount(cells, minlength=queues * intervals).reshape(queues, intervals).tolist()
    return counted


def _by_agent(facts: Facts) -> dict[AgentId, Ratio]:
    busy = facts.agents.busy_ms.tolist()
    working = (facts.agents.busy_ms + facts.agents.available_ms).tolist()
    return {agent_id: Ratio(busy[place], working[place]) for place, agent_id in enumerate(facts.agent_ids) if working[place]}


def _longer(facts: Facts, rows: Rows) -> tuple[Ratio, ...]:
    is_on_line = (facts.callback_since[rows] == NOT_YET) & (facts.outcome[rows] != Outcome.BLOCKED)
    waits = np.sort(facts.waited_ms[rows][is_on_line])
    at_most = np.searchsorted(waits, np.array(WAITS_S) * SECOND_MS, side="right").tolist()
    return tuple(Ratio(len(waits) - count, len(waits)) for count in at_most)
