"""Back-tests: a log made by a known world is predicted, intervals mean what they say, and logs that cannot tell are refused."""

import datetime as dt
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from routing.cli import build_app, installed_commands
from routing.config.errors import ConfigError
from routing.core.events import Recorded
from routing.model.time import DAY_MS, HOUR_MS, MINUTE_MS
from simulation.backtest import api
from simulation.backtest.days import refuse_what_cannot_be_tested, split
from simulation.backtest.document import document_of
from simulation.backtest.figures import MEASURES, DayFigures, day_figures, target_of
from simulation.backtest.options import options_of
from simulation.backtest.page import page_of
from simulation.backtest.run import Arrivals, Backtest, Files, Options, backtest
from simulation.backtest.scores import Prediction, predictions, score
from simulation.backtest.staffing import inferred_staffing
from simulation.backtest.uncertainty import as_uncertain
from simulation.backtest.words import answer, notes
from simulation.demand import DrawnDemand
from simulation.demand.chance import DayFactor, OverDispersion
from simulation.demand.rates import streams_from_log
from simulation.fits.demand.counts import DayGroups, count_table
from simulation.fits.demand.fitted import fit_demand
from simulation.interactions import RecordedInteraction, write_interactions
from simulation.recorded import interactions_of
from simulation.run import run_replication
from simulation.scenario import Arm
from simulation.scenario_file import load_scenario
from tests.builders import an_agent
from tests.simulation.worlds import a_member, a_roster, a_scenario

FRONT_DESK = Path(__file__).parents[3] / "examples" / "front-desk"
DAY = dt.date(2026, 3, 11)
CLOSED = tuple(dt.date(2026, 3, day) for day in (5, 6, 7, 8))
"""The desk is open from Monday to Wednesday."""
LOG = Path("log.csv")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """A quiet front desk, and ten days of it (synthetic), six of them open: five to fit and the last to be predicted."""
    folder = tmp_path_factory.mktemp("front-desk")
    for file in FRONT_DESK.glob("*.toml"):
        shutil.copy(file, folder)
    text = (FRONT_DESK / "scenario.toml").read_text(encoding="utf-8")
    text = text.replace("per_hour = 40", "per_hour = 6").replace("per_hour = 14", "per_hour = 3")
    (folder / "scenario.toml").write_text(text, encoding="utf-8")
    (folder / "truth.toml").write_text(text.replace("date = 2026-03-02", "date = 2026-03-02\ndays = 10"), encoding="utf-8")
    truth = load_scenario(folder / "truth.toml")
    events: list[Recorded] = []
    run_replication(truth, Arm(name="truth", policy=truth.site.policy, roster="four"), 0, [events.append])
    write_interactions(folder / "log.csv", interactions_of(events))
    return Files(scenario=folder / "scenario.toml", log=folder / "log.csv", out=folder / "out")


@pytest.fixture(scope="module")
def found(files: Files) -> Backtest:
    """A back-test of the last day."""
    days: list[int] = []
    tested = backtest(files, Options(held_out=1, without=CLOSED, replications=39, by=DayGroups.ALL), lambda: days.append(1))
    assert len(days) == 39
    return tested


def answered(key: str, at: int, wait_ms: int, talk_ms: int, agent: str | None = "ana") -> RecordedInteraction:
    """A call that was answered."""
    answered_at = at + wait_ms
    return RecordedInteraction(
        id=key,
        arrived_at_ms=at,
        channel="voice",
        type="sales",
        attributes={},
        agent=agent,
        answered_at_ms=answered_at,
        ended_at_ms=answered_at + talk_ms,
        outcome="handled",
    )


def left(key: str, at: int, wait_ms: int | None) -> RecordedInteraction:
    """A call whose customer left."""
    ended_at = None if wait_ms is None else at + wait_ms
    return RecordedInteraction(
        id=key, arrived_at_ms=at, channel="voice", type="sales", attributes={}, ended_at_ms=ended_at, outcome="abandoned"
    )


