"""Writes a roster as a file, agent by agent, so that reading it gives the same agents under the same ids."""

from collections.abc import Sequence
from typing import Any

import tomli_w

from routing.config.errors import ConfigError
from routing.config.requirements import SKILL_LEVEL_MAX, SKILL_LEVEL_MIN
from routing.config.roster import EVERY_DAY, Roster, RosteredAgent, ShiftPattern
from routing.config.roster_file import ROSTER_SCHEMA
from routing.config.roster_parts import WEEKDAYS
from routing.model.requirement import AttributeValue
from routing.model.time import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Duration


def roster_text(roster: Roster) -> str:
    """The roster as TOML, schema `careroute/roster/1`.

    Raises:
        ConfigError: see `check_can_be_written`.
    """
    check_can_be_written(roster)
    shifts: dict[ShiftPattern, str] = {}
    agents = [_agent(member, shifts) for member in roster.members]
    document: dict[str, Any] = {"schema": ROSTER_SCHEMA, "name": roster.name, "assumptions": list(roster.assumptions)}
    if roster.overtime_factor != 1:
        document["overtime_factor"] = roster.overtime_factor
    document["shifts"] = {name: _shift(pattern) for pattern, name in shifts.items()}
    document["agents"] = agents
    absences = [{"agents": [member.agent.id], "from": date} for member in roster.members for date in sorted(member.absent_on)]
    overtime = [
        {"agents": [member.agent.id], "date": date, **_times(pattern)}
        for member in roster.members
        for date, patterns in sorted(member.dated.items())
        for pattern in patterns
    ]
    document |= {key: value for key, value in (("absences", absences), ("overtime", overtime)) if value}
    return tomli_w.dumps(document)


def check_can_be_written(roster: Roster) -> None:
    """Refuse shifts that such a file cannot hold: those of single dates that are no overtime, and overtime that returns every week.

    Raises:
        ConfigError: there is one.
    """
    for member in roster.members:
        is_by_date = any(not pattern.is_overtime for patterns in member.dated.values() for pattern in patterns)
        if is_by_date or any(pattern.is_overtime for pattern in member.patterns):
            remedy = "Take a roster whose shifts return every week."
            raise ConfigError(
                "has shifts by date, which a TOML roster takes from a table", key="roster", value=member.agent.id, remedy=remedy
            )


def _agent(member: RosteredAgent, shifts: dict[ShiftPattern, str]) -> dict[str, Any]:
    agent = member.agent
    skills: dict[str, AttributeValue] = {}
    attributes: dict[str, AttributeValue] = {}
    for name, value in agent.attributes.items():
        is_level = isinstance(value, int) and SKILL_LEVEL_MIN <= value <= SKILL_LEVEL_MAX
        (skills if is_level else attributes)[name] = value
    found: dict[str, Any] = {"id": agent.id}
    found |= {key: value for key, value in (("skills", skills), ("attributes", attributes)) if value}
    found |= {"capacity": agent.capacity, "channels": dict(agent.channel_maxima)}
    if agent.wrap_up_limit_ms is not None:
        found["wrap_up_limit"] = f"{agent.wrap_up_limit_ms}ms"
    found["shifts"] = [shifts.setdefault(pattern, f"shift-{len(shifts) + 1}") for pattern in member.patterns]
    found |= {"shrinkage": member.shrinkage_per_mille / 1_000, "planned_shrinkage": member.planned_shrinkage_per_mille / 1_000}
    if member.zone is not None:
        found["zone"] = member.zone
    if member.hourly_cost is not None:
        found["hourly_cost"] = member.hourly_cost
    return found


def _shift(pattern: ShiftPattern) -> dict[str, Any]:
    days = {} if pattern.weekdays == EVERY_DAY else {"days": [WEEKDAYS[day] for day in pattern.weekdays]}
    return _times(pattern) | days


def _times(pattern: ShiftPattern) -> dict[str, Any]:
    found: dict[str, Any] = {"start": _clock(pattern.start_ms), "end": _clock(pattern.end_ms)}
    if pattern.breaks:
        found["breaks"] = _breaks(pattern.breaks)
    return found


def _breaks(breaks: Sequence[tuple[Duration, Duration]]) -> list[dict[str, str]]:
    return [{"start": _clock(start_ms), "length": f"{end_ms - start_ms}ms"} for start_ms, end_ms in breaks]


def _clock(after_midnight_ms: Duration) -> str:
    """The time on the wall; beyond a day, that of the next."""
    within = after_midnight_ms % DAY_MS if after_midnight_ms > DAY_MS else after_midnight_ms
    hours, minutes, seconds = within // HOUR_MS, within % HOUR_MS // MINUTE_MS, within % MINUTE_MS // SECOND_MS
    return f"{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")
