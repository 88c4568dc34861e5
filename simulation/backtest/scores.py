"""Predictions against what happened: errors, and how often prediction intervals held it.

The prediction interval of a figure comes from the simulated days alone: with n of them and the day that happened a day like them, the
interval from the k-th smallest to the k-th largest holds it with probability (n + 1 - 2 k) / (n + 1) at least, whatever the law. k is the
largest for which that is 95 % or more.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from simulation.backtest.figures import MEASURES, DayFigures, Figures
from simulation.statistics.prediction import rank_for

REPLICATIONS_MIN = 39
"""The fewest days from which an interval of 95 % can be taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """One figure: what happened, the mean of the simulated days, and the prediction interval. None where it has no denominator.

    `days` counts the simulated days in which the figure has a denominator.
    """

    actual: float | None
    mean: float | None
    low: float | None
    high: float | None
    days: int

    @property
    def is_held(self) -> bool | None:
        """Whether the interval holds what happened; None where there is nothing to compare."""
        if self.actual is None or self.low is None or self.high is None:
            return None
        return self.low - 1e-9 <= self.actual <= self.high + 1e-9

    @property
    def error(self) -> float | None:
        """Prediction minus what happened."""
        return None if self.actual is None or self.mean is None else self.mean - self.actual


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Over some figures of one measure: how many were compared, bias, mean absolute error, and how many intervals held.

    `level` is the mean of what happened, which errors are to be read against.
    """

    compared: int
    held: int
    bias: float | None
    mean_absolute_error: float | None
    level: float | None


def predictions(actual: DayFigures, simulated: Sequence[DayFigures]) -> tuple[dict[str, Prediction], tuple[dict[str, Prediction], ...]]:
    """The predictions of a day as a whole, and of each half hour, by measure."""
    overall = _predicted(actual.overall, [day.overall for day in simulated])
    intervals = tuple(_predicted(one, [day.by_interval[place] for day in simulated]) for place, one in enumerate(actual.by_interval))
    return overall, intervals


def score(of: Sequence[Prediction]) -> Score:
    """How well figures were predicted."""
    errors = [one.error for one in of if one.error is not None]
    held = [one.is_held for one in of if one.is_held is not None]
    actual = [one.actual for one in of if one.actual is not None and one.error is not None]
    return Score(
        compared=len(held),
        held=sum(held),
        bias=math.fsum(errors) / len(errors) if errors else None,
        mean_absolute_error=math.fsum(map(abs, errors)) / len(errors) if errors else None,
        level=math.fsum(actual) / len(actual) if actual else None,
    )


def _predicted(actual: Figures, simulated: Sequence[Figures]) -> dict[str, Prediction]:
    return {measure: _one(actual[measure], [value for day in simulated if (value := day[measure]) is not None]) for measure in MEASURES}


def _one(actual: float | None, values: list[float]) -> Prediction:
    values.sort()
    count = len(values)
    mean = math.fsum(values) / count if values else None
    place = rank_for(count)
    if place < 1:  # too few days in which the figure has a denominator
        return Prediction(actual=actual, mean=mean, low=None, high=None, days=count)
    return Prediction(actual=actual, mean=mean, low=values[place - 1], high=values[-place], days=count)
