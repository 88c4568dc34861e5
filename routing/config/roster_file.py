"""TOML rosters: agents one by one and in groups, the shifts they work, and what all of them share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from routing.config.defaults import first_given
from routing.config.document import Document, FileModel, load
from routing.config.errors import ConfigError, did_you_mean
from routing.config.findings import refuse_any
from routing.config.roster import Roster, RosteredAgent, ShiftPattern
from routing.config.roster_cells import CAPACITY_MAX, DEFAULT_CAPACITY, HOURLY_COST_MAX
from routing.config.roster_csv import read_roster_csv
from routing.config.roster_dates import AbsenceFile, BreakFile, OvertimeFile, with_dates
from routing.config.roster_parts import WEEKDAYS, Weekday, agent_faults, attributes_of, channel_maxima, shift_pattern
from routing.config.roster_shift_table import is_shift_table, read_shift_table, with_shift_table
from routing.config.rules import SharePerMille
from routing.config.toml_lines import KeyPath
from routing.config.values import DurationMs, FileName, Identifier, TimeOfDayMs, ZoneName, refused
from routing.model.agent import Agent
from routing.model.requirement import AttributeValue
from routing.model.site import Site

ROSTER_SCHEMA = "careroute/roster/1"


def _channels(value: object) -> object:
    numbers = value.values() if isinstance(value, dict) else ()
    names = value if isinstance(value, tuple | dict) else (None,)
    if names and all(isinstance(name, str) for name in names) and all(isinstance(n, int) and not isinstance(n, bool) for n in numbers):
        return value
    raise refused("does not say which channels are served", 'Write ["phone", "chat"], or { phone = 1, chat = 2 } with how many at once.')


def _attribute(value: object) -> object:
    if isinstance(value, int | str) and not isinstance(value, bool):
        return value
    raise refused("is neither a text nor a whole number", 'Write it as in language = "es".')


Channels = Annotated[tuple[str, ...] | dict[str, int], BeforeValidator(_channels)]
Attribute = Annotated[int | str, BeforeValidator(_attribute)]


class ShiftFile(FileModel):
    """A shift: local times; an end not after the start lies on the next day."""

    start: TimeOfDayMs
    end: TimeOfDayMs
    days: tuple[Weekday, ...] = Field(default=WEEKDAYS, min_length=1)
    breaks: tuple[BreakFile, ...] = ()


class AgentDefaults(FileModel):
    """What an agent or group takes where it says nothing itself."""

    skills: dict[Identifier, int] | None = None
    attributes: dict[Identifier, Attribute] | None = None
    capacity: Annotated[int, Field(ge=1, le=CAPACITY_MAX)] | None = None
    wrap_up_limit: DurationMs | None = None
    channels: Channels | None = None
    shifts: tuple[Identifier, ...] | None = None
    shrinkage: SharePerMille | None = None
    planned_shrinkage: SharePerMille | None = None
    zone: ZoneName | None = None
    hourly_cost: Annotated[float, Field(ge=0, le=HOURLY_COST_MAX, allow_inf_nan=False)] | None = None


class AgentFile(AgentDefaults):
    """One agent by name."""

    id: Identifier


class GroupFile(AgentDefaults):
    """A number of like agents, who get the ids name-1, name-2 and so on, padded with zeros to equal length."""

    name: Identifier
    agents: Annotated[int, Field(ge=1, le=100_000)]


class RosterFile(FileModel):
    """A roster file's keys."""

    name: Identifier | None = None
    assumptions: tuple[str, ...] = ()
    shift_table: FileName | None = None
    overtime_factor: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)] = 1.0
    absences: tuple[AbsenceFile, ...] = ()
    overtime: tuple[OvertimeFile, ...] = ()
    defaults: AgentDefaults = AgentDefaults()
    shifts: dict[Identifier, ShiftFile] = Field(default_factory=dict)
    agents: tuple[AgentFile, ...] = ()
    groups: tuple[GroupFile, ...] = ()


def load_roster(path: Path, site: Site | None) -> Roster:
    """The roster of a TOML or CSV file (told by its name's ending), checked against the site.

    Without a site, names of skills and channels are not checked, and a channel listed without a number counts as one at a time.

    Raises:
        ConfigError: the file cannot be read or used; every fault found is listed.
    """
    if path.suffix.lower() == ".gz":
        raise ConfigError("is compressed", file=path, remedy="Unpack it: a roster is a TOML or a CSV file.")
    if path.suffix.lower() != ".csv":
        return read_roster_toml(path, site)
    return read_shift_table(path, site) if is_shift_table(path) else read_roster_csv(path, site)


def read_roster_toml(path: Path, site: Site | None) -> Roster:
    """The roster of a TOML file; see `load_roster`."""
    document, stated = load(path, ROSTER_SCHEMA, RosterFile)
    if not stated.agents and not stated.groups:
        raise document.error((), "has no agents", remedy="Add [[agents]] or [[groups]].")
    refuse_any(_shift_faults(document, stated))
    members = _Members(document, stated, site)
    refuse_any(members.faults())
    roster = Roster(
        name=stated.name or path.stem,
        members=tuple(members.built),
        assumptions=stated.assumptions,
        overtime_factor=stated.overtime_factor,
    )
    if stated.shift_table is not None:
        roster = with_shift_table(roster, document.beside(stated.shift_table))
    return with_dates(document, roster, stated.absences, stated.overtime)


