"""Replays of what was recorded: a table of arrivals, and a router's own journal."""

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from routing.config.errors import ConfigError
from routing.core import events
from routing.model.interaction import EndCause
from simulation.api import compare, replay
from simulation.interactions import RecordedInteraction, write_interactions
from simulation.recorded import interactions_of, read_log
from simulation.scenario import Calendar
from tests.simulation.comparisons import a_busy_office
from tests.simulation.kpis.a_log import START, HandWritten

BOSTON = Path(__file__).parents[2] / "examples" / "boston-311"


def test_interactions_of_a_log_tell_what_became_of_them() -> None:
    """One was answered at the second accept and handled, one left, one still waits."""
    day = HandWritten()
    day.agent("a1")
    day.queued(0, "i1")
    day.offered(0, "i1", "a1")
    day.accepted(5, "i1", "a1")
    day.returned(8, "i1", "a1")
    day.handled(30, "i1", "a1", until=50)
    day.add(40, events.HandlingEnded(interaction_id="i1", agent_id="a1", wrap_up_until=START + 60_000))
    day.queued(60, "i2")
    day.abandoned(70, "i2")
    day.queued(80, "i3")
    told = [
        (one.id, one.arrived_at_ms - START, one.agent, one.wait_ms, one.handling_ms, one.wrap_up_ms, one.outcome)
        for one in interactions_of(sorted(day.log, key=lambda recorded: recorded.at))
    ]
    assert told == [
        ("i1", 0, "a1", 30_000, 10_000, 10_000, EndCause.HANDLED),
        ("i2", 60_000, None, 10_000, None, None, EndCause.ABANDONED),
        ("i3", 80_000, None, None, None, None, None),
    ]


def test_a_journal_is_measured_and_replayed(tmp_path: Path) -> None:
    """The replay meets the interactions of the journal; under the journal's own policy and draws of the same seed it offers the same."""
    office = a_busy_office(hours=1)
    comparison = compare(office, policies=["longest-idle"], replications=1, save_logs=tmp_path / "logs")
    replayed = replay(tmp_path / "logs" / "longest-idle-r0000", scenario=office, policy="least-cost", replications=2)
    document = replayed.to_dict()
    offered = comparison.results.daily["longest-idle"][0]["offered"]
    assert document["schema"] == "careroute/replay/1"
    assert document["log"]["interactions"] == offered
    assert document["measured"]["overall"]["offered"] == {"mean": offered, "ci95": None, "unit": "interactions"}
    assert document["replayed"]["policies"]["least-cost"]["overall"]["offered"]["mean"] == offered
    assert "patience" in document["inferred"][0]


def test_a_table_of_arrivals_is_replayed(tmp_path: Path) -> None:
    """A file has no measures of its own; what was drawn is said."""
    path = tmp_path / "day.csv"
    write_interactions(path, [an_arrival("i1", 1_000), an_arrival("i2", 2_000)])
    replayed = replay(path, scenario=a_busy_office(), policy="longest-idle", replications=1)
    assert replayed.measured() is None
    assert replayed.comparison.results.daily["longest-idle"][0]["offered"] == 2
    assert any("too small" in note for note in replayed.comparison.to_dict()["notes"])


def test_a_log_of_another_day_is_refused(tmp_path: Path) -> None:
    """Nothing would arrive: the message says when the log was."""
    path = tmp_path / "day.csv"
    write_interactions(path, [an_arrival("i1", 1_000)])
    calendar = Calendar(date=dt.date(1970, 1, 2), days=1, zone="UTC")
    tomorrow = replace(a_busy_office(), starts_at=86_400_000, ends_at=90_000_000, calendar=calendar)
    with pytest.raises(ConfigError, match="1970-01-01 00:00"):
        replay(path, scenario=tomorrow, policy="longest-idle")


def test_the_scenarios_own_demand_need_not_fit_the_log(tmp_path: Path) -> None:
    """Of the scenario's file a replay takes site, rosters, behaviour and horizon: yesterday's rates do not stand in its way."""
    folder = Path(shutil.copytree(BOSTON, tmp_path / "boston"))
    scenario = folder / "busy-day-x10.toml"
    scenario.write_text(scenario.read_text(encoding="utf-8").replace("date = 2015-08-11", "date = 2026-03-02"), encoding="utf-8")
    at = int(dt.datetime(2026, 3, 2, 15, tzinfo=dt.UTC).timestamp()) * 1_000
    write_interactions(folder / "day.csv", [replace(an_arrival("i1", at), channel="phone", attributes={"family": "parks"})])
    replayed = replay(folder / "day.csv", scenario=scenario, policy="longest-idle", replications=1)
    assert replayed.comparison.results.daily["longest-idle"][0]["offered"] == 1


def test_a_log_without_interactions_is_refused(tmp_path: Path) -> None:
    """There is nothing to replay; and a directory without a journal is not one."""
    path = tmp_path / "day.csv"
    write_interactions(path, [])
    with pytest.raises(ConfigError, match="holds no interaction"):
        read_log(path)
    with pytest.raises(ConfigError, match="no journal"):
        read_log(tmp_path)


def an_arrival(interaction_id: str, at: int) -> RecordedInteraction:
    """A sales call."""
    return RecordedInteraction(id=interaction_id, arrived_at_ms=at, channel="voice", type="sales", attributes={})
