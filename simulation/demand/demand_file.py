"""Reads the table [demand] of a scenario file."""

from typing import Annotated

from pydantic import Field

from routing.config.document import Document, FileModel
from routing.config.values import FileName, PositiveDurationMs
from routing.model.time import MINUTE_MS
from simulation.demand.rate_rows import RateRow, read_rate_table, streams_from_rows
from simulation.demand.rates import streams_from_log
from simulation.demand.records import Demand, DrawnDemand, ReplayedLog
from simulation.interactions import read_interactions
from simulation.scenario import Calendar

_ONE_DEMAND = 'Write one of log = "FILE", rates_from = "FILE", rates_table = "FILE" or [[demand.rates]].'


class DemandFile(FileModel):
    """The table [demand]: a log to replay, a log to take rates from, or rates as such."""

    log: FileName | None = None
    rates_from: FileName | None = None
    interval: PositiveDurationMs | None = None
    multiply: Annotated[float, Field(gt=0, le=10_000, allow_inf_nan=False)] | None = None
    rates_table: FileName | None = None
    rates: tuple[RateRow, ...] = ()


def read_demand(document: Document, stated: DemandFile, calendar: Calendar, horizon: tuple[int, int]) -> Demand:
    """The demand that the table `stated` of `document` describes, over the days of `calendar`; `horizon` is (starts_at, ends_at).

    Raises:
        ConfigError: it says nothing, or two things at once, or a file it names cannot be used.
    """
    kinds = {"log": stated.log, "rates_from": stated.rates_from, "rates_table": stated.rates_table, "rates": stated.rates}
    given = [kind for kind, value in kinds.items() if value]
    if len(given) != 1:
        problem = f"states {' and '.join(given)}" if given else "says nothing about who arrives"
        raise document.error(("demand",), problem, remedy=_ONE_DEMAND)
    for key, value in (("interval", stated.interval), ("multiply", stated.multiply)):
        if value is not None and stated.rates_from is None:
            raise document.error(("demand", key), "has a meaning only beside rates_from", remedy="Remove it.")
    if stated.log is not None:
        return ReplayedLog(log=read_interactions(document.beside(stated.log)), name=stated.log)
    if stated.rates_from is not None:
        return _rates_of_log(document, stated.rates_from, stated, horizon)
    rows = stated.rates or read_rate_table(document.beside(stated.rates_table or ""))
    if not rows:
        raise document.error(("demand", "rates_table"), "has no rows", value=stated.rates_table, remedy="Add one row for each rate.")
    source = "the scenario" if stated.rates else stated.rates_table
    return DrawnDemand(
        streams=streams_from_rows(rows, calendar),
        description=f"Poisson processes with the rates of {source}",
    )


def _rates_of_log(document: Document, file: str, stated: DemandFile, horizon: tuple[int, int]) -> DrawnDemand:
    interval_ms = 15 * MINUTE_MS if stated.interval is None else stated.interval
    multiply = 1.0 if stated.multiply is None else stated.multiply
    starts_at, ends_at = horizon
    streams = streams_from_log(
        read_interactions(document.beside(file)), starts_at=starts_at, ends_at=ends_at, interval_ms=interval_ms, multiply=multiply
    )
    if not streams:
        problem = "has no interactions within the horizon"
        raise document.error(("demand", "rates_from"), problem, value=file, remedy="Check the date and the zone.")
    minutes = f"{interval_ms / MINUTE_MS:g}"
    description = (
        f"Poisson processes with {multiply:g} times the {minutes}-minute rates of {file} by type and channel; "
        "none of their interactions is one of that log"
    )
    return DrawnDemand(streams=streams, description=description)
