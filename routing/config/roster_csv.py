"""CSV rosters: one agent a row, for people who keep their roster in a spreadsheet."""

from pathlib import Path

from routing.config import roster_cells
from routing.config.errors import ConfigError
from routing.config.findings import refuse_any
from routing.config.roster import Roster, RosteredAgent, ShiftPattern
from routing.config.roster_parts import agent_faults, attributes_of, channel_maxima, shift_pattern
from routing.config.roster_rows import Row, TableKind, rows_of
from routing.config.values import identifier, zone_name
from routing.model.agent import Agent
from routing.model.site import Site

AGENT_TABLE = TableKind(
    words="a roster",
    required=("id", "skills", "channels"),
    optional=("capacity", "attributes", "shifts", "breaks", "days", "shrinkage", "planned_shrinkage", "zone", "hourly_cost"),
)


def read_roster_csv(path: Path, site: Site | None) -> Roster:
    """The roster of a CSV file with a header row; without a site, names are not checked.

    Raises:
        ConfigError: the file cannot be read or used; every row at fault is listed.
    """
    rows = tuple(rows_of(path, AGENT_TABLE))
    if not rows:
        raise ConfigError("has no agents", file=path, remedy="Add one row for each agent below the header.")
    members: list[RosteredAgent] = []
    faults: list[ConfigError] = []
    lines: dict[str, int] = {}
    for row in rows:
        try:
            member, found = agent_of(row, row.read("id", identifier), _patterns(row), site)
        except ConfigError as error:
            faults.append(error)
            continue
        earlier = lines.setdefault(member.agent.id, row.line)
        if earlier != row.line:
            remedy = f"Line {earlier} has it too: give each agent one row."
            faults.append(row.error("id", "is the id of two agents", value=member.agent.id, remedy=remedy))
        faults.extend(found)
        members.append(member)
    refuse_any(faults)
    return Roster(name=path.stem, members=tuple(members))


def agent_of(row: Row, agent_id: str, patterns: tuple[ShiftPattern, ...], site: Site | None) -> tuple[RosteredAgent, list[ConfigError]]:
    """The agent that a row describes, who works by `patterns`, and what the site does not know of them.

    Raises:
        ConfigError: a cell cannot be read.
    """
    skills = row.read("skills", roster_cells.numbers)
    attributes = row.read("attributes", roster_cells.attributes)
    try:
        together = attributes_of(skills, attributes)
    except ValueError as error:
        raise row.error("attributes", str(error), remedy="Choose one.") from error
    agent = Agent(
        id=agent_id,
        attributes=together,
        capacity=row.read("capacity", roster_cells.capacity),
        channel_maxima=channel_maxima(row.read("channels", roster_cells.channels), site),
    )
    member = RosteredAgent(
        agent=agent,
        patterns=patterns,
        shrinkage_per_mille=row.read("shrinkage", roster_cells.shrinkage),
        planned_shrinkage_per_mille=row.read("planned_shrinkage", roster_cells.shrinkage),
        zone=row.read("zone", lambda text: zone_name(text) if text else None),
        hourly_cost=row.read("hourly_cost", roster_cells.hourly_cost),
    )
    found = [
        row.error(fault.part, f"{fault.problem} (agent {agent.id})", remedy=fault.remedy)
        for fault in agent_faults(agent, tuple(skills), site)
    ]
    return member, found


def _patterns(row: Row) -> tuple[ShiftPattern, ...]:
    shifts, breaks = row.read("shifts", roster_cells.spans), row.read("breaks", roster_cells.spans)
    weekdays = row.read("days", roster_cells.weekdays)
    patterns: list[ShiftPattern] = []
    left = list(breaks)
    for start_ms, end_ms in shifts:
        within = [one for one in left if _fits(start_ms, end_ms, one)]
        left = [one for one in left if one not in within]
        try:
            patterns.append(shift_pattern(start_ms, end_ms, tuple(within), weekdays))
        except ValueError as error:
            raise row.error("breaks", str(error), value=row.cells["breaks"]) from error
    if left:
        raise row.error("breaks", "has a break outside the shifts", value=row.cells["breaks"], remedy="A break lies within one shift.")
    return tuple(patterns)


def _fits(start_ms: int, end_ms: int, one: tuple[int, int]) -> bool:
    try:
        shift_pattern(start_ms, end_ms, (one,))
    except ValueError:
        return False
    return True
