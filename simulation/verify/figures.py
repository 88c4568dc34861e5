"""The figures of a case as tallies of one replication, measured by the project's own measures wherever there is one.

A figure is named, with a colon before the line or the group it is about where there are several: `wait:sales`, `occupancy:specialists`;
some end in the hour or the instant they are about: `wait_in_hour_3`, `in_system_at_2`. Customers are counted by their arrival after the
warm-up, agents by the clock from then to the horizon.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulation.demand import Births
from simulation.kpis import abandonment, handle_time, service_level, waits
from simulation.kpis.facts import INTERVAL_MS, Facts, Integers, facts_of
from simulation.kpis.ledger import Ledger, Outcome
from simulation.kpis.measure import Measure, Ratio, Tally
from simulation.verify.identities import Books
from simulation.verify.model import Model
from simulation.verify.occupancies import OCCUPANCIES, Handled, occupancy, occupancy_served_out

_NUMBERED = re.compile(r"(.+_(?:hour|at|period))_(\d+)")


class Seen(NamedTuple):
    """A run that is over: its facts, and the instants of every customer, shape (interactions,), in the order of arrival.

    `agent`: who answered, as a place in the roster, and -1 for nobody; empty where customers come again and have no place in that order.
    `followed`: the rows of attempts after which the customer tried again.
    `broken`: the identities that did not hold, each as a sentence.
    """

    model: Model
    facts: Facts
    queued_at: Integers
    ended_at: Integers
    agent: Integers
    followed: Integers
    broken: tuple[str, ...] = ()


Tallier: TypeAlias = Callable[[Seen, Integers], Tally]
"""The tally of a figure over some rows of the facts."""


class Figure(NamedTuple):
    """How a figure is tallied, and whether it is a time, to be counted in the case's unit."""

    tally: Tallier
    is_time: bool = False


class Numbered(NamedTuple):
    """How a figure of a numbered period or instant is tallied, and whether it is a time."""

    tally: Callable[[Seen, Integers, int], Tally]
    is_time: bool = False


def seen_by(ledger: Ledger, books: Books, model: Model, births: Births) -> Seen:
    """What a ledger, and the books beside it, have seen of a model."""
    facts = facts_of(ledger, starts_at=0, ends_at=model.horizon_ms)
    queued_at, ended_at = (np.array(column, dtype=np.int64) for column in (ledger.queued_at, ledger.ended_at))
    place_of = {name: place for place, name in enumerate(name for group in model.groups for name in group.names())}
    agent = [place_of[name] if (name := books.answered_by.get(birth.interaction.id)) else -1 for birth in births.births]
    agents = np.array(agent if len(agent) == len(queued_at) else [], dtype=np.int64)
    followed = np.array(sorted(ledger.customers.followed), dtype=np.int64)
    return Seen(model, facts, queued_at, ended_at, agents, followed, tuple(books.broken(facts)))


def tallies_of(seen: Seen, names: Sequence[str]) -> dict[str, Tally]:
    """One tally a figure."""
    facts = seen.facts
    counted = facts.interval >= seen.model.warm_up_ms // INTERVAL_MS
    found: dict[str, Tally] = {}
    for name in names:
        what, _, of = name.partition(":")
        numbered = _NUMBERED.fullmatch(what)
        if what == "occupancy":
            found[name] = occupancy(facts, seen.model, of)
        elif what == "occupancy_served_out":
            begins = seen.queued_at + facts.waited_ms
            found[name] = occupancy_served_out(Handled(seen.agent, begins, begins + facts.handled_ms), seen.ended_at, seen.model, of)
        elif numbered is not None:
            wanted = facts.queue == facts.queues.index(of) if of else np.ones_like(counted)
            found[name] = NUMBERED[numbered[1]].tally(seen, np.flatnonzero(wanted), int(numbered[2]))
        else:
            rows = np.flatnonzero(counted & (facts.queue == facts.queues.index(of)) if of else counted)
            found[name] = FIGURES[what].tally(seen, rows)
    return found


def is_figure(name: str) -> bool:
    """Whether a run can be asked for a figure of that name."""
    what = name.partition(":")[0]
    numbered = _NUMBERED.fullmatch(what)
    return what in FIGURES or what in OCCUPANCIES or (numbered is not None and numbered[1] in NUMBERED)


