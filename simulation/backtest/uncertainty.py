"""What a fit does not know of its rates, as chance over them: a prediction that took rates for known would be too sure."""

import datetime as dt
from dataclasses import replace

from routing.config.errors import ConfigError
from simulation.demand import DrawnDemand
from simulation.demand.chance import DayFactor, OverDispersion, Scope
from simulation.demand.records import in_order
from simulation.demand.unit_laws import UnitKind, UnitLaw
from simulation.fits.demand.fitted import FittedDemand


def as_uncertain(demand: DrawnDemand, fit: FittedDemand, date: dt.date) -> DrawnDemand:
    """The demand of one day with rates that are known from the days like it and no better.

    A mean of n days is off by 1 / n of a day's variance. Its Poisson part, m / n for an interval that expects m, is what over-dispersion of
    1 + 1 / n adds to a count; that of day and interval factors is a factor for the whole day.

    Raises:
        ConfigError: no day like it was fitted.
    """
    alike = [group for group in fit.table.groups if group == _group(fit, date)]
    if not alike:
        remedy = "Take more days to be alike with --by workday or --by all."
        raise ConfigError("is unlike every day that was fitted", key="--held-out", value=date.isoformat(), remedy=remedy)
    days = len(alike)
    source = f"data: rates are known from {days} days like {date.isoformat()} and no better; predictions are that much wider"
    shape = fit.table.total.sum(axis=1).mean(keepdims=True)
    variance = float((fit.variance_of_totals(shape)[0] - shape[0]) / shape[0] ** 2) / days
    factors = [
        OverDispersion(
            scope=Scope(name="rates of the fit", when={}, is_common=False, source=source),
            every_ms=fit.table.interval_ms,
            variance_over_mean=1 + 1 / days,
        )
    ]
    level = Scope(name="level of the fit", when={}, is_common=True, source=source)
    day = [DayFactor(scope=level, law=UnitLaw(kind=UnitKind.GAMMA, cv=variance**0.5))] if variance > 0 else []
    return in_order(replace(demand, factors=(*demand.factors, *day, *factors)))


def _group(fit: FittedDemand, date: dt.date) -> tuple[str, ...] | None:
    """The group of a date: the one whose weekdays it falls on."""
    weekday = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[date.weekday()]
    return next((group for group in fit.table.group_names if weekday in group), None)
