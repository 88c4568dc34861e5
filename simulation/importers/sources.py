"""Reads the cells of one row as a mapping says; built once a table, so that every name is checked before the first row."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation, Overflow
from functools import partial
from zoneinfo import ZoneInfo

from routing.config.document import Document
from routing.config.errors import did_you_mean
from routing.model.time import DAY_MS, Duration, Instant
from simulation.importers.local_time import Oddity, epoch_instant, instant_of, parse_written
from simulation.importers.mapping import UNIT_MS, Clock, LengthSource, TextSource, TimeSource, Unit
from simulation.importers.report import Treatment
from simulation.interactions import RecordedInteraction
from simulation.tables import Table, open_table

_LENGTH_MS_MAX = 3_660 * DAY_MS  # ten years: longer is a sentinel or the wrong unit

Cells = Sequence[str]
Key = tuple[str | int, ...]


class LeftOut(Exception):  # noqa: N818 - a row left out is an outcome that is counted, not an error
    """A row that will not be written: why, in the words of the report, and the value at fault."""

    def __init__(self, treatment: Treatment, reason: str, example: str = "") -> None:
        super().__init__(reason)
        self.treatment = treatment
        self.reason = reason
        self.example = example


def left_out_for(interaction: RecordedInteraction, fault: tuple[str, str]) -> LeftOut:
    """What leaves out an interaction that cannot be; how long a name is does not make a reason of its own."""
    column, problem = fault
    reason = "is longer than a name may be" if problem.endswith("characters long") else problem
    return LeftOut("dirty", f"{column.removesuffix('_ms')}: {reason}", str(getattr(interaction, column)))


class ColumnFinder:
    """Turns a column's name into its position in the table; an unknown name is refused at its place in the mapping file."""

    def __init__(self, table: Table, document: Document, missing: Sequence[str]) -> None:
        self._table = table
        self._document = document
        self._missing = frozenset(("", *missing))

    def cell(self, key: Key, column: str) -> Callable[[Cells], str | None]:
        """A reader of one column's stripped cells: None for a value that means "no value"."""
        if column not in self._table.columns:
            problem = f"is not a column of {self._table.path.name}"
            raise self._document.error(key, problem, value=column, remedy=did_you_mean(column, self._table.columns))
        position = self._table.columns.index(column)
        missing = self._missing

        def read(cells: Cells) -> str | None:
            text = cells[position].strip()
            return None if text in missing else text

        return read


def text_reader(finder: ColumnFinder, document: Document, key: Key, source: TextSource) -> Callable[[Cells], str | None]:
    """A reader of a text: its column or constant, through its map. A value the map lacks is dirty unless `otherwise` stands for it."""
    column = None if source.column is None else finder.cell((*key, "column"), source.column)
    read = column or partial(_constant, source.constant)
    values = value_map(document, key, source)
    if values is None:
        return read
    name, otherwise = _name(key), source.otherwise

    def read_mapped(cells: Cells) -> str | None:
        text = read(cells)
        if text is None:
            return None
        mapped = values.get(text, otherwise)
        if mapped is None:
            raise LeftOut("dirty", f"{name}: the map has no such value", text)
        return mapped

    return read_mapped


def _constant(value: str | None, _cells: Cells) -> str | None:
    return value


def value_map(document: Document, key: Key, source: TextSource) -> Mapping[str, str] | None:
    """The map a source's values go through, read from its file if it is in one; None where there is none.

    Raises:
        ConfigError: the map file cannot be read or used.
    """
    if source.map_file is None or source.map_from is None or source.map_to is None:
        return source.map
    table = open_table(document.beside(source.map_file))
    finder = ColumnFinder(table, document, ())
    read_from = finder.cell((*key, "map_from"), source.map_from)
    read_to = finder.cell((*key, "map_to"), source.map_to)
    values: dict[str, str] = {}
    for row in table.rows:
        if len(row.cells) != len(table.columns):
            raise table.error(row, f"the row has {len(row.cells)} columns, the header {len(table.columns)}", remedy="Complete the row.")
        value, mapped = read_from(row.cells), read_to(row.cells)
        if value is None or mapped is None:
            raise table.error(row, "one side of the map is empty", remedy="Fill it, or remove the row.")
        if value in values:
            raise table.error(row, "is mapped twice", column=source.map_from, value=value, remedy="Remove one of the rows.")
        values[value] = mapped
    return values