def read_options(held_out: str, without: str | None = None, by: str = "all", arrivals: str = "fitted") -> Options:
    """Options as the command reads them."""
    return options_of(held_out=held_out, without=without, by=by, arrivals=arrivals, roster=None, policy=None, replications=39, seed=None)


def test_a_day_of_a_known_world_is_predicted(found: Backtest) -> None:
    """Nearly all half hours of the held-out day lie within their intervals, all four agents are found, and the day's total too."""
    (day,) = found.days
    assert (day.date, day.agents, len(day.by_interval)) == (DAY, 4, 20)
    held = [one.is_held for part in day.by_interval for one in part.values() if one.is_held is not None]
    assert np.mean(held) >= 0.9
    assert day.overall["offered"].is_held
    assert found.taught_days[-1] == dt.date(2026, 3, 10)
    assert any("staffing is inferred" in line for line in found.assumptions)
    assert any("data: rates are known from 5 days" in line for line in found.assumptions)


def test_a_back_test_is_a_table_too(files: Files, found: Backtest, tmp_path: Path) -> None:
    """A row for each measure of the day and of each half hour, with what the document has; from one call the same."""
    frame = found.frame()
    assert frame.height == len(MEASURES) * (1 + len(found.days[0].by_interval))
    whole = frame.filter(pl.col("starts_at_ms").is_null()).row(by_predicate=pl.col("measure") == "offered", named=True)
    told = found.days[0].overall["offered"]
    assert [whole[name] for name in ("date", "actual", "mean", "low", "high")] == [DAY, told.actual, told.mean, told.low, told.high]
    first = frame.filter(pl.col("starts_at_ms").is_not_null())["starts_at_ms"][0]
    assert first == round(found.days[0].starts_at.timestamp() * 1_000)
    again = api.backtest(files.scenario, files.log, out=tmp_path, held_out=1, without=CLOSED, replications=39, by=DayGroups.ALL)
    assert again.frame().equals(frame)


def test_what_is_told_of_it(found: Backtest) -> None:
    """The document has every prediction, the page every day, and the notes say what was inferred."""
    document = document_of(found)
    assert (document["schema"], document["staffing"]) == ("careroute/backtest/1", "inferred from the log")
    assert set(document["scores"]["by_interval"]) == set(MEASURES)
    assert json.dumps(document) == json.dumps(document_of(found))
    page = page_of(found)
    assert 'id="plot-day-0"' in page
    assert answer(found) in page
    assert any("Staffing is inferred" in note for note in notes(found))


def test_recorded_arrivals_and_a_named_roster(files: Files) -> None:
    """With the day's own arrivals their number is no prediction; the roster of the scenario stands in for the log's agents."""
    options = Options(held_out=1, without=CLOSED, replications=39, arrivals=Arrivals.RECORDED, roster="four")
    tested = backtest(files, options, lambda: None)
    offered = tested.days[0].overall["offered"]
    assert offered.actual == offered.low == offered.high == offered.mean
    assert any("Arrivals are those of the held-out days" in note for note in notes(tested))
    with pytest.raises(ConfigError, match="is not a roster of the scenario"):
        backtest(files, replace(options, roster="forty"), lambda: None)


