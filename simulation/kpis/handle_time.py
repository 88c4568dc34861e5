"""Handle time: the mean of handling + hold + wrap-up, from the accept to the end of wrap-up, over the interactions that were handled.

    handle_time_s = talk_time_s + hold_time_s + wrap_up_time_s

All four have the same denominator, the interactions handled; where work was handed back, they are of the handling that led to the end.
"""

import numpy as np

from simulation.kpis.facts import Facts, Integers, Rows
from simulation.kpis.ledger import Outcome
from simulation.kpis.measure import SECONDS, Better, Measure, Ratio


def _of_handled(facts: Facts, rows: Rows, column: Integers) -> Ratio:
    is_handled = facts.outcome[rows] == Outcome.HANDLED
    return Ratio(int(column[rows][is_handled].sum()), int(np.count_nonzero(is_handled)))


def _mean(facts: Facts, rows: Rows) -> Ratio:
    return _of_handled(facts, rows, facts.handled_ms)


def _talk(facts: Facts, rows: Rows) -> Ratio:
    return _of_handled(facts, rows, facts.handled_ms - facts.held_ms - facts.wrap_up_ms)


def _hold(facts: Facts, rows: Rows) -> Ratio:
    return _of_handled(facts, rows, facts.held_ms)


def _wrap_up(facts: Facts, rows: Rows) -> Ratio:
    return _of_handled(facts, rows, facts.wrap_up_ms)


HANDLE_TIME = Measure(name="handle_time_s", unit="s", better=Better.NEITHER, tally=_mean, scale=SECONDS)
TALK_TIME = Measure(name="talk_time_s", unit="s", better=Better.NEITHER, tally=_talk, scale=SECONDS)
HOLD_TIME = Measure(name="hold_time_s", unit="s", better=Better.NEITHER, tally=_hold, scale=SECONDS)
WRAP_UP_TIME = Measure(name="wrap_up_time_s", unit="s", better=Better.NEITHER, tally=_wrap_up, scale=SECONDS)
