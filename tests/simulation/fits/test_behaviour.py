"""Fits of behaviour from logs: known laws come back within their intervals, censoring is not forgotten, and what is written is used."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from routing.cli import main
from routing.config.errors import ConfigError
from routing.config.roster_file import load_roster
from simulation import laws
from simulation.api import compare
from simulation.behaviour_file import load_behaviour
from simulation.fits.agents import agent_speeds
from simulation.fits.likelihood import EXPONENTIAL, fits_of_waits, fits_of_work, fitted
from simulation.fits.observed import Waits, Work, observe
from simulation.fits.page import page_of
from simulation.fits.rules import LEFT_MIN, behaviour_fit
from simulation.fits.survival import distance, kaplan_meier, share_within_band
from simulation.fits.write import document_of, write_behaviour
from simulation.interactions import RecordedInteraction, write_interactions
from simulation.scenario_file import load_scenario
from simulation.streams import Purpose


def uniform(count: int, key: int = 7) -> laws.Draws:
    """Draws on [0, 1), the same for the same key."""
    return np.random.Generator(np.random.Philox(key=key)).random(count)


def some_waits(law: laws.Law, count: int = 1_500, offered_mean_ms: int = 90_000) -> Waits:
    """Customers with patience of a law who are answered after exponential times."""
    patience = laws.durations_ms(law, uniform(count)).astype(np.float64)
    offered = laws.durations_ms(laws.Exponential(mean_ms=offered_mean_ms), uniform(count, key=8)).astype(np.float64)
    return Waits(waits_ms=np.maximum(1, np.minimum(patience, offered)), has_left=patience < offered)


def a_row(number: int, wait_ms: int, *, handled_ms: int | None = None, **more: object) -> RecordedInteraction:
    """A caller who waited so long, and was answered where `handled_ms` says for how long."""
    answered = None if handled_ms is None else number * 1_000 + wait_ms
    return RecordedInteraction(
        id=f"i{number}",
        arrived_at_ms=number * 1_000,
        channel="phone",
        type="call",
        attributes={},
        answered_at_ms=answered,
        ended_at_ms=number * 1_000 + wait_ms + (handled_ms or 0),
        outcome="abandoned" if handled_ms is None else "handled",
        **more,  # type: ignore[arg-type]  # further columns by name
    )


@pytest.mark.parametrize(
    ("law", "truth"),
    [
        (laws.Exponential(mean_ms=300_000), {"mean_s": 300.0}),
        (laws.Weibull(scale_ms=300_000, shape=0.7), {"scale_s": 300.0, "shape": 0.7}),
        (laws.lognormal_of(median_ms=250_000, cv=1.3), {"median_s": 250.0, "cv": 1.3}),
    ],
    ids=["exponential", "weibull", "lognormal"],
)
def test_patience_comes_back_from_censored_waits(law: laws.Law, truth: dict[str, float]) -> None:
    """Most were answered first; the parameters lie in the intervals, and the laws near Kaplan and Meier's estimate."""
    waits = some_waits(law)
    assert waits.censored > waits.left
    fits = {fit.family.name: fit for fit in fits_of_waits(waits)}
    fit = fits[type(law).__name__.lower()]
    assert all(fit.parameters[name].holds(value) for name, value in truth.items())
    survival = kaplan_meier(waits)
    assert distance(survival, fit.law) < 0.06
    assert share_within_band(survival, fit.law) > 0.9


def test_the_exponential_fit_is_the_total_wait_over_those_who_left() -> None:
    """The formula that planners know; forgetting the censored waits would make customers look hastier than they are."""
    waits = some_waits(laws.Exponential(mean_ms=300_000))
    fit = fitted(EXPONENTIAL, waits.waits_ms, waits.has_left)
    assert fit is not None
    total_s = float(waits.waits_ms.sum()) / 1_000
    assert fit.parameters["mean_s"].value == pytest.approx(total_s / waits.left, rel=1e-5)
    assert fit.parameters["mean_s"].low > float(waits.waits_ms[waits.has_left].mean()) / 1_000
    half = math.log(fit.parameters["mean_s"].high / fit.parameters["mean_s"].value)
    assert half == pytest.approx(2.5758 / math.sqrt(waits.left), rel=1e-3)


