"""The master problem: the plan that comes next, an integer program of all that is known so far, solved by CP-SAT.

What is known: the bounds; that the work must fit into the agents' hours (the static planning problem); cuts, where they are trusted; and
plans that missed a goal, each of which rules out every plan that has more agents in no group. The latter supposes only that a further
agent harms nobody.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from routing.core.errors import InvariantBroken
from simulation.staffing.cuts.capacity import Capacity
from simulation.staffing.cuts.groups import Plan

_SHARE = 10_000
"""Shares of work are whole parts of this."""
_SLOPE = 1_000_000
"""Slopes of cuts are whole parts of this."""
_FULL = 0.9999
"""So busy may the agents be at most: below one, or lines grow without end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """`level + sum of slopes x (n - at) >= aim` for one goal, by its place; slopes are shares per agent, not negative."""

    goal: int
    at: Plan
    level: float
    slopes: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Master:
    """The part of the problem that never changes: what an agent of each group costs, how many there may be, and the capacity."""

    costs: tuple[float, ...]
    at_most: tuple[int, ...]
    capacity: Capacity

    def cheapest(self, missed: Sequence[Plan], cuts: Sequence[Cut] = (), aims: Sequence[float] = ()) -> Plan | None:
        """The cheapest plan that nothing known speaks against; None where there is none. `aims` are the goals' shares, for the cuts."""
        model, counts = self._model(missed)
        for cut in cuts:
            slopes = [math.ceil(slope * _SLOPE) for slope in cut.slopes]
            lacking = (aims[cut.goal] - cut.level) * _SLOPE + sum(slope * at for slope, at in zip(slopes, cut.at, strict=True))
            model.add(sum(slope * count for slope, count in zip(slopes, counts, strict=True)) >= math.floor(lacking))
        model.minimize(self._cost(counts))
        return _solved(model, counts)

    def dearest_below(self, best: Plan, missed: Sequence[Plan], *, within: int | None = None) -> Plan | None:
        """The dearest plan that is cheaper than `best` and that nothing known speaks against; with `within` no group differs by more."""
        model, counts = self._model(missed)
        model.add(self._cost(counts) <= sum(cost * count for cost, count in zip(self._whole_costs(), best, strict=True)) - 1)
        for count, now in zip(counts, best, strict=True) if within is not None else ():
            model.add(count <= now + (within or 0))
            model.add(count >= now - (within or 0))
        model.maximize(self._cost(counts))
        return _solved(model, counts)

    def _model(self, missed: Sequence[Plan]) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
        model = cp_model.CpModel()
        counts = [model.new_int_var(0, most, f"group {place}") for place, most in enumerate(self.at_most)]
        self._add_capacity(model, counts)
        for plan in missed:
            more = []
            for place, count in enumerate(plan):
                if count < self.at_most[place]:
                    is_more = model.new_bool_var("")
                    model.add(counts[place] >= count + 1).only_enforce_if(is_more)
                    more.append(is_more)
            model.add_bool_or(more)
        return model, counts

    def _add_capacity(self, model: cp_model.CpModel, counts: Sequence[cp_model.IntVar]) -> None:
        """Every kind of work is shared out among the groups that may do it, and no group gets more than its hours."""
        capacity = self.capacity
        used: list[list[tuple[int, cp_model.IntVar]]] = [[] for _ in counts]
        for work_h, row in zip(capacity.work_h, capacity.pace, strict=True):
            shares = []
            for place, pace in enumerate(row):
                if pace:
                    share = model.new_int_var(0, _SHARE, "")
                    shares.append(share)
                    # Seconds of an agent of the group, were all of it theirs.
                    used[place].append((math.floor(work_h * 3_600 / pace), share))
            model.add(sum(shares) == _SHARE)
        for place, parts in enumerate(used):
            hours = math.floor(capacity.hours[place] * 3_600 * _FULL)
            model.add(sum(seconds * share for seconds, share in parts) <= hours * _SHARE * counts[place])

    def _cost(self, counts: Sequence[cp_model.IntVar]) -> cp_model.LinearExprT:
        return cp_model.LinearExpr.weighted_sum(counts, self._whole_costs())

    def _whole_costs(self) -> list[int]:
        """Costs in hundredths of the currency, at least one: an agent is never free."""
        return [max(1, round(100 * cost)) for cost in self.costs]


def _solved(model: cp_model.CpModel, counts: Sequence[cp_model.IntVar]) -> Plan | None:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1  # with one the answer is the same every time
    solver.parameters.random_seed = 1
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    if status != cp_model.OPTIMAL:
        raise InvariantBroken(f"the master problem has no answer: {solver.status_name(status)}")
    return tuple(int(solver.value(count)) for count in counts)
