"""Whose shifts fall into a scenario, and who does not come at all.

A shift counts where it begins on one of the scenario's days. An agent with a time zone of their own works by the clock there: their shift
counts where it begins between the first and the last midnight of the scenario's zone. With `shifts_of_day_before`, a shift that began on
the day before counts too where it lasts into the horizon, so that the early hours of a first day are staffed by its night shift.
"""

import datetime as dt
from typing import NamedTuple

from routing.config.roster import RosteredAgent, Shift, local_instant
from simulation.scenario import Scenario
from simulation.streams import Purpose, Streams

_DAY = dt.timedelta(days=1)


class DatedShift(NamedTuple):
    """A shift and the local date, on the agent's own clock, on which it begins."""

    date: dt.date
    shift: Shift


def shifts_of(scenario: Scenario, member: RosteredAgent) -> tuple[DatedShift, ...]:
    """The agent's shifts that fall into a scenario, earliest first."""
    calendar = scenario.calendar
    dates = list(calendar.dates)
    if member.zone is not None:  # the calendar elsewhere is a day behind or ahead
        dates = [dates[0] - _DAY, *dates, dates[-1] + _DAY]
    if scenario.shifts_of_day_before:
        dates = [dates[0] - _DAY, *dates]
    found = [DatedShift(date, shift) for date in dates for shift in member.shifts_on(date, calendar.zone_info)]
    if member.zone is not None or scenario.shifts_of_day_before:
        found = [dated for dated in found if _counts(scenario, dated.shift)]
    return tuple(sorted(found, key=lambda dated: dated.shift.starts_at))


def attended(scenario: Scenario, member: RosteredAgent, streams: Streams) -> tuple[DatedShift, ...]:
    """The shifts to which the agent comes: on a day on which they are absent, they come to none of them.

    Absence is drawn under the agent and the start of their first shift of the day, overtime left aside, so that further shifts on a day
    change nobody's luck.
    """
    shifts = shifts_of(scenario, member)
    if not member.shrinkage_per_mille:
        return shifts
    firsts: dict[dt.date, Shift] = {}
    for date, shift in shifts:
        if date not in firsts or (firsts[date].is_overtime and not shift.is_overtime):
            firsts[date] = shift
    absent = {date for date, first in firsts.items() if _is_absent(member, first, streams)}
    return tuple(dated for dated in shifts if dated.date not in absent)


def _is_absent(member: RosteredAgent, first: Shift, streams: Streams) -> bool:
    return streams.uniform(Purpose.ABSENCE, f"{member.agent.id}\n{first.starts_at}") * 1_000 < member.shrinkage_per_mille


def _counts(scenario: Scenario, shift: Shift) -> bool:
    calendar = scenario.calendar
    opens, closes = (local_instant(date, 0, calendar.zone_info) for date in (calendar.dates[0], calendar.dates[-1] + _DAY))
    if shift.starts_at >= opens:
        return shift.starts_at < closes
    return scenario.shifts_of_day_before and shift.ends_at > scenario.starts_at
