"""From the words of a command line to a fit of demand."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pydantic_core import PydanticCustomError

from routing.config.errors import ConfigError, did_you_mean
from routing.config.values import calendar_date, duration_ms, zone_name
from simulation.fits.demand.counts import DayGroups, count_table
from simulation.fits.demand.fitted import FittedDemand, fit_demand
from simulation.recorded import read_log

_FEWEST = 100

_Value = TypeVar("_Value")


def fit_of(
    log: Path,
    *,
    zone: str,
    interval: str = "30min",
    by: str = "weekday",
    first_day: str | None = None,
    last_day: str | None = None,
    without: str | None = None,
) -> FittedDemand:
    """The fit of a log, with the options as a person writes them; `without` lists days with commas between them.

    Raises:
        ConfigError: the log cannot be read, or an option cannot be used.
    """
    if by not in list(DayGroups):
        raise ConfigError("is no way to tell days alike", key="--by", value=by, remedy=did_you_mean(by, list(DayGroups)))
    days = [] if without is None else [_parsed("--without", text.strip(), calendar_date) for text in without.split(",")]
    table = count_table(
        read_log(log).interactions,
        file=log,
        zone=_parsed("--zone", zone, zone_name),
        interval_ms=_parsed("--interval", interval, duration_ms),
        by=DayGroups(by),
        first_day=_day("--first-day", first_day),
        last_day=_day("--last-day", last_day),
        without=days,
    )
    count = int(table.total.sum())
    if count < _FEWEST:
        problem = f"holds {count} interactions on these days: too few to tell how they vary"
        raise ConfigError(problem, file=log, remedy=f"Bring {_FEWEST} or more, or write the rates by hand.")
    return fit_demand(table)


def _day(option: str, text: str | None) -> dt.date | None:
    return None if text is None else _parsed(option, text, calendar_date)


def _parsed(option: str, text: str, parse: Callable[[object], _Value]) -> _Value:
    try:
        return parse(text)
    except PydanticCustomError as error:
        context = error.context or {}
        raise ConfigError(str(context["problem"]), key=option, value=text, remedy=str(context["remedy"])) from error
