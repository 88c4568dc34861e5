"""The statistics of replications, against hand computations, textbook values and known truth."""

import math

import numpy as np
import pytest

from simulation.kpis.measure import Ratio, Sample, Spread, Tally
from simulation.statistics import Replicated, difference, holm, interval, replicate, replications_needed

ANY = (-math.inf, math.inf)


def a_sample(*values: int, percent: int = 50) -> Sample:
    """A day's values."""
    return Sample(np.array(sorted(values), dtype=np.int64), percent * 10)


def test_a_ratio_of_sums_is_no_mean_of_ratios() -> None:
    """1 of 2 on one day and 90 of 98 on another make 91 of 100."""
    assert replicate([Ratio(1, 2), Ratio(90, 98)]).value == 0.91


def test_counts_have_the_textbook_student_interval() -> None:
    """2, 4, 4, 4, 6 a day: mean 4, deviation sqrt(2), half-width 2.776445 sqrt(2 / 5) on four degrees of freedom."""
    estimate = interval(replicate([Ratio(count, 1) for count in (2, 4, 4, 4, 6)]), ANY)
    assert estimate is not None
    assert (estimate.low, estimate.mean, estimate.high) == pytest.approx((4 - 1.755978, 4, 4 + 1.755978), abs=1e-6)


def test_the_interval_of_a_ratio_agrees_with_the_delta_method() -> None:
    """On a thousand days the jackknife's width is that of the linearised ratio within 1 %."""
    rng = np.random.Generator(np.random.Philox(7))
    offered = rng.poisson(100, 1000)
    met = rng.binomial(offered, 0.8)
    estimate = interval(replicate([Ratio(int(a), int(b)) for a, b in zip(met, offered, strict=True)]), ANY)
    residual = met - met.sum() / offered.sum() * offered
    expected = 1.9623 * residual.std(ddof=1) / math.sqrt(1000) / offered.mean()
    assert estimate is not None
    assert estimate.low is not None
    assert estimate.mean - estimate.low == pytest.approx(expected, rel=0.01)


def test_intervals_cover_the_truth_about_as_often_as_they_claim() -> None:
    """Of 400 comparisons of ten days each, 95 % +- 3 points hold the true share of 0.8, although days differ in size."""
    rng = np.random.Generator(np.random.Philox(11))
    covered = 0
    for _ in range(400):
        offered = rng.poisson(rng.gamma(10, 10, 10))
        met = rng.binomial(offered, 0.8)
        estimate = interval(replicate([Ratio(int(a), int(b)) for a, b in zip(met, offered, strict=True)]), ANY)
        assert estimate is not None
        assert estimate.low is not None
        assert estimate.high is not None
        covered += estimate.low <= 0.8 <= estimate.high
    assert 0.92 <= covered / 400 <= 0.98


def test_an_interval_stays_within_what_the_measure_can_be() -> None:
    """Shares of 0.9 and 1.0 do not make an interval beyond 1."""
    estimate = interval(replicate([Ratio(9, 10), Ratio(10, 10)]), (0.0, 1.0))
    assert estimate is not None
    assert estimate.high == 1.0


def test_one_day_has_a_value_and_no_interval() -> None:
    """Nothing can be said of how days differ."""
    assert replicate([Ratio(3, 4)]) == Replicated(0.75, None)


def test_nothing_over_nothing_has_no_value() -> None:
    """And a day without which the ratio is undefined leaves it without interval."""
    assert replicate([Ratio(0, 0), Ratio(0, 0)]) == Replicated(None, None)
    assert replicate([Ratio(3, 4), Ratio(0, 0)]) == Replicated(0.75, None)


@pytest.mark.parametrize(("percent", "expected"), [(10, 10), (50, 30), (66, 30), (67, 40), (90, 50), (100, 50)])
def test_a_percentile_is_the_smallest_value_that_enough_do_not_exceed(percent: int, expected: int) -> None:
    """Of 10, 20, ... 50 over two days; six values when 30 comes twice."""
    assert replicate([a_sample(10, 30, 50, percent=percent), a_sample(20, 30, 40, percent=percent)]).value == expected


def test_leaving_a_day_out_of_a_percentile_equals_pooling_the_others() -> None:
    """The bisection over the pool finds what sorting the other days would."""
    rng = np.random.Generator(np.random.Philox(3))
    days = [a_sample(*rng.integers(0, 50, size).tolist(), percent=90) for size in (40, 1, 25, 60)]
    whole = replicate(days)
    assert whole.value is not None
    assert whole.pseudo_values is not None
    others = [replicate([*days[:day], *days[day + 1 :]]).value for day in range(4)]
    assert [(4 * whole.value - pseudo) / 3 for pseudo in whole.pseudo_values] == pytest.approx(others)


def test_agents_are_added_up_over_days_before_they_are_compared() -> None:
    """Each of two agents has one busy and one idle day: nobody is treated unfairly."""
    days: list[Tally] = [Spread({"a1": (100, 100), "a2": (0, 100)}), Spread({"a1": (0, 100), "a2": (100, 100)})]
    assert replicate(days).value == 0


def test_days_of_different_kinds_are_refused() -> None:
    """A count is not a sample."""
    with pytest.raises(TypeError, match="different kinds"):
        replicate([Ratio(1, 1), a_sample(1)])


def test_pairing_removes_what_both_arms_share() -> None:
    """Days differ by hundreds, the arms by 1 a day with a deviation of 1: the paired interval knows only the latter."""
    base = replicate([Ratio(count, 1) for count in (100, 400, 250, 900)])
    arm = replicate([Ratio(count, 1) for count in (101, 402, 250, 901)])
    paired = difference(arm, base)
    assert paired is not None
    assert paired.interval.mean == 1
    assert paired.deviation == pytest.approx(math.sqrt(2 / 3))
    assert paired.p == pytest.approx(0.0917, abs=1e-4)


def test_the_same_days_differ_by_exactly_zero() -> None:
    """No rounding may show."""
    days = [Ratio(1, 3), Ratio(2, 7), Ratio(5, 11)]
    paired = difference(replicate(days), replicate(days))
    assert paired is not None
    assert (paired.interval.low, paired.interval.mean, paired.interval.high, paired.p) == (0, 0, 0, 1)


def test_an_undefined_measure_has_no_difference() -> None:
    """Against an arm that answered nobody there is no difference in speed of answer; one day gives one without interval."""
    assert difference(Replicated(None, None), Replicated(1.0, None)) is None
    one_day = difference(Replicated(3.0, None), Replicated(1.0, None))
    assert one_day is not None
    assert (one_day.interval.mean, one_day.interval.low, one_day.p) == (2.0, None, None)


def test_holm_corrects_stepwise() -> None:
    """Smallest p times three, next times two, never below the one before."""
    assert holm({"a": 0.04, "b": 0.01, "c": 0.03}) == {"a": 0.06, "b": 0.03, "c": 0.06}


def test_days_needed_shrink_the_interval_to_what_was_asked() -> None:
    """Deviation 1, half-width 0.1: about (1.96 / 0.1)^2 + 2 days; a deviation of 0 needs two; the impossible is said to be so."""
    assert replications_needed(1.0, 0.1) == 387
    assert replications_needed(0.0, 0.1) == 2
    assert replications_needed(1.0, 1e-6) is None
