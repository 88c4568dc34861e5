"""The fit of demand: known truths are found, what it writes is demand again, and logs that cannot tell are refused."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.recovery.demand import CASES, INTERVAL_MS, a_log, count
from benchmarks.recovery.tally import Tally
from routing.config.errors import ConfigError
from routing.model.time import DAY_MS, HOUR_MS, MINUTE_MS
from simulation.demand.chance import DayFactor, OverDispersion
from simulation.demand.demand_file import read_demand_file
from simulation.fits.demand.counts import CountTable, DayGroups, count_table, empty_days
from simulation.fits.demand.files import document_of, write_fit
from simulation.fits.demand.fitted import FittedDemand, fit_demand
from simulation.fits.demand.options import fit_of
from simulation.fits.demand.page import page_of
from simulation.fits.demand.poisson_test import poisson_test, unit_of
from simulation.fits.demand.variation import index_of_dispersion, shared_day_variance
from simulation.fits.demand.words import answer, notes
from simulation.interactions import RecordedInteraction, write_interactions
from simulation.scenario import Calendar

CASE = {case.name: case for case in CASES}
LOG = Path("log.csv")


def the_table(name: str, days: int = 28, repetition: int = 0) -> CountTable:
    """The counts of a synthetic log of a known truth."""
    return count_table(a_log(CASE[name], repetition, days), file=LOG, zone="UTC", interval_ms=INTERVAL_MS, by=DayGroups.WEEKDAY)


def arrivals(*instants: int, kind: str = "sales") -> tuple[RecordedInteraction, ...]:
    """Recorded calls at instants."""
    return tuple(
        RecordedInteraction(id=f"{kind}{place}", arrived_at_ms=at, channel="voice", type=kind, attributes={"team": kind})
        for place, at in enumerate(instants)
    )


@pytest.mark.parametrize("name", ["busy days", "busy days and hours", "small office"])
def test_what_a_log_was_made_of_is_found(name: str) -> None:
    """Of six intervals of each parameter at least five hold the truth, of all rates 97 %: `benchmarks` repeats it a hundred times."""
    tally = Tally()
    for number in range(6):
        count(replace(CASE[name], share=0.1), number, tally, days=35)
    for parameter, asked in tally.tries.items():
        assert tally.hits[parameter] >= (0.97 * asked if asked > 6 else 5), parameter


def test_a_poisson_log_is_called_one() -> None:
    """Without factors none is established, the index of dispersion is near 1, and times between arrivals are exponential."""
    fit = fit_demand(the_table("poisson"))
    assert answer(fit) == "Given the weekday and the time of day, the counts vary as Poisson counts do"
    assert np.nanmean(fit.dispersion[16:42]) == pytest.approx(1, abs=0.1)
    assert fit.test is not None
    assert (fit.test.p > 0.01, fit.test.unit_ms) == (True, 1)
    assert document_of(fit)["entries"] == {}


def test_what_is_written_is_the_demand_that_was_fitted(tmp_path: Path) -> None:
    """A scenario that names the file expects what the log held, with the factors that were found and where they come from."""
    table = the_table("overdispersed")
    fit = fit_demand(table)
    assert fit.is_overdispersed_by_mean
    paths = write_fit(fit, tmp_path)
    assert [path.name for path in paths] == ["demand.toml", "rates.csv", "fit.json"]
    monday = read_demand_file(tmp_path / "demand.toml", Calendar(date=dt.date(2024, 2, 5), days=1, zone="UTC"))
    expected = sum(span.expected for span in monday.streams[0].spans)
    assert expected == pytest.approx(table.total[table.group_of_day == 0].sum(axis=1).mean(), rel=1e-4)
    kinds = {type(factor): factor for factor in monday.factors}
    assert set(kinds) == {DayFactor, OverDispersion}
    assert all("): data: fitted to 28 days of log.csv; 99 % interval" in source for source in monday.sources)
    assert json.loads((tmp_path / "fit.json").read_text())["schema"] == "careroute/fit-demand/1"


def test_the_page_is_the_same_twice_and_shows_every_plot() -> None:
    """Bytes do not depend on the run; each section has its figure."""
    fit = fit_demand(the_table("busy days"))
    page = page_of(fit)
    assert page == page_of(fit)
    for name in ("counts", "dispersion", "days", "lags", "ranks", "poisson"):
        assert f'id="plot-{name}"' in page
    assert "days differ by" in page


def test_ranks_are_even_where_the_law_fits() -> None:
    """Places of counts within the fitted law are uniform, and are not when the law leaves the day factor out."""
    fit = fit_demand(the_table("busy days", days=42))
    flat = replace(fit, variation=replace(fit.variation, day=replace(fit.variation.day, mean=0.0)))

    def ends(one: FittedDemand) -> float:
        ranks = np.concatenate(
            [one.ranks(fit.table.total[fit.table.group_of_day == group], np.random.default_rng(1)) for group in range(7)]
        )
        return float(((ranks < 0.05) | (ranks > 0.95)).mean())

    assert ends(fit) == pytest.approx(0.1, abs=0.04)
    assert ends(flat) > 0.2


def test_streams_share_their_busy_days_or_have_their_own() -> None:
    """Day totals with a common factor, and with one for each stream, are told apart."""
    dice = np.random.default_rng(7)
    groups = np.arange(140) % 7
    common = dice.gamma(25, 1 / 25, 140)
    own = dice.gamma(25, 1 / 25, (4, 140))
    together, apart = shared_day_variance(dice.poisson(400 * np.tile(common, (4, 1))), groups)
    assert (together.low or 0) > 0.02
    assert (apart.low or 0) < 0 < (apart.high or 0) < 0.01
    together, apart = shared_day_variance(dice.poisson(400 * own), groups)
    assert (together.low or 0) < 0
    assert (apart.low or 0) < 0.04 < (apart.high or 0)


def test_the_index_of_dispersion_is_fishers() -> None:
    """Sum of squares over mean, over degrees of freedom, within groups of days."""
    counts = np.array([[1, 0], [3, 0], [10, 0], [14, 0]])
    index, degrees = index_of_dispersion(counts, np.array([0, 0, 1, 1]))
    assert (index[0], degrees) == (pytest.approx((2 / 2 + 8 / 12) / 2), 2)
    assert np.isnan(index[1])


def test_arrivals_in_step_are_not_poisson() -> None:
    """Calls every fifteen seconds are told from Poisson ones; whole minutes are spread over the minute they were cut to."""
    even = [day * DAY_MS + 9 * HOUR_MS + place * 15_000 + 7 for day in range(14) for place in range(240)]
    test = poisson_test(count_table(arrivals(*even), file=LOG, zone="UTC", interval_ms=30 * MINUTE_MS, by=DayGroups.ALL))
    assert test is not None
    assert test.p < 1e-6
    poisson = a_log(CASE["poisson"], 0, 14)
    minutes = tuple(replace(one, arrived_at_ms=one.arrived_at_ms // MINUTE_MS * MINUTE_MS) for one in poisson)
    cut = poisson_test(count_table(minutes, file=LOG, zone="UTC", interval_ms=30 * MINUTE_MS, by=DayGroups.WEEKDAY))
    assert cut is not None
    assert (cut.unit_ms, cut.p > 0.01) == (MINUTE_MS, True)
    assert (unit_of(np.array([1_000, 5_000])), unit_of(np.array([1_001]))) == (1_000, 1)
    assert poisson_test(count_table(arrivals(0, DAY_MS), file=LOG, zone="UTC", interval_ms=HOUR_MS, by=DayGroups.ALL)) is None


def test_days_are_counted_on_the_clock_of_the_zone() -> None:
    """An arrival counts in the interval that the clock shows; days on which the clock changes are left out, empty ones are named."""
    midnight = 1_425_618_000_000
    """00:00 on Friday 6 March 2015 in New York, two days before the clock is put forward."""
    log = arrivals(midnight + HOUR_MS, midnight + 2 * DAY_MS + 5 * HOUR_MS, midnight + 5 * DAY_MS)
    table = count_table(log, file=LOG, zone="America/New_York", interval_ms=HOUR_MS, by=DayGroups.ALL)
    assert (len(table.dates), table.without) == (5, ((dt.date(2015, 3, 8), "the clock changes"),))
    assert [tuple(place) for place in np.argwhere(table.total)] == [(0, 1), (4, 1)]
    assert empty_days(table) == (dt.date(2015, 3, 7), dt.date(2015, 3, 9), dt.date(2015, 3, 10))
    assert any("--without" in note for note in notes(fit_demand(table)))
    assert table.streams[0].attributes == {"team": "sales"}


def test_a_log_that_cannot_tell_is_refused(tmp_path: Path) -> None:
    """One day of a kind, nothing within the days, or an option that cannot be: each is said."""
    path = tmp_path / "log.csv"
    write_interactions(path, arrivals(*(day * DAY_MS + HOUR_MS + call for day in range(9) for call in range(20))))
    with pytest.raises(ConfigError, match="has a single day like sat: one day does not tell how much days vary"):
        fit_of(path, zone="UTC")
    assert len(fit_of(path, zone="UTC", by="all").table.dates) == 9
    assert len(fit_of(path, zone="UTC", by="all", without="1970-01-02,1970-01-03").table.dates) == 7
    for wrong, message in (
        ({"zone": "Mars/Olympus"}, "is not a known IANA time zone"),
        ({"zone": "UTC", "by": "wekday"}, "is no way to tell days alike"),
        ({"zone": "UTC", "interval": "7min"}, "does not divide a day"),
        ({"zone": "UTC", "by": "all", "last_day": "1970-01-04"}, "holds 80 interactions on these days: too few"),
        ({"zone": "UTC", "first_day": "soon"}, "is not a date"),
        ({"zone": "UTC", "by": "all", "first_day": "1971-01-01", "last_day": "1971-01-09"}, "has no interaction from 1971-01-01"),
        ({"zone": "UTC", "first_day": "1970-01-09", "last_day": "1970-01-01"}, "has no whole day"),
    ):
        with pytest.raises(ConfigError, match=message):
            fit_of(path, **wrong)
