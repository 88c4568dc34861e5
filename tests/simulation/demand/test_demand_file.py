"""The table [demand] and demand files: what they describe, and what is refused with its place."""

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest

from routing.config.errors import ConfigError
from routing.model.time import HOUR_MS
from simulation.births import births_of
from simulation.checks import check_demand_file
from simulation.demand import DrawnDemand
from simulation.demand.chance import DayFactor, ForecastError, IntervalFactors, OverDispersion, Spike
from simulation.demand.demand_file import read_demand_file
from simulation.scenario import Calendar, Scenario
from simulation.scenario_file import load_scenario

ROOT = Path(__file__).parents[3]
BOSTON = ROOT / "examples" / "boston-311"
AUGUST = Calendar(date=dt.date(2015, 8, 11), days=1, zone="America/New_York")
FORECAST = """starts_at,channel,type,expected,low,high
2015-08-11 08:00,phone,Street Light Outages,60,50,72
2015-08-11 08:30,phone,Street Light Outages,75,63,90
2015-08-12 08:30,phone,Street Light Outages,75,63,90
"""
ERROR = """[demand.forecast_error]
law = "lognormal"
band = 0.9
correlation = 1.0
source = "data: the planners' errors of last year"
"""


def the_block(language: str) -> str:
    """The first block of a language on the page of demand."""
    text = (ROOT / "docs" / "reference" / "demand.md").read_text(encoding="utf-8")
    found = re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the Boston folder without its logs."""
    for file in BOSTON.glob("*.toml"):
        shutil.copy(file, tmp_path)
    (tmp_path / "forecast.csv").write_text(FORECAST, encoding="utf-8")
    (tmp_path / "demand.toml").write_text(the_block("toml"), encoding="utf-8")
    return tmp_path


def the_scenario(folder: Path, demand: str, date: str = "2015-08-11") -> Scenario:
    """Two hours of Boston with the given lines as its demand."""
    text = (folder / "busy-day.toml").read_text(encoding="utf-8").replace("date = 2015-08-11", f"date = {date}")
    start, end = text.index("[demand]"), text.index("[opening_hours]")
    (folder / "scenario.toml").write_text(f"{text[:start]}{demand}\n{text[end:]}", encoding="utf-8")
    return load_scenario(folder / "scenario.toml")


def refusal(folder: Path, demand: str, date: str = "2015-08-11") -> str:
    """The message for a scenario with that demand, without the folder's path."""
    with pytest.raises(ConfigError) as caught:
        the_scenario(folder, demand, date)
    return str(caught.value).replace(f"{folder}/", "")


def drawn(scenario: Scenario) -> DrawnDemand:
    """The drawn demand of a scenario."""
    assert isinstance(scenario.demand, DrawnDemand)
    return scenario.demand


def test_the_page_is_the_demand_it_describes(folder: Path) -> None:
    """Weekday and holiday multiply the rates, every entry becomes a factor, and over-dispersion comes last."""
    tuesday = read_demand_file(folder / "demand.toml", AUGUST)
    assert [type(factor) for factor in tuesday.factors] == [DayFactor, IntervalFactors, Spike, Spike, OverDispersion]
    street, mailing = tuesday.streams
    assert [span.expected for span in street.spans] == [480]
    assert (mailing.label, [span.expected for span in mailing.spans]) == ("mailing", [30])
    assert len(tuesday.sources) == 5
    labour_day = read_demand_file(folder / "demand.toml", Calendar(date=dt.date(2015, 9, 7), days=1, zone="America/New_York"))
    assert [span.expected for span in labour_day.streams[0].spans] == [pytest.approx(480 * 0.4 * 0.5)]
    assert "Labour Day" in labour_day.description
    sunday = read_demand_file(folder / "demand.toml", Calendar(date=dt.date(2015, 9, 6), days=1, zone="America/New_York"))
    assert sunday.streams[0].spans == ()


