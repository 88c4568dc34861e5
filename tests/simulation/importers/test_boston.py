"""The shipped requests of Boston: the counts that the documents quote, and raw files that import to the shipped records."""

import csv
import gzip
from collections import Counter
from pathlib import Path

import pytest

from simulation.importers.registry import import_interactions
from simulation.interactions import read_interactions, write_interactions

FOLDER = Path(__file__).parents[3] / "examples" / "boston-311"
DAYS = ("day-2015-08-11", "week-2015-08-17", "week-2015-01-05")


@pytest.mark.parametrize("name", DAYS)
def test_the_raw_file_imports_to_the_shipped_record(tmp_path: Path, name: str) -> None:
    """Byte for byte, once unpacked: how tightly gzip packs is the machine's affair."""
    imported = import_interactions(FOLDER / f"{name}.csv.gz", FOLDER / "mapping.toml")
    write_interactions(tmp_path / "again.csv.gz", imported.interactions)
    shipped = gzip.decompress((FOLDER / f"{name}.interactions.csv.gz").read_bytes())
    assert gzip.decompress((tmp_path / "again.csv.gz").read_bytes()) == shipped
    assert (imported.report.written, imported.report.tallies) == (imported.report.read, {})


@pytest.mark.parametrize(
    ("name", "expected", "phone"), [("day-2015-08-11", 686, 261), ("week-2015-08-17", 3_241, 1_422), ("week-2015-01-05", 1_608, 884)]
)
def test_the_counts_are_those_quoted(name: str, expected: int, phone: int) -> None:
    """Requests, and those of them that came by telephone."""
    channels = Counter(record.channel for record in read_interactions(FOLDER / f"{name}.interactions.csv.gz"))
    assert (channels.total(), channels["phone"]) == (expected, phone)


def test_a_day_is_a_day_of_the_city(tmp_path: Path) -> None:
    """The busy day lies within 24 hours from local midnight, four hours behind UTC in August."""
    midnight = 1_439_265_600_000
    assert all(
        0 <= record.arrived_at_ms - midnight < 86_400_000 for record in read_interactions(FOLDER / "day-2015-08-11.interactions.csv.gz")
    )


def test_repair_dates_stay_attributes() -> None:
    """No request is due by its repair date, and each has a family and a department."""
    records = read_interactions(FOLDER / "week-2015-08-17.interactions.csv.gz")
    assert all(record.due_at_ms is None and {"family", "department"} <= set(record.attributes) for record in records)
    assert any("target_at_ms" in record.attributes for record in records)


def test_every_type_of_the_year_has_a_family() -> None:
    """158 types in twelve families, each once."""
    with (FOLDER / "types.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (len(rows), len({row["type"] for row in rows}), len({row["family"] for row in rows})) == (158, 158, 12)
