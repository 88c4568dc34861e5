"""Joint assignment by minimum-cost flow (OR-Tools), class by class, where waiting is an arc with a price.

Each interaction supplies one unit, which flows over a pair arc to an agent and on to the sink, or over its waiting arc straight to the
sink. The waiting arc costs the interaction's urgency, a pair arc the pair's cost, so that the cheapest flow is the matching of greatest
total net value. A work-conserving policy adds to every waiting arc a constant above all pair costs together: then as many as possible are
served first.
"""

from dataclasses import replace

import numpy as np
from ortools.graph.python import min_cost_flow as flow

from routing.policy.assigners.greedy import greedy
from routing.policy.assigners.problem import IntArray, Matching, Problem

ARCS_MAX = 2_000_000
"""The solver's budget, known before solving so that it is the same everywhere; a larger problem is decided greedily and says so."""

_COST_MAX = 10**13


def min_cost_flow(problem: Problem, *, is_work_conserving: bool) -> Matching:
    """The matching of greatest total net value in each class, highest class first."""
    if len(problem) > ARCS_MAX:
        return replace(greedy(problem, is_work_conserving=is_work_conserving), made_by=f"greedy (over {ARCS_MAX} arcs)")
    chosen: list[IntArray] = []
    free = np.ones(int(problem.agents.max()) + 1, dtype=np.bool_)
    for class_rank in np.unique(problem.class_rank)[::-1]:
        indices = np.flatnonzero((problem.class_rank == class_rank) & free[problem.agents])
        if not len(indices):
            continue
        part = problem.part(indices)
        solved = _solve(part, is_work_conserving=is_work_conserving)
        if solved is None:
            return replace(greedy(problem, is_work_conserving=is_work_conserving), made_by="greedy (solver refused)")
        matched = indices[solved]
        free[problem.agents[matched]] = False
        chosen.append(matched)
    return Matching(pairs=np.concatenate(chosen), made_by="min_cost_flow")


def _solve(problem: Problem, *, is_work_conserving: bool) -> IntArray | None:
    """Indices of the matched pairs of one class, or `None` when the solver does not reach an optimum."""
    # Sorted by what names an interaction and an agent, so that the order of rows cannot choose between equal optima.
    order = np.lexsort((problem.registered, problem.enqueued))
    _, first, tails = np.unique(problem.enqueued[order], return_index=True, return_inverse=True)
    agent_names, heads = np.unique(problem.registered[order], return_inverse=True)
    waiting, agents = len(first), len(agent_names)
    urgency, costs = problem.urgency[order], problem.cost[order]
    surcharge = _surcharge(costs, urgency, min(waiting, agents)) if is_work_conserving else 0
    wait_costs = urgency[first] + surcharge
    if max(abs(int(costs.min())), int(costs.max()), int(wait_costs.max())) > _COST_MAX:
        return None
    sink = waiting + agents
    solver = flow.SimpleMinCostFlow()
    ones = np.ones(len(order), dtype=np.int64)
    arcs = solver.add_arcs_with_capacity_and_unit_cost(tails, waiting + heads, ones, costs)
    solver.add_arcs_with_capacity_and_unit_cost(np.arange(waiting), np.full(waiting, sink), ones[:waiting], wait_costs)
    agent_nodes = np.arange(waiting, sink)
    solver.add_arcs_with_capacity_and_unit_cost(
        agent_nodes, np.full(agents, sink), np.ones(agents, dtype=np.int64), np.zeros(agents, np.int64)
    )
    solver.set_nodes_supplies(np.arange(waiting), ones[:waiting])
    solver.set_node_supply(sink, -waiting)
    if solver.solve() != solver.OPTIMAL:
        return None
    flows = solver.flows(arcs)
    matched: IntArray = order[flows == 1]
    return matched


def _surcharge(costs: IntArray, urgency: IntArray, served_max: int) -> int:
    """A price of leaving somebody waiting that outweighs any re-pairing of all the others."""
    spread = max(0, int(costs.max())) - min(0, int(costs.min())) + max(0, int(urgency.max())) - min(0, int(urgency.min()))
    return (spread + 1) * (served_max + 1)
