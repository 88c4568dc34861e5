"""Damaged logs: no importer crashes, every row is accounted for, and what is written can be read again."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.import_fuzz import SAMPLES, Sample, damaged_records, write_damaged_log
from routing.config.errors import ConfigError
from routing.config.roster_file import load_roster
from simulation.importers.inferred_roster import inferred_agents, write_inferred_roster
from simulation.importers.registry import PLATFORMS, TABLES, Imported
from simulation.interactions import read_interactions, write_interactions
from tests.simulation.importers import platform_logs

REASONS_MAX = 80
"""A report stays short however dirty the log: of rows by the thousand, each kind of fault has one line."""


def is_refused(log_format: str, path: Path) -> bool:
    """Whether a log is refused; one that is not has been checked."""
    try:
        imported = platform_logs.imported(log_format, path)
    except ConfigError:
        return True
    check(imported, path.parent)
    return False


def check(imported: Imported, folder: Path) -> None:
    """What holds of every import."""
    report = imported.report
    assert report.read == report.used + report.total("filtered") + report.total("dirty")
    assert min(report.read, report.used, report.total("dirty")) >= 0
    assert report.written == len(imported.interactions)
    assert len(report.tallies) <= REASONS_MAX
    write_interactions(folder / "out.csv", imported.interactions)
    assert read_interactions(folder / "out.csv") == tuple(sorted(imported.interactions, key=lambda one: (one.arrived_at_ms, one.id)))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.log_format)
def test_a_damaged_log_is_accounted_for(tmp_path: Path, sample: Sample, seed: int) -> None:
    """A third of the records cut, exchanged, of another encoding, huge, doubled, late or missing: the rest is used."""
    write_damaged_log(tmp_path / "log", platform_logs.SAMPLES, sample, rows=600, seed=seed, share=0.35)
    imported = platform_logs.imported(sample.log_format, tmp_path / "log")
    check(imported, tmp_path)
    whole = len(platform_logs.sample(sample.name).interactions) * 600 / len(sample.records(platform_logs.SAMPLES))
    assert len(imported.interactions) > whole / 2
    agents = inferred_agents(imported.interactions, imported.presences, {})
    write_inferred_roster(tmp_path / "who.toml", agents, source="log", zone="America/New_York")
    assert len(load_roster(tmp_path / "who.toml", None).agents) == len(agents)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.log_format)
def test_copies_of_a_sample_yield_copies_of_its_interactions(tmp_path: Path, sample: Sample) -> None:
    """Undamaged, the logs of the benchmark are what they are said to be, and the same seed gives the same bytes."""
    count = len(sample.records(platform_logs.SAMPLES))
    write_damaged_log(tmp_path / "log", platform_logs.SAMPLES, sample, rows=5 * count, seed=1, share=0.0)
    expected = platform_logs.sample(sample.name).interactions
    found = platform_logs.imported(sample.log_format, tmp_path / "log").interactions
    assert len(found) == 5 * len(expected)
    assert sorted(one.wait_ms or 0 for one in found) == sorted(5 * [one.wait_ms or 0 for one in expected])
    damaged = [list(damaged_records(platform_logs.SAMPLES, sample, rows=300, seed=9, share=0.5)) for _ in range(2)]
    assert damaged[0] == damaged[1]


@pytest.mark.parametrize("log_format", [*TABLES, *PLATFORMS])
@given(content=st.binary(max_size=200))
def test_any_bytes_are_refused_or_read(tmp_path_factory: pytest.TempPathFactory, log_format: str, content: bytes) -> None:
    """No bytes make an importer fail otherwise than by its own words."""
    path = tmp_path_factory.mktemp("any") / "log"
    path.write_bytes(content)
    is_refused(log_format, path)


@pytest.mark.parametrize("name", platform_logs.FORMATS)
def test_any_damage_to_a_sample_is_refused_or_read(tmp_path: Path, name: str) -> None:
    """Bytes changed, removed or added anywhere in the file as it stands, whole documents included."""
    content = (platform_logs.SAMPLES / name).read_bytes()
    rng = random.Random(name)
    read = 0
    for _ in range(60):
        damaged = bytearray(content)
        for _ in range(rng.randint(1, 6)):
            start = rng.randrange(len(damaged))
            damaged[start : start + rng.choice((0, 1, 1, 5, 300))] = rng.randbytes(rng.choice((0, 1, 1, 9)))
        (tmp_path / "log").write_bytes(damaged)
        read += not is_refused(platform_logs.FORMATS[name], tmp_path / "log")
    assert read or name.endswith(".json")