def test_work_comes_back_and_aic_knows_its_law() -> None:
    """Lognormal and gamma durations, each told from the other."""
    for law, truth in (
        (laws.lognormal_of(median_ms=200_000, cv=1.2), {"median_s": 200.0, "cv": 1.2}),
        (laws.Gamma(mean_ms=45_000, cv=0.7), {"mean_s": 45.0, "cv": 0.7}),
    ):
        best = fits_of_work(laws.durations_ms(law, uniform(800)).astype(np.float64))[0]
        assert best.family.name == type(law).__name__.lower()
        assert all(best.parameters[name].holds(value) for name, value in truth.items())


def test_rows_are_counted_by_what_they_tell() -> None:
    """Zero waits, rows without an end and those who were turned away enter no law, and are named."""
    rows = [a_row(1, 0, handled_ms=5_000), a_row(2, 0), a_row(3, 7_000), a_row(4, 9_000, handled_ms=0)]
    rows.append(RecordedInteraction(id="i5", arrived_at_ms=0, channel="phone", type="call", attributes={}, outcome="refused"))
    rows.append(RecordedInteraction(id="i6", arrived_at_ms=0, channel="phone", type="call", attributes={}))
    observed = observe(rows)
    waits = observed.waits["phone", "call"]
    assert (waits.answered_at_once, waits.left_at_once, waits.left, waits.censored) == (1, 1, 1, 1)
    assert (observed.handling["phone", "call"].short, observed.handling["phone", "call"].of_zero) == (1, 1)
    assert sum(observed.counts.values()) == 6
    assert observed.counts["turned away: nothing is known"] == 1
    assert observed.counts["without an end: nothing is known"] == 1


def test_durations_that_no_law_fits_stand_for_themselves() -> None:
    """Two humps, six in a hundred of them agents who hang up: the file gets the observed durations."""
    short = laws.durations_ms(laws.Uniform(low_ms=1_000, high_ms=6_000), uniform(60))
    long = laws.durations_ms(laws.Gamma(mean_ms=600_000, cv=0.1), uniform(440))
    values = [*short.tolist(), *long.tolist()]
    rule = behaviour_fit(observe([a_row(n, 100, handled_ms=value) for n, value in enumerate(values)]), "log").of(Purpose.WORK)[0]
    assert isinstance(rule.law, laws.Empirical)
    assert isinstance(rule.sample, Work)
    assert rule.sample.short == 60
    assert laws.mean_ms(rule.law) == pytest.approx(float(np.mean(values)), rel=0.01)


def test_small_groups_share_a_rule() -> None:
    """A type of which few left is fitted with the rest of its channel; nobody who leaves means patience is only bounded."""
    rows = [a_row(n, 5_000 + 200 * n, handled_ms=None if n % 3 else 60_000) for n in range(3 * LEFT_MIN)]
    rows += [replace(a_row(n + 1_000, 9_000, handled_ms=None if n else 30_000), type="rare") for n in range(3)]
    patience = behaviour_fit(observe(rows), "log").of(Purpose.PATIENCE)
    assert [dict(rule.when) for rule in patience] == [{"channel": ("phone",), "type": ("call",)}, {"channel": ("phone",)}]
    assert [rule.sample.left for rule in patience if isinstance(rule.sample, Waits)] == [2 * LEFT_MIN, 2 * LEFT_MIN + 2]
    nobody = behaviour_fit(observe([a_row(n, 9_000, handled_ms=30_000) for n in range(5)]), "log").of(Purpose.PATIENCE)
    assert [(dict(rule.when), rule.law) for rule in nobody] == [({"channel": ("phone",)}, laws.Never())]


def test_agents_differ_by_a_factor() -> None:
    """One who takes twice as long is found, among others who do not differ."""
    work = laws.durations_ms(laws.lognormal_of(median_ms=100_000, cv=0.5), uniform(300)).astype(np.float64)
    agents = tuple(f"a{n % 3}" for n in range(300))
    slow = np.array([2.0 if agent == "a2" else 1.0 for agent in agents])
    speeds = {one.agent: one for one in agent_speeds({("phone", "call"): Work(durations_ms=work * slow, agents=agents)})}
    assert speeds["a2"].low > 1 > speeds["a0"].high
    assert speeds["a2"].factor / speeds["a0"].factor == pytest.approx(2.0, rel=0.2)


