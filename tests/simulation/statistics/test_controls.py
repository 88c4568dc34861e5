"""Control variates on days whose truth is known: what they gain, what they cost, and that their intervals hold."""

import numpy as np
import pytest

from simulation.statistics.controls import controlled, distances_of


def drawn(rng: np.random.Generator, days: int, share: float) -> tuple[tuple[float, ...], list[tuple[float, ...]]]:
    """Values of mean 10 whose variance of 4 comes to `share` from a control of mean 100; a second control is of no use."""
    control, other, rest = rng.normal(100, 5, days), rng.normal(7, 1, days), rng.normal(0, 2 * np.sqrt(1 - share), days)
    values = 10 + 2 * np.sqrt(share) * (control - 100) / 5 + rest
    return tuple(values.tolist()), list(zip(control.tolist(), other.tolist(), strict=True))


def test_intervals_hold_and_are_narrower_by_what_the_control_explains() -> None:
    """Three quarters explained leave a quarter of the variance, and 500 intervals of 20 days hold 10 about 95 times in 100."""
    rng = np.random.Generator(np.random.Philox(1))
    covered, ratios = 0, []
    for _ in range(500):
        values, controls = drawn(rng, 20, 0.75)
        found = controlled(values, distances_of(controls, (100.0, 7.0)))
        assert found is not None
        assert found.interval.low is not None
        assert found.interval.high is not None
        covered += found.interval.low <= 10 <= found.interval.high
        ratios.append(found.variance_ratio)
    assert 0.92 <= covered / 500 <= 0.98
    assert np.median(ratios) == pytest.approx(0.25 * 18 / 16, rel=0.2)  # two degrees of freedom are paid for


def test_useless_controls_cost_width() -> None:
    """On average they make the interval wider, and the ratio says so."""
    rng = np.random.Generator(np.random.Philox(2))
    found = [controlled(values, distances_of(controls, (100.0, 7.0))) for values, controls in (drawn(rng, 12, 0.0) for _ in range(200))]
    assert np.mean([one.variance_ratio for one in found if one is not None]) > 1


def test_what_cannot_be_corrected_is_left_alone() -> None:
    """Controls that never move, too few days, and values that never move; a control said twice counts once."""
    still = np.zeros((20, 2))
    values = tuple(float(day % 7) for day in range(20))
    assert controlled(values, still) is None
    assert controlled(values[:6], distances_of([(float(day),) for day in range(6)], (2.0,))) is None
    assert controlled((1.0,) * 20, distances_of([(float(day),) for day in range(20)], (9.0,))) is None
    once = controlled(values, distances_of([(float(day),) for day in range(20)], (9.0,)))
    twice = controlled(values, distances_of([(float(day), 2.0 * day) for day in range(20)], (9.0, 18.0)))
    assert once == twice
