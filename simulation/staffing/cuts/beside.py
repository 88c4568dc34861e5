"""What stands beside the found plan: every queue staffed alone by Erlang's formulas, as if no agent had two skills."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from ortools.sat.python import cp_model

from simulation.staffing.cuts.goals import Goal
from simulation.staffing.cuts.groups import Plan, cost_of
from simulation.staffing.cuts.sample import Problem
from simulation.staffing.load import Loads, QueueLoad
from simulation.staffing.queues import may_serve
from simulation.staffing.required import Aim, Method, agents_required, moment_of
from simulation.staffing.scheduled import Member, members_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """Every queue of the goals with agents of its own: the agents of each group that cover the required numbers at the least cost.

    None where the shifts of those who may serve a queue do not cover it.
    """

    plan: Plan | None
    cost: float | None


def each_alone(problem: Problem, loads: Loads, at_most: int) -> Alone:
    """Erlang A where customers leave, else Erlang C, by interval of the load (SIPP), and whole shifts that cover it, queue by queue."""
    total = [0] * len(problem.groups)
    first = replace(problem.roster, members=tuple(group.members[0] for group in problem.groups))
    there = members_of(problem.scenario, first, loads.whole.edges)
    for queue in dict.fromkeys(goal.queue for goal in problem.goals):
        goals = [goal for goal in problem.goals if goal.queue == queue]
        needed = _required(problem, loads.by_queue[queue], goals)
        plan = _covered(problem, loads.by_queue[queue], there, needed, at_most)
        if plan is None:
            return Alone(plan=None, cost=None)
        total = [mine + more for mine, more in zip(total, plan, strict=True)]
    return Alone(plan=tuple(total), cost=cost_of(problem.groups, tuple(total)))


def _required(problem: Problem, queue: QueueLoad, goals: Sequence[Goal]) -> list[int]:
    stated = goals[0].target_ms
    target = problem.scenario.site.queues[goals[0].queue].service_level.target_ms if stated is None else stated
    method = Method.ERLANG_A if queue.load.patience_rate.any() else Method.ERLANG_C
    aim = Aim(method=method, target_ms=target, share=min(0.999, goals[0].share))
    return [agents_required(moment_of(queue.load, place), aim) for place in range(len(queue.load.arrivals))]


def _covered(problem: Problem, queue: QueueLoad, there: Sequence[Member], needed: Sequence[int], at_most: int) -> Plan | None:
    """The cheapest whole shifts of those who may serve all of the queue's work that cover the numbers in every interval."""
    model = cp_model.CpModel()
    counts = []
    for group, member in zip(problem.groups, there, strict=True):
        able = all(may_serve(member.agent, part.kind) for part in queue.kinds)
        counts.append(model.new_int_var(0, at_most if able else 0, group.name))
    for place, number in enumerate(needed):
        if number:
            # Thousandths of an agent: shifts begin within intervals, and shrinkage takes shares.
            parts = [int(np.floor(1_000 * member.present[place] + 1e-6)) for member in there]
            model.add(sum(part * count for part, count in zip(parts, counts, strict=True)) >= 1_000 * number)
    model.minimize(sum(max(1, round(100 * group.cost)) * count for group, count in zip(problem.groups, counts, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    if solver.solve(model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return None
    return tuple(int(solver.value(count)) for count in counts)


def most_needed(loads: Loads, there: float) -> int:
    """More agents of one group than any plan is likely to need: twice what the work of the busiest interval keeps busy, and ten.

    `there` is the share of the agents who come.
    """
    load = loads.whole
    erlangs = float(np.max(load.arrivals * load.handle_ms / np.diff(load.edges), initial=0.0))
    return math.ceil((2 * erlangs + 10) / max(0.1, there))
