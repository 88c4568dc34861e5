"""Reads the table [demand] of a scenario file, and demand files, `careroute/demand/1`, which hold the same keys for several scenarios."""

import datetime as dt
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Final, NamedTuple

from pydantic import Field

from routing.config.calendars import Weekday
from routing.config.document import Document, load
from routing.config.errors import NO_VALUE, ConfigError
from routing.config.roster import local_instant
from routing.config.values import FileName, PositiveDurationMs
from routing.model.time import DAY_MS, MINUTE_MS
from simulation.demand.chance import in_words
from simulation.demand.chance_file import ChanceFile, factors_of
from simulation.demand.days import DayMultiple, HolidayFile, day_kind
from simulation.demand.forecast import ForecastErrorFile, read_forecast, streams_from_forecast
from simulation.demand.rate_rows import RateRow, read_rate_table, streams_from_rows
from simulation.demand.rates import streams_from_log
from simulation.demand.records import Demand, DrawnDemand, ReplayedLog, in_order
from simulation.interactions import read_interactions
from simulation.scenario import Calendar

DEMAND_SCHEMA: Final = "careroute/demand/1"

_ONE_DEMAND = 'Write one of log, rates_from, rates_table, forecast or file = "FILE", or [[demand.rates]].'
_A_MONDAY: Final = dt.date(2001, 1, 1)


class OwnDemandFile(ChanceFile):
    """The keys of a demand file: rates, a forecast or a log to take rates from, which days are different, and chance."""

    rates_from: FileName | None = None
    interval: PositiveDurationMs | None = None
    multiply: Annotated[float, Field(gt=0, le=10_000, allow_inf_nan=False)] | None = None
    rates_table: FileName | None = None
    rates: tuple[RateRow, ...] = ()
    forecast: FileName | None = None
    forecast_error: ForecastErrorFile | None = None
    weekdays: dict[Weekday, DayMultiple] = Field(default_factory=dict)
    holidays: tuple[HolidayFile, ...] = ()


class DemandFile(OwnDemandFile):
    """The table [demand] of a scenario: the keys of a demand file, or such a file, or a log to replay."""

    log: FileName | None = None
    redials_within: PositiveDurationMs | None = None
    file: FileName | None = None


class _Place(NamedTuple):
    """Where keys stand and what they are about: a document, the table in it, the days, and the horizon's first and last instant."""

    document: Document
    table: tuple[str, ...]
    calendar: Calendar
    horizon: tuple[int, int]

    def error(self, key: str, problem: str, *, value: object = NO_VALUE, remedy: str) -> ConfigError:
        """The error of one key."""
        return self.document.error((*self.table, key), problem, value=value, remedy=remedy)


def read_demand(document: Document, stated: DemandFile, calendar: Calendar, horizon: tuple[int, int]) -> Demand:
    """The demand that the table `stated` of `document` describes, over the days of `calendar`; `horizon` is (starts_at, ends_at).

    Raises:
        ConfigError: it says nothing, or two things at once, or a file it names cannot be used.
    """
    place = _Place(document, ("demand",), calendar, horizon)
    kind = _kind_of(place, stated, {"log": stated.log, "file": stated.file})
    if stated.log is not None:
        _refuse_chance(place, stated)
        log = read_interactions(document.beside(stated.log))
        return ReplayedLog(log=log, name=stated.log, redials_within_ms=stated.redials_within)
    if stated.redials_within is not None:
        raise place.error("redials_within", "has a meaning only beside log", remedy="Remove it; redials of drawn customers are a rule.")
    if stated.file is None:
        return _with_chance(place, stated, _drawn(place, stated, kind))
    if stated.weekdays or stated.holidays:
        key = "weekdays" if stated.weekdays else "holidays"
        raise place.error(key, "is for rates that stand beside it", remedy="Write it into the demand file.")
    own_document, own = load(document.beside(stated.file), DEMAND_SCHEMA, OwnDemandFile)
    beside = _Place(own_document, (), calendar, horizon)
    base = _with_chance(beside, own, _drawn(beside, own, _kind_of(beside, own, {})))
    return _with_chance(place, stated, base)


def read_demand_file(path: Path, calendar: Calendar) -> DrawnDemand:
    """The demand of a demand file over the days of a calendar.

    Raises:
        ConfigError: it cannot be used.
    """
    document, stated = load(path, DEMAND_SCHEMA, OwnDemandFile)
    first, last = calendar.dates[0], calendar.dates[-1]
    horizon = (local_instant(first, 0, calendar.zone_info), local_instant(last, DAY_MS, calendar.zone_info))
    place = _Place(document, (), calendar, horizon)
    return _with_chance(place, stated, _drawn(place, stated, _kind_of(place, stated, {})))


def days_in(path: Path) -> Calendar:
    """Days on which a demand file speaks of something: those of its forecast or log, else a week, in UTC.

    Raises:
        ConfigError: the file, or one it names, cannot be read.
    """
    document, stated = load(path, DEMAND_SCHEMA, OwnDemandFile)
    dates = [_A_MONDAY, _A_MONDAY + dt.timedelta(days=6)]
    if stated.forecast is not None:
        dates = [row.starts_at.date() for _, row in read_forecast(document.beside(stated.forecast))] or dates
    elif stated.rates_from is not None:
        log = read_interactions(document.beside(stated.rates_from))
        dates = [dt.datetime.fromtimestamp(one.arrived_at_ms / 1_000, dt.UTC).date() for one in log] or dates
    return Calendar(date=min(dates), days=(max(dates) - min(dates)).days + 1, zone="UTC")


