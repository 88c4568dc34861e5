"""Handle time: the mean of handling + hold + wrap-up, from the accept to the end of wrap-up, over the interactions that were handled."""

import numpy as np

from simulation.kpis.facts import Facts, Rows
from simulation.kpis.ledger import Outcome
from simulation.kpis.measure import SECONDS, Better, Measure, Ratio


def _mean(facts: Facts, rows: Rows) -> Ratio:
    is_handled = facts.outcome[rows] == Outcome.HANDLED
    return Ratio(int(facts.handled_ms[rows][is_handled].sum()), int(np.count_nonzero(is_handled)))


HANDLE_TIME = Measure(name="handle_time_s", unit="s", better=Better.NEITHER, tally=_mean, scale=SECONDS)
