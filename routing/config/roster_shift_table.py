"""Shift tables: one row for each shift of an agent on a date, as planning tools and spreadsheets export a schedule."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Final

from routing.config import roster_cells
from routing.config.errors import ConfigError, did_you_mean
from routing.config.findings import refuse_any
from routing.config.roster import Roster, RosteredAgent, ShiftPattern
from routing.config.roster_csv import agent_of
from routing.config.roster_parts import shift_pattern
from routing.config.roster_rows import Row, TableKind, rows_of
from routing.config.values import calendar_date, identifier, refused
from routing.model.site import Site
from routing.model.time import DAY_MS, Instant

_REQUIRED = ("agent", "date", "start", "end")
_ABOUT_AGENTS = ("skills", "attributes", "channels", "capacity", "zone", "shrinkage", "planned_shrinkage", "hourly_cost")
SHIFTS_ALONE: Final = TableKind(words="a table of shifts", required=_REQUIRED, optional=("breaks", "kind"))
"""The table beside a TOML roster, which says everything else about the agents."""
SHIFTS_WITH_AGENTS: Final = TableKind(words="a table of shifts", required=_REQUIRED, optional=("breaks", "kind", *_ABOUT_AGENTS))
"""The table that is a roster by itself."""

_KINDS = ("shift", "overtime", "absence")


@dataclass(slots=True, kw_only=True)
class AgentDates:
    """The rows of one agent: the shifts by date with the line of each, and the dates of absence."""

    line: int
    shifts: dict[dt.date, list[tuple[int, ShiftPattern]]] = field(default_factory=dict)
    absent_on: set[dt.date] = field(default_factory=set)

    def added_to(self, member: RosteredAgent) -> RosteredAgent:
        """The agent with these shifts and absences beside those they have."""
        dated = {date: tuple(pattern for _, pattern in found) for date, found in sorted(self.shifts.items())}
        return replace(member, dated={**member.dated, **dated}, absent_on=member.absent_on | self.absent_on)


def is_shift_table(path: Path) -> bool:
    """Whether the header of a CSV file has the column that only a table of shifts has; a file that cannot be read is none."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            header = next((line for line in file if line.strip()), "")
    except OSError:
        return False
    return "date" in {cell.strip(' "\n') for cell in header.replace(";", ",").replace("\t", ",").split(",")}


def read_shift_table(path: Path, site: Site | None) -> Roster:
    """The roster of a table that says of each agent, in at least one of their rows, which channels they serve and with what skills.

    Raises:
        ConfigError: the file cannot be read or used; every row at fault is listed.
    """
    rows = tuple(rows_of(path, SHIFTS_WITH_AGENTS))
    dates = _dates_by_agent(path, rows)
    faults: list[ConfigError] = []
    members: list[RosteredAgent] = []
    for agent_id, row in _merged(rows, faults).items():
        try:
            member, found = agent_of(row, agent_id, (), site)
        except ConfigError as error:
            faults.append(error)
            continue
        faults.extend(found)
        members.append(dates[agent_id].added_to(member))
    refuse_any(faults)
    return Roster(name=path.stem, members=tuple(members))


def with_shift_table(roster: Roster, path: Path) -> Roster:
    """A roster whose agents have the shifts and absences of a table beside their own.

    Raises:
        ConfigError: the table cannot be read or used, or names agents that the roster has not; every row at fault is listed.
    """
    dates = _dates_by_agent(path, tuple(rows_of(path, SHIFTS_ALONE)))
    known = {member.agent.id for member in roster.members}
    refuse_any(
        ConfigError(
            "is not an agent of the roster",
            file=path,
            line=found.line,
            key="agent",
            value=agent_id,
            remedy=did_you_mean(agent_id, known),
        )
        for agent_id, found in dates.items()
        if agent_id not in known
    )
    members = (dates[member.agent.id].added_to(member) if member.agent.id in dates else member for member in roster.members)
    return replace(roster, members=tuple(members))


def _dates_by_agent(path: Path, rows: tuple[Row, ...]) -> dict[str, AgentDates]:
    if not rows:
        raise ConfigError("has no shifts", file=path, remedy="Add one row for each shift of an agent below the header.")
    found: dict[str, AgentDates] = {}
    faults: list[ConfigError] = []
    for row in rows:
        try:
            _add(found, row)
        except ConfigError as error:
            faults.append(error)
    for agent_id, dates in found.items():
        faults.extend(_overlaps(path, agent_id, dates))
    refuse_any(faults)
    return found


def _add(found: dict[str, AgentDates], row: Row) -> None:
    agent_id, date = row.read("agent", identifier), row.read("date", calendar_date)
    kind = row.read("kind", _kind)
    mine = found.setdefault(agent_id, AgentDates(line=row.line))
    if kind == "absence":
        written = next((column for column in ("start", "end", "breaks") if row.cells.get(column, "").strip()), None)
        if written is not None:
            raise row.error(written, "is of an absence, which lasts all day", value=row.cells[written], remedy="Leave the cell empty.")
        mine.absent_on.add(date)
        return
    start_ms, end_ms = row.read("start", roster_cells.clock), row.read("end", roster_cells.clock)
    try:
        pattern = shift_pattern(start_ms, end_ms, row.read("breaks", roster_cells.spans))
    except ValueError as error:
        remedy = "Breaks lie within the shift and follow each other."
        raise row.error("breaks", str(error), value=row.cells["breaks"], remedy=remedy) from error
    mine.shifts.setdefault(date, []).append((row.line, replace(pattern, is_overtime=kind == "overtime")))


def _kind(text: str) -> str:
    if text and text not in _KINDS:
        raise refused("is not a kind of row", f"Write {', '.join(_KINDS)}, or nothing for a shift.")
    return text or "shift"


def _overlaps(path: Path, agent_id: str, dates: AgentDates) -> Iterator[ConfigError]:
    """Shifts of one agent that overlap on the clock, over midnight too."""
    spans = sorted(_span(date, line, pattern) for date, found in dates.shifts.items() for line, pattern in found)
    for (_, ends_at, line), (starts_at, _, later_line) in pairwise(spans):
        if starts_at < ends_at:
            first, second = sorted((line, later_line))
            remedy = f"It begins before the shift of line {first} has ended."
            yield ConfigError("has two shifts that overlap", file=path, line=second, key="agent", value=agent_id, remedy=remedy)


def _span(date: dt.date, line: int, pattern: ShiftPattern) -> tuple[Instant, Instant, int]:
    midnight = date.toordinal() * DAY_MS
    return midnight + pattern.start_ms, midnight + pattern.end_ms, line


def _merged(rows: tuple[Row, ...], faults: list[ConfigError]) -> dict[str, Row]:
    """One row for each agent: what their rows say about them, on the first line that says anything; contradictions become faults."""
    merged: dict[str, Row] = {}
    said_in: dict[tuple[str, str], int] = {}
    for row in rows:
        agent_id = row.read("agent", identifier)
        mine = merged.setdefault(agent_id, Row(path=row.path, line=row.line, cells={}))
        for column in _ABOUT_AGENTS:
            text = row.cells.get(column, "").strip()
            if not text:
                continue
            earlier = said_in.setdefault((agent_id, column), row.line)
            if mine.cells.setdefault(column, text) != text:
                remedy = f'Line {earlier} says "{mine.cells[column]}" of {agent_id}: say it once, or the same every time.'
                faults.append(row.error(column, "contradicts an earlier row", value=text, remedy=remedy))
    return merged
