"""The comparison as CSV files: tidy tables, one row a value, for spreadsheets and notebooks."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from simulation.comparison import Comparison, Differences, Values
from simulation.files import write_text
from simulation.kpis.registry import MEASURES
from simulation.statistics import Interval


def measures_frame(comparison: Comparison) -> pl.DataFrame:
    """Every measure: arm, group (overall, queue, channel, kind, interval), its name, measure, unit, mean, low, high."""
    texts = dict.fromkeys(("arm", "group", "name", "measure", "unit"), pl.String())
    limits = dict.fromkeys(("mean", "low", "high"), pl.Float64())
    return pl.DataFrame(list(_measure_rows(comparison)), schema={**texts, **limits}, orient="row")


def differences_frame(comparison: Comparison) -> pl.DataFrame:
    """Every difference from the baseline, with its p-value after correction and whether it is established."""
    texts = dict.fromkeys(("arm", "baseline", "group", "name", "measure", "unit"), pl.String())
    limits = dict.fromkeys(("mean", "low", "high", "p_adjusted"), pl.Float64())
    return pl.DataFrame(list(_difference_rows(comparison)), schema={**texts, **limits, "is_significant": pl.Boolean()}, orient="row")


def replications_frame(comparison: Comparison) -> pl.DataFrame:
    """The overall value of every measure in each replication."""
    rows = [
        (arm, replication, measure, MEASURES[measure].unit, value)
        for arm, days in comparison.daily.items()
        for replication, day in enumerate(days)
        for measure, value in day.items()
    ]
    schema = {"arm": pl.String, "replication": pl.Int64, "measure": pl.String, "unit": pl.String, "value": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def write_csv(comparison: Comparison, folder: Path) -> tuple[Path, ...]:
    """Write measures.csv, differences.csv and replications.csv into a folder, made where it is missing; returns their paths.

    Raises:
        ConfigError: the folder cannot be written; a file is then whole or as it was.
    """
    tables = {"measures": measures_frame(comparison), "differences": differences_frame(comparison)}
    tables["replications"] = replications_frame(comparison)
    return tuple(write_text(folder / f"{name}.csv", frame.write_csv()) for name, frame in tables.items())


def _measure_rows(comparison: Comparison) -> Iterator[tuple[object, ...]]:
    for arm, values in comparison.values.items():
        groups: list[tuple[str, str, Values]] = [("overall", "", values.overall)]
        groups += [("queue", name, group) for name, group in values.by_queue.items()]
        groups += [("channel", name, group) for name, group in values.by_channel.items()]
        groups += [("kind", name, group) for name, group in values.by_kind.items()]
        groups += [("interval", starts_at.isoformat(), group) for starts_at, group in values.by_interval]
        for kind, name, group in groups:
            for measure, interval in group.items():
                yield (arm, kind, name, measure, MEASURES[measure].unit, *_limits(interval))


def _difference_rows(comparison: Comparison) -> Iterator[tuple[object, ...]]:
    for arm in comparison.differences:
        for kind, groups in (("overall", {"": arm.overall}), ("queue", arm.by_queue), ("channel", arm.by_channel), ("kind", arm.by_kind)):
            yield from _rows_of_groups(arm.arm, arm.baseline, kind, groups)


def _rows_of_groups(arm: str, baseline: str, kind: str, groups: Mapping[str, Differences]) -> Iterator[tuple[object, ...]]:
    for name, group in groups.items():
        for measure, tested in group.items():
            limits = _limits(None if tested is None else tested.difference.interval)
            verdict = (None, False) if tested is None else (tested.p_adjusted, tested.is_significant)
            yield (arm, baseline, kind, name, measure, MEASURES[measure].unit, *limits, *verdict)


def _limits(interval: Interval | None) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if interval is None else (interval.mean, interval.low, interval.high)
