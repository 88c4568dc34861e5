"""CSV rosters: one agent a row, for people who keep their roster in a spreadsheet."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic_core import PydanticCustomError

from routing.config.document import unreadable
from routing.config.errors import NO_VALUE, ConfigError, did_you_mean
from routing.config.findings import refuse_any
from routing.config.roster import EVERY_DAY, Roster, RosteredAgent, ShiftPattern
from routing.config.roster_parts import WEEKDAYS, agent_faults, attributes_of, channel_maxima, shift_pattern
from routing.config.rules import share_per_mille
from routing.config.values import identifier, refused, time_of_day_ms
from routing.model.agent import Agent
from routing.model.requirement import AttributeValue
from routing.model.site import Site

REQUIRED_COLUMNS = ("id", "skills", "channels")
OPTIONAL_COLUMNS = ("capacity", "attributes", "shifts", "breaks", "days", "shrinkage")
DEFAULT_CAPACITY = 100
CAPACITY_MAX = 1_000_000

_BYTES_MAX = 16 * 1024 * 1024
_WHOLE_NUMBER = re.compile(r"-?\d{1,9}", re.ASCII)
_DECIMAL_NUMBER = re.compile(r"\d(?:\.\d{1,3})?", re.ASCII)

Parsed = TypeVar("Parsed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: the line on which it begins, and its cells by column; a column the file does not have is empty."""

    path: Path
    line: int
    cells: dict[str, str]

    def error(self, column: str | None, problem: str, *, value: object = NO_VALUE, remedy: str | None = None) -> ConfigError:
        """The error of one cell, or of the row."""
        return ConfigError(problem, file=self.path, line=self.line, key=column, value=value, remedy=remedy)

    def read(self, column: str, parser: Callable[[str], Parsed]) -> Parsed:
        """The cell of a column as `parser` understands it; its refusal becomes the error of that cell."""
        text = self.cells.get(column, "").strip()
        try:
            return parser(text)
        except PydanticCustomError as error:
            context = error.context or {}
            raise self.error(column, str(context["problem"]), value=text, remedy=str(context["remedy"])) from error


def read_roster_csv(path: Path, site: Site | None) -> Roster:
    """The roster of a CSV file with a header row; without a site, names are not checked.

    Raises:
        ConfigError: the file cannot be read or used; every row at fault is listed.
    """
    rows = tuple(_rows(path))
    if not rows:
        raise ConfigError("has no agents", file=path, remedy="Add one row for each agent below the header.")
    members: list[RosteredAgent] = []
    faults: list[ConfigError] = []
    lines: dict[str, int] = {}
    for row in rows:
        try:
            member, found = _member(row, site)
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


def _rows(path: Path) -> Iterator[Row]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    if len(content) > _BYTES_MAX:
        raise ConfigError("is larger than 16 MiB", file=path, remedy="Is this the right file?")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ConfigError("the text is not UTF-8", file=path, line=line, remedy="Save the file as UTF-8.") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns: tuple[str, ...] | None = None
    line = 0
    try:
        for cells in reader:
            first_line, line = line + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = _columns(path, cells)
            elif len(cells) != len(columns):
                remedy = "A cell that holds a comma stands in double quotes."
                raise ConfigError(f"has {len(cells)} columns, the header has {len(columns)}", file=path, line=first_line, remedy=remedy)
            else:
                yield Row(path=path, line=first_line, cells=dict(zip(columns, cells, strict=True)))
    except csv.Error as error:
        raise ConfigError(f"not CSV: {error}", file=path, line=line + 1, remedy="Quotes inside a quoted cell are doubled.") from error
    if columns is None:
        raise ConfigError("is empty", file=path, remedy=f"Begin with the columns {', '.join(REQUIRED_COLUMNS)}.")


