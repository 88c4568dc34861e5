"""Writes fitted demand as files: a demand file with its table of rates, which a scenario names, and every figure as JSON."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl
import tomli_w

from routing.model.time import MINUTE_MS, Duration
from simulation.demand.demand_file import DEMAND_SCHEMA
from simulation.files import write_text
from simulation.fits.demand.fitted import FittedDemand, root
from simulation.fits.demand.words import clock, notes, parameters
from simulation.statistics import Interval

SCHEMA: Final = "careroute/fit-demand/1"

_DIGITS = 6

Plain = dict[str, Any]


def write_fit(fit: FittedDemand, folder: Path) -> tuple[Path, ...]:
    """Writes demand.toml, rates.csv and fit.json into a folder, made where it is missing; returns their paths.

    Raises:
        ConfigError: the folder cannot be written.
    """
    return (
        write_text(folder / "demand.toml", demand_toml(fit)),
        write_text(folder / "rates.csv", rates_csv(fit)),
        write_text(folder / "fit.json", json.dumps(document_of(fit), indent=2, ensure_ascii=False) + "\n"),
    )


def demand_toml(fit: FittedDemand) -> str:
    """The demand file: the table of rates beside it, and the factors that the log establishes."""
    table = fit.table
    content: Plain = {"schema": DEMAND_SCHEMA, "rates_table": "rates.csv", **factor_tables(fit)}
    head = [f"Fitted to {len(table.dates)} days of {table.name}, {table.dates[0]} to {table.dates[-1]}.", *notes(fit)]
    return "".join(f"# {line}\n" for line in head) + tomli_w.dumps(content)


def factor_tables(fit: FittedDemand) -> Plain:
    """The entries of [[busyness]], [[interval_factors]] and [[overdispersion]] that the log establishes."""
    days, content = f"{len(fit.table.dates)} days of {fit.table.name}", Plain()
    busyness = []
    if fit.is_by_stream and fit.own is not None and fit.common is not None:
        if fit.common.low is not None and fit.common.low > 0:
            busyness.append(_day("days", "site", fit.common, days))
        busyness.append(_day("days of each stream", "stream", fit.own, days))
    elif fit.variation.has_day:
        busyness.append(_day("days", "site", fit.variation.day, days))
    if busyness:
        content["busyness"] = busyness
    every = duration_text(fit.table.interval_ms)
    if fit.is_overdispersed_by_mean:
        ratio = fit.variation.dispersion
        source = f"data: fitted to {days}; 99 % interval {_between(ratio)}"
        content["overdispersion"] = [{"every": every, "variance_over_mean": _rounded(max(ratio.mean, 1.000001)), "source": source}]
    elif fit.variation.has_intervals:
        source = (
            f"data: fitted to {days}; 99 % intervals: cv {_between(fit.interval_cv)}, correlation {_between(fit.variation.correlation)}"
        )
        correlation = _rounded(max(fit.variation.correlation.mean, 0.0)) if fit.is_correlated else 0.0
        entry = {"name": "intervals", "every": every, "law": "gamma", "cv": _rounded(fit.interval_cv.mean)}
        content["interval_factors"] = [{**entry, "correlation": correlation, "source": source}]
    return content


def rates_csv(fit: FittedDemand) -> str:
    """The table of rates: a row for each stream, group of days and interval in which something arrived."""
    schema = dict.fromkeys(("from", "to", "days", "channel", "type", "per_hour", "attributes", "priority"), pl.String())
    return pl.DataFrame(list(_rate_rows(fit)), schema=schema, orient="row").write_csv()


def document_of(fit: FittedDemand) -> Plain:
    """Every figure of the fit as plain data."""
    table, test = fit.table, fit.test
    return {
        "schema": SCHEMA,
        "log": table.name,
        "zone": table.zone,
        "interval_ms": table.interval_ms,
        "first_day": table.dates[0].isoformat(),
        "last_day": table.dates[-1].isoformat(),
        "days": len(table.dates),
        "left_out": {date.isoformat(): why for date, why in table.without},
        "arrivals": int(table.total.sum()),
        "parameters": {name: _interval(interval) for name, interval in parameters(fit).items()},
        "entries": factor_tables(fit),
        "dispersion": {clock(number, table.interval_ms): _number(value) for number, value in enumerate(fit.dispersion.tolist())},
        "poisson": None
        if test is None
        else {
            "distance": _number(test.distance),
            "p": _number(test.p),
            "unit_ms": test.unit_ms,
            "by_interval": {
                clock(number, table.interval_ms): {
                    "arrivals": count,
                    "distance": _number(distance),
                    "p": _number(p),
                    "p_adjusted": _number(adjusted),
                }
                for number, count, distance, p, adjusted in test.by_interval
            },
        },
        "rates_per_hour": [
            {
                "days": list(group),
                "from": clock(number, table.interval_ms),
                "mean": _number(fit.site_rates.mean[place, number]),
                "ci99": [_number(fit.site_rates.low[place, number]), _number(fit.site_rates.high[place, number])],
            }
            for place, group in enumerate(table.group_names)
            for number in range(table.total.shape[1])
            if fit.site_rates.mean[place, number] > 0
        ],
        "notes": list(notes(fit)),
    }


def duration_text(duration_ms: Duration) -> str:
    """A duration as files write it."""
    return f"{duration_ms // MINUTE_MS}min" if duration_ms % MINUTE_MS == 0 else f"{duration_ms}ms"


def _day(name: str, per: str, variance: Interval, days: str) -> Plain:
    cv = root(variance)
    source = f"data: fitted to {days}; 99 % interval of the cv {_between(cv)}"
    return {"name": name, "law": "gamma", "cv": _rounded(cv.mean), "per": per, "source": source}


def _rate_rows(fit: FittedDemand) -> Iterator[tuple[str, ...]]:
    table = fit.table
    for stream, kind in enumerate(table.streams):
        attributes = json.dumps(dict(kind.attributes), ensure_ascii=False, sort_keys=True) if kind.attributes else ""
        for group, days in enumerate(table.group_names):
            for interval, rate in enumerate(fit.rates.mean[stream, group].tolist()):
                if rate > 0:
                    times = clock(interval, table.interval_ms), clock(interval + 1, table.interval_ms)
                    yield (*times, " ".join(days), kind.channel, kind.type, f"{rate:.6g}", attributes, str(kind.priority or ""))


def _between(interval: Interval) -> str:
    return f"{_end(interval.low)} to {_end(interval.high)}"


def _end(value: float | None) -> str:
    return "?" if value is None else f"{value:.3g}"


def _interval(interval: Interval) -> Plain:
    return {"mean": _number(interval.mean), "ci99": [_number(interval.low), _number(interval.high)]}


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else _rounded(value)


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
