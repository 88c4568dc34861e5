"""Scorers by what agents have done so far: counts and times that the state keeps since their registration."""

import numpy as np

from routing.model.time import SECOND_MS
from routing.policy import waiting_columns as field
from routing.policy.arrays import IntArray
from routing.policy.attribute_scorers import of_queue
from routing.policy.pipeline import Pairs, Scale
from routing.policy.statistics import ACCEPTED, STAFFED_MS, STAFFED_SINCE, TALK_MS, WORKED_MS

COUNT_MAX = (1 << 20) - 1
"""Counts and seconds beyond a million all cost the same, so that a policy can put another scorer above them."""

PER_MILLE = 1_000
PERCENT = 100


def fewest_calls(pairs: Pairs) -> IntArray:
    """Offers the agent has accepted; unit: one."""
    return np.minimum(pairs.columns.agents.statistics[ACCEPTED][pairs.agents], COUNT_MAX)


def least_talk(pairs: Pairs) -> IntArray:
    """Seconds the agent has handled interactions, without wrap-up; unit: one second."""
    return np.minimum(pairs.columns.agents.statistics[TALK_MS][pairs.agents] // SECOND_MS, COUNT_MAX)


def lowest_occupancy(pairs: Pairs) -> IntArray:
    """Share of the time on the floor that the agent has worked, wrap-up included; unit: one per mille. Idle time lowers it."""
    statistics = pairs.columns.agents.statistics
    since = statistics[STAFFED_SINCE][pairs.agents]
    staffed_ms = statistics[STAFFED_MS][pairs.agents] + np.where(since < 0, 0, pairs.now - since)
    shares = statistics[WORKED_MS][pairs.agents] * PER_MILLE // np.maximum(staffed_ms, 1)
    return np.minimum(shares, PER_MILLE)


def round_robin(pairs: Pairs) -> IntArray:
    """How far the agent's turn is: agents in the order of registration, from behind the one who was offered the queue's last interaction.

    Unit: one registration. The order wraps at 2**20, which keeps it a round for as long as fewer are registered at once.
    """
    last = pairs.columns.turns[pairs.columns.waiting.table[field.QUEUE][pairs.waiting]]
    turns: IntArray = (pairs.columns.agents.sequence[pairs.agents] - last - 1) & COUNT_MAX
    return turns


def percent_allocation(*, attribute: str) -> Scale:
    """Seconds the agent has worked for the interaction's queue, over the share (in per cent) that the attribute allots; unit: one second.

    `{queue}` in the attribute's name stands for the queue. Without the attribute the share is 100 %; one of 0 counts as 1 %.
    """

    def score(pairs: Pairs) -> IntArray:
        agents = pairs.columns.agents
        queues = pairs.columns.waiting.table[field.QUEUE][pairs.waiting]
        shares = np.clip(of_queue(pairs, attribute, missing=PERCENT), 1, PERCENT)
        worked_s = np.minimum(agents.worked_by_queue[queues, pairs.agents] // SECOND_MS, COUNT_MAX)
        adjusted: IntArray = np.minimum(worked_s * PERCENT // shares, COUNT_MAX)
        return adjusted

    return Scale(score, COUNT_MAX)
