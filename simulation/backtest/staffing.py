"""The staffing of a recorded day, inferred from who answered when."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from routing.config.errors import ConfigError
from routing.config.roster import Roster, RosteredAgent, ShiftPattern, local_instant
from routing.model.agent import Agent
from routing.model.ids import AgentId
from routing.model.time import HOUR_MS, MINUTE_MS
from simulation.importers.inferred_roster import GAP_MS, InferredAgent, inferred_agents
from simulation.importers.platforms.presences import Presences
from simulation.interactions import RecordedInteraction
from simulation.scenario import Scenario

ASSUMPTION = (
    f"assumption: staffing is inferred: an agent was there from the first conversation to the last, and away where more than "
    f"{GAP_MS // HOUR_MS} hours passed between two; shorter breaks are not seen"
)


def known_agents(scenario: Scenario) -> dict[AgentId, Agent]:
    """The agents of all rosters of a scenario, with the skills they have there; the first roster that names one counts."""
    found: dict[AgentId, Agent] = {}
    for roster in scenario.rosters.values():
        for member in roster.members:
            found.setdefault(member.agent.id, member.agent)
    return found


def inferred_staffing(log: Sequence[RecordedInteraction], day: dt.date, zone: str, known: dict[AgentId, Agent], file: Path) -> Roster:
    """Who worked on a day, as a roster of dated shifts; skills and capacity are those of the scenario's rosters.

    Raises:
        ConfigError: an agent of the log is in no roster of the scenario, so that nothing is known of their skills.
    """
    seen = inferred_agents(log, Presences(), {})
    for one in seen:
        if one.id not in known:
            remedy = "Add the agent with skills and channels to a roster of the scenario; shifts may be left out."
            raise ConfigError("is an agent of the log, and in no roster of the scenario", file=file, value=one.id, remedy=remedy)
    members = tuple(_member(one, known[one.id], day, ZoneInfo(zone), zone) for one in seen)
    return Roster(name=f"inferred for {day.isoformat()}", members=members, assumptions=(ASSUMPTION,))


def _member(seen: InferredAgent, agent: Agent, day: dt.date, clock: ZoneInfo, zone: str) -> RosteredAgent:
    midnight = local_instant(day, 0, clock)
    patterns = tuple(
        ShiftPattern(start_ms=max(span.starts_at - midnight, 0), end_ms=max(span.ends_at - midnight, span.starts_at - midnight + MINUTE_MS))
        for span, _ in seen.sessions
    )
    return RosteredAgent(agent=agent, patterns=(), shrinkage_per_mille=0, dated={day: patterns}, zone=zone)
