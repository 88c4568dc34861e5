"""A timeline shows what stood at each look, agrees with what the log adds up to, and comes out as a page, tables and words."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from routing.cli import main
from routing.config.errors import ConfigError
from routing.model.time import MINUTE_MS
from simulation import timeline
from simulation.api import compare
from simulation.customers.facts import Balked, Blocked
from simulation.kpis.facts import facts_of
from simulation.kpis.ledger import Ledger
from simulation.one_day.page import day_plot
from simulation.one_day.record import Doing, Timeline, TimelineRecorder
from simulation.one_day.run import SimulatedDay
from simulation.run import run_replication
from simulation.scenario import Arm, Calendar
from tests.builders import an_interaction
from tests.simulation.comparisons import a_busy_office

DAY = "examples/boston-311/busy-day.toml"


@pytest.fixture(scope="module")
def day() -> SimulatedDay:
    """The busy office, looked at every minute."""
    return timeline(a_busy_office(), policy="longest-idle")


def test_every_minute_of_the_horizon_is_looked_at(day: SimulatedDay) -> None:
    """From its start, every agent and every queue of the site."""
    line = day.timeline
    assert line.instants[:3] == (0, MINUTE_MS, 2 * MINUTE_MS)
    assert line.instants[-1] >= day.scenario.ends_at - MINUTE_MS
    assert set(line.agents) == {"a1", "a2", "a3"}
    assert line.queues == ("sales", "help", "letters")
    assert line.doing.shape == (3, len(line.instants))


def test_what_agents_do_adds_up_to_their_occupancy() -> None:
    """Looked at every second, the share of looks at work in hand is the occupancy of the measures."""
    scenario, ledger = a_busy_office(), Ledger()
    arm = Arm(name="as it is", policy=scenario.site.policy, roster="planned")
    recorder = TimelineRecorder(starts_at=scenario.starts_at, step_ms=1_000)
    run_replication(scenario, arm, 0, [ledger, recorder])
    facts = facts_of(ledger, starts_at=scenario.starts_at, ends_at=scenario.ends_at)
    line = recorder.timeline(facts.closes_at)
    busy_s = (line.doing >= Doing.WRAPPING_UP).sum()
    assert abs(busy_s - facts.agents.busy_ms.sum() / 1_000) < 0.01 * busy_s
    waited_s = facts.waited_ms.sum() / 1_000
    assert abs(line.waiting.sum() + line.deferred.sum() - waited_s) < 0.01 * waited_s


def test_the_headline_is_the_fullest_look(day: SimulatedDay) -> None:
    """And the figures name every queue in which somebody was seen waiting."""
    line = day.timeline
    assert str(int(line.waiting.sum(axis=0).max())) in day.headline
    seen = [name for place, name in enumerate(line.queues) if line.waiting[place].any()]
    assert [text.split(":")[0] for text in day.figures()] == [*seen, "deferrable work", "agents"]


def test_a_day_without_anybody_says_so() -> None:
    """No site, no agents, no queues: nothing to look at, and no error."""
    line = TimelineRecorder(starts_at=0, step_ms=1_000).timeline(3_000)
    empty = SimulatedDay(scenario=a_busy_office(), arm=_AN_ARM, replication=0, timeline=line, summary=_A_SUMMARY)
    assert isinstance(line, Timeline)
    assert len(line.instants) == 3
    assert "Nobody waited" in empty.headline
    assert empty.figures() == []
    assert empty.agents_frame().height == 0


def test_the_hour_that_comes_twice_is_drawn_twice(day: SimulatedDay) -> None:
    """On a day on which clocks change the axis counts hours; on others it is of local times, which say where one looks."""
    assert [str(at) for at in day_plot(day.scenario, day.timeline).data[0].x[:2]] == ["1970-01-01T00:00:00", "1970-01-01T00:01:00"]
    berlin = replace(day.scenario, calendar=Calendar(date=dt.date(2026, 10, 25), days=1, zone="Europe/Berlin"))
    starts_at = 1_792_879_200_000  # 2026-10-25 00:00 in Berlin
    slower = replace(day.timeline, instants=tuple(starts_at + 3 * at for at in day.timeline.instants))
    drawn = day_plot(berlin, slower)
    assert [drawn.data[0].x[place] for place in (0, 20, 40, 60)] == [0, 1, 2, 3]
    assert list(drawn.layout.xaxis.ticktext)[:5] == ["00:00", "01:00", "02:00", "02:00", "03:00"]


_AN_ARM = Arm(name="as it is", policy=a_busy_office().site.policy, roster="planned")
_A_SUMMARY = run_replication(a_busy_office(), _AN_ARM, 0)


def test_tables_have_a_row_for_each_look(day: SimulatedDay) -> None:
    """Queues and agents, in numbers and words."""
    looks = len(day.timeline.instants)
    assert day.queues_frame().height == 3 * looks
    assert set(day.agents_frame()["doing"]) <= {doing.name.lower() for doing in Doing}
    assert day.agents_frame().height == 3 * looks


def test_the_command_writes_the_page_and_the_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same seed gives the same page."""
    words = ["timeline", DAY, "--policy", "longest-idle", "--step", "300", "--csv", str(tmp_path / "csv")]
    for name in ("one.html", "two.html"):
        with pytest.raises(SystemExit) as ended:
            main([*words, "--html", str(tmp_path / name)])
        assert not ended.value.code
    assert "Most waited at" in capsys.readouterr().out
    page = (tmp_path / "one.html").read_text(encoding="utf-8")
    assert page == (tmp_path / "two.html").read_text(encoding="utf-8")
    assert "What each agent does" in page
    assert (tmp_path / "csv" / "queues.csv").read_text(encoding="utf-8").startswith("at_ms,queue,waiting,longest_wait_s,deferred")


