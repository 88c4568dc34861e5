"""Raw replications: what every measure is computed from, one row for each arm, replication, group and measure."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import polars as pl

from routing.config.errors import ConfigError
from simulation.experiment import ReplicationResult
from simulation.files import replace_file
from simulation.kpis.measure import Ratio, Tally
from simulation.kpis.registry import MEASURES
from simulation.kpis.tabulate import Row, Table
from simulation.scenario import Arm
from simulation.statistics import replicate

_ENDINGS = (".parquet", ".csv")
_SCHEMA: dict[str, pl.DataType] = {
    **dict.fromkeys(("arm", "group", "name", "measure", "unit"), pl.String()),
    "replication": pl.Int64(),
    **dict.fromkeys(("numerator", "denominator", "value"), pl.Float64()),
}


def raw_frame(arms: Sequence[Arm], results: Sequence[ReplicationResult]) -> pl.DataFrame:
    """Every tally. `group` is overall, queue, channel, kind, interval or live_interval, `name` which of them; half hours count from 0.

    `numerator` and `denominator`, in the unit of the measure where divided, are those of a ratio, which over several rows is the ratio of
    the sums. `value` is the day's own; a percentile and the Gini have no parts, and of several days no figure follows from theirs.
    """
    rows = [
        (arm.name, group, name, measure, MEASURES[measure].unit, result.replication, *_parts(measure, tally))
        for place, arm in enumerate(arms)
        for result in results
        for group, name, row in groups_of(result.tables[place])
        for measure, tally in row.items()
    ]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def groups_of(table: Table) -> Iterator[tuple[str, str, Row]]:
    """Every group of a day's table with its kind and name."""
    yield "overall", "", table.overall
    for group, rows in (("queue", table.by_queue), ("channel", table.by_channel), ("kind", table.by_kind)):
        for name, row in rows.items():
            yield group, name, row
    for group, intervals in (("interval", table.by_interval), ("live_interval", table.live_by_interval)):
        for place, row in enumerate(intervals):
            yield group, str(place), row


def check_raw(path: Path) -> None:
    """Refuses a file name that says no format.

    Raises:
        ConfigError: it ends neither in .parquet nor in .csv.
    """
    if path.suffix not in _ENDINGS:
        raise ConfigError("does not end like a table", file=path, remedy="Name it .parquet or .csv.")


def write_frame(frame: pl.DataFrame, path: Path) -> Path:
    """Writes a frame as its name's ending says, whole or not at all, and returns the path.

    Raises:
        ConfigError: the ending is no table's, or the place cannot be written.
    """
    check_raw(path)

    def write(file: BinaryIO) -> None:
        if path.suffix == ".csv":
            frame.write_csv(file)
        else:
            frame.write_parquet(file)

    replace_file(path, write)
    return path


def _parts(measure: str, tally: Tally) -> tuple[float | None, float | None, float | None]:
    scale = MEASURES[measure].scale
    value = replicate([tally], scale).value
    return (tally.numerator * scale, float(tally.denominator), value) if isinstance(tally, Ratio) else (None, None, value)
