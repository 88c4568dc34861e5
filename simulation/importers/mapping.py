"""The mapping file, `careroute/mapping/1`: says in data how a table of another system becomes recorded interactions."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from routing.config.document import Document, FileModel, load
from routing.config.values import Identifier, Share, ZoneName, refused
from routing.model.time import HOUR_MS, MINUTE_MS, SECOND_MS

SCHEMA: Final = "careroute/mapping/1"
UNIT_MS: Final = {"ms": 1, "s": SECOND_MS, "min": MINUTE_MS, "h": HOUR_MS}

Unit = Literal["ms", "s", "min", "h"]


_SAMPLE = dt.datetime(2015, 8, 11, 13, 5, tzinfo=dt.UTC)


def _time_format(value: object) -> str:
    """The word iso, or a `strptime` format that tells the day: one that cannot read back what it writes would fit no row."""
    remedy = 'Write "iso", or Python\'s codes for date and time, such as "%m/%d/%Y %I:%M:%S %p".'
    if not isinstance(value, str):
        raise refused("is not a text", remedy)
    try:
        is_usable = value == "iso" or dt.datetime.strptime(_SAMPLE.strftime(value), value).date() == _SAMPLE.date()  # noqa: DTZ007 - a date alone
    except ValueError:
        is_usable = False
    if not is_usable:
        raise refused("is not a format of date and time", remedy)
    return value


TimeFormat = Annotated[str, BeforeValidator(_time_format)]


class TableFormat(FileModel):
    """How the table is written."""

    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    encoding: Literal["utf-8", "latin-1", "cp1252", "utf-16"] = "utf-8"
    missing: tuple[str, ...] = ("",)
    """Texts that mean "no value" in every column, such as "NULL" or "9999"."""


class Trust(FileModel):
    """How much of a log may be unusable before none of it is believed."""

    dirty_share_max: Share = 0.01


class Clock(FileModel):
    """How the table writes time, and what to do in the two hours a year when a local time names no instant, or two."""

    zone: ZoneName
    formats: Annotated[tuple[TimeFormat, ...], Field(min_length=1)] = ("iso",)
    """`strptime` formats tried in this order, or "iso" for ISO 8601; a time that carries its own offset keeps it."""
    ambiguous: Literal["earlier", "later", "drop"] = "earlier"
    nonexistent: Literal["shift_forward", "drop"] = "drop"


class TextSource(FileModel):
    """Where a text comes from: one column, or the same for all rows; then, if asked, through a map of values."""

    column: str | None = None
    constant: str | None = None
    map: dict[str, str] | None = None
    map_file: str | None = None
    map_from: str | None = None
    map_to: str | None = None
    otherwise: str | None = None
    """Stands for a value that the map does not hold; without it such a row is dropped and counted."""

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if (self.column is None) == (self.constant is None):
            raise refused("names no source, or two", "Write either column or constant.")
        if self.map is not None and self.map_file is not None:
            raise refused("has two maps", "Write either map or map_file.")
        if (self.map_file is None) != (self.map_from is None) or (self.map_file is None) != (self.map_to is None):
            raise refused("has part of a map file", "Write map_file with map_from and map_to, the columns of that file.")
        if self.otherwise is not None and self.map is None and self.map_file is None:
            raise refused("says otherwise without a map", "Add map or map_file, or remove otherwise.")
        return self


class AttributeSource(TextSource):
    """Where an attribute comes from. A row without a value has no such attribute; a time becomes milliseconds since 1970."""

    kind: Literal["text", "integer", "time"] = "text"

    @model_validator(mode="after")
    def _reads_a_column(self) -> Self:
        if self.kind == "time" and (self.column is None or self.map is not None or self.map_file is not None):
            raise refused("is a time, but is not read from a column", "Write column, and no map.")
        return self

    def as_time(self) -> "TimeSource":
        """The source of an attribute of kind "time", as instants are read."""
        return TimeSource(column=self.column)


class TimeSource(FileModel):
    """Where an instant comes from: a column, a date and a time column, or a length of time after another instant."""

    column: str | None = None
    date_column: str | None = None
    time_column: str | None = None
    epoch: Literal["s", "ms"] | None = None
    """The column counts seconds or milliseconds since 1970 UTC instead of writing a time."""
    after: Literal["arrived_at", "wait_ended_at", "answered_at"] | None = None
    unit: Unit | None = None
    """With `after`: the column holds a length of time in this unit."""

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        split = (self.date_column is not None, self.time_column is not None)
        if split not in ((False, False), (True, True)) or (self.column is None) != all(split):
            raise refused("does not say which column holds the time", "Write column, or date_column with time_column.")
        if (self.after is None) != (self.unit is None):
            raise refused("has half of a length of time", 'Write after with unit, such as after = "arrived_at" and unit = "s".')
        if all(split) and (self.epoch is not None or self.after is not None):
            raise refused("mixes ways of writing time", "date_column and time_column stand alone.")
        if self.epoch is not None and self.after is not None:
            raise refused("mixes ways of writing time", "Write either epoch, or after with unit.")
        return self

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """The (key, column) pairs this source reads."""
        keys = ("column", "date_column", "time_column")
        return tuple((key, name) for key in keys if (name := getattr(self, key)) is not None)


class LengthSource(FileModel):
    """Where a length of time comes from."""

    column: str
    unit: Unit


def _bound(value: object) -> Decimal | dt.datetime:
    """A bound of a range: a number, or a local time; a date stands for its midnight."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    if not isinstance(value, dt.date):
        raise refused("is not a bound", "Write a number, a date (2015-08-11) or a local time (2015-08-11T08:00:00), without quotes.")
    if not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, dt.time())
    if value.tzinfo is not None:
        raise refused("carries an offset", "Write local time of the mapping's zone, without an offset.")
    return value


