"""Waits: from queued to accepted, ringing included; always the true wait, never the routing age that credits move.

    asa_s        sum of the waits of answered interactions / answered
    wait_mean_s  sum of the waits of all / all
    wait_pNN_s   the smallest wait w such that at least NN % of all waits are <= w

The wait of a customer who asked for a call-back ends with the request; they are not among the answered of `asa_s`.

"All" are the offered without those who heard a busy tone, who waited for nothing. It includes those who abandoned (they waited until they
left) and those still waiting when the log ended (they count with the wait so far, so these figures are lower bounds where `in_progress` is
not small).
"""

import numpy as np

from simulation.kpis.facts import Facts, Integers, Rows
from simulation.kpis.ledger import NOT_YET, Outcome
from simulation.kpis.measure import SECONDS, Better, Measure, Ratio, Sample


def _of_answered(facts: Facts, rows: Rows) -> Ratio:
    is_answered = facts.is_answered[rows] & (facts.callback_since[rows] == NOT_YET)
    return Ratio(int(facts.waited_ms[rows][is_answered].sum()), int(np.count_nonzero(is_answered)))


def _of_all(facts: Facts, rows: Rows) -> Ratio:
    waited_ms = _waits_ms(facts, rows)
    return Ratio(int(waited_ms.sum()), len(waited_ms))


def _waits_ms(facts: Facts, rows: Rows) -> Integers:
    waited_ms: Integers = facts.waited_ms[rows][facts.outcome[rows] != Outcome.BLOCKED]
    return waited_ms


def _percentile(percent: int) -> Measure:
    def tally(facts: Facts, rows: Rows) -> Sample:
        return Sample(np.sort(_waits_ms(facts, rows)), percent * 10)

    return Measure(name=f"wait_p{percent}_s", unit="s", better=Better.LOWER, tally=tally, scale=SECONDS)


ASA = Measure(name="asa_s", unit="s", better=Better.LOWER, tally=_of_answered, scale=SECONDS)
WAIT_MEAN = Measure(name="wait_mean_s", unit="s", better=Better.LOWER, tally=_of_all, scale=SECONDS)
WAIT_P50, WAIT_P90, WAIT_P99 = (_percentile(percent) for percent in (50, 90, 99))