def test_the_kind_of_work_is_not_taken_for_the_agent() -> None:
    """Two agents of the same pace, one of whom gets most of the work that takes four times as long: neither is slow."""
    draws = laws.durations_ms(laws.lognormal_of(median_ms=100_000, cv=0.4), uniform(800)).astype(np.float64)
    short = Work(durations_ms=draws[:400], agents=("a", "a", "a", "b") * 100)
    long = Work(durations_ms=4 * draws[400:], agents=("b", "b", "b", "a") * 100)
    for one in agent_speeds({("phone", "short"): short, ("phone", "long"): long}):
        assert one.low < 1 < one.high
        assert one.factor == pytest.approx(1.0, rel=0.05)
        assert one.handled == 400


def test_agents_who_are_alike_have_one_pace() -> None:
    """What chance makes of twenty who are alike is not written; what really differs is nearly all kept."""
    draws = laws.durations_ms(laws.lognormal_of(median_ms=100_000, cv=1.0), uniform(2_000)).astype(np.float64)
    agents = tuple(f"a{n % 20}" for n in range(2_000))
    truth = {f"a{n}": 0.6 if n % 2 else 1.6 for n in range(20)}
    alike = agent_speeds({("phone", "call"): Work(durations_ms=draws, agents=agents)})
    apart = np.array([truth[agent] for agent in agents])
    differing = agent_speeds({("phone", "call"): Work(durations_ms=draws * apart, agents=agents)})
    assert max(one.factor for one in alike) > 1.15
    assert {one.pace for one in alike} == {1.0}
    middle = math.exp(np.mean([math.log(value) for value in truth.values()]))
    assert [one.pace for one in differing] == pytest.approx([truth[one.agent] / middle for one in differing], rel=0.3)
    assert sum(one.low <= truth[one.agent] / middle <= one.high for one in differing) >= 19


def test_agents_who_are_not_named_or_hardly_there_have_no_pace() -> None:
    """Nobody is named, one handled too little, and constant durations have no error at all."""
    nobody = Work(durations_ms=np.full(50, 60_000.0), agents=(None,) * 50)
    assert agent_speeds({("phone", "call"): nobody}) == ()
    few = Work(durations_ms=np.full(23, 60_000.0), agents=("a",) * 9 + ("b",) * 14)
    assert [(one.agent, one.pace) for one in agent_speeds({("phone", "call"): few})] == [("b", 1.0)]


