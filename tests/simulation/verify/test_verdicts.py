"""The rule by which figures are judged."""

import pytest

from simulation.kpis.measure import Ratio
from simulation.verify.verdicts import Estimate, Known, corrected, estimate, judge, judge_calculated, paired, widened


@pytest.mark.parametrize(("calculated", "passes"), [(2.0, True), (2.0 * (1 + 0.9e-8), True), (2.0 * (1 + 1.1e-8), False)])
def test_a_calculator_is_held_to_its_relative_error(calculated: float, passes: bool) -> None:
    """Eight digits for a closed form."""
    assert (judge_calculated(2.0, calculated, 1e-8) == "") is passes


@pytest.mark.parametrize(
    ("value", "half_width", "says"),
    [
        (0.51, 0.015, ""),
        (0.53, 0.015, "does not contain"),
        (0.51, 0.03, "too wide"),
        (0.60, 0.5, "too wide"),
        (None, None, "do not give"),
        (0.5, None, "do not give"),
    ],
)
def test_an_interval_must_hold_the_figure_and_be_narrow(value: float | None, half_width: float | None, says: str) -> None:
    """A wide interval contains much and tells nothing."""
    reason = judge(Known(value=0.5, width_max=0.04), Estimate(value, half_width))
    assert (reason == "") if not says else says in reason


@pytest.mark.parametrize(("value", "passes"), [(1.02, True), (1.05, True), (1.11, True), (1.15, False), (0.80, False)])
def test_two_intervals_meet(value: float, passes: bool) -> None:
    """The printed 95 % interval counts with 1.41 of its width."""
    known = Known(value=1.0, width_max=0.1, interval=(0.9, 1.1))
    assert (judge(known, Estimate(value - 0.0, 0.005)) == "") is passes
    assert widened((0.9, 1.1)) == pytest.approx((1 - 0.1414214, 1 + 0.1414214))


def test_a_bound_is_a_bound() -> None:
    """At least so much, without an interval."""
    known = Known(value=25, width_max=0.1, is_bound=True)
    assert judge(known, Estimate(26, None)) == ""
    assert "below the least" in judge(known, Estimate(24, None))
    assert judge(known, Estimate(24.5, 1.0)) == ""
    assert "below the least" in judge(known, Estimate(23, 1.0))
    assert "too wide" in judge(known, Estimate(24, 3.0))


def test_a_control_takes_the_luck_out() -> None:
    """Days that follow a control whose mean is known exactly, but for thousandths: the estimate is right, and its interval narrow."""
    luck = [-40, 30, 10, -20, 50, 0, 20, 40]
    days = [Ratio(300 + one + place % 2, 1_000) for place, one in enumerate(luck)]
    control = [Ratio(100 + one, 1_000) for one in luck]
    plain, better = estimate(days, 1.0), corrected(days, 1.0, [(control, 1.0, 0.1)])
    assert better.value == pytest.approx(0.3005, abs=0.0005)
    assert better.half_width is not None
    assert plain.half_width is not None
    assert better.half_width < plain.half_width / 20
    assert corrected(days[:4], 1.0, [(control[:4], 1.0, 0.1)]) == estimate(days[:4], 1.0)


def test_an_estimate_is_a_ratio_of_sums_with_its_interval() -> None:
    """Four days of 1, 2, 3 and 4 in ten: 0.25, and Student's quantile of three degrees of freedom at 99 %, 5.8409."""
    found = estimate([Ratio(number, 10) for number in (1, 2, 3, 4)], 1.0)
    assert found.value == pytest.approx(0.25)
    assert found.deviation == pytest.approx(0.1290994)
    assert found.half_width == pytest.approx(5.8409093 * 0.1290994 / 2)


def test_a_paired_difference_is_narrower_by_what_is_common() -> None:
    """Days that vary by tenths and differ by thousandths."""
    days = [(100, 101), (300, 302), (200, 201), (400, 402)]
    difference, ratio = paired([Ratio(one, 1_000) for one, _ in days], [Ratio(other, 1_000) for _, other in days], 1.0)
    assert difference.value == pytest.approx(0.0015)
    assert ratio.value is not None
    assert ratio.value > 10_000
