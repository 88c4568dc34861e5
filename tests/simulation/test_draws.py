"""Streams, laws and births: what chance decides, and that nothing else has a say in it."""

import gc
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from routing.config.errors import ConfigError
from routing.model.time import DAY_MS, HOUR_MS, MINUTE_MS
from simulation.births import births_of
from simulation.demand import BacklogItem, DemandStream, DrawnDemand, RateSpan, ReplayedLog
from simulation.demand.rates import streams_from_log
from simulation.interactions import RecordedInteraction
from simulation.laws import (
    Constant,
    Empirical,
    Exponential,
    Gamma,
    Law,
    Lognormal,
    Never,
    Triangular,
    Uniform,
    duration_ms,
    durations_ms,
    lognormal_of,
    mean_ms,
)
from simulation.scenario import OpenSpan
from simulation.streams import Purpose, Streams, open_unit
from tests.builders import an_agent
from tests.simulation.worlds import a_behaviour, a_member, a_roster, a_rule_of, a_scenario

ROOT = Path(__file__).parents[2]
ROSTER = a_roster(a_member(an_agent()))
LAWS = (
    Constant(value_ms=90_000),
    Exponential(mean_ms=60_000),
    Lognormal(mean_ms=60_000, cv=1.2),
    Gamma(mean_ms=60_000, cv=0.5),
    Uniform(low_ms=10_000, high_ms=30_000),
    Triangular(low_ms=5_000, mode_ms=7_000, high_ms=10_000),
    Empirical(values_ms=(1_000, 2_000, 60_000)),
)


def recorded(key: str, at: int, *, channel: str = "voice", kind: str = "sales", **attributes: str) -> RecordedInteraction:
    """A recorded interaction."""
    return RecordedInteraction(id=key, arrived_at_ms=at, channel=channel, type=kind, attributes=attributes)


def a_stream(expected: float, *, kind: str = "sales", hours: int = 1, **attributes: str) -> DemandStream:
    """A stream of calls at a constant rate from midnight."""
    spans = (RateSpan(starts_at=0, ends_at=hours * HOUR_MS, expected=expected),)
    return DemandStream(channel="voice", type=kind, attributes=attributes, spans=spans)


def test_a_stream_is_its_key_in_every_process() -> None:
    """The first draws of a stream are the same in other processes, whatever the hash seed."""
    code = (
        "from simulation.streams import Streams, Purpose as P; s = Streams(seed=1, replication=2); "
        "print(s.uniforms(P.WORK, 'voice/sales', 2).tolist(), s.uniform(P.ANSWER, 'i1'))"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("0", "1")
    ]
    streams = Streams(seed=1, replication=2)
    here = f"{streams.uniforms(Purpose.WORK, 'voice/sales', 2).tolist()} {streams.uniform(Purpose.ANSWER, 'i1')}\n"
    assert told == [here, here]


def test_every_part_of_the_key_counts() -> None:
    """Another seed, replication, purpose or name is another stream."""
    keys = [
        (1, 0, Purpose.WORK, "a"),
        (2, 0, Purpose.WORK, "a"),
        (1, 1, Purpose.WORK, "a"),
        (1, 0, Purpose.ANSWER, "a"),
        (1, 0, Purpose.WORK, "b"),
    ]
    draws = {Streams(seed=seed, replication=replication).uniform(purpose, name) for seed, replication, purpose, name in keys}
    blocks = {float(Streams(seed=seed, replication=replication).uniforms(purpose, name, 1)[0]) for seed, replication, purpose, name in keys}
    assert (len(draws), len(blocks)) == (5, 5)


def test_single_draws_are_uniform() -> None:
    """Draws taken from the hash pass a Kolmogorov-Smirnov test; zero is moved off the edge."""
    streams = Streams(seed=7, replication=0)
    draws = [streams.uniform(Purpose.ANSWER, f"i{number}") for number in range(2_000)]
    assert stats.kstest(draws, "uniform").pvalue > 0.01
    assert open_unit(np.array([0.0, 0.5])).tolist() == [2.0**-54, 0.5]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: type(law).__name__)
