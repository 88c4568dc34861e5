"""A back-test as a data frame, for notebooks."""

import datetime as dt
from typing import TYPE_CHECKING, Final

import polars as pl

from simulation.backtest.scores import Prediction
from simulation.kpis.facts import INTERVAL_MS

if TYPE_CHECKING:
    from simulation.backtest.run import Backtest

_SCHEMA: Final = {
    "date": pl.Date,
    "starts_at_ms": pl.Int64,
    "measure": pl.String,
    "actual": pl.Float64,
    "mean": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "is_held": pl.Boolean,
}


def predictions_frame(found: "Backtest") -> pl.DataFrame:
    """What happened and what was predicted, a row for each day and measure (`starts_at_ms` is null) and for each half hour and measure."""
    rows = []
    for day in found.days:
        starts_at_ms = round(day.starts_at.timestamp() * 1_000)
        rows += [_row(day.date, None, measure, one) for measure, one in day.overall.items()]
        for place, part in enumerate(day.by_interval):
            rows += [_row(day.date, starts_at_ms + place * INTERVAL_MS, measure, one) for measure, one in part.items()]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _row(date: dt.date, starts_at_ms: int | None, measure: str, one: Prediction) -> tuple[object, ...]:
    return (date, starts_at_ms, measure, one.actual, one.mean, one.low, one.high, one.is_held)
