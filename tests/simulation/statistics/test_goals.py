"""Goals of precision: what may be written, what it means, and what is refused."""

import math

import numpy as np
import pytest

from routing.config.errors import ConfigError
from simulation.kpis.measure import Ratio
from simulation.statistics import interval, replicate
from simulation.statistics.goals import Goal, parse_goals


def test_goals_name_measure_width_and_unit() -> None:
    """Points of a share, seconds, and a share of the baseline's value; each is written as it was read."""
    points, seconds, relative = parse_goals("service_level:0.5pp, asa_s:2s, asa_s:5%", key="until")
    assert points == Goal(measure="service_level", half_width=0.005, is_relative=False)
    assert [str(goal) for goal in (points, seconds, relative)] == ["service_level:0.5pp", "asa_s:2s", "asa_s:5%"]
    assert (seconds.wanted(40.0), relative.wanted(40.0), relative.wanted(None)) == (2.0, 2.0, math.inf)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("service_level", "service_level:0.5pp"),
        ("servicelevel:1pp", '"service_level"'),
        ("service_level:1s", "service_level:1pp"),
        ("asa_s:1pp", "asa_s:1s"),
        ("asa_s:0s", "above zero"),
        ("entries:1", "Known: "),
    ],
)
def test_what_is_no_goal_is_refused(text: str, remedy: str) -> None:
    """Unknown measures, other units, and widths of nothing."""
    with pytest.raises(ConfigError) as caught:
        parse_goals(text, key="until")
    assert remedy in str(caught.value)


def test_intervals_of_a_stopped_search_hold_nearly_as_often_as_they_say() -> None:
    """Batches of ten skewed days until the half-width is 0.4 deviations: 300 intervals hold the truth at least 90 times in 100."""
    rng = np.random.Generator(np.random.Philox(12))
    covered = 0
    for _ in range(300):
        days = rng.gamma(4, 500, 200).round().astype(int).tolist()
        looks = (interval(replicate([Ratio(day, 1) for day in days[:count]]), (0.0, math.inf)) for count in range(10, 201, 10))
        widths = ((one.mean, one.high - one.mean) for one in looks if one is not None and one.high is not None)
        mean, half_width = next((mean, half_width) for mean, half_width in widths if half_width <= 400)
        covered += abs(mean - 2000) <= half_width
    assert 0.90 <= covered / 300 <= 0.97
