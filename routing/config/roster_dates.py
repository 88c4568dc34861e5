"""What a TOML roster says of single dates: absences and overtime."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from routing.config.document import Document, FileModel
from routing.config.errors import ConfigError, did_you_mean
from routing.config.findings import refuse_any
from routing.config.roster import Roster, RosteredAgent, ShiftPattern
from routing.config.roster_parts import shift_pattern
from routing.config.values import CalendarDate, Identifier, PositiveDurationMs, TimeOfDayMs
from routing.model.ids import AgentId

_DAYS_MAX = 366


class BreakFile(FileModel):
    """A break: when it starts and how long it is; with `waves` the agents of the shift take it one group after the other."""

    start: TimeOfDayMs
    length: PositiveDurationMs
    waves: Annotated[int, Field(ge=1, le=1_000)] = 1


class AbsenceFile(FileModel):
    """An entry of [[absences]]: agents whose shifts of some dates fall out, the first and the last of them included."""

    agents: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    from_: CalendarDate = Field(alias="from")
    to: CalendarDate | None = None

    def dates(self) -> tuple[dt.date, ...]:
        """The dates, first to last; none where the last lies before the first."""
        last = self.from_ if self.to is None else self.to
        return tuple(self.from_ + dt.timedelta(days=offset) for offset in range((last - self.from_).days + 1))


class OvertimeFile(FileModel):
    """An entry of [[overtime]]: a further shift of agents, on one date."""

    agents: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    date: CalendarDate
    start: TimeOfDayMs
    end: TimeOfDayMs
    breaks: tuple[BreakFile, ...] = ()

    def pattern(self) -> ShiftPattern:
        """The shift as local times.

        Raises:
            ValueError: a break lies outside it, or overlaps another.
        """
        breaks = tuple((one.start, one.start + one.length) for one in self.breaks)
        return replace(shift_pattern(self.start, self.end, breaks), is_overtime=True)


def with_dates(document: Document, roster: Roster, absences: tuple[AbsenceFile, ...], overtime: tuple[OvertimeFile, ...]) -> Roster:
    """The roster with absences and overtime; `document` is the file that states them.

    Raises:
        ConfigError: an entry names nobody of the roster, no dates, or a break that does not fit; all are listed.
    """
    members = {member.agent.id: member for member in roster.members}
    refuse_any(_faults(document, members, absences, overtime))
    for absence in absences:
        for agent_id in absence.agents:
            members[agent_id] = replace(members[agent_id], absent_on=members[agent_id].absent_on.union(absence.dates()))
    for shift in overtime:
        for agent_id in shift.agents:
            dated = members[agent_id].dated
            longer = {**dated, shift.date: (*dated.get(shift.date, ()), shift.pattern())}
            members[agent_id] = replace(members[agent_id], dated=longer)
    return replace(roster, members=tuple(members.values()))


def _faults(
    document: Document,
    members: Mapping[AgentId, RosteredAgent],
    absences: tuple[AbsenceFile, ...],
    overtime: tuple[OvertimeFile, ...],
) -> Iterator[ConfigError]:
    named = [(("absences", index, "agents"), entry.agents) for index, entry in enumerate(absences)]
    named += [(("overtime", index, "agents"), entry.agents) for index, entry in enumerate(overtime)]
    for key, agents in named:
        for agent_id in agents:
            if agent_id not in members:
                yield document.error(key, "is not an agent of the roster", value=agent_id, remedy=did_you_mean(agent_id, members))
    for index, absence in enumerate(absences):
        days = len(absence.dates())
        if not 1 <= days <= _DAYS_MAX:
            problem = "lies before from" if not days else f"makes {days} days of absence"
            yield document.error(("absences", index, "to"), problem, value=absence.to, remedy="The last date of an absence, within a year.")
    for index, shift in enumerate(overtime):
        try:
            shift.pattern()
        except ValueError as error:
            yield document.error(("overtime", index), str(error))
