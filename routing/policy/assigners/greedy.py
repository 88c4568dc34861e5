"""Greedy: repeatedly take the best pair left, strike its interaction and its agent.

Going through pairs, not through interactions, lets a freed agent's own preference count as much as an interaction's.
"""

import numpy as np

from routing.policy.assigners.problem import Matching, Problem


def greedy(problem: Problem, *, is_work_conserving: bool) -> Matching:
    """The matching of best pairs first. Pairs that may be held are struck before, so both kinds of policy come out the same way."""
    del is_work_conserving
    order = problem.order()
    interactions = problem.interactions[order].tolist()
    agents = problem.agents[order].tolist()
    taken_interactions: set[int] = set()
    taken_agents: set[int] = set()
    chosen = []
    for index, interaction, agent in zip(order.tolist(), interactions, agents, strict=True):
        if interaction not in taken_interactions and agent not in taken_agents:
            taken_interactions.add(interaction)
            taken_agents.add(agent)
            chosen.append(index)
    return Matching(pairs=np.array(chosen, dtype=np.int64), made_by="greedy")
