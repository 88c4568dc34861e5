"""The chance over arrival rates: counts have the stated moments, and nobody else's luck moves."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from routing.model.time import DAY_MS, HOUR_MS, MINUTE_MS
from simulation.births import births_of
from simulation.demand import DemandStream, DrawnDemand, RateSpan
from simulation.demand.chance import DayFactor, Factor, ForecastError, Happening, IntervalFactors, OverDispersion, Scope, Spike, Steps
from simulation.demand.chance_file import root_of
from simulation.demand.drawing import instants_within
from simulation.demand.modulation import pieces_of, whole_spans
from simulation.demand.unit_laws import UnitKind, UnitLaw, factor_correlation, score_correlation
from simulation.scenario import Calendar
from simulation.streams import Purpose, Streams
from tests.builders import an_agent
from tests.simulation.worlds import a_member, a_roster, a_scenario

DAY = Calendar(date=dt.date(1970, 1, 1), days=1, zone="UTC")
HOURLY = (100, 150, 150, 180, 200, 150, 150, 150, 120, 100, 80, 70, 60)
"""The published day of a call center from 08:00 to 21:00, in calls an hour."""


def a_scope(name: str = "chance", *, is_common: bool = True, **when: tuple[str, ...]) -> Scope:
    """A scope that holds for every stream unless conditions are given."""
    return Scope(name=name, when=when, is_common=is_common, source="assumption: a test")


def a_stream(kind: str = "sales", rates: tuple[float, ...] = HOURLY, starts: int = 8, label: str = "") -> DemandStream:
    """A stream with a rate for each hour."""
    spans = tuple(
        RateSpan(starts_at=(starts + hour) * HOUR_MS, ends_at=(starts + hour + 1) * HOUR_MS, expected=rate)
        for hour, rate in enumerate(rates)
    )
    return DemandStream(channel="voice", type=kind, attributes={}, spans=spans, label=label)


def expected_of(stream: DemandStream, factor: Factor, days: int, calendar: Calendar = DAY) -> np.ndarray:
    """What the pieces of a stream expect, one row a replication."""
    return np.array([pieces_of(stream, (factor,), calendar, Streams(seed=3, replication=day)).expected for day in range(days)])


def counts_of(stream: DemandStream, factor: Factor, days: int, edges: list[int]) -> np.ndarray:
    """Counts between edges, one row a replication."""
    found = []
    for day in range(days):
        streams = Streams(seed=3, replication=day)
        at = instants_within(pieces_of(stream, (factor,), DAY, streams), streams.generator(Purpose.ARRIVALS, stream.name))
        found.append(np.histogram(at, edges)[0])
    return np.array(found)


@pytest.mark.parametrize("kind", UnitKind)
@pytest.mark.parametrize("cv", [0.05, 0.187, 0.9])
def test_factors_have_mean_one_and_the_cv(kind: UnitKind, cv: float) -> None:
    """Evenly spread quantiles have mean 1 and the stated cv, and agree with SciPy's laws."""
    law, scores = UnitLaw(kind=kind, cv=cv), stats.norm.ppf((np.arange(100_000) + 0.5) / 100_000)
    factors = law.factors(scores)
    assert factors.mean() == pytest.approx(1, rel=1e-3)
    assert factors.std() == pytest.approx(cv, rel=0.01)
    sigma = np.sqrt(np.log1p(cv * cv))
    its = stats.gamma(1 / cv**2, scale=cv**2) if kind is UnitKind.GAMMA else stats.lognorm(sigma, scale=np.exp(-(sigma**2) / 2))
    assert law.factors(np.array([-1.5, 0.3, 2.0])) == pytest.approx(its.ppf(stats.norm.cdf([-1.5, 0.3, 2.0])), rel=1e-9)


def test_correlations_of_factors_are_found() -> None:
    """Lognormal factors follow the closed form; gamma ones are found again, and what cannot be is refused."""
    lognormal, gamma = UnitLaw(kind=UnitKind.LOGNORMAL, cv=0.5), UnitLaw(kind=UnitKind.GAMMA, cv=0.5)
    assert factor_correlation(lognormal, lognormal, 0.5) == pytest.approx((np.exp(0.5 * np.log(1.25)) - 1) / 0.25, abs=1e-10)
    for wanted in (-0.4, 0.3, 0.8):
        assert factor_correlation(gamma, gamma, score_correlation(gamma, gamma, wanted)) == pytest.approx(wanted, abs=1e-9)
    assert (score_correlation(gamma, gamma, 1.0), score_correlation(gamma, gamma, 0.0)) == (1.0, 0.0)
    with pytest.raises(ValueError, match="between -0"):
        score_correlation(lognormal, lognormal, -0.99)
    with pytest.raises(ValueError, match="contradict each other"):
        root_of((gamma,) * 3, ((1.0, 0.9, -0.8), (0.9, 1.0, 0.9), (-0.8, 0.9, 1.0)))