def _columns(path: Path, cells: list[str]) -> tuple[str, ...]:
    columns = tuple(cell.strip() for cell in cells)
    known = (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS)
    for position, column in enumerate(columns):
        if column not in known:
            raise ConfigError("is not a column of a roster", file=path, line=1, value=column, remedy=did_you_mean(column, known))
        if column in columns[:position]:
            raise ConfigError("names two columns", file=path, line=1, value=column, remedy="Remove one.")
    missing = [column for column in REQUIRED_COLUMNS if column not in columns]
    if missing:
        raise ConfigError(f"has no column {missing[0]}", file=path, line=1, remedy=f"A roster needs {', '.join(REQUIRED_COLUMNS)}.")
    return columns


def _member(row: Row, site: Site | None) -> tuple[RosteredAgent, list[ConfigError]]:
    skills = row.read("skills", _numbers)
    attributes = row.read("attributes", _attributes)
    try:
        together = attributes_of(skills, attributes)
    except ValueError as error:
        raise row.error("attributes", str(error), remedy="Choose one.") from error
    agent = Agent(
        id=row.read("id", identifier),
        attributes=together,
        capacity=row.read("capacity", _capacity),
        channel_maxima=channel_maxima(row.read("channels", _channels), site),
    )
    member = RosteredAgent(agent=agent, patterns=_patterns(row), shrinkage_per_mille=row.read("shrinkage", _shrinkage))
    found = [
        row.error(fault.part, f"{fault.problem} (agent {agent.id})", remedy=fault.remedy)
        for fault in agent_faults(agent, tuple(skills), site)
    ]
    return member, found


def _patterns(row: Row) -> tuple[ShiftPattern, ...]:
    shifts, breaks, weekdays = row.read("shifts", _spans), row.read("breaks", _spans), row.read("days", _weekdays)
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


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for part in _parts(text):
        name, separator, value = (piece.strip() for piece in part.rpartition(":"))
        if not separator or not name:
            raise refused(_at(part, text, "not name:value"), "Write billing:7;sales:4.")
        if name in seen:
            raise refused(f"names {name} twice", "Remove one.")
        seen.add(name)
        yield name, value


def _at(part: str, text: str, fault: str) -> str:
    return f"is {fault}" if part == text else f'has "{part}", which is {fault}'


def _numbers(text: str) -> dict[str, int]:
    return {name: _whole_number(value) for name, value in _pairs(text)}


def _attributes(text: str) -> dict[str, AttributeValue]:
    return {name: int(value) if _WHOLE_NUMBER.fullmatch(value) else value for name, value in _pairs(text)}


def _channels(text: str) -> dict[str, int] | tuple[str, ...]:
    return _numbers(text) if ":" in text else _parts(text)


def _whole_number(text: str) -> int:
    if not _WHOLE_NUMBER.fullmatch(text):
        raise refused(f'has "{text}" where a whole number must stand', "Write billing:7;sales:4.")
    return int(text)


def _capacity(text: str) -> int:
    capacity = _whole_number(text) if text else DEFAULT_CAPACITY
    if not 1 <= capacity <= CAPACITY_MAX:
        raise refused("is not a capacity", f"Write a number from 1 to {CAPACITY_MAX}.")
    return capacity


def _shrinkage(text: str) -> int:
    if not text:
        return 0
    if not _DECIMAL_NUMBER.fullmatch(text):
        raise refused("is not a share", "Write a number from 0 to 1 with at most three decimals, such as 0.8.")
    return share_per_mille(float(text))


def _spans(text: str) -> tuple[tuple[int, int], ...]:
    spans = []
    for part in _parts(text):
        start, separator, end = (piece.strip() for piece in part.partition("-"))
        try:
            if not separator:
                raise refused("is no span", "")
            spans.append((time_of_day_ms(start), time_of_day_ms(end)))
        except PydanticCustomError as error:
            remedy = "Write 08:00-16:30; several are separated by semicolons."
            raise refused(_at(part, text, "not a span from one time of day to another"), remedy) from error
    return tuple(spans)


def _weekdays(text: str) -> tuple[int, ...]:
    names = text.replace(";", " ").lower().split()
    for name in names:
        if name not in WEEKDAYS:
            raise refused(f'has "{name}", which is not a weekday', f"Write {' '.join(WEEKDAYS)}, or leave it empty for every day.")
    return tuple(sorted({WEEKDAYS.index(name) for name in names})) or EVERY_DAY