def test_a_law_has_the_mean_it_states(law: Law) -> None:
    """The mean over evenly spread quantiles is the law's mean within half a percent, and quantiles rise with the draw."""
    draws = (np.arange(200_000) + 0.5) / 200_000
    drawn = durations_ms(law, draws)
    assert drawn.mean() == pytest.approx(mean_ms(law), rel=0.005)
    assert (np.diff(drawn) >= 0).all()
    assert duration_ms(law, 0.25) == drawn[49_999]


def test_a_law_matches_scipys() -> None:
    """Inversion by hand agrees with SciPy's quantile functions."""
    draws = np.array([0.001, 0.1, 0.5, 0.9, 0.999])
    sigma = np.sqrt(np.log(1 + 1.2**2))
    expected: dict[Law, np.ndarray] = {
        LAWS[2]: stats.lognorm.ppf(draws, sigma, scale=60_000 * np.exp(-(sigma**2) / 2)),
        LAWS[3]: stats.gamma.ppf(draws, 4, scale=15_000),
        LAWS[5]: stats.triang.ppf(draws, 0.4, loc=5_000, scale=5_000),
    }
    for law, quantiles in expected.items():
        assert durations_ms(law, draws).tolist() == np.rint(quantiles).astype(int).tolist()


def test_a_lognormal_law_from_two_of_three() -> None:
    """Mean and cv, median and cv, or mean and median determine the law; anything else is refused."""
    law = lognormal_of(mean_ms=100_000, cv=1.0)
    assert lognormal_of(median_ms=100_000 / 2**0.5, cv=1.0).mean_ms == pytest.approx(law.mean_ms)
    assert lognormal_of(mean_ms=100_000, median_ms=100_000 / 2**0.5).cv == pytest.approx(1.0)
    for arguments in ({"mean_ms": 1.0}, {"mean_ms": 1.0, "median_ms": 2.0}, {"mean_ms": 3.0, "median_ms": 2.0, "cv": 1.0}):
        with pytest.raises(ValueError, match="lognormal law"):
            lognormal_of(**arguments)


def test_no_draw_depends_on_other_streams() -> None:
    """Adding a type to the demand changes neither the arrivals nor the work of the others."""
    behaviour = a_behaviour(work=(a_rule_of(Exponential(mean_ms=60_000)),))

    def sales_of(*streams: DemandStream) -> list[tuple[int, int]]:
        scenario = a_scenario(ROSTER, demand=DrawnDemand(streams=streams, description=""), behaviour=behaviour)
        return [(birth.at, birth.work_ms) for birth in births_of(scenario, 0).births if birth.interaction.type == "sales"]

    alone = sales_of(a_stream(100))
    assert len(alone) > 50
    assert sales_of(a_stream(50, kind="support"), a_stream(100)) == alone


def test_streams_that_differ_in_attributes_alone_share_no_luck() -> None:
    """Two streams of one type are independent arrivals."""
    demand = DrawnDemand(streams=(a_stream(50, family="a"), a_stream(50, family="b")), description="")
    births = births_of(a_scenario(ROSTER, demand=demand), 0).births
    instants = {family: {birth.at for birth in births if birth.interaction.attributes["family"] == family} for family in ("a", "b")}
    assert not instants["a"] & instants["b"]


def test_drawn_arrivals_are_poisson() -> None:
    """Counts of 300 replications have the stated mean, and variance over mean near 1."""
    scenario = a_scenario(ROSTER, demand=DrawnDemand(streams=(a_stream(40),), description=""))
    counts = [len(births_of(scenario, replication).births) for replication in range(300)]
    assert np.mean(counts) == pytest.approx(40, abs=1.2)
    assert 0.8 < np.var(counts) / np.mean(counts) < 1.2


