"""The importer of CSV tables: what the columns mean is data, the mapping file; there is no code for any one system's export."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from routing.config.document import Document
from routing.model.interaction import EndCause
from routing.model.requirement import AttributeValue
from routing.model.time import Instant
from simulation.importers.filters import keep_test
from simulation.importers.mapping import AttributeSource, ImportMapping
from simulation.importers.report import ImportReport
from simulation.importers.sources import Cells, ColumnFinder, LeftOut, TimeReader, left_out_for, length_reader, text_reader
from simulation.interactions import RecordedInteraction, fault_of
from simulation.tables import Row, Table, open_table

Value = TypeVar("Value", str, int)

_ANSWERED = frozenset((EndCause.HANDLED.value, EndCause.TRANSFERRED.value))
_UNANSWERED = frozenset(cause.value for cause in EndCause) - _ANSWERED

_WHOLE_NUMBER = re.compile(r"[+-]?\d{1,18}", re.ASCII)


def import_csv(source: Path, document: Document, mapping: ImportMapping) -> tuple[list[RecordedInteraction], ImportReport]:
    """Reads a CSV or gzipped CSV table as `mapping` (read from `document`) says, in the table's order.

    Every row is written, filtered or counted as dirty: one that is no CSV or no text, of another length than the header, without a needed
    value, with a value that cannot be read or that a map lacks, with an id used before, or that ends before it begins. Raises `ConfigError`
    for a file that breaks off and for a column the table does not have.
    """
    encoding = "utf-8-sig" if mapping.table.encoding == "utf-8" else mapping.table.encoding
    table = open_table(source, delimiter=mapping.table.delimiter, encoding=encoding, yields_faults=True)
    reader = _RowReader(table, document, mapping)
    report = ImportReport()
    interactions: list[RecordedInteraction] = []
    for row in table.rows:
        report.read += 1
        try:
            interactions.append(reader.interaction(row, report))
        except LeftOut as left_out:
            report.count(left_out.treatment, left_out.reason, line=row.number, example=left_out.example)
    report.written = len(interactions)
    return interactions, report


class _RowReader:
    """The mapping made ready for one table; rows must come in the table's order, as an id's first use wins."""

    def __init__(self, table: Table, document: Document, mapping: ImportMapping) -> None:
        finder = ColumnFinder(table, document, mapping.table.missing)
        self._width = len(table.columns)
        self._keep = [
            (f"keep[{position}]: {keep.column}", keep_test(finder, mapping.time, position, keep))
            for position, keep in enumerate(mapping.keep)
        ]
        self._texts = {name: text_reader(finder, document, (name,), source) for name, source in mapping.text_sources.items()}
        self._times = {name: TimeReader(finder, mapping.time, (name,), source) for name, source in mapping.time_sources.items()}
        self._lengths = {name: length_reader(finder, (name,), source) for name, source in mapping.length_sources.items()}
        self._attributes = []
        for name, source in mapping.attributes.items():
            key = ("attributes", name)
            time = TimeReader(finder, mapping.time, key, source.as_time()) if source.kind == "time" else None
            self._attributes.append((name, source, text_reader(finder, document, key, source), time))
        self._is_id_mapped = mapping.id is not None
        self._is_customer_numbered = mapping.customers == "numbered"
        self._customers: dict[str, str] = {}
        self._ids: set[str] = set()

    def interaction(self, row: Row, report: ImportReport) -> RecordedInteraction:
        """The interaction of a row; raises `LeftOut` for one that is not written, and notes how odd times were read."""
        if row.fault:
            raise LeftOut("dirty", row.fault)
        if len(row.cells) != self._width:
            raise LeftOut("dirty", "too few columns" if len(row.cells) < self._width else "too many columns", ",".join(row.cells))
        for reason, is_kept in self._keep:
            if not is_kept(row.cells):
                raise LeftOut("filtered", reason)
        oddities: list[tuple[str, str]] = []
        interaction = self._record(row, oddities)
        fault = fault_of(interaction)
        if fault is not None:
            raise left_out_for(interaction, fault)
        if interaction.id in self._ids:
            raise LeftOut("dirty", "id: used before", interaction.id)
        self._ids.add(interaction.id)
        for reason, example in oddities:
            report.count("noted", reason, line=row.number, example=example)
        return interaction

    def _record(self, row: Row, oddities: list[tuple[str, str]]) -> RecordedInteraction:
        texts = {name: read(row.cells) for name, read in self._texts.items()}
        instants = self._instants(row.cells, _is_answered(texts), oddities)
        lengths = {name: read_length(row.cells) for name, read_length in self._lengths.items()}
        return RecordedInteraction(
            id=_needed("id", texts["id"]) if self._is_id_mapped else f"line-{row.number}",
            arrived_at_ms=_needed("arrived_at", instants["arrived_at"]),
            channel=_needed("channel", texts["channel"]),
            type=_needed("type", texts["type"]),
            attributes=self._attribute_values(row.cells, oddities),
            due_at_ms=instants.get("due_at"),
            customer=self._customer(texts.get("customer")),
            agent=texts.get("agent"),
            answered_at_ms=instants.get("answered_at"),
            ended_at_ms=instants.get("ended_at"),
            ring_ms=lengths.get("ring"),
            hold_ms=lengths.get("hold"),
            wrap_up_ms=lengths.get("wrap_up"),
            outcome=texts.get("outcome"),
        )

    def _customer(self, name: str | None) -> str | None:
        if name is None or not self._is_customer_numbered:
            return name
        return self._customers.setdefault(name, f"c{len(self._customers) + 1}")

    def _instants(self, cells: Cells, is_answered: bool | None, oddities: list[tuple[str, str]]) -> dict[str, Instant | None]:
        """The instants of a row; where its wait is known to have ended, it ended by an answer or for good."""
        instants: dict[str, Instant | None] = {}
        for name, read_time in self._times.items():
            instants[name] = read_time(cells, instants, oddities)
            if name == "wait_ended_at":
                instants["answered_at"] = instants[name] if is_answered else None
        if is_answered is False and instants.get("answered_at") is not None:
            raise LeftOut("dirty", "answered_at: the outcome says that nobody answered; a column that ends every wait is wait_ended_at")
        if not is_answered and instants.get("ended_at") is None:
            instants["ended_at"] = instants.get("wait_ended_at")
        return instants

    def _attribute_values(self, cells: Cells, oddities: list[tuple[str, str]]) -> Mapping[str, AttributeValue]:
        values: dict[str, AttributeValue] = {}
        for name, source, read, read_time in self._attributes:
            value = _attribute(name, source, read(cells)) if read_time is None else read_time(cells, {}, oddities)
            if value is not None:
                values[name] = value
        return values


def _is_answered(texts: Mapping[str, str | None]) -> bool | None:
    """Whether an agent answered: the outcome says, and where it says neither, that there is an agent; None where nothing says it."""
    outcome, agent = texts.get("outcome"), texts.get("agent")
    if outcome in _UNANSWERED:
        return False
    return True if outcome in _ANSWERED or agent is not None else None


def _needed(name: str, value: Value | None) -> Value:
    if value is None:
        raise LeftOut("dirty", f"{name}: no value")
    return value


def _attribute(name: str, source: AttributeSource, text: str | None) -> AttributeValue | None:
    if text is None or source.kind != "integer":
        return text
    if _WHOLE_NUMBER.fullmatch(text) is None:
        raise LeftOut("dirty", f"attributes.{name}: not a whole number", text)
    return int(text)
