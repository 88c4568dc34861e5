"""Reads a planner's forecast: a table with an expected number for each dated interval, and how far it may be off."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, ValidationError, model_validator
from scipy import special

from routing.config.document import FileModel
from routing.config.errors import ConfigError, did_you_mean
from routing.config.refusals import refusals
from routing.config.roster import local_instant
from routing.config.values import DurationMs, Identifier, refused
from routing.model.time import DAY_MS, Duration, Instant
from simulation.demand.chance import ForecastError, Scope
from simulation.demand.chance_file import UnitKindName
from simulation.demand.rate_rows import Points, attributes_in
from simulation.demand.stream import DemandStream, RateSpan
from simulation.demand.unit_laws import UnitKind
from simulation.law_files import Source
from simulation.scenario import Calendar
from simulation.tables import Row, Table, open_table

_COLUMNS: Final = ("starts_at", "channel", "type", "expected")
_OPTIONAL: Final = ("ends_at", "low", "high", "cv", "attributes", "due_after", "priority")
_NUMBERS: Final = ("expected", "low", "high", "cv")


def _local_time(value: object) -> dt.datetime:
    if isinstance(value, str):
        try:
            found = dt.datetime.fromisoformat(value)
        except ValueError:
            found = None
        if found is not None and found.tzinfo is None and "-" in value and ":" in value:
            return found
    raise refused("is not a local date and time", "Write it without a zone, such as 2026-11-23 08:30; the zone is the scenario's.")


Count = Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)]
LocalTime = Annotated[dt.datetime, BeforeValidator(_local_time)]


class ForecastErrorFile(FileModel):
    """The table [demand.forecast_error]: what the band of a forecast means, and how errors follow each other."""

    law: UnitKindName
    band: Annotated[float, Field(gt=0, lt=1)] | None = None
    band_of: Literal["mean", "count"] = "mean"
    correlation: Annotated[float, Field(ge=0, le=1)]
    per: Literal["site", "stream"] = "stream"
    source: Source


class ForecastRow(FileModel):
    """One row of a forecast."""

    starts_at: LocalTime
    ends_at: LocalTime | None = None
    channel: Identifier
    type: Identifier
    expected: Count
    low: Count | None = None
    high: Count | None = None
    cv: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] | None = None
    attributes: dict[Identifier, int | str] = Field(default_factory=dict)
    due_after: DurationMs | None = None
    priority: Points = 0

    @model_validator(mode="after")
    def _is_ordered(self) -> "ForecastRow":
        if self.ends_at is not None and self.ends_at <= self.starts_at:
            raise ValueError("ends_at is not after starts_at")
        if (self.low is None) != (self.high is None) or (self.low is not None and self.cv is not None):
            raise ValueError("a row has low and high, or cv, or neither")
        if self.low is not None and self.high is not None and not self.low <= self.expected <= self.high:
            raise ValueError("low, expected and high are not in rising order")
        return self

    @property
    def has_error(self) -> bool:
        """Whether the row says how far it may be off."""
        return self.cv is not None or self.low is not None

    def cv_of(self, stated: ForecastErrorFile) -> float:
        """The cv of the expected number: as stated, or from the width of the band as if it were a normal law's.

        A band of counts holds the Poisson part too, which is taken off; where it is wider than the band nothing is left.
        """
        if self.cv is not None or self.low is None or self.high is None or not self.expected:
            return self.cv or 0.0
        deviation = (self.high - self.low) / (2 * float(special.ndtri((1 + (stated.band or 0)) / 2)))
        variance = deviation**2 - (self.expected if stated.band_of == "count" else 0)
        return float(max(variance, 0.0) ** 0.5 / self.expected)


def read_forecast(path: Path) -> tuple[tuple[Row, ForecastRow], ...]:
    """The rows of a forecast (CSV, gzipped CSV or Parquet), each with its place in the file.

    Raises:
        ConfigError: a column or a row cannot be used; the row is named.
    """
    table = open_table(path)
    for column in _COLUMNS:
        if column not in table.columns:
            raise ConfigError(f"has no column {column}", file=path, remedy=f"A forecast has {', '.join(_COLUMNS)}.")
    for column in table.columns:
        if column not in (*_COLUMNS, *_OPTIONAL):
            raise ConfigError(
                "is not a column of a forecast", file=path, value=column, remedy=did_you_mean(column, (*_COLUMNS, *_OPTIONAL))
            )
    found = tuple((row, _parsed(table, row)) for row in table.rows)
    seen: dict[tuple[object, ...], int] = {}
    for row, one in found:
        first = seen.setdefault((one.starts_at, *_kind(one)), row.number)
        if first != row.number:
            remedy = "A stream has one row for each interval."
            raise table.error(row, f"repeats the interval of row {first}", column="starts_at", value=str(one.starts_at), remedy=remedy)
    return found


def streams_from_forecast(
    path: Path, calendar: Calendar, interval_ms: Duration, stated: ForecastErrorFile | None
) -> tuple[tuple[DemandStream, ...], tuple[ForecastError, ...]]:
    """The streams of a forecast on the calendar's days, and its error where it states one.

    A row without `ends_at` is `interval_ms` long. Rows of other days are left out; `stated` says what the band means.

    Raises:
        ConfigError: the file cannot be used, has no row on these days, or has a band that nothing explains.
    """
    rows = [one for _, one in read_forecast(path) if one.starts_at.date() in calendar.dates]
    if not rows:
        days = f"{calendar.dates[0]} to {calendar.dates[-1]}"
        raise ConfigError(f"has no row on the scenario's days, {days}", file=path, remedy="Forecast these days, or correct the date.")
    _check_error(path, rows, stated)
    groups: dict[tuple[object, ...], list[ForecastRow]] = {}
    for row in rows:
        groups.setdefault(_kind(row), []).append(row)
    streams, cvs = [], {}
    for group in groups.values():
        first = group[0]
        spans = [(_span(row, calendar, interval_ms), row) for row in sorted(group, key=lambda row: row.starts_at)]
        kept = [(span, row) for span, row in spans if span.starts_at < span.ends_at]
        stream = DemandStream(
            channel=first.channel,
            type=first.type,
            attributes=first.attributes,
            spans=tuple(span for span, _ in kept),
            due_after_ms=first.due_after,
            priority=first.priority,
        )
        streams.append(stream)
        if stated is not None:
            cvs[stream.name] = {span.starts_at: row.cv_of(stated) for span, row in kept}
    return tuple(streams), () if stated is None else (_error(stated, interval_ms, cvs),)


def _check_error(path: Path, rows: Sequence[ForecastRow], stated: ForecastErrorFile | None) -> None:
    if stated is None and any(row.has_error for row in rows):
        problem, remedy = "says how far it may be off, and nothing says what that means", "Add [demand.forecast_error] to the scenario."
        raise ConfigError(problem, file=path, remedy=remedy)
    if stated is not None and not any(row.has_error for row in rows):
        raise ConfigError(
            "does not say how far it may be off", file=path, remedy="Add low and high, or cv, or remove [demand.forecast_error]."
        )
    if stated is not None and stated.band is None and any(row.low is not None for row in rows):
        problem, remedy = (
            "has low and high, and nothing says how much lies between them",
            "Add band = 0.9 or the like to [demand.forecast_error].",
        )
        raise ConfigError(problem, file=path, remedy=remedy)


def _error(stated: ForecastErrorFile, interval_ms: Duration, cvs: Mapping[str, Mapping[Instant, float]]) -> ForecastError:
    scope = Scope(name="forecast error", when={}, is_common=stated.per == "site", source=stated.source)
    return ForecastError(scope=scope, every_ms=interval_ms, kind=UnitKind(stated.law), correlation=stated.correlation, cvs=cvs)


def _kind(row: ForecastRow) -> tuple[object, ...]:
    return row.channel, row.type, json.dumps(row.attributes, sort_keys=True), row.due_after, row.priority


def _span(row: ForecastRow, calendar: Calendar, interval_ms: Duration) -> RateSpan:
    starts_at = _instant(row.starts_at, calendar)
    ends_at = starts_at + interval_ms if row.ends_at is None else _instant(row.ends_at, calendar)
    return RateSpan(starts_at=starts_at, ends_at=ends_at, expected=row.expected)


def _instant(local: dt.datetime, calendar: Calendar) -> Instant:
    midnight = dt.datetime.combine(local.date(), dt.time())
    return local_instant(local.date(), (local - midnight) // dt.timedelta(milliseconds=1) % DAY_MS, calendar.zone_info)


def _parsed(table: Table, row: Row) -> ForecastRow:
    if len(row.cells) != len(table.columns):
        problem = f"the row has {len(row.cells)} columns, the header {len(table.columns)}"
        raise table.error(row, problem, remedy="Complete the row; an empty value still needs its comma.")
    cells = {column: cell for column, cell in zip(table.columns, row.cells, strict=True) if cell}
    content: dict[str, object] = {**cells}
    for column in (*_NUMBERS, "priority"):
        if column in cells:
            content[column] = _number(table, row, column, cells[column])
    if "attributes" in cells:
        content["attributes"] = attributes_in(table, row, cells["attributes"])
    try:
        return ForecastRow.model_validate(content)
    except ValidationError as error:
        first = refusals(error, ForecastRow, content)[0]
        key = ".".join(str(part) for part in first.key) or None
        raise table.error(row, first.problem, column=key, value=first.value, remedy=first.remedy) from error


def _number(table: Table, row: Row, column: str, text: str) -> float | int:
    try:
        return int(text) if column == "priority" else float(text)
    except ValueError:
        raise table.error(row, "is not a number", column=column, value=text, remedy="Write a number, such as 12.5.") from None
