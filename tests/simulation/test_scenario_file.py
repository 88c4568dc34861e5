"""Scenario and behaviour files: the examples load, the reference pages' examples are valid, and bad input is told in one message."""

import re
import shutil
from pathlib import Path

import pytest

from routing.config.errors import ConfigError
from routing.config.plugins import registry_with_plugins
from routing.model.time import HOUR_MS, MINUTE_MS
from simulation.behaviour_file import load_behaviour
from simulation.births import births_of
from simulation.demand import BacklogItem, DrawnDemand, ReplayedLog
from simulation.run import run_replication
from simulation.scenario import Arm, OpenSpan
from simulation.scenario_file import load_scenario

ROOT = Path(__file__).parents[2]
BOSTON = ROOT / "examples" / "boston-311"
EIGHT = 1_439_294_400_000
"""08:00 on 11 August 2015 in New York, as `date -d '2015-08-11 08:00 EDT' +%s` says."""


def the_example(page: str) -> str:
    """The complete example of a reference page."""
    found = re.search(r"```toml\n(.*?)```", (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the Boston folder without its logs, with the scenario page's example as `scenario.toml`."""
    for file in BOSTON.glob("*.toml"):
        shutil.copy(file, tmp_path)
    (tmp_path / "scenario.toml").write_text(the_example("scenario.md"), encoding="utf-8")
    return tmp_path


def refusal(folder: Path, old: str, new: str, file: str = "scenario.toml") -> str:
    """The message for a scenario after one replacement in a file, without the folder's path."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_scenario(folder / "scenario.toml")
    return str(caught.value).replace(f"{folder}/", "")


def test_the_reference_example_is_the_scenario_it_describes(folder: Path) -> None:
    """Local times become instants, rates become streams, and the backlog waits at the start."""
    scenario = load_scenario(folder / "scenario.toml")
    assert (scenario.starts_at, scenario.ends_at) == (EIGHT, EIGHT + 2 * HOUR_MS)
    assert scenario.opening_hours == {"phone": (OpenSpan(starts_at=EIGHT, ends_at=EIGHT + 105 * MINUTE_MS),)}
    assert scenario.backlog == (
        BacklogItem(channel="app", type="Street Light Outages", attributes={"family": "lighting"}, count=5, waited_ms=2 * HOUR_MS),
    )
    assert isinstance(scenario.demand, DrawnDemand)
    (stream,) = scenario.demand.streams
    assert [(span.starts_at, span.ends_at, span.expected) for span in stream.spans] == [(EIGHT, EIGHT + 2 * HOUR_MS, 60.0)]
    assert tuple(scenario.rosters) == ("planned", "one-fewer")


def test_a_rate_table_is_the_same_demand(folder: Path) -> None:
    """The rates of the example as a CSV table give the same births."""
    expected = births_of(load_scenario(folder / "scenario.toml"), 0)
    rates = 'from,to,channel,type,per_hour,attributes\n08:00,10:00,phone,Street Light Outages,30,"{""family"": ""lighting""}"\n'
    (folder / "rates.csv").write_text(rates, encoding="utf-8")
    text = (folder / "scenario.toml").read_text(encoding="utf-8")
    start, end = text.index("[[demand.rates]]"), text.index("[opening_hours]")
    (folder / "scenario.toml").write_text(f'{text[:start]}[demand]\nrates_table = "rates.csv"\n\n{text[end:]}', encoding="utf-8")
    assert births_of(load_scenario(folder / "scenario.toml"), 0) == expected
    (folder / "rates.csv").write_text(rates.splitlines()[0], encoding="utf-8")
    with pytest.raises(ConfigError, match=r'key demand.rates_table: "rates.csv" has no rows'):
        load_scenario(folder / "scenario.toml")
    (folder / "rates.csv").write_text(rates.replace(",30,", ",many,"), encoding="utf-8")
    with pytest.raises(ConfigError, match=r'rates.csv, line 2, key per_hour: "many" is not a number'):
        load_scenario(folder / "scenario.toml")


def test_the_behaviour_page_is_a_valid_file(tmp_path: Path) -> None:
    """The page's example loads, and its sources are told."""
    (tmp_path / "behaviour.toml").write_text(the_example("behaviour.md"), encoding="utf-8")
    behaviour = load_behaviour(tmp_path / "behaviour.toml")
    assert behaviour.sources()[:2] == (
        "patience (channel phone): assumption: callers wait five minutes on average",
        "handling (channel phone; type Street Light Outages): data: recordings of March",
    )


@pytest.mark.parametrize(("week", "requests"), [("busy-week", 3_241), ("quiet-week", 1_608)])
def test_bostons_weeks_cover_their_logs(week: str, requests: int) -> None:
    """Seven local days take in every recorded request of the week but those left out by count."""
    scenario = load_scenario(BOSTON / f"{week}.toml")
    births = births_of(scenario, 0)
    assert len(births.births) + sum(births.excluded.values()) == requests
    assert "before the horizon" not in {reason for _, reason in births.excluded}


def test_bostons_busy_day_is_replayed() -> None:
    """The recorded day brings its 686 requests, of which those outside the hours are counted out."""
    scenario = load_scenario(BOSTON / "busy-day.toml")
    assert isinstance(scenario.demand, ReplayedLog)
    births = births_of(scenario, 0)
    assert len(births.births) + sum(births.excluded.values()) == len(scenario.demand.log) == 686


def test_bostons_day_times_ten_is_ten_times_the_day() -> None:
    """The expected number of drawn arrivals is ten times what the log has before 18:00, and every arm can run."""
    day, tenfold = load_scenario(BOSTON / "busy-day.toml"), load_scenario(BOSTON / "busy-day-x10.toml")
    assert isinstance(day.demand, ReplayedLog)
    assert isinstance(tenfold.demand, DrawnDemand)
    recorded = sum(day.starts_at <= one.arrived_at_ms < day.ends_at for one in day.demand.log)
    assert sum(span.expected for stream in tenfold.demand.streams for span in stream.spans) == 10 * recorded
    assert tuple(tenfold.rosters) == ("planned", "leaner", "cross-trained")
    spec = registry_with_plugins().spec("longest-idle")
    summary = run_replication(tenfold, Arm(name="a", policy=spec, roster="planned"), 0)
    assert 0.8 < summary.handled / summary.offered < 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("seed = 7", "sead = 7", 'key sead: is not a key that can stand here. Did you mean "seed", "site" or "ends"?'),
        ('zone = "America/New_York"', 'zone = "America/NewYork"', 'key zone: "America/NewYork" is not a known IANA time zone.'),
        ('ends = "10:00"', 'ends = "07:00"', "key ends: is not after starts."),
        ('site = "site.toml"', 'site = "sight.toml"', "sight.toml: cannot be read"),
        ('phone = [{', 'fone = [{', 'key opening_hours.fone: is not a channel of the site. Did you mean "phone"?'),
        ('phone = [{', 'app = [{', "key opening_hours.app: has opening hours, but nobody waits on the line"),
        ('channel = "app"', 'channel = "phone"', 'key backlog[0].channel: "phone" has nobody waiting before the opening'),
        ('channel = "phone"\n', 'channel = "fax"\n', '"fax" is the channel of an interaction of type Street Light Outages'),
        ('to = "10:00"', 'to = "08:00"', "from is not before to"),
        ("per_hour = 30", "per_hour = -1", "key demand.rates[0].per_hour: -1 is too small"),
        ("[[demand.rates]]", '[demand]\nlog = "log.csv"\n[[demand.rates]]', "key demand: states log and rates. Write one of"),
        ("[[demand.rates]]", '[demand]\nmultiply = 2\n[[demand.rates]]', "key demand.multiply: has a meaning only beside rates_from"),
        ("date = 2015-08-11", "date = 2015-08-32", "not TOML"),
    ],
)  # fmt: skip
def test_a_wrong_scenario_is_told(folder: Path, old: str, new: str, message: str) -> None:
    """Each fault is named with file, key, value and remedy."""
    assert message in refusal(folder, old, new)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('law = "exponential", mean = "5min"', 'law = "exponential", mean = 5', "key patience[0].draw.mean: 5 has no unit."),
        ('law = "exponential", mean', 'law = "exponentail", mean', 'Did you mean "exponential"?'),
        ('law = "gamma", mean = "45s", cv = 0.7', 'law = "lognormal", mean = "45s"', "needs exactly two of mean, median and cv"),
        ("assumption: a visit", "a visit", "does not say where the law comes from"),
        ('when = { channel = ["walk_in"] }\ndraw = { law = "lognormal"', 'draw = { law = "lognormal"', "key work[4]: is never reached"),
        ('when = { channel = ["phone"] }\ndraw = { law = "exponential"', 'when = { channel = ["app"] }\ndraw = { law = "exponential"',
         "no rule of the behaviour file says how long its customer waits (channel phone"),
    ],
)  # fmt: skip
def test_a_wrong_behaviour_is_told(folder: Path, old: str, new: str, message: str) -> None:
    """Each fault of the behaviour is named, and that it does not cover a live channel as well."""
    assert message in refusal(folder, old, new, "behaviour.toml")


def test_a_roster_with_nobody_on_shift_is_refused(folder: Path) -> None:
    """A roster whose shifts fall on other weekdays would compare an empty office."""
    text = (folder / "roster.toml").read_text(encoding="utf-8")
    (folder / "roster.toml").write_text(re.sub(r'(end = "\d\d:00")', r'\1\ndays = ["sun"]', text), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"key rosters.planned: has nobody on shift from 2015-08-11 to 2015-08-11"):
        load_scenario(folder / "scenario.toml")
