"""Observed durations from a table, for a law that repeats them."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Final

from routing.config.errors import ConfigError, did_you_mean
from routing.model.time import MINUTE_MS, SECOND_MS, Duration
from simulation.tables import open_table

UNITS_MS: Final = {"ms": 1, "s": SECOND_MS, "min": MINUTE_MS}
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,6})?", re.ASCII)
_ROWS_MAX = 1_000_000


def observed_ms(path: Path, column: str, unit: str) -> tuple[Duration, ...]:
    """The durations of a column of a CSV, gzipped CSV or Parquet file, rounded to milliseconds, in rising order; empty cells are left out.

    Raises:
        ConfigError: the file cannot be read, lacks the column, or holds something else than durations in it; naming the row.
    """
    table = open_table(path)
    if column not in table.columns:
        raise ConfigError("is not a column of the table", file=path, value=column, remedy=did_you_mean(column, table.columns))
    position = table.columns.index(column)
    found: list[Duration] = []
    for row in table.rows:
        text = row.cells[position].strip() if position < len(row.cells) else ""
        if not text:
            continue
        if _NUMBER.fullmatch(text) is None:
            remedy = f"Write a number of {unit}, at least 0, or leave the cell empty."
            raise table.error(row, "is not a duration", column=column, value=text, remedy=remedy)
        found.append(round(Decimal(text) * UNITS_MS[unit]))
        if len(found) > _ROWS_MAX:
            raise ConfigError(f"has more than {_ROWS_MAX:,} durations", file=path, remedy="A sample of them gives the same law.")
    if not found:
        raise ConfigError("has no durations", file=path, key=column, remedy="Name another column.")
    return tuple(sorted(found))