def test_the_command_writes_everything(files: Files, tmp_path: Path) -> None:
    """Fitted files, document and page go into the folder; bad options are refused by name."""
    app = build_app(["backtest"], installed_commands())
    words = ["backtest", str(files.scenario), str(files.log), "--held-out", "1", "--by", "all", "--replications", "39"]
    words += ["--without", ",".join(day.isoformat() for day in CLOSED)]
    done = CliRunner().invoke(app, [*words, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "Prediction intervals of 95 % held" in done.output
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"behaviour.toml", "demand.toml", "rates.csv", "fit.json", "backtest.json", "backtest.html"}
    for held_out, without, by, arrivals, message in (
        ("1", None, "month", "fitted", "is no way to tell days alike"),
        ("1", None, "all", "guessed", "is neither fitted nor recorded"),
        ("0", None, "all", "fitted", "holds out no day"),
        ("1", "yesterday", "all", "fitted", "is not a date"),
    ):
        with pytest.raises(ConfigError, match=message):
            read_options(held_out, without, by, arrivals)
    assert read_options("2026-03-10, 2026-03-11").held_out == (dt.date(2026, 3, 10), DAY)
    with pytest.raises(ConfigError, match="are too few"):
        backtest(files, Options(replications=38), lambda: None)


def test_an_interval_is_of_order_statistics() -> None:
    """Of 39 simulated days the smallest and the largest are the ends of a 95 % interval; of fewer there is none."""
    days = [DayFigures(overall=dict.fromkeys(MEASURES, float(value)), by_interval=()) for value in range(1, 40)]
    overall, _ = predictions(DayFigures(overall=dict.fromkeys(MEASURES, 39.0), by_interval=()), days)
    assert overall["offered"] == Prediction(actual=39.0, mean=20.0, low=1.0, high=39.0, days=39)
    assert (overall["offered"].is_held, overall["offered"].error) == (True, -19.0)
    few, _ = predictions(DayFigures(overall=dict.fromkeys(MEASURES, 40.0), by_interval=()), days[1:])
    assert (few["offered"].low, few["offered"].is_held) == (None, None)
    dice = np.random.default_rng(3)
    held = 0
    for _ in range(1_000):
        values = dice.normal(size=80)
        simulated = [DayFigures(overall=dict.fromkeys(MEASURES, float(value)), by_interval=()) for value in values[1:]]
        one, _ = predictions(DayFigures(overall=dict.fromkeys(MEASURES, float(values[0])), by_interval=()), simulated)
        held += one["asa_s"].is_held is True
    assert held == pytest.approx(950, abs=21)


def test_scores_are_of_what_can_be_compared() -> None:
    """A figure without a denominator on either side counts nowhere."""
    known = Prediction(actual=1.0, mean=3.0, low=0.0, high=2.0, days=39)
    missed = Prediction(actual=5.0, mean=3.0, low=0.0, high=4.0, days=39)
    nothing = Prediction(actual=None, mean=3.0, low=0.0, high=4.0, days=39)
    found = score([known, missed, nothing])
    assert (found.compared, found.held, found.bias, found.mean_absolute_error, found.level) == (2, 1, 0.0, 2.0, 3.0)
    assert score([nothing]).bias is None


def test_figures_of_a_log() -> None:
    """Waits equal to the target are within it; who left is not answered; what is outside the horizon or another channel does not count."""
    scenario = a_scenario(a_roster(a_member(an_agent())), starts_at=0, ends_at=HOUR_MS)
    target = target_of(scenario)
    log = [
        answered("1", 0, target(answered("x", 0, 0, 1)), MINUTE_MS),
        answered("2", 0, target(answered("x", 0, 0, 1)) + 1, MINUTE_MS),
        left("3", 31 * MINUTE_MS, MINUTE_MS),
        answered("4", HOUR_MS, 0, MINUTE_MS),
    ]
    figures = day_figures(scenario, log, target)
    assert (figures.overall["offered"], figures.overall["service_level"], figures.overall["abandonment"]) == (3, 1 / 3, 1 / 3)
    assert [part["offered"] for part in figures.by_interval] == [2, 1]
    assert figures.by_interval[1]["asa_s"] is None


def test_staffing_is_who_answered_when() -> None:
    """An agent is there from the first answer to the end of the last, and away in a gap of more than two hours."""
    ana = an_agent("ana")
    log = [
        answered("1", 9 * HOUR_MS, 1_000, MINUTE_MS),
        answered("2", 10 * HOUR_MS, 0, MINUTE_MS),
        answered("3", 14 * HOUR_MS, 0, MINUTE_MS),
    ]
    day = dt.date(1970, 1, 1)
    roster = inferred_staffing(log, day, "UTC", {ana.id: ana}, LOG)
    (member,) = roster.members
    assert [(shift.start_ms, shift.end_ms) for shift in member.dated[day]] == [
        (9 * HOUR_MS + 1_000, 10 * HOUR_MS + MINUTE_MS),
        (14 * HOUR_MS, 14 * HOUR_MS + MINUTE_MS),
    ]
    with pytest.raises(ConfigError, match='"ana" is an agent of the log, and in no roster of the scenario'):
        inferred_staffing(log, day, "UTC", {}, LOG)


def test_a_log_that_does_not_tell_is_refused() -> None:
    """Each column without which nothing can be compared is named."""
    sound = answered("1", 0, 1_000, MINUTE_MS)
    for log, message in (
        ([left("1", 0, 5)], "key answered_at_ms: does not tell when anybody was answered"),
        ([replace(sound, ended_at_ms=None)], "key ended_at_ms: does not tell when any conversation ended"),
        ([replace(sound, agent=None)], "key agent: does not tell who answered"),
        ([sound, left("2", 0, None)], "key ended_at_ms: does not tell when those who left did so"),
        ([sound, replace(left("2", 0, 5), outcome=None)], "key outcome: does not tell what became of those who were not answered"),
    ):
        with pytest.raises(ConfigError, match=message):
            refuse_what_cannot_be_tested(log, LOG, needs_agents=True)
    refuse_what_cannot_be_tested([replace(sound, agent=None), left("2", 0, 5)], LOG, needs_agents=False)


def test_days_are_held_out_by_number_or_by_name() -> None:
    """The last days, or those that are named; a day that is not there, or nothing left to fit, is refused."""
    log = [answered(str(day), day * DAY_MS, 0, 1) for day in range(4)]
    utc = a_scenario(a_roster(a_member(an_agent()))).zone_info
    first = dt.date(1970, 1, 1)
    assert list(split(log, LOG, utc, 2).held_out) == [dt.date(1970, 1, 3), dt.date(1970, 1, 4)]
    named = split(log, LOG, utc, [first], without=[dt.date(1970, 1, 2)])
    assert (list(named.held_out), len(named.taught_days)) == ([first], 2)
    with pytest.raises(ConfigError, match="has no interaction on a day to be held out"):
        split(log, LOG, utc, [dt.date(1971, 1, 1)])
    with pytest.raises(ConfigError, match="has 4 days: none is left to fit"):
        split(log, LOG, utc, 4)


def test_rates_are_as_uncertain_as_the_days_they_come_from() -> None:
    """Means of n days bring a factor for the day and over-dispersion of 1 + 1/n; a day unlike all fitted ones is refused."""
    dice = np.random.default_rng(5)
    counts = dice.poisson(200 * dice.gamma(25, 1 / 25, 20))
    at = [day * DAY_MS + 9 * HOUR_MS + call * 10_000 for day, count in enumerate(counts) for call in range(count)]
    log = [answered(str(place), instant, 0, 1) for place, instant in enumerate(at)]
    fit = fit_demand(count_table(log, file=LOG, zone="UTC", interval_ms=30 * MINUTE_MS, by=DayGroups.WORKDAY))
    streams = streams_from_log(log, starts_at=0, ends_at=DAY_MS, interval_ms=HOUR_MS, multiply=1)
    demand = as_uncertain(DrawnDemand(streams=streams, description=""), fit, dt.date(1970, 1, 1))
    day, counted = demand.factors
    assert isinstance(day, DayFactor)
    assert isinstance(counted, OverDispersion)
    days = fit.table.groups.count(fit.table.groups[0])
    assert counted.variance_over_mean == 1 + 1 / days
    assert day.law.cv == pytest.approx(0.2 / days**0.5, rel=0.5)
    weekdays_only = replace(fit, table=replace(fit.table, groups=tuple(group for group in fit.table.groups if len(group) == 5)))
    with pytest.raises(ConfigError, match="is unlike every day that was fitted"):
        as_uncertain(DrawnDemand(streams=streams, description=""), weekdays_only, dt.date(1970, 1, 3))
