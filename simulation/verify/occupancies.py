"""How busy agents are: by the product's own measure, and until the last customer is served, as some simulators count."""

from typing import NamedTuple

import numpy as np

from simulation.kpis.facts import INTERVAL_MS, AgentTimes, Facts, Integers
from simulation.kpis.measure import Ratio
from simulation.kpis.occupancy import OCCUPANCY
from simulation.verify.model import Model

OCCUPANCIES = ("occupancy", "occupancy_served_out")
"""The names of the figures, before the colon and the group."""


class Handled(NamedTuple):
    """Who handled each customer, as a place in the roster (-1: nobody), and from when to when, ms; shape (customers,)."""

    agent: Integers
    begins: Integers
    ends: Integers


def occupancy_served_out(handled: Handled, gone_at: Integers, model: Model, group: str) -> Ratio:
    """The time with customers over the time on duty, up to the instant at which the last customer is gone.

    The staff of the last period stays until then; who is still with a customer when the shift is over is on duty until that ends.
    """
    agent, begins, ends = handled
    last_at = max(model.horizon_ms, int(gone_at.max(initial=0)))
    place = busy_ms = duty_ms = 0
    for one in model.groups:
        for number in range(one.most):
            if group in {"", one.name}:
                mine = agent == place + number
                begun, ended = begins[mine], ends[mine]
                busy_ms += int((ended - begun).sum())
                on_ms = within_ms = 0
                for start, end in _duties(one.staff, one.period_ms, number, last_at):
                    on_ms += end - start
                    within_ms += int(np.maximum(np.minimum(ended, end) - np.maximum(begun, start), 0).sum())
                duty_ms += on_ms + int((ended - begun).sum()) - within_ms
        place += one.most
    return Ratio(busy_ms, duty_ms)


def _duties(staff: tuple[int, ...], period_ms: int, number: int, last_at: int) -> list[tuple[int, int]]:
    """When the agent of that number in a group is on duty, period by period, ms."""
    edges = [*(period_ms * period for period in range(len(staff))), last_at]
    return [(start, end) for count, start, end in zip(staff, edges, edges[1:], strict=False) if number < count]


def occupancy(facts: Facts, model: Model, group: str) -> Ratio:
    """The product's occupancy over the counted half hours, of one group or of everybody.

    Raises:
        ValueError: the horizon is no whole number of half hours.
    """
    if model.horizon_ms % INTERVAL_MS:
        raise ValueError("occupancy is measured by half hours, and the horizon is no whole number of them")
    first, last = model.warm_up_ms // INTERVAL_MS, model.horizon_ms // INTERVAL_MS
    wanted = {name for one in model.groups if group in {"", one.name} for name in one.names()}
    places = np.array([place for place, name in enumerate(facts.agent_ids) if name in wanted], dtype=np.int64)
    numerator = denominator = 0
    for times in facts.agent_intervals[first:last]:
        tally = OCCUPANCY.tally(facts.agent_ids, _part(times, places))
        if isinstance(tally, Ratio):
            numerator, denominator = numerator + tally.numerator, denominator + tally.denominator
    return Ratio(numerator, denominator)


def _part(times: AgentTimes, places: Integers) -> AgentTimes:
    return AgentTimes(
        busy_ms=times.busy_ms[places],
        external_ms=times.external_ms[places],
        available_ms=times.available_ms[places],
        not_ready_ms=times.not_ready_ms[places],
        working_ms=times.working_ms[places],
        ghost_ms=times.ghost_ms[places],
        used_ms=times.used_ms[places],
        budget_ms=times.budget_ms[places],
        elapsed_ms=times.elapsed_ms,
    )
