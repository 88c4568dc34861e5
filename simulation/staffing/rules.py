"""Rules that make requirements over a day whose load changes: which load an interval is staffed for, and by which formula.

SIPP and its lag: Green, Kolesar and Soares (2001), "Improving the SIPP approach for staffing service systems that have cyclic demands".
Modified offered load: Massey and Whitt (1994); Jennings, Mandelbaum, Massey and Whitt (1996), "Server staffing to meet
time-varying demand".
Square root: Halfin and Whitt (1981); Garnett, Mandelbaum and Reiman (2002). Iteration by simulation: Feldman, Mandelbaum, Massey and Whitt
(2008), "Staffing of time-varying queues to achieve time-stable performance".
"""

import math
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from simulation.staffing.load import Arriving, Counting, Edges, Kind, when_it_comes
from simulation.staffing.required import Aim, Method, Moment
from simulation.theory.many_agents import square_root_agents

Floats = npt.NDArray[np.float64]


class Rule(StrEnum):
    """The rule."""

    SIPP = "sipp"
    """Every interval is a queue of its own in its long run (stationary, independent, period by period)."""
    LAGGED_SIPP = "lagged_sipp"
    """The same with the load that there was one mean handle time earlier."""
    MOL = "mol"
    """The same with the modified offered load: how many agents would be busy at the time if nobody ever waited."""
    SQUARE_ROOT = "square_root"
    """The load of the interval and a margin that grows with its root."""
    ISA = "isa"
    """Simulated again and again, until every interval has the smallest number that reaches the aim."""


def counting_of(rule: Rule) -> Counting:
    """When, by the rule, those who arrive count."""
    return {Rule.LAGGED_SIPP: one_handle_time_later, Rule.MOL: while_it_is_done}.get(rule, when_it_comes)


def one_handle_time_later(one: Arriving, kind: Kind, edges: Edges) -> Floats:
    """Everybody counts one mean handle time after their arrival: the number busy follows the arrivals by about that."""
    lag_ms = round(kind.handle_ms)
    return when_it_comes(one._replace(starts_at=one.starts_at + lag_ms, ends_at=one.ends_at + lag_ms), kind, edges)


def while_it_is_done(one: Arriving, kind: Kind, edges: Edges) -> Floats:
    """Everybody counts over the time in which their work would be done if they did not wait, by the share of it in each interval.

    So the load of an interval is the mean over it of `m(t)`, the integral over all u of `lambda(u) P(S > t - u)`, which is `lambda` looked
    at one stationary-excess handle time earlier, times the mean of S (Eick, Massey and Whitt 1993). With the rate constant over
    [a, b), the integral of m from the beginning to t is `lambda (K(t - a) - K(t - b))`, where K(x) is the mean of the integral of
    min(S, v) over v from 0 to x.
    """
    rate = one.expected / (one.ends_at - one.starts_at)
    times = kind.handle_times_ms
    # One number for each edge; a handle time of zero is no work, and counts nowhere.
    busy_until = _twice_integrated(edges - one.starts_at, times) - _twice_integrated(edges - one.ends_at, times)
    return np.diff(busy_until) * (rate / kind.handle_ms if kind.handle_ms else 0.0)


def _twice_integrated(ages_ms: npt.NDArray[np.int64], times_ms: Floats) -> Floats:
    """The mean over the handle times S, rising, shape (n,), of the integral of min(S, v) over v from 0 to each age; 0 below 0."""
    ages = np.maximum(ages_ms, 0).astype(np.float64)
    done = np.searchsorted(times_ms, ages, side="right")
    sums, squares = (np.concatenate(([0.0], np.cumsum(times_ms**power))) for power in (1, 2))
    total = ages * sums[done] - squares[done] / 2 + (len(times_ms) - done) * ages**2 / 2
    return np.asarray(total / len(times_ms), dtype=np.float64)


def agents_by_square_root(moment: Moment, aim: Aim) -> int:
    """The load of one interval and beta times its root, beta from the aim; nobody where nothing arrives."""
    if moment.arrival_rate <= 0:
        return 0
    leaves = aim.method is Method.ERLANG_A and moment.patience_rate > 0
    return square_root_agents(
        moment.erlangs,
        patience=moment.service_rate / moment.patience_rate if leaves else math.inf,
        target=aim.target_ms * moment.service_rate,
        share=aim.share,
    )
