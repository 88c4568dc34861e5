"""Turns a roster's shifts into the presence changes of one replication.

An agent is offline, available from the start of a shift, not ready with the reason "break" during a break, and offline again at its end.
Handling in progress is finished whatever the clock says: a break does not move, and who is still talking when the shift ends stays until
the customer is served, but takes nothing new. Shrinkage is drawn for each agent and shift, under their names, when the replication
begins: whoever is absent misses the whole shift, under every roster and policy alike.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, zip_longest
from typing import NamedTuple

from routing.config.errors import ConfigError
from routing.config.roster import Roster, RosteredAgent, Shift
from routing.model.agent import Commitment, Presence
from routing.model.ids import AgentId
from routing.model.time import Instant
from simulation.scenario import Scenario
from simulation.streams import Purpose, Streams

BREAK_REASON = "break"


class PresenceChange(NamedTuple):
    """What an agent's presence becomes, and when."""

    at: Instant
    presence: Presence
    reason: str


def presence_plan(scenario: Scenario, roster: Roster, streams: Streams) -> Mapping[AgentId, tuple[PresenceChange, ...]]:
    """The presence changes of every agent who comes to work, in the order of the roster, earliest first.

    Raises:
        ConfigError: two shifts of one agent overlap, or the site declares reasons and a break is none of them.
    """
    codes = [reason.code for reason in scenario.site.not_ready_reasons]
    if codes and BREAK_REASON not in codes and any(pattern.breaks for member in roster.members for pattern in member.patterns):
        raise ConfigError(
            "is the reason of agents who take a break, but none that the site declares",
            key="not_ready_reasons",
            value=BREAK_REASON,
            remedy=f'Add {BREAK_REASON} = "own_time" to [not_ready_reasons] of the site.',
        )
    calendar = scenario.calendar
    by_date = [roster.shifts_on(date, calendar.zone_info) for date in calendar.dates]
    plan: dict[AgentId, tuple[PresenceChange, ...]] = {}
    for member in roster.members:
        agent_id = member.agent.id
        shifts = sorted((shift for shifts in by_date for shift in shifts.get(agent_id, ())), key=lambda shift: shift.starts_at)
        _refuse_overlap(roster, agent_id, shifts)
        changes = tuple(change for shift in shifts if not _is_absent(member, shift, streams) for change in _changes(shift))
        if changes:
            plan[agent_id] = changes
    return plan


def commitments_of(changes: Sequence[PresenceChange]) -> tuple[Commitment, ...]:
    """When an agent is not there for work: each break, and the time from the end of a shift to the next, the last without an end."""
    away = [(change, None if after is None else after.at) for change, after in zip_longest(changes, changes[1:])]
    return tuple(Commitment(starts_at=change.at, ends_at=until) for change, until in away if change.presence is not Presence.AVAILABLE)


def _is_absent(member: RosteredAgent, shift: Shift, streams: Streams) -> bool:
    if not member.shrinkage_per_mille:
        return False
    return streams.uniform(Purpose.ABSENCE, f"{member.agent.id}\n{shift.starts_at}") * 1_000 < member.shrinkage_per_mille


def _changes(shift: Shift) -> Iterator[PresenceChange]:
    yield PresenceChange(shift.starts_at, Presence.AVAILABLE, "")
    for pause in shift.breaks:
        yield PresenceChange(pause.starts_at, Presence.NOT_READY, BREAK_REASON)
        if pause.ends_at < shift.ends_at:
            yield PresenceChange(pause.ends_at, Presence.AVAILABLE, "")
    yield PresenceChange(shift.ends_at, Presence.OFFLINE, "")


def _refuse_overlap(roster: Roster, agent_id: AgentId, shifts: list[Shift]) -> None:
    for earlier, later in pairwise(shifts):
        if later.starts_at < earlier.ends_at:
            raise ConfigError(
                f"has two shifts that overlap in the roster {roster.name}",
                key="shifts",
                value=agent_id,
                remedy="End the first before the second begins.",
            )
