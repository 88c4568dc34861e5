"""`careroute import`: the report, the exit codes, and nothing left behind on a refusal."""

import json
from pathlib import Path

import pytest

from routing.cli import main
from routing.config.roster_file import load_roster
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
        "used": 2,
        "written": 2,
        "filtered": 0,
        "dirty": 1,
        "dirty_share": 1 / 3,
        "inferred": {},
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


QUEUE_LOG = """1773133200|1.1|help|NONE|ENTERQUEUE||+4930555001|1
1773133209|1.1|help|SIP/7|CONNECT|9|2.2|4
1773133309|1.1|help|SIP/7|COMPLETEAGENT|9|100|1
1773133409|1.2|help|SIP/7|COMPLETEAGENT|9|60|1
"""


def run_log(folder: Path, *options: str) -> int:
    """The exit code of the import of a queue log in this folder."""
    (folder / "queue_log").write_text(QUEUE_LOG, encoding="utf-8")
    with pytest.raises(SystemExit) as caught:
        main(["import", str(folder / "queue_log"), "--out", str(folder / "out.csv"), *options])
    return int(caught.value.code or 0)


def test_a_platforms_log_needs_no_mapping(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The format is enough; the roster is written beside the interactions, and what was worked out is said."""
    assert run_log(tmp_path, "--format", "asterisk-queue-log", "--roster", str(tmp_path / "who.toml")) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "Read 4 rows and wrote 2 interactions" in printed
    assert "Worked out instead of read: answered_at_ms of 1, arrived_at_ms of 1." in printed
    assert [record.wait_ms for record in read_interactions(tmp_path / "out.csv")] == [9_000, 9_000]
    assert load_roster(tmp_path / "who.toml", None).agents[0].id == "SIP/7"
    assert (tmp_path / "who.shifts.csv").exists()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), "either --mapping or --format"),
        (("--format", "asterisk-queue-log", "--mapping", "x.toml"), "either --mapping or --format"),
        (("--format", "csv"), "Write a mapping file"),
        (("--format", "asterisk-queue-log", "--roster", "{folder}/queue_log"), "overwritten by its own import"),
        (("--format", "amazon-connect"), "line 1: is not JSON"),
        (("--format", "freeswitch-callcenter"), "no interaction is left"),
    ],
)
def test_an_import_that_cannot_be_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], expected: str
) -> None:
    """Exit code 2, the reason, and nothing written."""
    assert run_log(tmp_path, *(option.replace("{folder}", str(tmp_path)) for option in options)) == 2
    assert expected in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["queue_log"]


def test_a_log_without_agents_has_no_roster(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A table of arrivals names nobody."""
    assert run(tmp_path, "--roster", str(tmp_path / "who.toml")) == 2
    assert "names no agent" in capsys.readouterr().err
