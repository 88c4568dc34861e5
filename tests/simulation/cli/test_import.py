"""`careroute import`: the report, the exit codes, and nothing left behind on a refusal."""

import json
from pathlib import Path

import pytest

from routing.cli import main
from simulation.interactions import read_interactions

MAPPING = """schema = "careroute/mapping/1"
format = "csv"
trust = { dirty_share_max = 0.5 }
time = { zone = "UTC" }
arrived_at = { column = "start" }
channel = { constant = "phone" }
type = { column = "what" }
"""


def run(folder: Path, *options: str, table: str = "start,what\n1970-01-01,q\n1970-01-02,q\nnever,q\n", out: str = "out.csv") -> int:
    """The exit code of an import in this folder."""
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    (folder / "table.csv").write_text(table, encoding="utf-8")
    with pytest.raises(SystemExit) as caught:
        main(["import", str(folder / "table.csv"), "--mapping", str(folder / "mapping.toml"), "--out", str(folder / out), *options])
    return int(caught.value.code or 0)


def test_the_report_is_printed_and_the_records_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A person reads how many rows were used and why one was not."""
    assert run(tmp_path) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "Read 3 rows and wrote 2 interactions" in printed
    assert "dirty" in printed
    assert [record.arrived_at_ms for record in read_interactions(tmp_path / "out.csv")] == [0, 86_400_000]


def test_the_report_as_json_is_the_documented_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A program reads the same account."""
    assert run(tmp_path, "--json", out="out.parquet") == 0
    assert json.loads(capsys.readouterr().out) == {
        "schema": "careroute/import/1",
        "read": 3,
        "written": 2,
        "filtered": 0,
        "dirty": 1,
        "dirty_share": 1 / 3,
        "reasons": [
            {
                "treatment": "dirty",
                "reason": "arrived_at: not a time in any of the formats",
                "count": 1,
                "first_lines": [4],
                "example": "never",
            }
        ],
    }


@pytest.mark.parametrize("out", ["table.csv", "out.txt", "mapping.toml/out.csv"])
def test_a_refused_import_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str], out: str) -> None:
    """Its own input, an unknown ending and a folder that is a file are refused with exit code 2."""
    assert run(tmp_path, out=out) == 2
    assert capsys.readouterr().err.startswith("error: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mapping.toml", "table.csv"]


def test_an_untrusted_log_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A log dirtier than the mapping trusts is refused with its reasons."""
    assert run(tmp_path, table="start,what\nnever,q\n") == 2
    assert "more than the trusted share" in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()


def test_a_clean_log_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing dropped is worth a sentence."""
    assert run(tmp_path, table="start,what\n1970-01-01,q\n") == 0
    assert "Every row was used as it stands." in capsys.readouterr().out