Bound = Annotated[Decimal | dt.datetime, BeforeValidator(_bound)]


class Keep(FileModel):
    """A filter: rows it does not keep are counted apart from dirty ones. Ranges include their start and exclude their end."""

    column: str
    equals: str | None = None
    one_of: tuple[str, ...] | None = None
    none_of: tuple[str, ...] | None = None
    start: Bound | None = None
    end: Bound | None = None

    @model_validator(mode="after")
    def _is_one_test(self) -> Self:
        tests = [self.equals, self.one_of, self.none_of, self.start if self.start is not None else self.end]
        if sum(test is not None for test in tests) != 1:
            raise refused("is not one test", "Write equals, one_of, none_of, or a range with start and end.")
        if self.start is not None and self.end is not None and type(self.start) is not type(self.end):
            raise refused("has a range from one kind of value to another", "Write two numbers, or two dates or times.")
        return self


class ImportMapping(FileModel):
    """A whole mapping. `id` may be left out: rows are then named by their line."""

    format: Identifier
    """The name of an importer, such as "csv"."""
    note: str | None = None
    table: TableFormat = TableFormat()
    trust: Trust = Trust()
    time: Clock
    keep: tuple[Keep, ...] = ()
    id: TextSource | None = None
    arrived_at: TimeSource
    channel: TextSource
    type: TextSource
    due_at: TimeSource | None = None
    customer: TextSource | None = None
    customers: Literal["numbered", "as_written"] = "numbered"
    """A customer's number tells who comes again, and of a telephone number nothing."""
    agent: TextSource | None = None
    wait_ended_at: TimeSource | None = None
    """When the wait was over, however it ended: outcome and agent say whether by an answer. In place of `answered_at`."""
    answered_at: TimeSource | None = None
    ended_at: TimeSource | None = None
    ring: LengthSource | None = None
    hold: LengthSource | None = None
    wrap_up: LengthSource | None = None
    outcome: TextSource | None = None
    attributes: dict[Identifier, AttributeSource] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _arrival_stands_first(self) -> Self:
        if self.arrived_at.after is not None:
            raise refused("counts the arrival from another instant", "arrived_at is the instant the others may count from.")
        for name in ("wait_ended_at", "answered_at"):
            source: TimeSource | None = getattr(self, name)
            if source is not None and source.after not in (None, "arrived_at"):
                raise refused(f"counts {name} from {source.after}", 'Write after = "arrived_at".')
        return self

    @model_validator(mode="after")
    def _tells_waits_and_answers(self) -> Self:
        if self.wait_ended_at is not None:
            if self.answered_at is not None:
                raise refused("maps both wait_ended_at and answered_at", "Where one column ends every wait, remove [answered_at].")
            if self.outcome is None and self.agent is None:
                raise refused("cannot tell which waits an answer ended", "Add [outcome] or [agent].")
        is_known = {
            "arrived_at": True,
            "wait_ended_at": self.wait_ended_at is not None,
            "answered_at": self.answered_at is not None or self.wait_ended_at is not None,
        }
        for name in ("due_at", "ended_at"):
            source: TimeSource | None = getattr(self, name)
            if source is not None and source.after is not None and not is_known[source.after]:
                raise refused(f"counts {name} from {source.after}, which it does not map", f"Add [{source.after}].")
        return self

    @property
    def text_sources(self) -> dict[str, TextSource]:
        """Every mapped text but the attributes, by its key in the file."""
        named = {
            "id": self.id,
            "channel": self.channel,
            "type": self.type,
            "customer": self.customer,
            "agent": self.agent,
            "outcome": self.outcome,
        }
        return {key: source for key, source in named.items() if source is not None}

    @property
    def time_sources(self) -> dict[str, TimeSource]:
        """Every mapped instant by its key in the file, each after those it may count from."""
        named = {
            "arrived_at": self.arrived_at,
            "wait_ended_at": self.wait_ended_at,
            "answered_at": self.answered_at,
            "ended_at": self.ended_at,
            "due_at": self.due_at,
        }
        return {key: source for key, source in named.items() if source is not None}

    @property
    def length_sources(self) -> dict[str, LengthSource]:
        """Every mapped length of time by its key in the file."""
        named = {"ring": self.ring, "hold": self.hold, "wrap_up": self.wrap_up}
        return {key: source for key, source in named.items() if source is not None}


def load_mapping(path: Path) -> tuple[Document, ImportMapping]:
    """Reads and checks a mapping file; the document is kept for errors that appear only beside the table."""
    return load(path, SCHEMA, ImportMapping)
