"""Estimates: how well the wait that was told on arrival foretold the true one.

Over the M answered who were told a wait (their queue tells one, and knew one by then), with e = told - waited:

    estimate_bias_s   sum of e / M: above 0 where customers were told too much
    estimate_error_s  sum of |e| / M

Who abandoned, was turned away, asked for a call-back or was still waiting has no true wait to compare with; that favours an estimate which
is too low on a day when many give up. Waits include ringing, as everywhere.
"""

import numpy as np

from simulation.kpis.facts import Facts, Integers, Rows
from simulation.kpis.ledger import NOT_YET
from simulation.kpis.measure import SECONDS, Better, Measure, Ratio


def _errors_ms(facts: Facts, rows: Rows) -> Integers:
    told_ms = facts.told_ms[rows]
    is_scored = facts.is_answered[rows] & (told_ms != NOT_YET) & (facts.callback_since[rows] == NOT_YET)
    errors: Integers = (told_ms - facts.waited_ms[rows])[is_scored]
    return errors


def _bias(facts: Facts, rows: Rows) -> Ratio:
    errors = _errors_ms(facts, rows)
    return Ratio(int(errors.sum()), len(errors))


def _error(facts: Facts, rows: Rows) -> Ratio:
    errors = _errors_ms(facts, rows)
    return Ratio(int(np.abs(errors).sum()), len(errors))


BIAS = Measure(
    name="estimate_bias_s",
    unit="s",
    better=Better.NEITHER,
    tally=_bias,
    scale=SECONDS,
    bounds=(float("-inf"), float("inf")),
)
ERROR = Measure(name="estimate_error_s", unit="s", better=Better.LOWER, tally=_error, scale=SECONDS)