class ClockReader:
    """Reads written times by the rules of a mapping; `name` says in the report whose times they are."""

    def __init__(self, clock: Clock, name: str) -> None:
        self._clock = clock
        self._zone = ZoneInfo(clock.zone)
        self._name = name

    def instant(self, text: str, oddities: list[tuple[str, str]]) -> Instant | None:
        """The instant of a text, or None where no format fits; raises `LeftOut` where the rule for an odd hour is to drop it."""
        written = parse_written(text, self._clock.formats)
        if written is None:
            return None
        local = instant_of(written, self._zone, is_later_meant=self._clock.ambiguous == "later")
        if local.oddity is not None:
            self._judge(local.oddity, text, oddities)
        return local.instant

    def _judge(self, oddity: Oddity, text: str, oddities: list[tuple[str, str]]) -> None:
        rule = self._clock.ambiguous if oddity == "ambiguous" else self._clock.nonexistent
        what = "the clock showed this time twice" if oddity == "ambiguous" else "the clock never showed this time"
        if rule == "drop":
            raise LeftOut("dirty", f"{self._name}: {what}", text)
        oddities.append((f"{self._name}: {what}; read by the rule {rule}", text))


class TimeReader:
    """Reads one instant; what local time cannot say for certain is told in `oddities`, for the report."""

    def __init__(self, finder: ColumnFinder, clock: Clock, key: Key, source: TimeSource) -> None:
        self._cells = [finder.cell((*key, part), column) for part, column in source.columns]
        self._source = source
        self._name = _name(key)
        self._clock = ClockReader(clock, self._name)

    def __call__(self, cells: Cells, known: Mapping[str, Instant | None], oddities: list[tuple[str, str]]) -> Instant | None:
        """The instant, or None where the row has no value; `known` holds the instants this one may count from."""
        parts = [read(cells) for read in self._cells]
        if any(part is None for part in parts):
            return None
        text = " ".join(part for part in parts if part is not None)
        if self._source.after is not None and self._source.unit is not None:
            start = known[self._source.after]
            return None if start is None else start + _length_ms(self._name, text, self._source.unit)
        epoch = self._source.epoch
        instant = self._clock.instant(text, oddities) if epoch is None else epoch_instant(text, epoch)
        if instant is None:
            raise LeftOut("dirty", f"{self._name}: not a time in any of the formats", text)
        return instant


def length_reader(finder: ColumnFinder, key: Key, source: LengthSource) -> Callable[[Cells], Duration | None]:
    """A reader of one length of time: None where the row has no value."""
    read, name, unit = finder.cell((*key, "column"), source.column), _name(key), source.unit

    def read_length(cells: Cells) -> Duration | None:
        text = read(cells)
        return None if text is None else _length_ms(name, text, unit)

    return read_length


def _length_ms(name: str, text: str, unit: Unit) -> Duration:
    try:
        length = Decimal(text) * UNIT_MS[unit]
    except (InvalidOperation, Overflow) as error:
        raise LeftOut("dirty", f"{name}: not a length of time", text) from error
    if length.is_nan() or length > _LENGTH_MS_MAX:
        raise LeftOut("dirty", f"{name}: not a length of time", text)
    if length < 0:
        raise LeftOut("dirty", f"{name}: a negative length of time", text)
    return int(length)


def _name(key: Key) -> str:
    return ".".join(str(part) for part in key)
