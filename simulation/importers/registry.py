"""The formats an import can read: each a file of this room and a line here."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol

from routing.config.document import Document
from routing.config.errors import ConfigError, did_you_mean
from simulation.importers.generic_csv import import_csv
from simulation.importers.mapping import ImportMapping, load_mapping
from simulation.importers.report import ImportReport
from simulation.importers.sources import value_map
from simulation.interactions import RecordedInteraction


class Importer(Protocol):
    """Reads one format of other systems' records.

    It reads `source` as `mapping` says and accounts for every row in the report, dropping none in silence. It raises `ConfigError`, naming
    the file and the line or key, for a table that cannot be read or lacks what the mapping names. Whether a log with dirty rows is still
    to be trusted is decided for all formats alike, by `import_interactions`.
    """

    def __call__(self, source: Path, document: Document, mapping: ImportMapping) -> tuple[list[RecordedInteraction], ImportReport]:
        """The interactions in the source's order, and the account of every row."""
        ...


IMPORTERS: Final[Mapping[str, Importer]] = MappingProxyType({"csv": import_csv})
"""Importers by the name a mapping file gives in its key `format`."""


class Imported(NamedTuple):
    """What an import yields: the interactions in the source's order, and the account of every row."""

    interactions: tuple[RecordedInteraction, ...]
    report: ImportReport


def load_usable_mapping(mapping_path: Path) -> tuple[Document, ImportMapping]:
    """A mapping file whose format has an importer and whose map files can be read.

    Raises:
        ConfigError: naming the key and what to write instead.
    """
    document, mapping = load_mapping(mapping_path)
    if mapping.format not in IMPORTERS:
        remedy = did_you_mean(mapping.format, IMPORTERS)
        raise document.error(("format",), "is not a format that can be imported", value=mapping.format, remedy=remedy)
    for key, text in mapping.text_sources.items():
        value_map(document, (key,), text)
    for name, attribute in mapping.attributes.items():
        value_map(document, ("attributes", name), attribute)
    return document, mapping


def import_interactions(source: Path, mapping_path: Path) -> Imported:
    """Imports a table by its mapping file.

    Raises `ConfigError` for bad files, and for a log that cannot be trusted: one that leaves no interaction, or in which more rows are
    dirty than the mapping's `trust.dirty_share_max`, a share of the rows its filters keep.
    """
    document, mapping = load_usable_mapping(mapping_path)
    interactions, report = IMPORTERS[mapping.format](source, document, mapping)
    limit = mapping.trust.dirty_share_max
    if report.dirty_share > limit:
        rows = f"{report.total('dirty')} of {report.kept} rows cannot be used, more than the trusted share of {limit:.2%}"
        raise ConfigError(
            f"{rows}: {report.told('dirty')}", file=source, remedy="Correct the mapping or the log; only then raise trust.dirty_share_max."
        )
    if not interactions:
        told = report.told("filtered") or "it has no rows"
        raise ConfigError(f"no interaction is left: {told}", file=source, remedy="Check the filters of the mapping.")
    return Imported(tuple(interactions), report)