def _kind_of(place: _Place, stated: OwnDemandFile, others: dict[str, str | None]) -> str:
    """The one kind of demand that is stated, and none of the keys that belong to another."""
    kinds = {"rates_from": stated.rates_from, "rates_table": stated.rates_table, "rates": stated.rates, "forecast": stated.forecast}
    given = [kind for kind, value in {**others, **kinds}.items() if value]
    if len(given) != 1:
        problem = f"states {' and '.join(given)}" if given else "says nothing about who arrives"
        raise place.document.error(place.table, problem, remedy=_ONE_DEMAND)
    belongs = {
        "interval": (stated.interval is not None, {"rates_from", "forecast"}),
        "multiply": (stated.multiply is not None, {"rates_from"}),
        "forecast_error": (stated.forecast_error is not None, {"forecast"}),
        "weekdays": (bool(stated.weekdays), {"rates", "rates_table", "file"}),
        "holidays": (bool(stated.holidays), {"rates", "rates_table", "file"}),
    }
    for key, (is_stated, kinds_with_it) in belongs.items():
        if is_stated and given[0] not in kinds_with_it:
            why = ": its days are dated already" if key in {"weekdays", "holidays"} else ""
            named = " or ".join(sorted(kinds_with_it - {"file"}))
            raise place.error(key, f"has a meaning only beside {named}{why}", remedy="Remove it.")
    return given[0]


def _refuse_chance(place: _Place, stated: DemandFile) -> None:
    for key in ChanceFile.model_fields:
        if getattr(stated, key):
            raise place.error(
                key, "has no meaning beside log: what was recorded is replayed as it was", remedy="Remove it, or use rates_from."
            )


def _with_chance(place: _Place, stated: OwnDemandFile, drawn: DrawnDemand) -> DrawnDemand:
    """The demand with the factors of one file or table on top, and with what its spikes bring."""
    factors, brought = factors_of(place.document, place.table, stated, place.calendar)
    for factor in factors:
        if not any(factor.scope.holds_for(stream) for stream in (*drawn.streams, *brought)):
            problem, remedy = "holds for none of the streams", "Compare its conditions with the channels, types and attributes that arrive."
            raise place.document.error(place.table, problem, value=factor.scope.name, remedy=remedy)
    told = "".join(f"; {in_words(factor)}" for factor in factors)
    description = f"{drawn.description}{told}"
    return in_order(replace(drawn, streams=(*drawn.streams, *brought), factors=(*drawn.factors, *factors), description=description))


def _drawn(place: _Place, stated: OwnDemandFile, kind: str) -> DrawnDemand:
    match kind:
        case "rates_from":
            return _rates_of_log(place, stated.rates_from or "", stated)
        case "forecast":
            return _of_forecast(place, stated.forecast or "", stated)
        case _:
            return _of_rows(place, stated)


def _of_rows(place: _Place, stated: OwnDemandFile) -> DrawnDemand:
    rows = stated.rates or read_rate_table(place.document.beside(stated.rates_table or ""))
    if not rows:
        raise place.error("rates_table", "has no rows", value=stated.rates_table, remedy="Add one row for each rate.")
    source = place.document.path.name if not place.table else "the scenario"
    streams = streams_from_rows(rows, place.calendar, partial(day_kind, weekdays=stated.weekdays, holidays=stated.holidays))
    named = {one.name: None for one in stated.holidays if one.date in place.calendar.dates}
    holidays = f", with {', '.join(named)}" if named else ""
    return DrawnDemand(
        streams=streams,
        description=f"Poisson processes with the rates of {source if stated.rates else stated.rates_table}{holidays}",
    )


def _of_forecast(place: _Place, file: str, stated: OwnDemandFile) -> DrawnDemand:
    interval_ms = 30 * MINUTE_MS if stated.interval is None else stated.interval
    streams, errors = streams_from_forecast(place.document.beside(file), place.calendar, interval_ms, stated.forecast_error)
    told = "".join(f"; {in_words(factor)}" for factor in errors)
    description = f"Poisson processes with the expected numbers of the forecast {file}{told}"
    return DrawnDemand(streams=streams, factors=errors, description=description)


def _rates_of_log(place: _Place, file: str, stated: OwnDemandFile) -> DrawnDemand:
    interval_ms = 15 * MINUTE_MS if stated.interval is None else stated.interval
    multiply = 1.0 if stated.multiply is None else stated.multiply
    starts_at, ends_at = place.horizon
    streams = streams_from_log(
        read_interactions(place.document.beside(file)), starts_at=starts_at, ends_at=ends_at, interval_ms=interval_ms, multiply=multiply
    )
    if not streams:
        problem = "has no interactions within the horizon"
        raise place.error("rates_from", problem, value=file, remedy="Check the date and the zone.")
    minutes = f"{interval_ms / MINUTE_MS:g}"
    description = (
        f"Poisson processes with {multiply:g} times the {minutes}-minute rates of {file} by type and channel; "
        "none of their interactions is one of that log"
    )
    return DrawnDemand(streams=streams, description=description)
