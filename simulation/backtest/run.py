"""Runs a back-test: fits on the taught days, simulates each held-out day many times, and compares."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

import polars as pl

from routing.config.errors import ConfigError
from routing.config.plugins import registry_with_plugins
from routing.config.policy import resolve_policy
from routing.core.events import Recorded
from routing.model.site import PolicySpec
from routing.model.time import MINUTE_MS
from simulation.backtest.days import SplitLog, refuse_what_cannot_be_tested, split
from simulation.backtest.figures import DayFigures, day_figures, target_of
from simulation.backtest.frames import predictions_frame
from simulation.backtest.scores import REPLICATIONS_MIN, Prediction, predictions
from simulation.backtest.staffing import inferred_staffing, known_agents
from simulation.backtest.uncertainty import as_uncertain
from simulation.behaviour_file import load_behaviour
from simulation.coverage import check_covered
from simulation.demand import Demand, DrawnDemand, ReplayedLog
from simulation.demand.demand_file import read_demand_file
from simulation.fits.demand.counts import DayGroups, count_table
from simulation.fits.demand.files import write_fit
from simulation.fits.demand.fitted import FittedDemand, fit_demand
from simulation.fits.observed import observe
from simulation.fits.rules import behaviour_fit
from simulation.fits.write import write_behaviour
from simulation.interactions import RecordedInteraction
from simulation.recorded import interactions_of, read_log
from simulation.run import run_replication
from simulation.scenario import Arm, Scenario
from simulation.scenario_file import load_scenario

_NOBODY: Final = DrawnDemand(streams=(), description="to be fitted")


class Arrivals(StrEnum):
    """Who arrives on a held-out day: drawn from the fit, or as recorded, which tests the fit of behaviour alone."""

    FITTED = "fitted"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a back-test is done. `held_out` is how many of the last days, or which. Without a `roster` of the scenario, the log tells it."""

    held_out: int | Collection[dt.date] = 3
    without: Collection[dt.date] = ()
    by: DayGroups = DayGroups.WEEKDAY
    arrivals: Arrivals = Arrivals.FITTED
    roster: str | None = None
    policy: str | None = None
    replications: int = 79
    seed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """A scenario, a log, and the folder for what is fitted."""

    scenario: Path
    log: Path
    out: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class TestedDay:
    """One held-out day: predictions as a whole and by half hour, from the start of its horizon on, and how many agents worked."""

    date: dt.date
    starts_at: dt.datetime
    overall: Mapping[str, Prediction]
    by_interval: tuple[Mapping[str, Prediction], ...]
    agents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """The outcome. `assumptions` are all that the predictions rest on."""

    scenario: str
    log: str
    policy: str
    options: Options
    taught_days: tuple[dt.date, ...]
    days: tuple[TestedDay, ...]
    assumptions: tuple[str, ...]

    def frame(self) -> pl.DataFrame:
        """What happened and what was predicted, by day and half hour: date, starts_at_ms, measure, actual, mean, low, high, is_held."""
        return predictions_frame(self)


def backtest(files: Files, options: Options, on_done: Callable[[], None]) -> Backtest:
    """Fits on the taught days of a log, simulates the held-out ones, and writes what was fitted into a folder.

    The scenario gives site, opening hours, horizon and the agents' skills. `on_done` is called after each simulated day.

    Raises:
        ConfigError: the log does not tell what is needed, or the scenario does not fit it.
    """
    if options.replications < REPLICATIONS_MIN:
        remedy = f"Simulate {REPLICATIONS_MIN} days or more for each: an interval of 95 % cannot be taken from fewer."
        raise ConfigError("are too few", key="replications", value=options.replications, remedy=remedy)
    log = read_log(files.log).interactions
    refuse_what_cannot_be_tested(log, files.log, needs_agents=options.roster is None)
    base = load_scenario(files.scenario, demand=_NOBODY)
    parted = split(log, files.log, base.zone_info, options.held_out, options.without)
    policy = _policy(base, options.policy)
    fit = _fit(parted, files, base, options)
    days, assumptions = [], list[str]()
    for date in parted.held_out:
        scenario = _held_out_day(files, fit, parted, date, options)
        days.append(_tested(scenario, policy, parted.held_out[date], options, on_done))
        assumptions += scenario.stated_assumptions(next(iter(scenario.rosters)))
    return Backtest(
        scenario=base.name,
        log=files.log.name,
        policy=policy.name,
        options=options,
        taught_days=parted.taught_days,
        days=tuple(days),
        assumptions=tuple(dict.fromkeys(assumptions)),
    )


def _policy(scenario: Scenario, name: str | None) -> PolicySpec:
    if name is None:
        return scenario.site.policy
    return resolve_policy(name, folder=Path(), site_policies=scenario.policies, registry=registry_with_plugins())


def _fit(parted: SplitLog, files: Files, scenario: Scenario, options: Options) -> FittedDemand | None:
    """Writes the fitted behaviour, and demand where it is to be drawn from a fit."""
    observed = observe(parted.taught)
    write_behaviour(behaviour_fit(observed, files.log.name), files.out / "behaviour.toml")
    if options.arrivals is Arrivals.RECORDED:
        return None
    table = count_table(
        parted.taught, file=files.log, zone=scenario.zone, interval_ms=30 * MINUTE_MS, by=options.by, without=parted.without
    )
    fit = fit_demand(table)
    write_fit(fit, files.out)
    return fit


def _held_out_day(files: Files, fit: FittedDemand | None, parted: SplitLog, date: dt.date, options: Options) -> Scenario:
    """The scenario of one held-out day: its staffing, the fitted behaviour, and arrivals as fitted or as recorded."""
    scenario = load_scenario(files.scenario, demand=_NOBODY, date=date)
    log = parted.held_out[date]
    demand: Demand
    if fit is None:
        demand = ReplayedLog(log=log, name=files.log.name)
    else:
        demand = as_uncertain(read_demand_file(files.out / "demand.toml", scenario.calendar), fit, date)
    if options.roster is None:
        roster = inferred_staffing(log, date, scenario.zone, known_agents(scenario), files.log)
    elif options.roster in scenario.rosters:
        roster = scenario.rosters[options.roster]
    else:
        known = ", ".join(scenario.rosters)
        raise ConfigError("is not a roster of the scenario", key="--roster", value=options.roster, remedy=f"It has {known}.")
    seed = scenario.seed if options.seed is None else options.seed
    fitted = load_behaviour(files.out / "behaviour.toml")
    found = replace(scenario, demand=demand, behaviour=fitted, rosters={roster.name: roster}, backlog=(), seed=seed)
    check_covered(found, files.scenario)
    return found


def _tested(
    scenario: Scenario, policy: PolicySpec, log: Sequence[RecordedInteraction], options: Options, on_done: Callable[[], None]
) -> TestedDay:
    arm = Arm(name=policy.name, policy=policy, roster=next(iter(scenario.rosters)))
    target, registry = target_of(scenario), registry_with_plugins()
    simulated: list[DayFigures] = []
    for replication in range(options.replications):
        events: list[Recorded] = []
        run_replication(scenario, arm, replication, [events.append], registry=registry)
        simulated.append(day_figures(scenario, interactions_of(events), target))
        on_done()
    overall, intervals = predictions(day_figures(scenario, log, target), simulated)
    return TestedDay(
        date=scenario.date,
        starts_at=dt.datetime.fromtimestamp(scenario.starts_at / 1_000, scenario.zone_info),
        overall=overall,
        by_interval=intervals,
        agents=len(scenario.rosters[arm.roster].shifts_on(scenario.date, scenario.zone_info)),
    )