def scale_of(name: str, model: Model) -> float:
    """What a tally is multiplied by: milliseconds become the case's unit of time."""
    what = name.partition(":")[0]
    numbered = _NUMBERED.fullmatch(what)
    figure = FIGURES.get(what) if numbered is None else NUMBERED.get(numbered[1])
    return 1 / model.unit_ms if figure is not None and figure.is_time else 1.0


def _of(measure: Measure) -> Tallier:
    def tally(seen: Seen, rows: Integers) -> Tally:
        return measure.tally(seen.facts, rows)

    return tally


def _count(flags: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(flags))


def _is_turned_away(seen: Seen, rows: Integers) -> NDArray[np.bool_]:
    return np.isin(seen.facts.outcome[rows], (Outcome.REFUSED, Outcome.DIVERTED, Outcome.BLOCKED))


def _is_left(seen: Seen, rows: Integers) -> NDArray[np.bool_]:
    is_left: NDArray[np.bool_] = seen.facts.outcome[rows] == Outcome.ABANDONED
    return is_left


def _blocked(seen: Seen, rows: Integers) -> Ratio:
    return Ratio(_count(_is_turned_away(seen, rows)), len(rows))


def _lost(seen: Seen, rows: Integers) -> Ratio:
    """Turned away, or gone without an agent."""
    return Ratio(_count(_is_turned_away(seen, rows) | _is_left(seen, rows)), len(rows))


def _delayed(seen: Seen, rows: Integers) -> Ratio:
    entered = rows[~_is_turned_away(seen, rows)]
    # Who leaves at once without an agent found none free, though their wait is nothing.
    return Ratio(_count((seen.facts.waited_ms[entered] > 0) | _is_left(seen, entered)), len(entered))


def _not_delayed(seen: Seen, rows: Integers) -> Ratio:
    delayed = _delayed(seen, rows)
    return Ratio(delayed.denominator - delayed.numerator, delayed.denominator)


def _waited_ms(seen: Seen, rows: Integers) -> int:
    return int(seen.facts.waited_ms[rows].sum())


def _queue(seen: Seen, rows: Integers) -> Ratio:
    """The mean number waiting, by Little's law from those who arrived while it was counted."""
    return Ratio(_waited_ms(seen, rows), seen.model.counted_ms)


def _number(seen: Seen, rows: Integers) -> Ratio:
    """The mean number in the system, waiting or with an agent, by Little's law."""
    in_hand_ms = int(np.maximum(seen.facts.handled_ms[rows], 0).sum())
    return Ratio(_waited_ms(seen, rows) + in_hand_ms, seen.model.counted_ms)


def _in_hand(seen: Seen, rows: Integers) -> Ratio:
    """The mean number with agents, by Little's law."""
    return Ratio(int(np.maximum(seen.facts.handled_ms[rows], 0).sum()), seen.model.counted_ms)


def _time(seen: Seen, rows: Integers) -> Ratio:
    """The mean time in the system of those who were served."""
    served = rows[seen.facts.handled_ms[rows] >= 0]
    return Ratio(_waited_ms(seen, served) + int(seen.facts.handled_ms[served].sum()), len(served))


def _rate(seen: Seen, rows: Integers) -> Ratio:
    """How many come per unit of time, whoever tries again counted again."""
    return Ratio(len(rows) * seen.model.unit_ms, seen.model.counted_ms)


def _orbit(seen: Seen, _: Integers) -> Ratio:
    """The mean number who have gone and will try again, while there is time for it."""
    start, end = seen.model.warm_up_ms, _with_time_left(seen)
    back = np.clip(seen.queued_at[seen.facts.attempt > 1], start, end)
    gone = np.clip(seen.ended_at[seen.followed], start, end)
    return Ratio(int(back.sum()) - int(gone.sum()), end - start)


def _finally_lost(seen: Seen, rows: Integers) -> Ratio:
    """The share of customers, each counted once, who never get an agent, of those with time left to try."""
    first = rows[(seen.facts.attempt[rows] == 1) & (seen.queued_at[rows] < _with_time_left(seen))]
    return Ratio(_count(seen.facts.is_finally_lost[first]), len(first))


def _with_time_left(seen: Seen) -> int:
    """Until when the next attempts of whoever goes come well before the horizon, after which none is made."""
    return seen.model.warm_up_ms + seen.model.counted_ms * 4 // 5