def test_a_scenario_names_a_demand_file_and_adds_to_it(folder: Path) -> None:
    """The file's factors and the scenario's own spike lie over the same rates, and the sources are assumptions of every report."""
    own = '[[demand.spikes]]\nname = "news"\nfrom = "09:00"\nto = "10:00"\nfactor = 2\nsource = "assumption: the evening news"\n'
    scenario = the_scenario(folder, f'[demand]\nfile = "demand.toml"\n{own}')
    assert [factor.scope.name for factor in drawn(scenario).factors][-2:] == ["news", "overdispersion 1"]
    stated = scenario.stated_assumptions("planned")
    assert {
        "demand (news): assumption: the evening news",
        "demand (overdispersion 1): assumption: calls about one outage come together",
    } <= set(stated)
    assert "busyness 1: a factor for each day (gamma, cv 0.08)" in drawn(scenario).description
    births = [len(births_of(scenario, replication).births) for replication in range(3)]
    assert len(set(births)) == 3
    assert "is for rates that stand beside it" in refusal(folder, '[demand]\nfile = "demand.toml"\nweekdays = { mon = 2 }\n')
    assert check_demand_file(folder / "demand.toml").facts["streams"] == 2


def test_rates_by_weekday_come_from_a_table(folder: Path) -> None:
    """A table's column `days` does what the key does."""
    rates = "from,to,days,channel,type,per_hour,attributes\n"
    rates += '08:00,10:00,mon tue,phone,Street Light Outages,30,"{""family"": ""lighting""}"\n'
    rates += '08:00,10:00,wed,phone,Street Light Outages,10,"{""family"": ""lighting""}"\n'
    (folder / "rates.csv").write_text(rates, encoding="utf-8")
    assert [span.expected for span in drawn(the_scenario(folder, '[demand]\nrates_table = "rates.csv"\n')).streams[0].spans] == [60]
    wednesday = the_scenario(folder, '[demand]\nrates_table = "rates.csv"\n', "2015-08-12")
    assert [span.expected for span in drawn(wednesday).streams[0].spans] == [20]
    (folder / "rates.csv").write_text(rates.replace("mon tue", "monday"), encoding="utf-8")
    assert "rates.csv, line 2, key days" in refusal(folder, '[demand]\nrates_table = "rates.csv"\n')


def test_a_forecast_brings_its_band(folder: Path) -> None:
    """Expected numbers become spans of half an hour on the scenario's day, and the band a cv."""
    demand = drawn(the_scenario(folder, f'[demand]\nforecast = "forecast.csv"\n{ERROR}'))
    (stream,) = demand.streams
    assert [(span.ends_at - span.starts_at, span.expected) for span in stream.spans] == [(HOUR_MS // 2, 60), (HOUR_MS // 2, 75)]
    (error,) = demand.factors
    assert isinstance(error, ForecastError)
    assert list(error.cvs[stream.name].values()) == pytest.approx([22 / 3.28971 / 60, 27 / 3.28971 / 75], rel=1e-4)
    counts = ERROR.replace("band = 0.9", 'band = 0.9\nband_of = "count"')
    (error,) = drawn(the_scenario(folder, f'[demand]\nforecast = "forecast.csv"\n{counts}')).factors
    assert isinstance(error, ForecastError)
    assert list(error.cvs[stream.name].values()) == [0, 0]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("60,50,72", "60,61,72", "forecast.csv, line 2: low, expected and high are not in rising order"),
        ("60,50,72", "sixty,50,72", 'forecast.csv, line 2, key expected: "sixty" is not a number'),
        ("60,50,72", "60,50", "forecast.csv, line 2: the row has 5 columns, the header 6"),
        ("60,50,72", "60,50,", "a row has low and high, or cv, or neither"),
        ("08:30", "08:00", "repeats the interval of row 2"),
        ("2015-08-11 08:00", "11/08/2015", "is not a local date and time"),
        ("2015-08-11", "2015-09-11", "has no row on the scenario's days"),
        ("expected", "calls", "has no column expected"),
        ("low,high", "low,hihg", '"hihg" is not a column of a forecast'),
    ],
)
def test_a_faulty_forecast_is_refused_with_its_line(folder: Path, old: str, new: str, message: str) -> None:
    """Every fault names the file and the line."""
    (folder / "forecast.csv").write_text(FORECAST.replace(old, new), encoding="utf-8")
    assert message in refusal(folder, f'[demand]\nforecast = "forecast.csv"\n{ERROR}')