def test_fitted_paces_go_into_a_scenario_and_are_those_that_made_the_log(tmp_path: Path) -> None:
    """A day of the hotline with quick and slow agents, fitted by the command: a scenario takes the file, of all or of a roster."""
    for file in Path("examples/hotline").glob("*.toml"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"))
    named = [member.agent.id for member in load_roster(tmp_path / "roster-ten.toml", None).members]
    truth = {name: 0.5 if place % 2 else 1.5 for place, name in enumerate(named)}
    behaviour = tmp_path / "behaviour.toml"
    entries = [f'[[pace]]\nagents = ["{name}"]\nfactor = {factor}\nsource = "assumption: a test"' for name, factor in truth.items()]
    behaviour.write_text("\n\n".join((behaviour.read_text(encoding="utf-8"), *entries)))
    scenario = tmp_path / "scenario.toml"
    compare(scenario, policies=["longest-idle"], rosters=["ten"], replications=1, save_logs=tmp_path / "logs")
    scenario.write_text(scenario.read_text(encoding="utf-8").replace('"behaviour.toml"', '"fitted.toml"'))
    found = {}
    for name, more in (("all", []), ("of eight", ["--roster", str(tmp_path / "roster-eight.toml")])):
        with pytest.raises(SystemExit) as caught:
            main(["fit", "behaviour", str(tmp_path / "logs" / "longest-idle-r0000"), "--out", str(tmp_path / "fitted.toml"), *more])
        assert not caught.value.code
        found[name] = {rule.agents[0]: rule.factor for rule in load_scenario(scenario).behaviour.pace}
    assert set(found["all"]) == set(named)
    assert set(found["of eight"]) == {member.agent.id for member in load_roster(tmp_path / "roster-eight.toml", None).members} & set(named)
    quick, slow = ([pace for name, pace in found["all"].items() if truth[name] == factor] for factor in (0.5, 1.5))
    assert max(quick) < 0.85
    assert min(slow) > 1.15
    assert np.mean(slow) / np.mean(quick) == pytest.approx(3.0, rel=0.2)
    assert "at a common pace of all agents" in load_scenario(scenario).behaviour.work[0].source


def test_what_is_written_is_read_as_the_same_laws(tmp_path: Path) -> None:
    """Every rule says from how many and how; the page and the document tell the same."""
    waits = [(200 + 777 * n % 60_000, None if n % 4 == 0 else 40_000 + 991 * n % 90_000) for n in range(400)]
    fit = behaviour_fit(observe([a_row(n, wait, handled_ms=handled) for n, (wait, handled) in enumerate(waits)]), "log.csv")
    behaviour = load_behaviour(write_behaviour(fit, tmp_path / "behaviour.toml"))
    assert [type(rule.law) for rule in behaviour.patience] == [type(rule.law) for rule in fit.of(Purpose.PATIENCE)]
    assert [type(rule.law) for rule in behaviour.work] == [type(rule.law) for rule in fit.of(Purpose.WORK)]
    assert all(rule.source.startswith("data: log.csv, ") for rule in (*behaviour.patience, *behaviour.work))
    assert "100 ended with the customer leaving" in behaviour.patience[0].source
    document = document_of(fit)
    assert [rule["table"] for rule in document["rules"]] == ["patience", "work"]
    page = page_of(fit)
    assert page == page_of(fit)
    assert "Kaplan" in page


def test_a_log_without_handling_is_refused(tmp_path: Path) -> None:
    """A behaviour file needs work; nothing is written."""
    fit = behaviour_fit(observe([a_row(n, 1_000) for n in range(30)]), "log.csv")
    with pytest.raises(ConfigError, match="nothing of how long work takes"):
        write_behaviour(fit, tmp_path / "behaviour.toml")
    assert list(tmp_path.iterdir()) == []


def test_the_command_writes_file_and_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From a table of interactions to a behaviour file, with JSON on standard output."""
    rows = [a_row(n, 500 + 333 * n % 50_000, handled_ms=None if n % 5 == 0 else 30_000 + 777 * n % 60_000) for n in range(300)]
    write_interactions(tmp_path / "log.csv", rows)
    words = ["fit", "behaviour", str(tmp_path / "log.csv"), "--out", str(tmp_path / "b.toml"), "--html", str(tmp_path / "p.html"), "--json"]
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert not caught.value.code
    assert json.loads(capsys.readouterr().out)["schema"] == "careroute/fit/1"
    assert load_behaviour(tmp_path / "b.toml").patience
    assert (tmp_path / "p.html").stat().st_size > 10_000


def test_durations_beyond_a_wait_follow_what_is_left_of_the_law() -> None:
    """Whatever the law: never at or below the wait, and the probability integral of what lies beyond is uniform."""
    for law in (
        laws.Exponential(mean_ms=300_000),
        laws.Weibull(scale_ms=300_000, shape=0.6),
        laws.lognormal_of(median_ms=250_000, cv=1.3),
        laws.Gamma(mean_ms=200_000, cv=0.8),
        laws.Uniform(low_ms=10_000, high_ms=900_000),
        laws.Triangular(low_ms=10_000, mode_ms=100_000, high_ms=900_000),
    ):
        draws = (np.arange(2_000) + 0.5) / 2_000
        waited = np.full(2_000, 120_000, dtype=np.int64)
        beyond = laws.beyond_ms(law, waited, draws)
        assert beyond.min() > 120_000
        left = laws.survival(law, beyond.astype(np.float64)) / laws.survival(law, waited.astype(np.float64))
        assert np.abs((1 - left) - draws).max() < 1e-3
    endless = laws.beyond_ms(laws.Exponential(mean_ms=1_000), np.array([10_000_000], dtype=np.int64), np.array([0.5]))
    assert endless.tolist() == [10_000_001]
