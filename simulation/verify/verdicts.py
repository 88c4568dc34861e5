"""One rule for every figure: what passes, what fails, and what is said about it.

A calculator passes within its relative error. A run passes when the 99 % interval contains the figure and is no wider than the case allows;
a run beside somebody else's interval passes when the two meet, the printed one widened by the square root of two. What does not pass is run
again with another seed and four times the length, and that run decides; both are reported.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from scipy import stats

from simulation.kpis.measure import Tally
from simulation.statistics import replicate
from simulation.statistics.controls import controlled

CONFIDENCE = 0.99
_COMPARISONS = 5
"""Intervals that hold together with 95 % when there are so many hold with 99 % each."""


class Level(StrEnum):
    """What was checked."""

    CALCULATOR = "calculator"
    SIMULATOR = "simulator"
    PUBLISHED = "published"
    """The simulator, beside somebody else's simulation."""
    ROUTER = "router"


class Verdict(StrEnum):
    """How it went."""

    PASS = "pass"
    FAIL = "fail"
    CALCULATOR_ONLY = "calculator_only"
    """There is nothing to simulate, or it would not tell; the reason says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One attempt at a figure: `customers` simulated in all its replications, the estimate, and the half-width of its 99 % interval.

    `by` is "router", or "recursion" or "loop" where one of these carries the figure because the world agrees with it customer by customer.
    """

    by: str
    seed: int
    replications: int
    customers: int
    simulated: float | None
    half_width: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One figure of one setting of one case, as judged. `reason` is empty where a figure passed at the first attempt."""

    id: str
    setting: str
    metric: str
    level: Level
    expected: float | None
    simulated: float | None
    half_width: float | None
    verdict: Verdict
    reason: str = ""
    runs: tuple[Run, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure of several replications with the half-width of its 99 % interval; `deviation` is that of one replication."""

    value: float | None
    half_width: float | None
    deviation: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a figure: its value; the printed interval it stands in, if it is somebody's simulation; the half-width allowed.

    `is_bound`: the value is the least it may be; an interval, where there is one, may lie around it and not below.
    """

    value: float
    width_max: float
    interval: tuple[float, float] | None = None
    is_bound: bool = False


def estimate(tallies: Sequence[Tally], scale: float) -> Estimate:
    """The figure of all replications, by the project's own estimator: ratios of sums, jackknife, Student."""
    found = replicate(tallies, scale)
    if found.value is None or found.pseudo_values is None:
        return Estimate(found.value, None)
    return Estimate(found.value, *_spread(found.pseudo_values))


def corrected(tallies: Sequence[Tally], scale: float, controls: Sequence[tuple[Sequence[Tally], float, float]]) -> Estimate:
    """The same with control variates: for each the tallies of the same replications, their scale, and the known figure."""
    plain, found = replicate(tallies, scale), [(replicate(others, its_scale), known) for others, its_scale, known in controls]
    columns = [np.array(one.pseudo_values) - known for one, known in found if one.pseudo_values is not None]
    if plain.pseudo_values is None or not columns:
        return estimate(tallies, scale)
    better = controlled(plain.pseudo_values, np.column_stack(columns), _COMPARISONS)
    if better is None or better.interval.high is None:
        return estimate(tallies, scale)
    return Estimate(better.interval.mean, better.interval.high - better.interval.mean, _spread(plain.pseudo_values)[1])


def paired(tallies: Sequence[Tally], others: Sequence[Tally], scale: float) -> tuple[Estimate, Estimate]:
    """The difference `others` minus `tallies` of replications with the same customers; and how much more it would vary if they were not.

    The second is the variance of the difference of independent runs over that of the paired one.
    """
    one, other = replicate(tallies, scale), replicate(others, scale)
    if one.pseudo_values is None or other.pseudo_values is None or one.value is None or other.value is None:
        return Estimate(None, None), Estimate(None, None)
    daily = [its - mine for mine, its in zip(one.pseudo_values, other.pseudo_values, strict=True)]
    half_width, deviation = _spread(daily)
    apart = _spread(one.pseudo_values)[1] ** 2 + _spread(other.pseudo_values)[1] ** 2
    ratio = apart / deviation**2 if deviation else math.inf
    return Estimate(other.value - one.value, half_width, deviation), Estimate(ratio, None)


def _spread(values: Sequence[float]) -> tuple[float, float]:
    """The half-width of the interval of a mean, and the standard deviation of one value."""
    count = len(values)
    mean = math.fsum(values) / count
    deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (count - 1))
    return float(stats.t.ppf((1 + CONFIDENCE) / 2, count - 1)) * deviation / math.sqrt(count), deviation


def judge_calculated(expected: float, calculated: float, relative_error_max: float) -> str:
    """Why a calculated figure fails; empty where it passes."""
    if abs(calculated - expected) <= relative_error_max * abs(expected) + 1e-12:
        return ""
    return f"off by {abs(calculated - expected):.3g}, allowed is {relative_error_max:g} of the figure"


def judge(known: Known, found: Estimate) -> str:
    """Why a simulated figure fails; empty where it passes."""
    if found.value is None or (found.half_width is None and not known.is_bound):
        return "the runs do not give the figure with an interval"
    half_width = found.half_width or 0.0
    allowed = known.width_max * abs(known.value)
    if known.is_bound and found.value + half_width < known.value:
        return f"below the least it may be, {known.value:g}"
    if half_width > allowed:
        return f"the interval is too wide to tell: +-{half_width:.3g}, allowed is +-{allowed:.3g}"
    if known.is_bound:
        return ""
    if known.interval is None:
        return "" if abs(found.value - known.value) <= half_width else "the 99 % interval does not contain the figure"
    low, high = widened(known.interval)
    meets = found.value - half_width <= high and found.value + half_width >= low
    return "" if meets else f"the 99 % interval does not meet the printed one, widened to {low:.4g} to {high:.4g}"


def widened(interval: tuple[float, float]) -> tuple[float, float]:
    """A printed 95 % interval, wider by the square root of two: theirs and ours are both uncertain."""
    low, high = interval
    middle, half = (low + high) / 2, (high - low) / 2 * math.sqrt(2)
    return middle - half, middle + half