def _shift_faults(document: Document, stated: RosterFile) -> Iterator[ConfigError]:
    for name, shift in stated.shifts.items():
        for wave in range(max([1, *(one.waves for one in shift.breaks)])):
            try:
                _pattern(shift, wave)
            except ValueError as error:
                remedy = "With waves the last wave must still fit." if wave else None
                yield document.error(("shifts", name), str(error), remedy=remedy)
                break


def _pattern(shift: ShiftFile, turn: int) -> ShiftPattern:
    """The shift of the agent whose turn it is on that shift, counted from 0: breaks with waves move by whole lengths."""
    breaks = []
    for one in shift.breaks:
        start_ms = one.start + (turn % one.waves) * one.length
        breaks.append((start_ms, start_ms + one.length))
    return shift_pattern(shift.start, shift.end, tuple(breaks), tuple(sorted({WEEKDAYS.index(day) for day in shift.days})))


class _Members:
    """Turns entries into rostered agents, keeping count of turns on each shift and of ids."""

    def __init__(self, document: Document, stated: RosterFile, site: Site | None) -> None:
        self.document = document
        self.stated = stated
        self.site = site
        self.built: list[RosteredAgent] = []
        self.turns: dict[str, int] = {}
        self.seen: set[str] = set()

    def faults(self) -> Iterator[ConfigError]:
        """Builds every member and yields what is wrong; the members are complete only when nothing is."""
        for index, agent in enumerate(self.stated.agents):
            yield from self._entry(("agents", index), agent, (agent.id,), "id")
        for index, group in enumerate(self.stated.groups):
            width = len(str(group.agents))
            ids = tuple(f"{group.name}-{number:0{width}}" for number in range(1, group.agents + 1))
            yield from self._entry(("groups", index), group, ids, "name")

    def _entry(self, key: KeyPath, own: AgentDefaults, ids: tuple[str, ...], id_key: str) -> Iterator[ConfigError]:
        twice = [agent_id for agent_id in ids if agent_id in self.seen]
        self.seen.update(ids)
        if twice:
            yield self.document.error((*key, id_key), "is the id of two agents", value=twice[0], remedy="Give each agent their own id.")
        names = first_given(own.shifts, self.stated.defaults.shifts, ())
        unknown = [name for name in names if name not in self.stated.shifts]
        for name in unknown:
            remedy = did_you_mean(name, self.stated.shifts)
            yield self.document.error((*key, "shifts"), "is not a shift of this roster", value=name, remedy=remedy)
        try:
            sample = self._agent(own, ids[0])
        except ValueError as error:
            yield self.document.error(key, f"{error} (agent {ids[0]})", remedy="Choose one.")
            return
        skills = tuple(first_given(own.skills, self.stated.defaults.skills, {}))
        for fault in agent_faults(sample, skills, self.site):
            yield self.document.error((*key, fault.part), f"{fault.problem} (agent {ids[0]})", remedy=fault.remedy)
        if not unknown:
            self.built.extend(self._member(own, agent_id, names) for agent_id in ids)

    def _member(self, own: AgentDefaults, agent_id: str, names: tuple[str, ...]) -> RosteredAgent:
        patterns = []
        for name in names:
            turn = self.turns.get(name, 0)
            self.turns[name] = turn + 1
            patterns.append(_pattern(self.stated.shifts[name], turn))
        default = self.stated.defaults
        return RosteredAgent(
            agent=self._agent(own, agent_id),
            patterns=tuple(patterns),
            shrinkage_per_mille=first_given(own.shrinkage, default.shrinkage, 0),
            planned_shrinkage_per_mille=first_given(own.planned_shrinkage, default.planned_shrinkage, 0),
            zone=default.zone if own.zone is None else own.zone,
            hourly_cost=default.hourly_cost if own.hourly_cost is None else own.hourly_cost,
        )

    def _agent(self, own: AgentDefaults, agent_id: str) -> Agent:
        default = self.stated.defaults
        no_skills: dict[str, int] = {}
        no_attributes: dict[str, AttributeValue] = {}
        no_channels: tuple[str, ...] | dict[str, int] = ()
        return Agent(
            id=agent_id,
            attributes=attributes_of(
                first_given(own.skills, default.skills, no_skills), first_given(own.attributes, default.attributes, no_attributes)
            ),
            capacity=first_given(own.capacity, default.capacity, DEFAULT_CAPACITY),
            wrap_up_limit_ms=default.wrap_up_limit if own.wrap_up_limit is None else own.wrap_up_limit,
            channel_maxima=channel_maxima(first_given(own.channels, default.channels, no_channels), self.site),
        )