def test_whoever_hears_a_busy_tone_is_seen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The hotline with eight agents: as many busy tones as the measures count, in words, on the page and in a table of their own."""
    day = timeline("examples/hotline/scenario.toml", policy="longest-idle", roster="eight")
    line = day.timeline
    assert line.lines == ("trunks",)
    assert line.busy_tones.shape == (1, len(line.instants))
    count = int(line.busy_tones.sum())
    found = compare("examples/hotline/scenario.toml", policies=["longest-idle"], rosters=["eight"], replications=1)
    blocked = found.results.values["longest-idle"].overall["blocked"]
    assert blocked is not None
    assert count == blocked.mean > 1
    assert day.headline.endswith(f" {count} customers heard a busy tone.")
    assert any(text.startswith(f"lines trunks: {count} customers") for text in day.figures())
    assert day.lines_frame()["busy_tones"].sum() == count
    assert "busy tones on trunks" in day.to_html()
    with pytest.raises(SystemExit):
        main(["timeline", "examples/hotline/scenario.toml", "--policy", "longest-idle", "--roster", "ten", "--csv", str(tmp_path)])
    assert {file.name for file in tmp_path.iterdir()} == {"queues.csv", "agents.csv", "lines.csv"}
    capsys.readouterr()


def test_a_busy_tone_counts_in_the_step_it_falls_into() -> None:
    """One at the start, two in the second step, one after everything else is over."""
    recorder = TimelineRecorder(starts_at=0, step_ms=1_000, lines=("trunks", "others"))
    for at in (0, 1_000, 1_999, 5_500):
        recorder.witness(at, Blocked(interaction=an_interaction("i"), lines="trunks"))
    recorder.witness(2_000, Balked(interaction_id="i"))
    line = recorder.timeline(3_000)
    assert line.busy_tones.tolist() == [[1, 2, 0, 0, 0, 1], [0] * 6]


def test_a_page_without_lines_says_nothing_of_them(day: SimulatedDay) -> None:
    """Nor where nobody found them taken is there a plot."""
    assert "busy tone" not in day.to_html()
    line = TimelineRecorder(starts_at=0, step_ms=1_000, lines=("trunks",)).timeline(3_000)
    quiet = SimulatedDay(scenario=a_busy_office(), arm=_AN_ARM, replication=0, timeline=line, summary=_A_SUMMARY)
    assert "Nobody found all lines taken" in quiet.to_html()
    assert quiet.figures() == ["lines trunks: nobody heard a busy tone"]


def test_too_many_looks_are_refused() -> None:
    """A page of half a million looks would be read by nobody."""
    with pytest.raises(ConfigError, match="look less often"):
        timeline("examples/boston-311/busy-week.toml", policy="longest-idle", step_ms=1_000)
