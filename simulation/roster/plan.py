"""Turns a roster's shifts into the presence changes of one replication.

An agent is offline, available from the start of a shift, not ready with the reason "break" during a break and "planned" during what is
planned beside interactions, and offline again at its end. What becomes of a conversation at the end of a shift is the scenario's to say;
breaks do not move. Chance is drawn for each agent and day, under their names, when the replication begins: whoever is absent or late is so
under every policy alike.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, zip_longest
from typing import NamedTuple

from routing.config.errors import ConfigError
from routing.config.roster import Roster
from routing.model.agent import Commitment, Presence
from routing.model.ids import AgentId
from routing.model.time import Instant
from simulation.agents.adherence import Adherence
from simulation.roster.shifts import DatedShift, attended, shifts_of
from simulation.roster.stays import BREAK_REASON, PLANNED_REASON, Stay, joined, kept, planned_stays
from simulation.scenario import Scenario
from simulation.streams import Streams


class PresenceChange(NamedTuple):
    """What an agent's presence becomes, and when."""

    at: Instant
    presence: Presence
    reason: str


def presence_plan(scenario: Scenario, roster: Roster, streams: Streams) -> Mapping[AgentId, tuple[PresenceChange, ...]]:
    """The presence changes of every agent who comes to work, in the order of the roster, earliest first, as people keep to them.

    Raises:
        ConfigError: two shifts of one agent overlap, or the site declares reasons and that of a pause is none of them.
    """
    return _plan(scenario, roster, streams, scenario.behaviour.adherence)


def planned_presence(scenario: Scenario, roster: Roster, streams: Streams) -> Mapping[AgentId, tuple[PresenceChange, ...]]:
    """The same as it is planned, which is all that anybody can know beforehand of those who come.

    Raises:
        ConfigError: see `presence_plan`.
    """
    return _plan(scenario, roster, streams, None)


def commitments_of(changes: Sequence[PresenceChange]) -> tuple[Commitment, ...]:
    """When an agent is not there for work: each pause, and the time from the end of a shift to the next, the last without an end."""
    away = [(change, None if after is None else after.at) for change, after in zip_longest(changes, changes[1:])]
    return tuple(Commitment(starts_at=change.at, ends_at=until) for change, until in away if change.presence is not Presence.AVAILABLE)


def _plan(
    scenario: Scenario, roster: Roster, streams: Streams, adherence: Adherence | None
) -> Mapping[AgentId, tuple[PresenceChange, ...]]:
    _refuse_undeclared_reasons(scenario, roster)
    plan: dict[AgentId, tuple[PresenceChange, ...]] = {}
    for member in roster.members:
        agent_id = member.agent.id
        _refuse_overlap(roster, agent_id, shifts_of(scenario, member))
        stays: Iterator[Stay] = planned_stays(member, attended(scenario, member, streams), streams)
        if adherence is not None:
            stays = (stay for planned in stays if (stay := kept(adherence, agent_id, planned, streams)) is not None)
        changes = tuple(change for stay in joined(stays) for change in _changes(stay))
        if changes:
            plan[agent_id] = changes
    return plan


def _changes(stay: Stay) -> Iterator[PresenceChange]:
    at = stay.starts_at
    for pause in stay.pauses:
        if at < pause.starts_at:
            yield PresenceChange(at, Presence.AVAILABLE, "")
        yield PresenceChange(pause.starts_at, Presence.NOT_READY, pause.reason)
        at = pause.ends_at
    if at < stay.ends_at:
        yield PresenceChange(at, Presence.AVAILABLE, "")
    yield PresenceChange(stay.ends_at, Presence.OFFLINE, "")


def _refuse_undeclared_reasons(scenario: Scenario, roster: Roster) -> None:
    codes = [reason.code for reason in scenario.site.not_ready_reasons]
    said = {
        BREAK_REASON: any(member.has_breaks for member in roster.members),
        PLANNED_REASON: any(member.planned_shrinkage_per_mille for member in roster.members),
    }
    of_whom = {BREAK_REASON: ("take a break", "own_time"), PLANNED_REASON: ("are planned for something else", "working_time")}
    for reason in (BREAK_REASON, PLANNED_REASON):
        if codes and said[reason] and reason not in codes:
            doing, kind = of_whom[reason]
            raise ConfigError(
                f"is the reason of agents who {doing}, but none that the site declares",
                key="not_ready_reasons",
                value=reason,
                remedy=f'Add {reason} = "{kind}" to [not_ready_reasons] of the site.',
            )


def _refuse_overlap(roster: Roster, agent_id: AgentId, shifts: Sequence[DatedShift]) -> None:
    for (_, earlier), (_, later) in pairwise(shifts):
        if later.starts_at < earlier.ends_at:
            raise ConfigError(
                f"has two shifts that overlap in the roster {roster.name}",
                key="shifts",
                value=agent_id,
                remedy="End the first before the second begins.",
            )
