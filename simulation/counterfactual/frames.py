"""A counterfactual as data frames, for notebooks."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

import polars as pl

from simulation.kpis.registry import MEASURES
from simulation.statistics import Interval

if TYPE_CHECKING:
    from simulation.counterfactual.study import Counterfactual

AS_IT_HAPPENED: Final = "as it happened"
"""What stands for the arm in the rows of the day itself."""

_SCHEMA: Final = {
    "arm": pl.String,
    "measure": pl.String,
    "unit": pl.String,
    "mean": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
}


def values_frame(found: "Counterfactual") -> pl.DataFrame:
    """Every measure of every arm with its 99 % interval, and first those of the day as it happened, where its log tells them."""
    measured = {} if found.measured is None else {AS_IT_HAPPENED: found.measured}
    return _frame({**measured, **found.values})


def differences_frame(found: "Counterfactual") -> pl.DataFrame:
    """Every arm minus the first, with 99 % intervals."""
    return _frame(found.differences)


def _frame(by_arm: Mapping[str, Mapping[str, Interval | None]]) -> pl.DataFrame:
    return pl.DataFrame(list(_rows(by_arm)), schema=_SCHEMA, orient="row")


def _rows(by_arm: Mapping[str, Mapping[str, Interval | None]]) -> Iterator[tuple[object, ...]]:
    for arm, values in by_arm.items():
        for name, interval in values.items():
            limits = (None, None, None) if interval is None else (interval.mean, interval.low, interval.high)
            yield (arm, name, MEASURES[name].unit, *limits)
