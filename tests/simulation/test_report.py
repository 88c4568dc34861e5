"""The words and numbers of a report, on comparisons whose outcome is known."""

import io
from pathlib import Path

import polars as pl
import pytest
from rich.console import Console

from routing.config.errors import ConfigError
from simulation.api import compare
from simulation.comparison import Judged
from simulation.files import write_text
from simulation.kpis.registry import MEASURES
from simulation.report.csv import write_csv
from simulation.report.numbers import compact_text, difference_text, duration_text, number, value_text
from simulation.report.terminal import print_comparison
from simulation.statistics import Difference, Interval
from tests.simulation.comparisons import a_busy_office


@pytest.mark.parametrize(
    ("measure", "value", "expected"),
    [
        ("service_level", 0.8126, "81.3"),
        ("asa_s", 7.254, "7.25"),
        ("asa_s", 72.54, "72.5"),
        ("asa_s", 7254.4, "7,254"),
        ("fairness_gini", 0.12345, "0.123"),
        ("offered", 531.0, "531"),
        ("offered", 12.25, "12.2"),
        ("asa_s", -0.0001, "0.00"),
    ],
)
def test_numbers_are_rounded_as_they_are_read(measure: str, value: float, expected: str) -> None:
    """Shares in per cent, seconds with fewer decimals as they grow, and no minus zero."""
    assert number(MEASURES[measure], value) == expected


def test_a_value_shows_its_interval_and_a_difference_its_sign() -> None:
    """An interval of one point is none, and a measure without a value is a dash."""
    level, tested = MEASURES["service_level"], Judged(difference=Difference(Interval(-0.01, -0.03, 0.01), 0.2, 0.01), p_adjusted=0.2)
    assert value_text(level, Interval(0.8, 0.75, 0.85)) == "80.0 % (75.0 to 85.0)"
    assert value_text(level, Interval(0.8, 0.8, 0.8)) == "80.0 %"
    assert value_text(level, None) == "-"
    assert compact_text(level, Interval(0.98, 0.95, 1.0)) == "98.0 \N{PLUS-MINUS SIGN}3.0 %"
    assert difference_text(level, tested) == "\N{MINUS SIGN}1.0 points (\N{MINUS SIGN}3.0 to +1.0)"


def test_durations_keep_their_largest_whole_unit() -> None:
    """And zero is zero."""
    durations = {20_000: "20 s", 90_000: "90 s", 120_000: "2 min", 14_400_000: "4 h", 1_500: "1500 ms", 0: "0 ms"}
    assert {ms: duration_text(ms) for ms in durations} == durations


@pytest.mark.parametrize("rosters", [["planned"], ["planned", "fewer"]])
def test_the_terminal_shows_every_arm_and_every_caveat(rosters: list[str]) -> None:
    """The answer first, then all arms side by side or below each other, queues, notes and assumptions."""
    comparison = compare(a_busy_office(hours=1), policies=["longest-idle", "skills-priority"], rosters=rosters, replications=3)
    shown = io.StringIO()
    print_comparison(comparison.results, Console(file=shown, width=300))
    text = shown.getvalue()
    assert text.startswith(comparison.answer)
    for part in ("skills-priority", "queue sales", "channel email", "nobody calls twice", "an office of the tests", "Live interactions"):
        assert part in text


def test_csv_files_are_written_whole(tmp_path: Path) -> None:
    """Three tables that read back, and one message where the folder is a file."""
    comparison = compare(a_busy_office(hours=1), policies=["longest-idle", "skills-priority"], replications=2)
    paths = write_csv(comparison.results, tmp_path / "csv")
    assert [path.name for path in paths] == ["measures.csv", "differences.csv", "replications.csv"]
    assert pl.read_csv(paths[2]).height == comparison.replications_frame().height
    assert sorted(path.name for path in (tmp_path / "csv").iterdir()) == sorted(path.name for path in paths)
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        write_text(tmp_path / "file" / "report.html", "")