def test_a_busy_day_is_the_published_one() -> None:
    """The doubly stochastic day of the SSJ example: 1,660 calls, standard deviation sqrt(1660 + 1660^2 / 400) = 92.46."""
    busy = DayFactor(scope=a_scope(), law=UnitLaw(kind=UnitKind.GAMMA, cv=0.05))
    totals = counts_of(a_stream(), busy, 1_600, [0, DAY_MS])[:, 0]
    assert totals.mean() == pytest.approx(1_660, abs=4 * 92.46 / 1_600**0.5)
    assert totals.std() == pytest.approx(92.4608, rel=4 / (2 * 1_600) ** 0.5)


def test_busyness_is_common_or_of_each_stream() -> None:
    """A common factor is the same for both streams; one for each stream is not, and both have the stated cv."""
    for is_common in (True, False):
        busy = DayFactor(scope=a_scope(is_common=is_common), law=UnitLaw(kind=UnitKind.GAMMA, cv=0.3))
        ours, theirs = (expected_of(a_stream(kind), busy, 1_000)[:, 0] / 100 for kind in ("sales", "support"))
        assert ours.std() == pytest.approx(0.3, abs=0.03)
        assert bool(np.corrcoef(ours, theirs)[0, 1] > 0.999) is is_common


def test_interval_factors_are_correlated_as_stated() -> None:
    """Half-hour factors have the cv and the correlation of neighbours; a table of correlations is followed too."""
    law = UnitLaw(kind=UnitKind.GAMMA, cv=0.4)
    laws = (law,) * 4
    matrix = ((1.0, 0.5, 0.0, 0.0), (0.5, 1.0, 0.0, 0.0), (0.0, 0.0, 1.0, -0.3), (0.0, 0.0, -0.3, 1.0))
    stream = a_stream(rates=(10, 10), starts=8)
    for correlation, wanted in ((0.6, (0.6, 0.6)), (matrix, (0.5, -0.3))):
        root = root_of(laws, correlation)
        factor = IntervalFactors(scope=a_scope(), from_ms=8 * HOUR_MS, every_ms=30 * MINUTE_MS, laws=laws, root=root)
        drawn = expected_of(stream, factor, 1_500) / 5
        assert drawn.shape == (1_500, 4)
        assert drawn.std(axis=0) == pytest.approx(0.4, abs=0.04)
        found = np.atleast_2d(np.corrcoef(drawn.T))
        assert (found[0, 1], found[2, 3]) == pytest.approx(wanted, abs=0.08)


def test_overdispersed_counts_are_negative_binomial() -> None:
    """Variance over mean is as stated in every interval, and the counts follow the law."""
    factor = OverDispersion(scope=a_scope(is_common=False), every_ms=HOUR_MS, variance_over_mean=3.0)
    counts = counts_of(a_stream(rates=(20, 40)), factor, 1_600, [8 * HOUR_MS, 9 * HOUR_MS, 10 * HOUR_MS])
    assert counts.var(axis=0) / counts.mean(axis=0) == pytest.approx(3, rel=0.16)
    share_at_most_15 = (counts[:, 0] <= 15).mean()
    assert share_at_most_15 == pytest.approx(stats.nbinom(20 / 2, 1 / 3).cdf(15), abs=0.04)


def test_a_forecast_is_off_as_it_says() -> None:
    """With correlation 1 the whole day is off together, each interval by its own cv; with less, neighbours are more alike."""
    stream = a_stream(rates=(10, 10, 10))
    cvs = {stream.name: {8 * HOUR_MS: 0.1, 9 * HOUR_MS: 0.2, 10 * HOUR_MS: 0.0}}

    def off(correlation: float) -> np.ndarray:
        factor = ForecastError(scope=a_scope(), every_ms=HOUR_MS, kind=UnitKind.LOGNORMAL, correlation=correlation, cvs=cvs)
        return expected_of(stream, factor, 800) / 10

    together, loosely = off(1.0), off(0.5)
    assert together.std(axis=0) == pytest.approx([0.1, 0.2, 0.0], abs=0.02)
    assert np.corrcoef(np.log(together[:, :2]).T)[0, 1] == pytest.approx(1)
    assert np.corrcoef(np.log(loosely[:, :2]).T)[0, 1] == pytest.approx(0.5, abs=0.1)