def _cost(seen: Seen, rows: Integers) -> Ratio:
    """What waiting costs per unit of time; costs are in thousandths."""
    facts, costs = seen.facts, seen.model.costs
    total = sum(cost * _waited_ms(seen, rows[facts.queue[rows] == facts.queues.index(line)]) for line, cost in costs.items())
    return Ratio(total, 1_000 * seen.model.counted_ms)


def _left_rate(seen: Seen, rows: Integers) -> Ratio:
    """How many leave per unit of time."""
    return Ratio(_count(_is_left(seen, rows)) * seen.model.unit_ms, seen.model.counted_ms)


def _left_cost(seen: Seen, rows: Integers) -> Ratio:
    """What those who leave cost per unit of time."""
    facts, costs = seen.facts, seen.model.leaving_costs
    left = facts.queue[rows[_is_left(seen, rows)]]
    total = sum(cost * _count(left == facts.queues.index(line)) for line, cost in costs.items())
    return Ratio(total * seen.model.unit_ms, seen.model.counted_ms)


def _by_primary(seen: Seen, rows: Integers) -> Ratio:
    """The share of the answered whose agent is best at just that."""
    answered = rows[seen.agent[rows] >= 0]
    best = np.array([seen.facts.queues.index(line) for line in seen.model.best_lines()], dtype=np.int64)
    return Ratio(_count(best[seen.agent[answered]] == seen.facts.queue[answered]), len(answered))


def _left_a_day(seen: Seen, rows: Integers) -> Ratio:
    return Ratio(_count(_is_left(seen, rows)), 1)


def _served_a_day(seen: Seen, rows: Integers) -> Ratio:
    return Ratio(_count(seen.facts.is_answered[rows]), 1)


def _good_a_day(seen: Seen, rows: Integers) -> Ratio:
    tally = service_level.SERVICE_LEVEL.tally(seen.facts, rows)
    return Ratio(tally.numerator if isinstance(tally, Ratio) else 0, 1)


def _offered_a_day(_: Seen, rows: Integers) -> Ratio:
    return Ratio(len(rows), 1)


def _wait_of_begun(seen: Seen, rows: Integers) -> Ratio:
    """The mean wait of those who were answered before the horizon: what a run shows that simply stops there."""
    begun = rows[seen.facts.is_answered[rows] & (seen.queued_at[rows] + seen.facts.waited_ms[rows] < seen.model.horizon_ms)]
    return Ratio(_waited_ms(seen, begun), len(begun))


def _work_ended(seen: Seen, rows: Integers) -> Ratio:
    """The work of conversations that ended before the horizon over all agents' time: an occupancy that leaves out what is in hand there."""
    facts, model = seen.facts, seen.model
    ended = rows[facts.is_answered[rows] & (seen.ended_at[rows] < model.horizon_ms)]
    return Ratio(int(facts.handled_ms[ended].sum()), sum(group.most for group in model.groups) * model.horizon_ms)


def _wait_total(seen: Seen, rows: Integers) -> Ratio:
    """All waits by the number of arrivals expected in the day."""
    return Ratio(_waited_ms(seen, rows), sum(seen.model.expected_by_period))


def _good_total(seen: Seen, rows: Integers) -> Ratio:
    """Answered in target by the number of arrivals expected in the day."""
    return Ratio(_good_a_day(seen, rows).numerator, sum(seen.model.expected_by_period))


def _in_time_total(seen: Seen, rows: Integers) -> Ratio:
    """Answered, or gone, in target by the number of arrivals expected in the day."""
    gone = _is_left(seen, rows) & (seen.facts.waited_ms[rows] <= seen.model.target_ms)
    return Ratio(_good_a_day(seen, rows).numerator + _count(gone), sum(seen.model.expected_by_period))


def _lost_total(seen: Seen, rows: Integers) -> Ratio:
    return Ratio(_count(_is_left(seen, rows)), sum(seen.model.expected_by_period))


def _wait_in_hour(seen: Seen, rows: Integers, hour: int) -> Ratio:
    """The time spent waiting within an hour of the clock, by the arrivals expected in it."""
    (start, end), expected = _period(seen, hour)
    left_line_at = seen.queued_at[rows] + seen.facts.waited_ms[rows]
    within = np.minimum(left_line_at, end) - np.maximum(seen.queued_at[rows], start)
    return Ratio(int(np.maximum(within, 0).sum()), expected)


