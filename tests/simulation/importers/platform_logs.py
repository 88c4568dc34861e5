"""The samples of logs: written by hand in the true shape of each format, every row there for a reason; made up throughout."""

import json
from collections.abc import Sequence
from pathlib import Path

from simulation.importers.mapping import Trust
from simulation.importers.platforms.options import PlatformMapping
from simulation.importers.registry import TABLES, Imported, import_interactions, import_platform_log
from simulation.interactions import RecordedInteraction, write_interactions

SAMPLES = Path(__file__).parent / "samples"

TABLE, TABLE_MAPPING = "call-log.csv", SAMPLES / "call-log.mapping.toml"

FORMATS = {
    TABLE: "csv",
    "amazon-connect.jsonl": "amazon-connect",
    "asterisk-queue-log.txt": "asterisk-queue-log",
    "freeswitch-events.txt": "freeswitch-callcenter",
    "freeswitch-records.csv": "freeswitch-callcenter",
    "genesys-cloud.json": "genesys-cloud",
    "twilio-taskrouter.jsonl": "twilio-taskrouter",
}
"""The format of each sample."""


def mapping_of(log_format: str, **options: object) -> PlatformMapping:
    """A mapping that believes any log."""
    return PlatformMapping.model_validate({"format": log_format, "trust": Trust(dirty_share_max=1.0), **options})


def imported(log_format: str, path: Path, **options: object) -> Imported:
    """The import of a log, however dirty; of a table as the sample's mapping reads it."""
    if log_format in TABLES:
        return import_interactions(path, TABLE_MAPPING)
    return import_platform_log(path, mapping_of(log_format, **options))


def imported_text(folder: Path, log_format: str, text: str, **options: object) -> Imported:
    """The import of a log written here."""
    path = folder / "log"
    path.write_text(text, encoding="utf-8")
    return imported(log_format, path, **options)


def sample(name: str, **options: object) -> Imported:
    """The import of a sample."""
    return imported(FORMATS[name], SAMPLES / name, **options)


def write_golden(name: str, result: Imported, folder: Path) -> Sequence[Path]:
    """Writes what a sample yields, as interactions and as a report; both paths."""
    interactions, report = folder / f"{name}.expected.csv", folder / f"{name}.expected.json"
    write_interactions(interactions, result.interactions)
    report.write_text(json.dumps(result.report.as_json(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return interactions, report


def by_id(result: Imported) -> dict[str, RecordedInteraction]:
    """Interactions by their id."""
    return {one.id: one for one in result.interactions}


def reasons(result: Imported) -> dict[str, tuple[str, int, list[int]]]:
    """Treatment, count and first lines by reason."""
    return {tally.reason: (tally.treatment, tally.count, tally.first_lines) for tally in result.report.tallies.values()}


if __name__ == "__main__":  # python -m tests.simulation.importers.platform_logs: after a change that is meant
    for sample_name in FORMATS:
        write_golden(sample_name, sample(sample_name), SAMPLES)
