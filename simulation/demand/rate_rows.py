"""Arrival rates as a person writes them: local times of day, a channel, a type and a number an hour, in TOML or in a table."""

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, ValidationError, model_validator

from routing.config.calendars import WEEKDAYS, Weekday
from routing.config.document import FileModel
from routing.config.errors import ConfigError, did_you_mean
from routing.config.refusals import refusals
from routing.config.roster import local_instant
from routing.config.values import DurationMs, Identifier, TimeOfDayMs
from routing.core.validate import PRIORITY_MAX
from routing.model.time import DAY_MS, HOUR_MS
from simulation.demand.days import DayKind, as_it_is
from simulation.demand.stream import DemandStream, RateSpan
from simulation.scenario import Calendar
from simulation.tables import Row, Table, open_table

_COLUMNS: Final = ("from", "to", "channel", "type", "per_hour")
_OPTIONAL: Final = ("days", "attributes", "due_after", "priority")


Points = Annotated[int, Field(ge=-PRIORITY_MAX, le=PRIORITY_MAX)]


class RateRow(FileModel):
    """A constant rate between two local times on every day of the horizon, or on those of some weekdays."""

    from_: TimeOfDayMs = Field(default=0, alias="from")
    to: TimeOfDayMs = DAY_MS
    days: Annotated[tuple[Weekday, ...], Field(min_length=1)] = WEEKDAYS
    channel: Identifier
    type: Identifier
    attributes: dict[Identifier, int | str] = Field(default_factory=dict)
    due_after: DurationMs | None = None
    priority: Points = 0
    per_hour: Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)]

    @model_validator(mode="after")
    def _is_ordered(self) -> "RateRow":
        if self.from_ >= self.to:
            raise ValueError("from is not before to; write a span past midnight as two")
        return self


def streams_from_rows(
    rows: Sequence[RateRow], calendar: Calendar, kind_of: Callable[[dt.date], DayKind] = as_it_is
) -> tuple[DemandStream, ...]:
    """One stream for each channel, type, attributes, due time and priority, in the order of first mention.

    A rate holds between its local times on each of its days; on the days the clocks change a span is as long as the clock says. `kind_of`
    says which weekday's rates hold on a date, and what they are multiplied by.
    """
    groups: dict[tuple[str, str, str, int | None, int], list[RateRow]] = {}
    for row in rows:
        key = (row.channel, row.type, json.dumps(row.attributes, sort_keys=True), row.due_after, row.priority)
        groups.setdefault(key, []).append(row)
    return tuple(
        DemandStream(
            channel=group[0].channel,
            type=group[0].type,
            attributes=group[0].attributes,
            spans=_spans(group, calendar, kind_of),
            due_after_ms=group[0].due_after,
            priority=group[0].priority,
        )
        for group in groups.values()
    )


def _spans(rows: Sequence[RateRow], calendar: Calendar, kind_of: Callable[[dt.date], DayKind]) -> tuple[RateSpan, ...]:
    spans = []
    for date in calendar.dates:
        kind = kind_of(date)
        for row in rows:
            if kind.weekday not in row.days:
                continue
            starts_at, ends_at = (local_instant(date, time_ms, calendar.zone_info) for time_ms in (row.from_, row.to))
            if starts_at < ends_at:
                expected = row.per_hour * (ends_at - starts_at) / HOUR_MS
                spans.append(RateSpan(starts_at=starts_at, ends_at=ends_at, expected=expected * kind.factor))
    return tuple(sorted(spans, key=lambda span: (span.starts_at, span.ends_at)))


def read_rate_table(path: Path) -> tuple[RateRow, ...]:
    """The rows of a rate table (CSV, gzipped CSV or Parquet); `attributes` is a JSON object.

    Raises:
        ConfigError: a column or a row cannot be used; the row is named.
    """
    table = open_table(path)
    for column in _COLUMNS:
        if column not in table.columns:
            raise ConfigError(f"has no column {column}", file=path, remedy=f"A rate table has {', '.join(_COLUMNS)}.")
    for column in table.columns:
        if column not in (*_COLUMNS, *_OPTIONAL):
            remedy = did_you_mean(column, (*_COLUMNS, *_OPTIONAL))
            raise ConfigError("is not a column of a rate table", file=path, value=column, remedy=remedy)
    return tuple(_row(table, row) for row in table.rows)


def _row(table: Table, row: Row) -> RateRow:
    if len(row.cells) != len(table.columns):
        problem = f"the row has {len(row.cells)} columns, the header {len(table.columns)}"
        raise table.error(row, problem, remedy="Complete the row; an empty value still needs its comma.")
    cells = {column: cell for column, cell in zip(table.columns, row.cells, strict=True) if cell}
    content: dict[str, object] = {**cells}
    if "per_hour" in cells:
        content["per_hour"] = _number(table, row, cells["per_hour"])
    if "priority" in cells:
        content["priority"] = _points(table, row, cells["priority"])
    if "days" in cells:
        content["days"] = tuple(cells["days"].split())
    if "attributes" in cells:
        content["attributes"] = attributes_in(table, row, cells["attributes"])
    try:
        return RateRow.model_validate(content)
    except ValidationError as error:
        first = refusals(error, RateRow, content)[0]
        column = ".".join(str(part) for part in first.key) or None
        raise table.error(row, first.problem, column=column, value=first.value, remedy=first.remedy) from error


def _number(table: Table, row: Row, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise table.error(row, "is not a number", column="per_hour", value=text, remedy="Write arrivals an hour, such as 12.5.") from None


def _points(table: Table, row: Row, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        remedy = "Write whole points, such as 3."
        raise table.error(row, "is not a whole number", column="priority", value=text, remedy=remedy) from None


def attributes_in(table: Table, row: Row, text: str) -> Mapping[str, object]:
    """The attributes of one row, from the JSON object in its cell.

    Raises:
        ConfigError: it is none; the row is named.
    """
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    raise table.error(row, "is not a JSON object", column="attributes", value=text, remedy='Write {"family":"roads"} or leave it empty.')
