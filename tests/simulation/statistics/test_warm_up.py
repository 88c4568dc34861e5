"""The warm-up rule and batches, on series whose truth is known."""

import numpy as np
import pytest

from simulation.kpis.measure import Ratio
from simulation.statistics.warm_up import are_independent, batches, mser_5


def test_the_cut_takes_the_start_off() -> None:
    """100 steps of a decay from 10 above a noisy level: nearly all of the decay is cut, and little else."""
    rng = np.random.Generator(np.random.Philox(5))
    series = 5 + 10 * np.exp(-np.arange(1000) / 20) + rng.normal(0, 0.5, 1000)
    cut = mser_5(series.tolist())
    assert cut is not None
    assert cut.is_settled
    assert 50 <= cut.length <= 150


def test_a_series_in_balance_is_hardly_cut() -> None:
    """Independent values keep at least four fifths on average, for the rule errs on the side of a cut."""
    rng = np.random.Generator(np.random.Philox(6))
    cuts = [cut.length for _ in range(50) if (cut := mser_5(rng.normal(0, 1, 500).tolist())) is not None]
    assert len(cuts) == 50
    assert sum(cuts) / 50 <= 100


def test_a_series_that_never_settles_says_so() -> None:
    """A rising line is best cut as late as may be."""
    cut = mser_5([float(step) for step in range(300)])
    assert cut is not None
    assert not cut.is_settled
    assert mser_5([1.0] * 49) is None


def test_the_textbook_cut() -> None:
    """Ten batches of fives with means 8, 4, 1, 1, ...: leaving two out makes the error nothing."""
    cut = mser_5([8.0] * 5 + [4.0] * 5 + [1.0] * 40)
    assert cut is not None
    assert cut.length == 10


def test_batches_keep_every_part_but_the_first_few() -> None:
    """Of 47 parts the first seven fall out, and the rest make twenty pairs."""
    found = batches([Ratio(number, 1) for number in range(47)])
    assert len(found) == 20
    assert (found[0], found[-1]) == (Ratio(7 + 8, 2), Ratio(45 + 46, 2))


@pytest.mark.parametrize(("correlation", "expected"), [(0.0, True), (0.9, False)])
def test_correlated_batches_are_seen(correlation: float, expected: bool) -> None:
    """Neighbours that are alike are not independent."""
    rng = np.random.Generator(np.random.Philox(8))
    values = [0.0]
    for shock in rng.normal(0, 1, 40):
        values.append(correlation * values[-1] + float(shock))
    assert are_independent(values) is expected
    assert are_independent([3.0] * 20)