def test_an_event_happens_as_often_as_stated() -> None:
    """An outage trebles its span on three days in ten and nothing else; a mailing brings arrivals of its own, or none."""
    when = (Happening(date=DAY.date, starts_at=8 * HOUR_MS + 30 * MINUTE_MS, ends_at=9 * HOUR_MS),)
    outage = Spike(scope=a_scope(), happenings=when, probability=0.3, factor=3.0, otherwise=1.0)
    drawn = expected_of(a_stream(rates=(10, 10)), outage, 1_000)
    assert set(map(tuple, drawn.tolist())) == {(5.0, 15.0, 10.0), (5.0, 5.0, 10.0)}
    assert (drawn[:, 1] == 15).mean() == pytest.approx(0.3, abs=0.05)
    mailing = Spike(scope=a_scope(), happenings=when, probability=0.3, factor=1.0, otherwise=0.0, label="mailing")
    own = DemandStream(
        channel="voice",
        type="sales",
        attributes={},
        spans=(RateSpan(starts_at=when[0].starts_at, ends_at=when[0].ends_at, expected=7.0),),
        label="mailing",
    )
    assert {value for (value,) in expected_of(own, mailing, 100).tolist()} == {0.0, 7.0}
    assert expected_of(a_stream(rates=(10,)), mailing, 20).tolist() == [[10.0]] * 20


def test_nobody_else_moves() -> None:
    """Another factor on one type, another stream and a spike leave the other type's arrivals and the day factors as they were."""
    busy = DayFactor(scope=a_scope("busy", type=("sales",)), law=UnitLaw(kind=UnitKind.GAMMA, cv=0.3))
    wild = OverDispersion(scope=a_scope("wild", is_common=False, type=("sales",)), every_ms=HOUR_MS, variance_over_mean=4.0)
    sales, support = a_stream("sales"), a_stream("support")
    campaign = replace(a_stream("sales", rates=(50,), starts=12), label="campaign")

    def arrivals(kind: str, streams: tuple[DemandStream, ...], *factors: Factor) -> list[int]:
        demand = DrawnDemand(streams=streams, description="", factors=factors)
        births = births_of(a_scenario(a_roster(a_member(an_agent())), demand=demand), 0).births
        return [birth.at for birth in births if birth.interaction.type == kind]

    plain = arrivals("support", (sales, support))
    assert arrivals("support", (support, sales, campaign), busy, wild) == plain
    busy_sales = arrivals("sales", (sales,), busy)
    assert busy_sales != arrivals("sales", (sales,))
    assert arrivals("sales", (support, sales), busy) == busy_sales
    with_campaign = arrivals("sales", (sales, campaign), busy)
    assert set(busy_sales) < set(with_campaign)


def test_pieces_are_cut_and_nothing_is_lost() -> None:
    """A span cut at several edges keeps its length and its expectation; edges outside change nothing."""
    stream = a_stream(rates=(60,), starts=8)
    factor = IntervalFactors(
        scope=a_scope(), from_ms=0, every_ms=7 * MINUTE_MS, laws=(UnitLaw(kind=UnitKind.GAMMA, cv=0.0),) * 100, root=()
    )
    factor = replace(factor, root=root_of(factor.laws, 0.0))
    pieces = pieces_of(stream, (factor,), DAY, Streams(seed=1, replication=0))
    assert (int(pieces.lengths.sum()), pieces.expected.sum()) == (HOUR_MS, pytest.approx(60))
    assert pieces.starts[0] == 8 * HOUR_MS
    assert (pieces.starts[1:] == pieces.starts[:-1] + pieces.lengths[:-1]).all()
    assert whole_spans(stream).expected.tolist() == [60]
    steps = Steps(np.array([10.0, 20.0]), np.array([3.0]))
    assert steps.at(np.array([5.0, 10.0, 19.0, 20.0])).tolist() == [1, 3, 3, 1]


def test_a_day_is_one_on_the_clock() -> None:
    """On the day New York skips an hour, each hour of the clock has its factor, and the skipped one falls on nothing."""
    calendar = Calendar(date=dt.date(2015, 3, 8), days=1, zone="America/New_York")
    midnight = 1_425_790_800_000
    spans = (RateSpan(starts_at=midnight, ends_at=midnight + 23 * HOUR_MS, expected=23.0),)
    stream = DemandStream(channel="voice", type="sales", attributes={}, spans=spans)
    laws = (UnitLaw(kind=UnitKind.GAMMA, cv=0.5),) * 24
    factor = IntervalFactors(scope=a_scope(), from_ms=0, every_ms=HOUR_MS, laws=laws, root=root_of(laws, 0.0))
    pieces = pieces_of(stream, (factor,), calendar, Streams(seed=1, replication=0))
    assert pieces.lengths.tolist() == [HOUR_MS] * 23
    assert pieces.expected.sum() != pytest.approx(23)
