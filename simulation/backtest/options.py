"""From the words of a command line to the options of a back-test."""

import datetime as dt

from pydantic_core import PydanticCustomError

from routing.config.errors import ConfigError, did_you_mean
from routing.config.values import calendar_date
from simulation.backtest.run import Arrivals, Options
from simulation.fits.demand.counts import DayGroups


def options_of(
    *,
    held_out: str,
    without: str | None,
    by: str,
    arrivals: str,
    roster: str | None,
    policy: str | None,
    replications: int,
    seed: int | None,
) -> Options:
    """The options as a person writes them; days have commas between them.

    Raises:
        ConfigError: one cannot be used.
    """
    if by not in list(DayGroups):
        raise ConfigError("is no way to tell days alike", key="--by", value=by, remedy=did_you_mean(by, list(DayGroups)))
    if arrivals not in list(Arrivals):
        raise ConfigError("is neither fitted nor recorded", key="--arrivals", value=arrivals, remedy=did_you_mean(arrivals, list(Arrivals)))
    if held_out.isdecimal() and int(held_out) < 1:
        raise ConfigError("holds out no day", key="--held-out", value=held_out, remedy="Hold out one day or more.")
    return Options(
        held_out=int(held_out) if held_out.isdecimal() else days_in("--held-out", held_out),
        without=() if without is None else days_in("--without", without),
        by=DayGroups(by),
        arrivals=Arrivals(arrivals),
        roster=roster,
        policy=policy,
        replications=replications,
        seed=seed,
    )


def days_in(option: str, text: str) -> tuple[dt.date, ...]:
    """Dates with commas between them.

    Raises:
        ConfigError: one is none.
    """
    found = []
    for one in text.split(","):
        try:
            found.append(calendar_date(one.strip()))
        except PydanticCustomError as error:
            context = error.context or {}
            raise ConfigError(str(context["problem"]), key=option, value=one.strip(), remedy=str(context["remedy"])) from error
    return tuple(found)
