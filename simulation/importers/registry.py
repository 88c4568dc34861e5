"""The formats an import can read: each a file of this room and a line here."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol

from routing.config.document import Document, load, read_toml
from routing.config.errors import ConfigError, did_you_mean
from simulation.importers.generic_csv import import_csv
from simulation.importers.mapping import SCHEMA, ImportMapping, load_mapping
from simulation.importers.platforms.amazon_connect import import_amazon_connect
from simulation.importers.platforms.asterisk import import_asterisk
from simulation.importers.platforms.freeswitch import import_freeswitch
from simulation.importers.platforms.genesys_cloud import import_genesys_cloud
from simulation.importers.platforms.options import PlatformMapping
from simulation.importers.platforms.presences import Presences
from simulation.importers.platforms.twilio_taskrouter import import_twilio_taskrouter
from simulation.importers.report import ImportReport
from simulation.importers.sources import value_map
from simulation.interactions import RecordedInteraction

_UNKNOWN: Final = "is not a format that can be imported"


class Importer(Protocol):
    """Reads one format of other systems' records.

    It reads `source` as `mapping` says and accounts for every row in the report, dropping none in silence. It raises `ConfigError`, naming
    the file and the line or key, for a table that cannot be read or lacks what the mapping names. Whether a log with dirty rows is still
    to be trusted is decided for all formats alike, by `import_interactions`.
    """

    def __call__(self, source: Path, document: Document, mapping: ImportMapping) -> tuple[list[RecordedInteraction], ImportReport]:
        """The interactions in the source's order, and the account of every row."""
        ...


class PlatformImporter(Protocol):
    """Reads the log of a platform whose own documentation says what its fields mean; it accounts for every row in the report."""

    def __call__(self, source: Path, mapping: PlatformMapping, report: ImportReport) -> tuple[list[RecordedInteraction], Presences]:
        """The interactions in the order in which they were over, and what the log tells of the agents."""
        ...


TABLES: Final[Mapping[str, Importer]] = MappingProxyType({"csv": import_csv})
"""Importers of tables, which need a mapping, by the name that it gives in its key `format`."""

PLATFORMS: Final[Mapping[str, PlatformImporter]] = MappingProxyType(
    {
        "amazon-connect": import_amazon_connect,
        "asterisk-queue-log": import_asterisk,
        "freeswitch-callcenter": import_freeswitch,
        "genesys-cloud": import_genesys_cloud,
        "twilio-taskrouter": import_twilio_taskrouter,
    }
)
"""Importers of platforms' logs, which need none."""


class Imported(NamedTuple):
    """What an import yields: interactions, the account of every row, how it was read, and what the log tells of the agents."""

    interactions: tuple[RecordedInteraction, ...]
    report: ImportReport
    mapping: ImportMapping | PlatformMapping
    presences: Presences

    @property
    def types(self) -> Mapping[str, str]:
        """The types that the mapping makes of the source's queues, where it names some."""
        return self.mapping.types if isinstance(self.mapping, PlatformMapping) else {}


def load_usable_mapping(mapping_path: Path) -> tuple[Document, ImportMapping | PlatformMapping]:
    """A mapping file whose format has an importer and whose map files can be read.

    Raises:
        ConfigError: naming the key and what to write instead.
    """
    name = read_toml(mapping_path).content.get("format")
    if name in PLATFORMS:
        return load(mapping_path, SCHEMA, PlatformMapping)
    if isinstance(name, str) and name not in TABLES:
        raise read_toml(mapping_path).error(("format",), _UNKNOWN, value=name, remedy=did_you_mean(name, [*TABLES, *PLATFORMS]))
    document, mapping = load_mapping(mapping_path)
    for key, text in mapping.text_sources.items():
        value_map(document, (key,), text)
    for name, attribute in mapping.attributes.items():
        value_map(document, ("attributes", name), attribute)
    return document, mapping


def import_interactions(source: Path, mapping_path: Path) -> Imported:
    """Imports a table or a log by a mapping file.

    Raises `ConfigError` for bad files, and for a log that cannot be trusted: one that leaves no interaction, or in which more rows are
    dirty than the mapping's `trust.dirty_share_max`, a share of the rows its filters keep.
    """
    document, mapping = load_usable_mapping(mapping_path)
    if isinstance(mapping, PlatformMapping):
        return import_platform_log(source, mapping)
    interactions, report = TABLES[mapping.format](source, document, mapping)
    return _trusted(source, Imported(tuple(interactions), report, mapping, Presences()))


def mapping_of_format(name: str) -> PlatformMapping:
    """The mapping of a platform's log of which nothing but the format needs to be said.

    Raises:
        ConfigError: no importer has that name, or it reads tables, which need a mapping file.
    """
    if name in TABLES:
        raise ConfigError("is a format whose columns nobody knows", value=name, remedy="Write a mapping file and name it with --mapping.")
    if name not in PLATFORMS:
        raise ConfigError(_UNKNOWN, value=name, remedy=did_you_mean(name, PLATFORMS))
    return PlatformMapping(format=name)


def import_platform_log(source: Path, mapping: PlatformMapping) -> Imported:
    """Imports a platform's log, by a mapping that need not be in a file; raises `ConfigError` as `import_interactions` does."""
    report = ImportReport()
    interactions, presences = PLATFORMS[mapping.format](source, mapping, report)
    report.written = len(interactions)
    report.inferred = dict(sorted(Counter(column for one in interactions for column in one.inferred).items()))
    return _trusted(source, Imported(tuple(interactions), report, mapping, presences))


def _trusted(source: Path, imported: Imported) -> Imported:
    report, limit = imported.report, imported.mapping.trust.dirty_share_max
    if report.dirty_share > limit:
        rows = f"{report.total('dirty')} of {report.kept} rows cannot be used, more than the trusted share of {limit:.2%}"
        raise ConfigError(
            f"{rows}: {report.told('dirty')}", file=source, remedy="Correct the mapping or the log; only then raise trust.dirty_share_max."
        )
    if not imported.interactions:
        told = report.told("filtered") or "it has no rows"
        raise ConfigError(f"no interaction is left: {told}", file=source, remedy="Check the filters of the mapping.")
    return imported
