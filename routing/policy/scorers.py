"""Scorers: what a pair costs, each in a unit of its own; a policy says how many milliseconds of wait a unit is worth."""

import numpy as np

from routing.core.validate import CAPACITY_MAX
from routing.model.time import SECOND_MS
from routing.policy import waiting_columns as field
from routing.policy.arrays import IntArray
from routing.policy.pipeline import Pairs
from routing.policy.statistics import FREE_CAPACITY

IDLE_SECONDS_MAX = 3_600


def skill_fit(pairs: Pairs) -> IntArray:
    """Levels the agent is below full proficiency, summed over the interaction's numeric requirements; unit: one level."""
    levels: IntArray = pairs.of_both(pairs.columns.profiles.shortfall, field.PROFILE).astype(np.int64)
    return levels


def fewest_skills(pairs: Pairs) -> IntArray:
    """Skills the agent has: using a specialist keeps generalists free; unit: one skill."""
    return pairs.columns.agents.skills[pairs.agents]


def load_ratio(pairs: Pairs) -> IntArray:
    """Share of the agent's budget in use; unit: one per mille."""
    return pairs.columns.agents.load_per_mille[pairs.agents]


def most_free_capacity(pairs: Pairs) -> IntArray:
    """Units of budget the agent has less free than the largest budget there can be; unit: one."""
    lacking: IntArray = CAPACITY_MAX - np.maximum(pairs.columns.agents.statistics[FREE_CAPACITY][pairs.agents], 0)
    return lacking


def unmet_preferences(pairs: Pairs) -> IntArray:
    """Share of the interaction's preferences, numbers and symbols alike, that the agent does not meet; unit: one per mille."""
    shares: IntArray = pairs.of_both(pairs.columns.profiles.unmet, field.PROFILE).astype(np.int64)
    return shares


def longest_idle(pairs: Pairs) -> IntArray:
    """Seconds the agent falls short of an hour of idleness; unit: one second."""
    idle_ms = pairs.now - pairs.columns.agents.idle_since[pairs.agents]
    short: IntArray = IDLE_SECONDS_MAX - np.clip(idle_ms // SECOND_MS, 0, IDLE_SECONDS_MAX)
    return short


def preferred_agent(pairs: Pairs) -> IntArray:
    """Minus the interaction's score for the agent (1-100), 0 for everybody else; unit: one point."""
    costs = np.zeros(len(pairs.waiting), dtype=np.int64)
    waiting, agents = pairs.columns.waiting, pairs.columns.agents
    if not waiting.preferred:
        return costs
    preferring = waiting.table[field.IS_PREFERRING][pairs.waiting].nonzero()[0]
    # One number names a pair: those that are preferred are found among all in one pass.
    score_of = {
        row * agents.count + agents.place_of[agent_id]: score
        for row in dict.fromkeys(pairs.waiting[preferring].tolist())
        for agent_id, score in waiting.preferred[waiting.ids[row]].items()
        if agent_id in agents.place_of
    }
    if not score_of:
        return costs
    known = np.array(sorted(score_of), dtype=np.int64)
    names = pairs.waiting[preferring] * agents.count + pairs.agents[preferring]
    is_known = known.take(known.searchsorted(names), mode="clip") == names
    costs[preferring[is_known]] = [-score_of[name] for name in names[is_known].tolist()]
    return costs
