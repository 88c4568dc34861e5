"""The search: from the cheapest plan that could carry the work, cut by cut, to the cheapest that reaches every goal on the sample.

Cezik and L'Ecuyer (2008), "Staffing multiskill call centers via linear programming and simulation", on days that are the same for every
plan. First the cuts: the master problem's plan is simulated; for every goal it misses, an agent more of each group in turn tells how much
that would give, and the plan has to make up what is missing at those rates. Service levels are not concave where they are low, so a cut can
rule out good plans; their method takes larger steps there, as here, and can still stop short of the optimum. So, second, the cuts are
laid aside and only what is certain is kept: a plan that missed a goal rules out every plan with no more agents in any group. Plans that are
cheaper than the best are tried, those close by first, the dearest first, until nothing is left: then the best is the cheapest of all on
these days, as far as a further agent harms nobody. Or the budget of plans is used up, and the bound says how much cheaper one could be.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from simulation.staffing.cuts.groups import Group, Plan, cost_of
from simulation.staffing.cuts.master import Cut, Master
from simulation.staffing.cuts.sample import Days, Problem

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One plan that was tried, in the phase "most", "cut", "cheaper" or "raised".

    `worst` is the goal that it misses most, by its place, and `missing` by how much its share lies below what was aimed at; None and 0
    where it reaches all.
    """

    phase: str
    plan: Plan
    cost: float
    worst: int | None
    missing: float


@dataclass(slots=True, kw_only=True)
class Search:
    """What is known: plans and their shares on the sample, and cuts. `margins` are added to the goals' aims."""

    problem: Problem
    master: Master
    days: Days
    plans_max: int
    on_step: Callable[[Step], None]
    margins: Floats
    cuts: list[Cut] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    @property
    def groups(self) -> Sequence[Group]:
        """The groups."""
        return self.problem.groups

    @property
    def aims(self) -> Floats:
        """The shares aimed at with their margins, shape (goals,), never above one."""
        return np.minimum(1.0, np.array([goal.share for goal in self.problem.goals]) + self.margins)

    def missed(self) -> list[Plan]:
        """The plans that miss a goal, without those that another one rules out already."""
        plans = [plan for plan in self.days.known if self.lacking(plan).any()]
        return [plan for plan in plans if not any(other != plan and _no_more(plan, other) for other in plans)]

    def lacking(self, plan: Plan) -> Floats:
        """How much of each goal's aim a plan misses on the sample, shape (goals,), 0 where it reaches it."""
        return np.maximum(0.0, self.aims - self.days.levels([plan])[0])

    def best(self) -> Plan | None:
        """The cheapest plan known that reaches every goal and can carry the work; of those that cost the same, the first in order."""
        reach = [
            plan
            for plan in self.days.known
            if _no_more(plan, self.master.at_most) and not self.lacking(plan).any() and self.master.capacity.utilisation(plan) < 1
        ]
        return min(reach, key=lambda plan: (cost_of(self.groups, plan), plan), default=None)

    def run(self, phase: str = "cut") -> Plan | None:
        """The best plan there is, or None where none reaches the goals within the bounds.

        As many agents as there may be are tried first: what they miss, as far as a further agent harms nobody, every plan misses.
        """
        lacking = self.lacking(self.master.at_most) if self.steps else self._tried("most", self.master.at_most)
        if lacking.any():
            return self.best()
        found = self._by_cuts(phase)
        return None if found is None else self._cheaper_than(found)

    def bound(self) -> float | None:
        """No plan on these days costs less, as far as a further agent harms nobody; None where no plan is left at all."""
        least = self.master.cheapest(self.missed())
        return None if least is None else cost_of(self.groups, least)

    def _by_cuts(self, phase: str) -> Plan | None:
        while True:
            plan = self.master.cheapest(self.missed(), self.cuts, self.aims.tolist())
            if plan is None and self.cuts:
                # The cuts contradict each other or the bounds: not a fact about plans, but about cuts.
                self.cuts.clear()
                continue
            if plan is None:
                return self.best()
            lacking = self._tried(phase, plan)
            if not lacking.any() or self._is_spent():
                return self.best()
            self._add_cuts(plan, lacking)

    def _tried(self, phase: str, plan: Plan) -> Floats:
        lacking = self.lacking(plan)
        worst = int(np.argmax(lacking)) if lacking.any() else None
        step = Step(phase=phase, plan=plan, cost=cost_of(self.groups, plan), worst=worst, missing=float(lacking.max(initial=0.0)))
        self.steps.append(step)
        self.on_step(step)
        return lacking

    def _add_cuts(self, plan: Plan, lacking: Floats) -> None:
        """A cut for every goal that is missed, from one simulation for each group."""
        levels = self.days.levels([plan])[0]
        # Where hardly anybody is answered in time, one more agent shows nothing.
        step = 1 + int(levels.min() < 0.7) + int(levels.min() < 0.3)
        steps = [min(step, most - count) for count, most in zip(plan, self.master.at_most, strict=True)]
        more = [tuple(count + (steps[at] if place == at else 0) for place, count in enumerate(plan)) for at in range(len(plan))]
        found = self.days.levels(more)
        for goal in np.flatnonzero(lacking).tolist():
            slopes = tuple(max(0.0, float(found[at][goal] - levels[goal]) / steps[at]) if steps[at] else 0.0 for at in range(len(plan)))
            if any(slopes):
                self.cuts.append(Cut(goal=goal, at=plan, level=float(levels[goal]), slopes=slopes))

    def _cheaper_than(self, best: Plan) -> Plan:
        """The cheapest plan that is left after all cheaper ones were tried, or the budget was used up."""
        while not self._is_spent():
            missed = self.missed()
            plan = self.master.dearest_below(best, missed, within=1) or self.master.dearest_below(best, missed)
            if plan is None:
                break
            if not self._tried("cheaper", plan).any():
                best = self.best() or best
        return best

    def _is_spent(self) -> bool:
        return len(self.days.known) >= self.plans_max


def _no_more(plan: Plan, other: Plan) -> bool:
    """Whether a plan has more agents than another in no group."""
    return all(mine <= its for mine, its in zip(plan, other, strict=True))
