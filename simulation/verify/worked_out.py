"""Figures of customers whose outcomes were worked out without the world: each by its definition, from the outcomes alone.

Nothing here is shared with the measures that a run of the world is folded into, so that the two check each other.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from simulation.kpis.measure import Ratio, Sample, Tally
from simulation.verify.drawn import Ints
from simulation.verify.model import Model
from simulation.verify.occupancies import OCCUPANCIES, Handled, occupancy_served_out

Bools: TypeAlias = npt.NDArray[np.bool_]

_NUMBERED = re.compile(r"(.+_(?:hour|at|period))_(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """What became of every customer of one replication, in order of arrival; arrays of shape (customers,), milliseconds.

    `work_ms` is the time with the agent, for those who got one. `line` is the place of the queue in the model's `lines`, and `agent` the
    place of the agent in the roster: -1 for nobody, and where like agents are not told apart.
    """

    arrived_at: Ints
    wait_ms: Ints
    work_ms: Ints
    is_answered: Bools
    is_turned_away: Bools
    line: Ints
    agent: Ints

    def of(self, rows: Bools | Ints) -> "Outcomes":
        """Some of the customers, or all in another order."""
        return Outcomes(
            arrived_at=self.arrived_at[rows],
            wait_ms=self.wait_ms[rows],
            work_ms=self.work_ms[rows],
            is_answered=self.is_answered[rows],
            is_turned_away=self.is_turned_away[rows],
            line=self.line[rows],
            agent=self.agent[rows],
        )

    @property
    def left(self) -> Bools:
        """Who went without an agent, having been let in."""
        return ~self.is_answered & ~self.is_turned_away

    @property
    def left_line_at(self) -> Ints:
        """When everybody stopped waiting."""
        return self.arrived_at + self.wait_ms

    @property
    def gone_at(self) -> Ints:
        """When everybody was out of the system."""
        return self.left_line_at + np.where(self.is_answered, self.work_ms, 0)


Formula: TypeAlias = Callable[[Outcomes, Model], Tally]


def tallies_of(outcomes: Outcomes, model: Model, names: Sequence[str]) -> dict[str, Tally]:
    """One tally a figure. Customers of the warm-up are counted in those of an hour or an instant only."""
    counted = outcomes.arrived_at >= model.warm_up_ms
    found: dict[str, Tally] = {}
    for name in names:
        what, _, of = name.partition(":")
        numbered = _NUMBERED.fullmatch(what)
        if what == "occupancy":
            found[name] = _occupancy(outcomes, model, of)
            continue
        if what == "occupancy_served_out":
            busy = outcomes.of(outcomes.is_answered)
            found[name] = occupancy_served_out(Handled(busy.agent, busy.left_line_at, busy.gone_at), outcomes.gone_at, model, of)
            continue
        rows = (outcomes.line == model.lines.index(of)) & ~outcomes.is_turned_away if of else np.ones_like(counted)
        if numbered is not None:
            found[name] = _NUMBERED_FORMULAS[numbered[1]](outcomes.of(rows), model, int(numbered[2]))
        else:
            found[name] = _FORMULAS[what](outcomes.of(rows & counted), model)
    return found


def is_worked_out(name: str) -> bool:
    """Whether there is a formula here for a figure of that name."""
    what = name.partition(":")[0]
    numbered = _NUMBERED.fullmatch(what)
    return what in _FORMULAS or what in OCCUPANCIES or (numbered is not None and numbered[1] in _NUMBERED_FORMULAS)


def _n(flags: Bools) -> int:
    return int(np.count_nonzero(flags))


def _waited(some: Outcomes) -> int:
    return int(some.wait_ms.sum())


def _worked(some: Outcomes) -> int:
    return int(some.work_ms[some.is_answered].sum())


def _good(some: Outcomes, model: Model) -> Bools:
    return some.is_answered & (some.wait_ms <= model.target_ms)


def _delayed(some: Outcomes, _: Model) -> Ratio:
    return Ratio(_n(~some.is_turned_away & ((some.wait_ms > 0) | some.left)), _n(~some.is_turned_away))


def _not_delayed(some: Outcomes, model: Model) -> Ratio:
    delayed = _delayed(some, model)
    return Ratio(delayed.denominator - delayed.numerator, delayed.denominator)


def _good_of_answered_and_late(some: Outcomes, model: Model) -> Ratio:
    late = some.left & (some.wait_ms > model.target_ms)
    return Ratio(_n(_good(some, model)), _n(some.is_answered) + _n(late))


def _wait_of_begun(some: Outcomes, model: Model) -> Ratio:
    begun = some.of(some.is_answered & (some.left_line_at < model.horizon_ms))
    return Ratio(_waited(begun), len(begun.wait_ms))


def _work_ended(some: Outcomes, model: Model) -> Ratio:
    ended = some.of(some.is_answered & (some.gone_at < model.horizon_ms))
    return Ratio(_worked(ended), sum(group.most for group in model.groups) * model.horizon_ms)


def _cost(some: Outcomes, model: Model) -> Ratio:
    waits = np.bincount(some.line, weights=some.wait_ms, minlength=len(model.lines))
    total = sum(model.costs.get(line, 0) * int(waits[place]) for place, line in enumerate(model.lines))
    return Ratio(total, 1_000 * model.counted_ms)


def _left_cost(some: Outcomes, model: Model) -> Ratio:
    left = np.bincount(some.line[some.left], minlength=len(model.lines))
    total = sum(model.leaving_costs[line] * int(left[place]) for place, line in enumerate(model.lines))
    return Ratio(total * model.unit_ms, model.counted_ms)


def _by_primary(some: Outcomes, model: Model) -> Ratio:
    best = np.array([model.lines.index(line) for line in model.best_lines()], dtype=np.int64)
    answered = some.of(some.is_answered)
    return Ratio(_n(best[answered.agent] == answered.line), len(answered.line))


_FORMULAS: dict[str, Formula] = {
    "blocked": lambda some, _: Ratio(_n(some.is_turned_away), len(some.line)),
    "lost": lambda some, _: Ratio(_n(~some.is_answered), len(some.line)),
    "delayed": _delayed,
    "not_delayed": _not_delayed,
    "abandoned": lambda some, _: Ratio(_n(some.left), len(some.line)),
    "in_target": lambda some, model: Ratio(_n(_good(some, model)), len(some.line)),
    "in_target_of_answered": lambda some, model: Ratio(_n(_good(some, model)), _n(some.is_answered)),
    "in_target_of_answered_and_late": _good_of_answered_and_late,
    "answered_or_left_in_target": lambda some, model: Ratio(
        _n(_good(some, model)) + _n(some.left & (some.wait_ms <= model.target_ms)), len(some.line)
    ),
    "wait": lambda some, _: Ratio(_waited(some), len(some.line)),
    "wait_of_answered": lambda some, _: Ratio(_waited(some.of(some.is_answered)), _n(some.is_answered)),
    "wait_p90": lambda some, _: Sample(np.sort(some.wait_ms), 900),
    "queue": lambda some, model: Ratio(_waited(some), model.counted_ms),
    "number": lambda some, model: Ratio(_waited(some) + _worked(some), model.counted_ms),
    "in_hand": lambda some, model: Ratio(_worked(some), model.counted_ms),
    "wait_of_begun": _wait_of_begun,
    "work_ended": _work_ended,
    "by_primary": _by_primary,
    "rate": lambda some, model: Ratio(len(some.line) * model.unit_ms, model.counted_ms),
    "cost": _cost,
    "left_rate": lambda some, model: Ratio(_n(some.left) * model.unit_ms, model.counted_ms),
    "weighted_left_rate": _left_cost,
    "good_a_day": lambda some, model: Ratio(_n(_good(some, model)), 1),
    "left_a_day": lambda some, _: Ratio(_n(some.left), 1),
    "served_a_day": lambda some, _: Ratio(_n(some.is_answered), 1),
    "offered_a_day": lambda some, _: Ratio(len(some.line), 1),
    "wait_total": lambda some, model: Ratio(_waited(some), sum(model.expected_by_period)),
    "good_total": lambda some, model: Ratio(_n(_good(some, model)), sum(model.expected_by_period)),
    "in_time_total": lambda some, model: Ratio(
        _n(_good(some, model)) + _n(some.left & (some.wait_ms <= model.target_ms)), sum(model.expected_by_period)
    ),
    "lost_total": lambda some, model: Ratio(_n(some.left), sum(model.expected_by_period)),
}


# ---- of a period of the day, or of an instant of a cycle ----


def _period(model: Model, number: int) -> tuple[int, int]:
    length_ms = model.horizon_ms // len(model.expected_by_period)
    return (number - 1) * length_ms, number * length_ms


def _wait_in_hour(some: Outcomes, model: Model, hour: int) -> Ratio:
    start, end = _period(model, hour)
    within = np.minimum(some.left_line_at, end) - np.maximum(some.arrived_at, start)
    return Ratio(int(np.maximum(within, 0).sum()), model.expected_by_period[hour - 1])


def _lost_in_hour(some: Outcomes, model: Model, hour: int) -> Ratio:
    start, end = _period(model, hour)
    at = some.left_line_at
    return Ratio(_n(some.left & (at >= start) & (at < end)), model.expected_by_period[hour - 1])


def _good_in_period(some: Outcomes, model: Model, number: int) -> Ratio:
    start, end = _period(model, number)
    return Ratio(_n(_good(some, model) & (some.arrived_at >= start) & (some.arrived_at < end)), 1)


def _in_system_at(some: Outcomes, model: Model, at: int) -> Ratio:
    inside = _inside(some, model, at)
    return Ratio(int(inside.sum()), len(inside))


def _all_busy_at(some: Outcomes, model: Model, at: int) -> Ratio:
    inside = _inside(some, model, at)
    return Ratio(_n(inside >= model.staff_at[at]), len(inside))


def _inside(some: Outcomes, model: Model, at: int) -> Ints:
    """How many are in the system at an instant of every cycle that is counted."""
    instants = np.arange(model.warm_up_ms, model.horizon_ms - model.cycle_ms, model.cycle_ms) + at * model.unit_ms
    come, gone = (np.searchsorted(np.sort(times), instants, side="right") for times in (some.arrived_at, some.gone_at))
    inside: Ints = (come - gone).astype(np.int64)
    return inside


_NUMBERED_FORMULAS: dict[str, Callable[[Outcomes, Model, int], Tally]] = {
    "wait_in_hour": _wait_in_hour,
    "lost_in_hour": _lost_in_hour,
    "good_in_period": _good_in_period,
    "in_system_at": _in_system_at,
    "all_busy_at": _all_busy_at,
}


# ---- of agents ----


def _occupancy(outcomes: Outcomes, model: Model, of: str) -> Ratio:
    """The time with customers over that and the time on duty without, between the end of the warm-up and the horizon.

    Who is still with a customer when the shift is over is busy and not on duty; like agents who are not told apart never go.
    """
    places, duty_ms, after_ms = 0, 0, 0
    busy = outcomes.of(outcomes.is_answered)
    begins, ends = np.maximum(busy.left_line_at, model.warm_up_ms), np.minimum(busy.gone_at, model.horizon_ms)
    wanted = np.zeros(len(begins), dtype=np.bool_)
    for group in model.groups:
        mine = (busy.agent >= places) & (busy.agent < places + group.most) if len(model.groups) > 1 else np.ones_like(wanted)
        number = busy.agent - places
        places += group.most
        if of not in {"", group.name}:
            continue
        wanted |= mine
        after_ms += int(np.maximum(ends - begins, 0)[mine].sum())
        edges = [*(group.period_ms * period for period in range(len(group.staff))), model.horizon_ms]
        for count, start, end in zip(group.staff, edges, edges[1:], strict=False):
            duty_ms += count * max(0, min(end, model.horizon_ms) - max(start, model.warm_up_ms))
            on_duty = mine & (number < count)
            after_ms -= int(np.maximum(np.minimum(ends, end) - np.maximum(begins, start), 0)[on_duty].sum())
    busy_ms = int(np.maximum(ends - begins, 0)[wanted].sum())
    return Ratio(busy_ms, duty_ms + after_ms)
