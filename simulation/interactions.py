"""Recorded interactions, `careroute/interactions/1`: the one form in which traffic that really happened enters a simulation."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from routing.config.errors import ConfigError, did_you_mean
from routing.config.values import identifier_fault
from routing.core.validate import PRIORITY_MAX
from routing.model.requirement import AttributeValue
from routing.model.time import Duration, Instant
from simulation.tables import Row, Table, open_table, write_table

SCHEMA: Final = "careroute/interactions/1"

_COLUMNS: Final = ("id", "arrived_at_ms", "channel", "type", "attributes", "due_at_ms")
_LENGTHS: Final = ("ring_ms", "hold_ms", "wrap_up_ms")
_OPTIONAL_COLUMNS: Final = (
    "priority",
    "customer",
    "agent",
    "answered_at_ms",
    "ended_at_ms",
    "outcome",
    "missed_offers",
    *_LENGTHS,
    "inferred",
)
_MAY_BE_INFERRED: Final = frozenset((*_COLUMNS, *_OPTIONAL_COLUMNS)) - {"id", "inferred"}
_NUMBERS: Final = frozenset(("priority", "missed_offers"))
_EMPTY: Final = {"priority": 0, "inferred": ()}
"""What says nothing in an optional column, where it is not None."""

_INSTANT = re.compile(r"-?\d{1,15}", re.ASCII)
_POINTS = re.compile(r"-?\d{1,7}", re.ASCII)
_COUNT = re.compile(r"\d{1,15}", re.ASCII)
_WHOLE_NUMBER_MAX: Final = 2**63 - 1  # attributes end in 64-bit columns
_ATTRIBUTES_REMEDY = 'Write a JSON object of texts and whole numbers, such as {"language":"es"}, or {}.'


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedInteraction:
    """One interaction as a platform recorded it: instants in milliseconds since the Unix epoch, UTC.

    `due_at_ms` is the instant by which deferrable work was due, if the record says. `priority` is in points, as a site's rules take it.
    `customer` names whom a site may remember. The other fields tell what then happened, where the source knows; nothing routes by them.
    `ended_at_ms` is the end of the conversation, or of the wait; `wrap_up_ms` follows it. `hold_ms` is the part of the conversation on
    hold, `ring_ms` the part of the wait in which the agent who answered was rung, `missed_offers` how many offers before were not taken.
    `inferred` names the columns whose values an import worked out instead of reading them.
    """

    id: str
    arrived_at_ms: Instant
    channel: str
    type: str
    attributes: Mapping[str, AttributeValue]
    due_at_ms: Instant | None = None
    agent: str | None = None
    answered_at_ms: Instant | None = None
    ended_at_ms: Instant | None = None
    outcome: str | None = None
    priority: int = 0
    customer: str | None = None
    missed_offers: int | None = None
    ring_ms: Duration | None = None
    hold_ms: Duration | None = None
    wrap_up_ms: Duration | None = None
    inferred: tuple[str, ...] = ()

    @property
    def wait_ms(self) -> Duration | None:
        """From the arrival to the answer, or to the end of a wait without one; None while neither is known."""
        until = self.ended_at_ms if self.answered_at_ms is None else self.answered_at_ms
        return None if until is None else until - self.arrived_at_ms

    @property
    def handling_ms(self) -> Duration | None:
        """From the answer to the end of the conversation, hold included and wrap-up not; None where one of them is not known."""
        if self.answered_at_ms is None or self.ended_at_ms is None:
            return None
        return self.ended_at_ms - self.answered_at_ms


def fault_of(interaction: RecordedInteraction) -> tuple[str, str] | None:
    """What makes a record impossible, as (column, problem); None for a sound one.

    Names must be identifiers, and time must not run back: an interaction is answered after it arrives and ends after both, and is not
    longer on hold than in conversation.
    """
    for column in ("id", "channel", "type", "customer", "agent", "outcome"):
        name = getattr(interaction, column)
        fault = None if name is None else identifier_fault(name)
        if fault is not None:
            return column, fault[0]
    if abs(interaction.priority) > PRIORITY_MAX:
        return "priority", f"is more than {PRIORITY_MAX:,} points"
    steps = (
        ("arrived_at_ms", interaction.arrived_at_ms),
        ("answered_at_ms", interaction.answered_at_ms),
        ("ended_at_ms", interaction.ended_at_ms),
    )
    known = [(column, instant) for column, instant in steps if instant is not None]
    for (earlier, first), (later, second) in pairwise(known):
        if second < first:
            return later, f"lies before {earlier}"
    for column in ("missed_offers", *_LENGTHS):
        if (getattr(interaction, column) or 0) < 0:
            return column, "is less than nothing"
    handling_ms = interaction.handling_ms
    if handling_ms is not None and (interaction.hold_ms or 0) > handling_ms:
        return "hold_ms", "is longer than the conversation"
    return None


def read_interactions(path: Path) -> tuple[RecordedInteraction, ...]:
    """Every interaction of a CSV, gzipped CSV or Parquet file, sorted by (arrived_at_ms, id).

    Refuses the whole file, naming the row, for a missing or unknown column, a row of another length, a value that is not what its
    column holds, an id used twice, or an interaction that ends before it begins.
    """
    table = open_table(path)
    _check_columns(table)
    found: list[RecordedInteraction] = []
    row_by_id: dict[str, int] = {}
    for row in table.rows:
        interaction = _parsed(table, row)
        first = row_by_id.setdefault(interaction.id, row.number)
        if first != row.number:
            place = "line" if table.has_lines else "row"
            raise table.error(
                row, f"was used before, in {place} {first}", column="id", value=interaction.id, remedy="Ids are unique in a file."
            )
        found.append(interaction)
    return tuple(sorted(found, key=_order))


def write_interactions(path: Path, interactions: Iterable[RecordedInteraction]) -> None:
    """Writes a file that `read_interactions` reads, its format told by its name (.csv, .csv.gz, .parquet).

    Rows are sorted by (arrived_at_ms, id), optional columns appear only where some row has a value, and the same interactions give the
    same bytes. Refuses a place that cannot be written, and leaves nothing behind then.
    """
    rows = sorted(interactions, key=_order)
    present = [column for column in _OPTIONAL_COLUMNS if any(getattr(row, column) != _EMPTY.get(column) for row in rows)]
    import polars as pl  # noqa: PLC0415 - every process that simulates loads this module, and hardly one writes a table

    columns = [(name, pl.Int64() if name.endswith("_ms") or name in _NUMBERS else pl.String()) for name in (*_COLUMNS, *present)]
    write_table(path, columns, ([_cell(row, name) for name, _ in columns] for row in rows))


def _order(interaction: RecordedInteraction) -> tuple[Instant, str]:
    return interaction.arrived_at_ms, interaction.id


def _cell(interaction: RecordedInteraction, column: str) -> str | int | None:
    if column == "attributes":
        return json.dumps(dict(interaction.attributes), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if column == "inferred":
        return " ".join(interaction.inferred) or None
    value: str | int | None = getattr(interaction, column)
    return value


def _check_columns(table: Table) -> None:
    for column in _COLUMNS:
        if column not in table.columns:
            remedy = f"{SCHEMA} needs {', '.join(_COLUMNS)}. Use `careroute import` with a mapping file for other tables."
            raise ConfigError(f"has no column {column}", file=table.path, remedy=remedy)
    for column in table.columns:
        if column not in _COLUMNS and column not in _OPTIONAL_COLUMNS:
            remedy = f"{did_you_mean(column, _OPTIONAL_COLUMNS)} What else is known of an interaction belongs in attributes."
            raise ConfigError(f"is not a column of {SCHEMA}", file=table.path, value=column, remedy=remedy)


def _parsed(table: Table, row: Row) -> RecordedInteraction:
    if len(row.cells) != len(table.columns):
        problem = f"the row has {len(row.cells)} columns, the header {len(table.columns)}"
        raise table.error(row, problem, remedy="Complete the row; an empty value still needs its comma.")
    cells = dict(zip(table.columns, row.cells, strict=True))
    arrived_at_ms = _instant(table, row, "arrived_at_ms", cells["arrived_at_ms"])
    if arrived_at_ms is None:
        raise table.error(row, "is empty", column="arrived_at_ms", remedy="Every interaction arrived at some instant.")
    interaction = RecordedInteraction(
        id=cells["id"],
        arrived_at_ms=arrived_at_ms,
        channel=cells["channel"],
        type=cells["type"],
        attributes=_attributes(table, row, cells["attributes"]),
        due_at_ms=_instant(table, row, "due_at_ms", cells["due_at_ms"]),
        agent=cells.get("agent") or None,
        answered_at_ms=_instant(table, row, "answered_at_ms", cells.get("answered_at_ms", "")),
        ended_at_ms=_instant(table, row, "ended_at_ms", cells.get("ended_at_ms", "")),
        outcome=cells.get("outcome") or None,
        priority=_points(table, row, cells.get("priority", "")),
        customer=cells.get("customer") or None,
        missed_offers=_count(table, row, "missed_offers", cells),
        ring_ms=_count(table, row, "ring_ms", cells),
        hold_ms=_count(table, row, "hold_ms", cells),
        wrap_up_ms=_count(table, row, "wrap_up_ms", cells),
        inferred=_inferred(table, row, cells.get("inferred", "")),
    )
    fault = fault_of(interaction)
    if fault is not None:
        column, problem = fault
        raise table.error(row, problem, column=column, value=cells[column], remedy="Correct the row, or leave it out.")
    return interaction


def _instant(table: Table, row: Row, column: str, text: str) -> Instant | None:
    if not text:
        return None
    if _INSTANT.fullmatch(text) is None:
        remedy = "Write whole milliseconds since 1970-01-01 UTC, such as 1439280000000."
        raise table.error(row, "is not an instant", column=column, value=text, remedy=remedy)
    return int(text)


def _points(table: Table, row: Row, text: str) -> int:
    if text and _POINTS.fullmatch(text) is None:
        raise table.error(row, "is not a number of points", column="priority", value=text, remedy="Write a whole number, or nothing.")
    return int(text or "0")


def _count(table: Table, row: Row, column: str, cells: Mapping[str, str]) -> int | None:
    text = cells.get(column)
    if not text:
        return None
    if _COUNT.fullmatch(text) is None:
        what, remedy = ("length of time", "Write whole milliseconds") if column in _LENGTHS else ("number", "Write a whole number")
        raise table.error(row, f"is not a {what}", column=column, value=text, remedy=f"{remedy} from 0, or nothing.")
    return int(text)


def _inferred(table: Table, row: Row, text: str) -> tuple[str, ...]:
    names = tuple(text.split())
    for name in names:
        if name not in _MAY_BE_INFERRED:
            remedy = did_you_mean(name, sorted(_MAY_BE_INFERRED))
            raise table.error(row, "is not a column that can be inferred", column="inferred", value=name, remedy=remedy)
    return names


def _attributes(table: Table, row: Row, text: str) -> dict[str, AttributeValue]:
    try:
        attributes = json.loads(text or "{}")
        json.dumps(attributes, ensure_ascii=False).encode()  # half a surrogate pair could be read, but never written again
    except (ValueError, RecursionError) as error:
        raise table.error(row, "is not JSON", column="attributes", value=text, remedy=_ATTRIBUTES_REMEDY) from error
    if not isinstance(attributes, dict):
        raise table.error(row, "is not a JSON object", column="attributes", value=text, remedy=_ATTRIBUTES_REMEDY)
    for name, value in attributes.items():
        is_whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _WHOLE_NUMBER_MAX
        if not name or not (is_whole or isinstance(value, str)):
            raise table.error(
                row, "is neither text nor a whole number", column=f"attributes.{name}", value=str(value), remedy=_ATTRIBUTES_REMEDY
            )
    return attributes
