"""Which reader checks which file."""

import gzip
from pathlib import Path

import pytest

from routing.config.errors import ConfigError
from routing.config.schemas import checker_of, registered_schemas, schema_of_file


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.toml", b'schema = "careroute/mapping/1"', "careroute/mapping/1"),
        ("a.csv", b'\xef\xbb\xbf"id",arrived_at_ms\n', "careroute/interactions/1"),
        ("a.csv.gz", gzip.compress(b"id,arrived_at_ms\n", mtime=0), "careroute/interactions/1"),
        ("a.csv", b"id,skills,channels\n", "careroute/roster/1"),
        ("a.parquet", b"PAR1", "careroute/interactions/1"),
        ("a.json", b'{"schema": "careroute/plan/1"}', "careroute/plan/1"),
    ],
)
def test_a_file_is_known_by_its_schema_or_its_columns(tmp_path: Path, name: str, content: bytes, expected: str) -> None:
    """TOML names its schema; a table is known by a column that only its kind has."""
    (tmp_path / name).write_bytes(content)
    assert schema_of_file(tmp_path / name) == expected


@pytest.mark.parametrize(
    ("name", "content"),
    # Without a time in the header, because every process of a run must collect the same tests.
    [
        ("a.csv", b"x,y\n"),
        ("a.csv", b""),
        ("a.csv.gz", gzip.compress(b"id,arrived_at_ms\n", mtime=0)[:12]),
        ("a.json", b"{"),
        ("a.json", b"[1]"),
        ("a.json", b'{"schema": 1}'),
        ("a.json", b"\xff"),
        ("none.csv", None),
        ("none.json", None),
        ("none.toml", None),
    ],
)
def test_a_file_of_no_kind_is_refused(tmp_path: Path, name: str, content: bytes | None) -> None:
    """An unknown table, an empty, a damaged and a missing one are refused, and so is a folder."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigError):
        schema_of_file(tmp_path / name)
    with pytest.raises(ConfigError, match="is a folder"):
        schema_of_file(tmp_path)


def test_a_schema_finds_its_reader_and_an_unknown_one_its_neighbours(tmp_path: Path) -> None:
    """Readers come from the entry-point group."""
    assert {"careroute/interactions/1", "careroute/mapping/1"} <= set(registered_schemas())
    assert checker_of("careroute/mapping/1", tmp_path).__name__ == "check_mapping_file"
    with pytest.raises(ConfigError, match="careroute/mapping/1"):
        checker_of("careroute/maping/1", tmp_path)
    with pytest.raises(ConfigError, match=r"is a version that this Careroute does not know\. It knows careroute/site/1\."):
        checker_of("careroute/site/7", tmp_path)
