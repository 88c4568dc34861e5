"""Bands for one day more: the ranks they are made of, and that they hold as often as they say."""

import numpy as np
import pytest

from simulation.statistics.prediction import Band, band_of, rank_for


def test_ranks_are_those_of_the_formula() -> None:
    """Of 79 days the second ones hold 95 %, of 39 the first; fewer hold less, and say how much."""
    assert [rank_for(days) for days in (38, 39, 78, 79, 119)] == [0, 1, 1, 2, 3]
    assert band_of([3.0, 1.0, 2.0]) == Band(low=1.0, high=3.0, rank=1, days=3)
    values = [float(value) for value in range(79)]
    found = band_of(values)
    assert found is not None
    assert (found.low, found.high, found.chance) == (1.0, 77.0, 0.95)
    assert band_of([1.0]) is None


@pytest.mark.parametrize(("days", "chance"), [(9, 0.8), (39, 0.95)])
def test_one_day_more_lies_in_the_band_as_often_as_it_says(days: int, chance: float) -> None:
    """Of a skewed law, 20,000 times: within three standard errors of the probability stated."""
    draws = np.random.Generator(np.random.Philox(key=3)).exponential(size=(20_000, days + 1))
    known = np.sort(draws[:, :-1], axis=1)
    band = band_of(known[0].tolist())
    assert band is not None
    assert band.chance == pytest.approx(chance)
    held = (draws[:, -1] >= known[:, band.rank - 1]) & (draws[:, -1] <= known[:, -band.rank])
    assert abs(held.mean() - chance) < 3 * np.sqrt(chance * (1 - chance) / len(held))
