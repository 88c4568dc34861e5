"""Logs with known rates, busy days, interval factors and dispersion, made by the code that a simulation draws its demand with."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from benchmarks.recovery.tally import Tally
from routing.model.time import MINUTE_MS
from simulation.demand import DemandStream, DrawnDemand
from simulation.demand.chance import DayFactor, Factor, IntervalFactors, OverDispersion, Scope
from simulation.demand.chance_file import root_of
from simulation.demand.drawing import drawn_arrivals
from simulation.demand.rate_rows import RateRow, streams_from_rows
from simulation.demand.unit_laws import UnitKind, UnitLaw
from simulation.fits.demand.counts import DayGroups, count_table
from simulation.fits.demand.fitted import fit_demand
from simulation.interactions import RecordedInteraction
from simulation.scenario import Calendar
from simulation.statistics import Interval
from simulation.streams import Streams

HOURLY = (100, 150, 150, 180, 200, 150, 150, 150, 120, 100, 80, 70, 60)
"""Calls an hour from 08:00 on: the day of the SSJ example."""
OF_WEEKDAY = (1.2, 1.0, 0.9, 1.0, 1.1, 0.4, 0.3)
DAYS = 84
INTERVAL_MS = 30 * MINUTE_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A truth: relative variance of the day factor, cv and neighbours' correlation of interval factors, variance over mean of counts."""

    name: str
    day_cv: float = 0.0
    interval_cv: float = 0.0
    correlation: float = 0.0
    variance_over_mean: float = 1.0
    share: float = 1.0
    """What part of the published rates arrives."""


CASES = (
    Case(name="poisson"),
    Case(name="busy days", day_cv=0.187),
    Case(name="busy days and hours", day_cv=0.1, interval_cv=0.15, correlation=0.6),
    Case(name="overdispersed", day_cv=0.1, variance_over_mean=2.0),
    Case(name="small office", day_cv=0.15, share=0.1),
)


def factors_of(case: Case) -> tuple[Factor, ...]:
    """The factors of a case."""

    def scope(name: str) -> Scope:
        return Scope(name=name, when={}, is_common=True, source="assumption: a known truth")

    found: list[Factor] = []
    if case.day_cv:
        found.append(DayFactor(scope=scope("day"), law=UnitLaw(kind=UnitKind.GAMMA, cv=case.day_cv)))
    if case.interval_cv:
        laws = (UnitLaw(kind=UnitKind.GAMMA, cv=case.interval_cv),) * 48
        root = root_of(laws, case.correlation)
        found.append(IntervalFactors(scope=scope("interval"), from_ms=0, every_ms=INTERVAL_MS, laws=laws, root=root))
    if case.variance_over_mean > 1:
        ratio = case.variance_over_mean
        found.append(OverDispersion(scope=scope("counts"), every_ms=INTERVAL_MS, variance_over_mean=ratio))
    return tuple(found)


def a_log(case: Case, repetition: int, days: int = DAYS) -> tuple[RecordedInteraction, ...]:
    """The log of one repetition: `days` days from a Monday on, in UTC."""
    calendar = Calendar(date=dt.date(2024, 1, 1), days=days, zone="UTC")
    rows = [
        RateRow.model_validate(
            {
                "from": f"{8 + hour:02}:00",
                "to": f"{9 + hour:02}:00",
                "days": (weekday,),
                "channel": "phone",
                "type": "calls",
                "per_hour": rate * multiple * case.share,
            }
        )
        for weekday, multiple in zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), OF_WEEKDAY, strict=True)
        for hour, rate in enumerate(HOURLY)
    ]
    streams: tuple[DemandStream, ...] = streams_from_rows(rows, calendar)
    demand = DrawnDemand(streams=streams, description="", factors=factors_of(case))
    arrivals = drawn_arrivals(demand, calendar, Streams(seed=2_026, replication=repetition))
    return tuple(
        RecordedInteraction(id=one.interaction.id, arrived_at_ms=one.at, channel="phone", type="calls", attributes={}) for one in arrivals
    )


def repeat(number: int, tally: Tally) -> None:
    """One repetition of every case with luck of its own."""
    for case in CASES:
        count(case, number, tally)


def count(case: Case, number: int, tally: Tally, days: int = DAYS) -> None:
    """Fits one log of a case, and counts for each of its parameters whether the interval holds the truth."""
    log = a_log(case, number, days)
    fit = fit_demand(count_table(log, file=Path("synthetic"), zone="UTC", interval_ms=INTERVAL_MS, by=DayGroups.WEEKDAY))
    told = {"day factor: cv": (case.day_cv, fit.day_cv)}
    if case.interval_cv:
        told["interval factors: cv"] = (case.interval_cv, fit.interval_cv)
        told["interval factors: correlation"] = (case.correlation, fit.variation.correlation)
    else:
        told["variance over mean"] = (case.variance_over_mean, fit.variation.dispersion)
    for name, (truth, interval) in told.items():
        tally.count(f"demand, {case.name}: {name}", held=_holds(interval, truth))
    opened = slice(16, 16 + 2 * len(HOURLY))
    rates = [[rate * multiple * case.share for rate in HOURLY for _ in range(2)] for multiple in OF_WEEKDAY]
    low, high = fit.site_rates.low[:, opened], fit.site_rates.high[:, opened]
    for held in ((low <= rates) & (rates <= high)).ravel().tolist():
        tally.count(f"demand, {case.name}: rates", held=held)


def _holds(interval: Interval, truth: float) -> bool:
    return (interval.low is None or interval.low <= truth) and (interval.high is None or truth <= interval.high)