def test_a_band_is_explained_or_refused(folder: Path) -> None:
    """A band without an explanation, an explanation without a band, or one that leaves out what the band holds is refused."""
    demand = '[demand]\nforecast = "forecast.csv"\n'
    assert "nothing says what that means" in refusal(folder, demand)
    assert "nothing says how much lies between them" in refusal(folder, demand + ERROR.replace("band = 0.9", ""))
    (folder / "forecast.csv").write_text(re.sub(r",\d+,\d+$|,low,high", "", FORECAST, flags=re.MULTILINE), encoding="utf-8")
    assert "does not say how far it may be off" in refusal(folder, demand + ERROR)
    assert drawn(the_scenario(folder, demand)).factors == ()


BASE = '[demand]\nfile = "demand.toml"\n'
SOURCE = 'source = "assumption: a test"\n'


@pytest.mark.parametrize(
    ("demand", "message"),
    [
        ("[demand]\n", "says nothing about who arrives"),
        ('[demand]\nfile = "demand.toml"\nforecast = "forecast.csv"\n', "states file and forecast"),
        ('[demand]\nforecast = "forecast.csv"\nmultiply = 2\n', "has a meaning only beside rates_from"),
        ('[demand]\nforecast = "forecast.csv"\nweekdays = { mon = 2 }\n', "its days are dated already"),
        (f'[demand]\nlog = "log.csv"\n[[demand.busyness]]\ncv = 0.1\n{SOURCE}', "key demand.busyness: has no meaning beside log"),
        (f"{BASE}[[demand.busyness]]\n{SOURCE}", "busyness needs either cv or"),
        (f'{BASE}[[demand.busyness]]\nlaw = "lognormal"\nshape = 3\n{SOURCE}', "busyness needs either cv or"),
        (f"{BASE}[[demand.busyness]]\ncv = 0.1\n", "source"),
        (f'{BASE}[[demand.busyness]]\ncv = 0.1\nwhen = {{ type = ["Nothing"] }}\n{SOURCE}', '"busyness 1" holds for none of the streams'),
        (f'{BASE}[[demand.interval_factors]]\nevery = "7min"\ncv = 0.1\n{SOURCE}', "must make 1 to 1440 whole intervals"),
        (f"{BASE}[[demand.interval_factors]]\ncv = [0.1, 0.2]\n{SOURCE}", "cv lists 2 values for 48 intervals"),
        (f"{BASE}[[demand.interval_factors]]\ncv = 2\ncorrelation = -0.9\n{SOURCE}", "factors with these laws have a correlation between"),
        (
            f'{BASE}[[demand.interval_factors]]\nfrom = "08:00"\nto = "09:00"\ncv = 0.2\ncorrelation = [[1, 0.5], [0.4, 1]]\n{SOURCE}',
            "correlation is not symmetric",
        ),
        (f'{BASE}[[demand.spikes]]\nname = "s"\nfrom = "08:00"\nto = "09:00"\n{SOURCE}', "a spike brings per_hour arrivals"),
        (f'{BASE}[[demand.spikes]]\nname = "s"\nfrom = "09:00"\nto = "08:00"\nfactor = 2\n{SOURCE}', "from is not before to"),
        (
            f'{BASE}[[demand.spikes]]\nname = "s"\ndates = [2015-08-12]\nfrom = "08:00"\nto = "09:00"\nfactor = 2\n{SOURCE}',
            'key demand.spikes[0]: "s" falls on none of the scenario\'s days',
        ),
        (f"{BASE}[[demand.overdispersion]]\nvariance_over_mean = 1\n{SOURCE}", "Write more than 1"),
        (
            f'{BASE}[[demand.busyness]]\nname = "x"\ncv = 0.1\n{SOURCE}[[demand.busyness]]\nname = "x"\ncv = 0.1\n{SOURCE}',
            "has two factors of one name",
        ),
    ],
)
def test_what_cannot_be_is_refused(folder: Path, demand: str, message: str) -> None:
    """One message, with what is wrong."""
    assert message in refusal(folder, demand)


def test_a_shared_file_may_name_events_of_other_days(folder: Path) -> None:
    """The storm of 11 August is not part of another day, and nothing is said about it."""
    demand = read_demand_file(folder / "demand.toml", Calendar(date=dt.date(2015, 8, 12), days=1, zone="America/New_York"))
    assert "storm" not in {factor.scope.name for factor in demand.factors}
    text = (folder / "demand.toml").read_text(encoding="utf-8")
    (folder / "demand.toml").write_text(text + '[[holidays]]\nname = "X"\ndate = 2015-09-08\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="a holiday is like a weekday, has a factor, or both"):
        read_demand_file(folder / "demand.toml", AUGUST)