def test_a_log_becomes_rates_by_interval_channel_and_type() -> None:
    """Two calls in the first quarter of an hour, ten times: 20 expected there; attributes of a single request are not copied."""
    log = [
        recorded("1", 60_000, family="roads", number="7"),
        recorded("2", 120_000, family="roads", number="8"),
        recorded("3", 20 * MINUTE_MS, kind="support"),
        recorded("4", DAY_MS),
    ]
    streams = streams_from_log(log, starts_at=0, ends_at=HOUR_MS, interval_ms=15 * MINUTE_MS, multiply=10)
    assert streams == (
        DemandStream(
            channel="voice", type="sales", attributes={"family": "roads"}, spans=(RateSpan(starts_at=0, ends_at=900_000, expected=20),)
        ),
        DemandStream(channel="voice", type="support", attributes={}, spans=(RateSpan(starts_at=900_000, ends_at=1_800_000, expected=10),)),
    )


def test_a_replayed_log_keeps_its_instants_and_counts_what_it_leaves_out() -> None:
    """Live arrivals outside opening hours or horizon are counted out; deferrable work from before waits with its age; later work is out."""
    log = (
        recorded("mail-before", HOUR_MS, channel="email"),
        recorded("call-before", HOUR_MS),
        recorded("call-closed", 2 * HOUR_MS),
        recorded("call", 3 * HOUR_MS),
        recorded("mail-after", 4 * HOUR_MS, channel="email"),
    )
    scenario = a_scenario(
        ROSTER,
        demand=ReplayedLog(log=log, name="log"),
        backlog=(BacklogItem(channel="email", type="sales", attributes={}, count=1, waited_ms=5_000),),
        starts_at=2 * HOUR_MS,
        ends_at=4 * HOUR_MS,
        opening_hours={"voice": (OpenSpan(starts_at=3 * HOUR_MS, ends_at=4 * HOUR_MS),)},
    )
    births = births_of(scenario, 0)
    told = [(birth.interaction.id, birth.at, birth.interaction.routing_credit_ms) for birth in births.births]
    assert told == [("backlog-1-1", 2 * HOUR_MS, 5_000), ("mail-before", 2 * HOUR_MS, HOUR_MS), ("call", 3 * HOUR_MS, 0)]
    assert births.excluded == {
        ("email", "after the horizon"): 1,
        ("voice", "before the horizon"): 1,
        ("voice", "outside opening hours"): 1,
    }


def test_the_first_matching_rule_gives_the_law() -> None:
    """Rules are tried in order; deferrable work without a patience rule waits without end."""
    behaviour = a_behaviour(
        patience=(a_rule_of(Constant(value_ms=7_000), channel="voice"),),
        work=(a_rule_of(Constant(value_ms=1_000), family="roads"), a_rule_of(Constant(value_ms=2_000))),
        wrap_up=(a_rule_of(Constant(value_ms=3_000)),),
        answer=(a_rule_of(Constant(value_ms=4_000), channel="email"),),
    )
    log = (recorded("1", 0, family="roads"), recorded("2", 1, channel="email"))
    births = births_of(a_scenario(ROSTER, demand=ReplayedLog(log=log, name=""), behaviour=behaviour), 0).births
    assert [birth[2:] for birth in births] == [(7_000, 1_000, 3_000, 0), (None, 2_000, 3_000, 4_000)]


def test_a_live_customer_needs_a_rule_of_patience() -> None:
    """Without one the behaviour is refused, naming the channel, the type and the remedy."""
    behaviour = a_behaviour(patience=(a_rule_of(Never(), channel="chat"),))
    scenario = a_scenario(ROSTER, demand=ReplayedLog(log=(recorded("1", 0),), name=""), behaviour=behaviour)
    with pytest.raises(ConfigError, match=r"says how long its customer waits \(channel voice, type sales\)"):
        births_of(scenario, 0)


@pytest.mark.parametrize("is_enabled", [True, False])
def test_births_leave_garbage_collection_as_they_found_it(is_enabled: bool) -> None:
    """It rests while they are made, also where that is refused."""
    refused = a_scenario(ROSTER, demand=ReplayedLog(log=(recorded("1", 0),), name=""), behaviour=a_behaviour(patience=()))
    was_enabled = gc.isenabled()
    try:
        (gc.enable if is_enabled else gc.disable)()
        with pytest.raises(ConfigError):
            births_of(refused, 0)
        assert is_enabled == gc.isenabled()
    finally:
        (gc.enable if was_enabled else gc.disable)()