def _lost_in_hour(seen: Seen, rows: Integers, hour: int) -> Ratio:
    (start, end), expected = _period(seen, hour)
    is_left = _is_left(seen, rows) & (seen.ended_at[rows] >= start) & (seen.ended_at[rows] < end)
    return Ratio(_count(is_left), expected)


def _good_in_period(seen: Seen, rows: Integers, number: int) -> Ratio:
    """How many of those who came in a period of the day were answered in target."""
    (start, end), _ = _period(seen, number)
    return _good_a_day(seen, rows[(seen.queued_at[rows] >= start) & (seen.queued_at[rows] < end)])


def _period(seen: Seen, number: int) -> tuple[tuple[int, int], int]:
    length_ms = seen.model.horizon_ms // len(seen.model.expected_by_period)
    return ((number - 1) * length_ms, number * length_ms), seen.model.expected_by_period[number - 1]


def _in_system_at(seen: Seen, rows: Integers, at: int) -> Ratio:
    """The mean number in the system at an instant of the cycle, over all cycles that are counted."""
    inside = _inside(seen, rows, at)
    return Ratio(int(inside.sum()), len(inside))


def _all_busy_at(seen: Seen, rows: Integers, at: int) -> Ratio:
    """The share of cycles in which everybody on duty is busy at an instant of the cycle."""
    inside = _inside(seen, rows, at)
    return Ratio(_count(inside >= seen.model.staff_at[at]), len(inside))


def _inside(seen: Seen, rows: Integers, at: int) -> Integers:
    cycle_ms, first = seen.model.cycle_ms, seen.model.warm_up_ms
    instants = np.arange(first, seen.model.horizon_ms - cycle_ms, cycle_ms) + at * seen.model.unit_ms
    arrived = np.searchsorted(seen.queued_at[rows], instants, side="right")
    gone = np.searchsorted(np.sort(seen.ended_at[rows]), instants, side="right")
    inside: Integers = (arrived - gone).astype(np.int64)
    return inside


FIGURES: dict[str, Figure] = {
    "blocked": Figure(_blocked),
    "lost": Figure(_lost),
    "delayed": Figure(_delayed),
    "not_delayed": Figure(_not_delayed),
    "abandoned": Figure(_of(abandonment.ABANDONMENT)),
    "in_target": Figure(_of(service_level.SERVICE_LEVEL)),
    "in_target_of_answered": Figure(_of(service_level.ANSWERED)),
    "in_target_of_answered_and_late": Figure(_of(service_level.ANSWERED_PLUS_LATE_ABANDONS)),
    "answered_or_left_in_target": Figure(_of(service_level.ABANDONS_WITHIN_TARGET_GOOD)),
    "wait": Figure(_of(waits.WAIT_MEAN), is_time=True),
    "wait_of_answered": Figure(_of(waits.ASA), is_time=True),
    "wait_p90": Figure(_of(waits.WAIT_P90), is_time=True),
    "wait_of_begun": Figure(_wait_of_begun, is_time=True),
    "work_ended": Figure(_work_ended),
    "queue": Figure(_queue),
    "number": Figure(_number),
    "orbit": Figure(_orbit),
    "finally_lost": Figure(_finally_lost),
    "in_hand": Figure(_in_hand),
    "time": Figure(_time, is_time=True),
    "handle_time": Figure(_of(handle_time.HANDLE_TIME), is_time=True),
    "rate": Figure(_rate),
    "cost": Figure(_cost),
    "left_rate": Figure(_left_rate),
    "weighted_left_rate": Figure(_left_cost),
    "by_primary": Figure(_by_primary),
    "left_a_day": Figure(_left_a_day),
    "served_a_day": Figure(_served_a_day),
    "good_a_day": Figure(_good_a_day),
    "offered_a_day": Figure(_offered_a_day),
    "wait_total": Figure(_wait_total, is_time=True),
    "good_total": Figure(_good_total),
    "in_time_total": Figure(_in_time_total),
    "lost_total": Figure(_lost_total),
}
"""Every figure of customers by its name; `occupancy` is of agents."""

NUMBERED: dict[str, Numbered] = {
    "wait_in_hour": Numbered(_wait_in_hour, is_time=True),
    "lost_in_hour": Numbered(_lost_in_hour),
    "good_in_period": Numbered(_good_in_period),
    "in_system_at": Numbered(_in_system_at),
    "all_busy_at": Numbered(_all_busy_at),
}
"""Figures of an hour or a period of the day, counted from 1, or of an instant of a cycle, in units; over all customers, or a line's."""
